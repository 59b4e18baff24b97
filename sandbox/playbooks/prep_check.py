"""Reads the splits and the pipeline back as a stranger would, and checks what training will rely on.

Run by hand, in the folder that holds dataset/ and tempera/: `PYTHONPATH=. python prep/scripts/<this file>`.
"""

import json
from pathlib import Path

import joblib
import numpy as np
import pandas as pd

from tempera import paths

# PARAMETERS
PARAMETERS = {"sharing": "values"}
# END OF PARAMETERS

# include: tell
# include: read_table

# 1. The three splits against what metadata.json says of them.
metadata = json.loads(Path("prep/data/metadata.json").read_text())
splits = {name: pd.read_parquet(f"prep/data/{name}.parquet") for name in ("train", "val", "test")}
target, row, features = metadata["target_column"], metadata["source_row_column"], metadata["feature_columns"]
problems = []
rows = pd.concat([part[row] for part in splits.values()])
if rows.duplicated().any():
    problems.append("a source row is in two splits")
if sum(len(part) for part in splits.values()) != metadata["total_rows"]:
    problems.append("row counts do not add up")
if any(list(part.columns) != metadata["columns"] for part in splits.values()):
    problems.append("columns differ from metadata.json")
if splits["train"][target].nunique() < 2:
    problems.append("the target is constant in train")
contents = {name: set(pd.util.hash_pandas_object(part[[*features, target]].astype(str), index=False)) for name, part in splits.items()}
shared = len(contents["train"] & contents["test"]) + len(contents["train"] & contents["val"]) + len(contents["val"] & contents["test"])

# 2. The pipeline from its file: clean rows and raw rows of the upload must give the same numbers.
pipeline = joblib.load("prep/data/prep_pipeline.pkl")
raw = read_raw(paths.dataset, metadata["read"]).reset_index(drop=True)
sample = splits["test"][splits["test"][row] < len(raw)].head(50)
clean = pipeline.transform(sample[features]) if len(sample) else np.zeros((0, 1))
direct = pipeline.transform(raw.loc[sample[row]]) if len(sample) else clean
clean, direct = (matrix.toarray() if hasattr(matrix, "toarray") else np.asarray(matrix) for matrix in (clean, direct))
if not np.isfinite(clean.astype(float)).all():
    problems.append("the pipeline leaves missing numbers")
apart = int((~np.isclose(clean.astype(float), direct.astype(float))).any(axis=1).sum())

# 3. Tell.
print("checked: " + ("; ".join(problems) if problems else "all as it should be"))
tell({"problems": problems, "equal_rows_across": shared if PARAMETERS["sharing"] != "none" else None, "raw_rows_differ": apart > 0})
