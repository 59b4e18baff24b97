"""Reads back what the exploration decided and checks it against the table before anything is built on it.

Run by hand, in the folder that holds dataset/ and tempera/: `PYTHONPATH=. python prep/scripts/<this file>`.
"""

import json
from pathlib import Path

import numpy as np
import pandas as pd

from tempera import paths

# PARAMETERS
PARAMETERS = {"target": None, "problem_type": None, "excluded_columns": [], "sharing": "values"}
# END OF PARAMETERS

# include: tell
# include: read_table

# 1. The decisions, with what the person has said since.
decisions = json.loads(Path("eda/data/decisions.json").read_text())
target = PARAMETERS["target"] or decisions["target"]
kinds = decisions["kinds"]
dropped = {**decisions["drop"], **decisions["leaks"]} | dict.fromkeys(PARAMETERS["excluded_columns"], "excluded on request")
raw = in_content_order(read_raw(paths.dataset, decisions["read"]))
if target not in raw.columns:
    raise KeyError(f"target {target!r} is not a column of {decisions['read']['file']}")

# 2. What is left to work with.
answer = text_of(raw[target], decisions["missing_tokens"])
features = [name for name in kinds if name != target and name not in dropped and kinds[name] not in ("constant", "text")]
known = raw[answer.notna()]
repeated = int(known[[*features, target]].astype(str).duplicated().sum())
distinct = {name: int(text_of(raw[name], decisions["missing_tokens"]).nunique()) for name in features if kinds[name] == "category"}
missing = [name for name in features if text_of(raw[name], decisions["missing_tokens"]).isna().any() or name in decisions["zero_is_missing"]]
classes = answer.value_counts()

# 3. Tell.
findings = {"target": target, "problem_type": PARAMETERS["problem_type"] or decisions["problem_type"], "metric": decisions["metric"],
            "features": features[:200], "feature_count": len(features), "drop": decisions["drop"], "leaks": decisions["leaks"],
            "high_cardinality": [name for name in distinct if distinct[name] > 20], "with_missing": missing[:200],
            "zero_is_missing": decisions["zero_is_missing"], "drop_duplicates": decisions["drop_duplicates"], "split": decisions["split"],
            "dates": [name for name in features if kinds[name] == "date"]}
if PARAMETERS["sharing"] != "none":
    findings |= {"rows": len(raw), "missing_target": int(answer.isna().sum()), "repeated": repeated, "distinct_target": len(classes), "rarest": int(classes.min()) if len(classes) else 0}
print(f"{len(features)} usable columns for {target}")
tell(findings)
