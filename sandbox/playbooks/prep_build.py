"""Builds leak-free splits and the preprocessing pipeline, and writes down what was done.

Run by hand, in the folder that holds dataset/ and tempera/: `PYTHONPATH=. python prep/scripts/<this file>`.
"""

import json
from operator import attrgetter
from pathlib import Path

import joblib
import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler, TargetEncoder

from tempera import paths

# PARAMETERS
PARAMETERS = {
    "target": "species",
    "problem_type": "multiclass",
    "metric": None,
    "drop": {},
    "target_encode": [],
    "min_frequency": 2,
    "drop_duplicates": True,
    "split": {"strategy": "stratified", "by": None},
    "test_file": None,
    "val_share": 0.15,
    "test_share": 0.15,
    "indicator": True,
    "dense": True,
    "sharing": "values",
    "seed": 42,
}
# END OF PARAMETERS

# include: tell
# include: words
# include: csv_export
# include: read_table
# include: row_splits

SOURCE_ROW, TARGET, CLASSES = "__source_row", PARAMETERS["target"], PARAMETERS["problem_type"] != "regression"
SPLITS = ("train", "val", "test")


def read_all(decisions: dict) -> tuple:
    """Every row with its source row as index, and the rows that a separate test file brought."""
    first = read_raw(paths.dataset, decisions["read"]).reset_index(drop=True)
    if not PARAMETERS["test_file"]:
        return in_content_order(first), set()
    second = read_raw(paths.dataset, decisions["read"] | {"file": PARAMETERS["test_file"]})
    both = pd.concat([first, second[first.columns]], ignore_index=True)
    return in_content_order(both), set(range(len(first), len(both)))


def time_split(moments: pd.Series, shares: dict) -> pd.Series:
    """The last rows in time test, those before validate; rows of one moment stay together."""
    order = moments.rank(method="min", pct=True)
    place = pd.Series("train", index=moments.index)
    place[order > 1 - shares.get("val", 0) - shares.get("test", 0)] = "val"
    place[order > 1 - shares.get("test", 0)] = "test"
    return place


def column_split(values: pd.Series) -> pd.Series:
    """Splits as the person's own column says; validation rows are cut from training when it names none."""
    names = {"training": "train", "valid": "val", "validation": "val", "dev": "val", "testing": "test", "holdout": "test"}
    return values.astype(str).str.strip().str.lower().replace(names)


def assign(table: pd.DataFrame, raw: pd.DataFrame, test_rows: set) -> tuple:
    """The split of each row, by the strategy decided on, and whether rows of equal features were kept on one side."""
    strategy, by = PARAMETERS["split"]["strategy"], PARAMETERS["split"]["by"]
    shares = {"test": PARAMETERS["test_share"], "val": PARAMETERS["val_share"]}
    # Without the target: rows that differ in nothing else would give each other's answer away all the same.
    units = pd.Series(pd.util.hash_pandas_object(table[list(types)].astype(str), index=False).to_numpy(), index=table.index)
    if test_rows:
        place = pd.Series(np.where(table.index.isin(list(test_rows)), "test", "train"), index=table.index)
    elif strategy == "column":
        place = column_split(raw.loc[table.index, by])
        place = place.where(place.isin(SPLITS), "train")
    elif strategy == "time":
        moments = pd.to_datetime(text_of(raw.loc[table.index, by], plan["missing_tokens"]), errors="coerce", format=plan["date_formats"].get(by))
        return time_split(moments, shares), None
    else:
        return split_apart(units, table[TARGET], shares)
    if (place == "val").any():
        return place, None
    inside = place == "train"
    again, apart = split_apart(units[inside], table.loc[inside, TARGET], {"val": PARAMETERS["val_share"]})
    return place.where(~inside, again), apart


def told_of_equal_rows() -> list:
    """What became of rows whose features are equal, for the report; nothing where there are none or the split is given."""
    if apart is None or not alike:
        return []
    told = told_of_ceiling()
    if apart:
        return [f"- {counted(alike, 'row')} {'has' if alike == 1 else 'have'} the same features as an earlier one. Such rows stand on one side of the split, whatever their target, so that none is judged on what was learned by heart.", *told]
    return [f"- **Rows with equal features could not be held apart.** {counted(alike, 'row')} of {len(table):,} {'has' if alike == 1 else 'have'} the same features as an earlier one, and only {len(table) - alike:,} combinations differ: "
            "kept whole they would leave splits far from their shares, without some class or with too few combinations to judge by. The split is row by row, as rows to come will show the same combinations; the score speaks for those, not for new ones.", *told]


def told_of_ceiling() -> list:
    """How many rows a model could name rightly at best, where equal features go with different classes."""
    if not CLASSES:
        return []
    units = pd.util.hash_pandas_object(table[features].astype(str), index=False)
    right = table[TARGET].astype(str).groupby(units).agg(lambda answers: answers.value_counts().iloc[0]).sum()
    return [f"- Rows with equal features differ in `{TARGET}`: whatever is learned, at most {100 * right / len(table):.1f} % of these rows can be named rightly."] if right < 0.99 * len(table) else []


def number_steps(zero: bool, symbols: bool, indicator: bool) -> Pipeline:
    """Raw or clean number columns to scaled numbers. Only functions of installed packages, so that it unpickles anywhere."""
    steps = []
    if symbols or plan["read"]["decimal"] == ",":
        patterns = {r"[$€£%\s]": "", r"\.(?=\d{3}(\D|$))": "", ",": "."} if plan["read"]["decimal"] == "," else {r"[$€£%\s]": "", r",(?=\d{3}(\D|$))": ""}
        for pattern, other in patterns.items():
            steps.append((f"plain_{len(steps)}", FunctionTransformer(pd.DataFrame.replace, kw_args={"to_replace": pattern, "value": other, "regex": True})))
    steps.append(("to_number", FunctionTransformer(pd.DataFrame.apply, kw_args={"func": pd.to_numeric, "errors": "coerce"}, feature_names_out="one-to-one")))
    steps.append(("to_float", FunctionTransformer(pd.DataFrame.astype, kw_args={"dtype": "float64"}, feature_names_out="one-to-one")))
    if zero:
        steps.append(("zero_is_missing", FunctionTransformer(pd.DataFrame.replace, kw_args={"to_replace": 0, "value": np.nan}, feature_names_out="one-to-one")))
    steps.append(("impute", SimpleImputer(strategy="median", add_indicator=indicator, keep_empty_features=True)))
    return Pipeline([*steps, ("scale", StandardScaler())])


def category_steps(encoder) -> Pipeline:
    """Raw or clean category columns to codes; unseen and rare values share one column."""
    tokens = sorted({form for token in plan["missing_tokens"] for form in (token, token.upper(), token.title())})
    return Pipeline([
        ("to_text", FunctionTransformer(pd.DataFrame.astype, kw_args={"dtype": "str"}, feature_names_out="one-to-one")),
        ("strip", FunctionTransformer(pd.DataFrame.apply, kw_args={"func": pd.Series.replace, "to_replace": r"^\s+|\s+$", "value": "", "regex": True}, feature_names_out="one-to-one")),
        ("blank", FunctionTransformer(pd.DataFrame.replace, kw_args={"to_replace": tokens, "value": "(missing)"}, feature_names_out="one-to-one")),
        ("known", FunctionTransformer(pd.DataFrame.fillna, kw_args={"value": "(missing)"}, feature_names_out="one-to-one")),
        ("to_object", FunctionTransformer(pd.DataFrame.astype, kw_args={"dtype": "object"}, feature_names_out="one-to-one")),
        ("encode", encoder),
    ])


def date_steps(part: str, form: str | None) -> Pipeline:
    """One part of date columns as a number."""
    return Pipeline([
        ("to_date", FunctionTransformer(pd.DataFrame.apply, kw_args={"func": pd.to_datetime, "errors": "coerce", "format": None if form == "ISO8601" else form})),
        ("part", FunctionTransformer(pd.DataFrame.apply, kw_args={"func": attrgetter(f"dt.{part}")})),
        ("impute", SimpleImputer(strategy="median", keep_empty_features=True)),
        ("scale", StandardScaler()),
    ])


def pipeline_for(types: dict) -> Pipeline:
    """Columns by type, each through its own steps; anything else in the frame is ignored."""
    numbers = [name for name, kind in types.items() if kind == "number"]
    groups = {}
    for name in numbers:
        key = (name in plan["zero_is_missing"], name in decisions["symbols"])
        groups.setdefault(key, []).append(name)
    parts = [(f"numbers_{place}", number_steps(*key, PARAMETERS["indicator"]), names) for place, (key, names) in enumerate(sorted(groups.items()))]
    plain = [name for name, kind in types.items() if kind == "category" and name not in PARAMETERS["target_encode"]]
    if plain:
        encoder = OneHotEncoder(handle_unknown="infrequent_if_exist", min_frequency=PARAMETERS["min_frequency"], sparse_output=not PARAMETERS["dense"])
        parts.append(("categories", category_steps(encoder), plain))
    many = [name for name in types if name in PARAMETERS["target_encode"]]
    if many:
        kind = {"binary": "binary", "multiclass": "multiclass", "regression": "continuous"}[PARAMETERS["problem_type"]]
        parts.append(("many_values", category_steps(TargetEncoder(target_type=kind, random_state=PARAMETERS["seed"])), many))
    for name in [name for name, kind in types.items() if kind == "date"]:
        for part in ("year", "month", "dayofyear", "dayofweek"):
            parts.append((f"date_{len(parts)}", date_steps(part, plan["date_formats"].get(name)), [name]))
    return Pipeline([("columns", ColumnTransformer(parts, remainder="drop", verbose_feature_names_out=False))])


# 1. Every row of the upload, numbered by its place in it, in an order that depends on content alone.
decisions = json.loads(Path("eda/data/decisions.json").read_text())
plan = {key: decisions[key] for key in ("read", "missing_tokens", "date_formats", "zero_is_missing", "sentinels")}
raw, test_rows = read_all(decisions)
kinds = decisions["kinds"]
types = {name: kind for name, kind in kinds.items() if name != TARGET and name not in PARAMETERS["drop"] and kind in ("number", "category", "date")}
target_is_number = not CLASSES or (kinds[TARGET] == "number")
table = clean_table(raw, {**types, TARGET: "number" if target_is_number else "category"}, plan | {"zero_is_missing": [name for name in plan["zero_is_missing"] if name != TARGET]})
dataset_rows = len(table)

# 2. Rows without an answer teach nothing; exact repeats would sit on both sides of a split.
without_answer = int(table[TARGET].isna().sum())
table = table[table[TARGET].notna()]
if CLASSES and target_is_number and (table[TARGET] == table[TARGET].round()).all():
    table[TARGET] = table[TARGET].astype("int64")
keys = pd.Series(pd.util.hash_pandas_object(table.astype(str), index=False).to_numpy(), index=table.index)
repeats = int(keys.duplicated().sum())
if PARAMETERS["drop_duplicates"] and repeats:
    table = table[~keys.duplicated()]
dropped_repeats = repeats if PARAMETERS["drop_duplicates"] else 0

# 3. Split, before anything is learned from the values.
place, apart = assign(table, raw, test_rows)
features = list(types)
alike = int(pd.util.hash_pandas_object(table[features].astype(str), index=False).duplicated().sum())
splits = {name: table[place == name][[*features, TARGET]].assign(**{SOURCE_ROW: lambda part: part.index.astype("int64")}).reset_index(drop=True) for name in SPLITS}
if PARAMETERS["split"]["strategy"] == "time":
    order = {name: pd.to_datetime(text_of(raw.loc[part[SOURCE_ROW], PARAMETERS["split"]["by"]], plan["missing_tokens"]), errors="coerce", format=plan["date_formats"].get(PARAMETERS["split"]["by"])).to_numpy().argsort(kind="stable") for name, part in splits.items()}
    splits = {name: part.iloc[order[name]].reset_index(drop=True) for name, part in splits.items()}
empty = [name for name in SPLITS if len(splits[name]) == 0]
if empty:
    raise ValueError(f"the split {empty[0]!r} is empty: {dataset_rows} rows, strategy {PARAMETERS['split']['strategy']}")
out = Path("prep/data")
out.mkdir(parents=True, exist_ok=True)
for name, part in splits.items():
    for column in [name for name, kind in types.items() if kind == "category"] + ([TARGET] if not target_is_number else []):
        part[column] = part[column].astype("str")
    part.to_parquet(out / f"{name}.parquet", index=False)

# 4. Imputing, scaling and encoding are learned from train alone.
pipeline = pipeline_for(types)
train = splits["train"]
matrix = pipeline.fit_transform(train[features], train[TARGET])
joblib.dump(pipeline, out / "prep_pipeline.pkl")

# 5. What was done, for machines.
# Missing is what the exploration counts, too: cells of the upload, all columns, blank or in disguise; zeros apart.
cells = missing_cells_of(raw, plan["missing_tokens"])
strategy = "file" if test_rows else PARAMETERS["split"]["strategy"]
labels = sorted(table[TARGET].unique().tolist()) if CLASSES else None
metadata = {
    "version": 1, "columns": [*features, TARGET, SOURCE_ROW], "feature_columns": features, "target_column": TARGET, "source_row_column": SOURCE_ROW,
    "problem_type": PARAMETERS["problem_type"], "classes": labels, "total_rows": len(table),
    **{f"{name}_rows": len(splits[name]) for name in SPLITS}, "dataset_rows": dataset_rows,
    "dropped_rows": {"missing_target": without_answer, "duplicates": dropped_repeats}, "dropped_columns": PARAMETERS["drop"], "column_types": types,
    "split": {"strategy": strategy, "by": PARAMETERS["test_file"] or PARAMETERS["split"]["by"], "seed": PARAMETERS["seed"],
              "equal_rows": {True: "apart", False: "mixed", None: None}[apart]},
    "read": plan["read"], "missing_tokens": plan["missing_tokens"], "zero_is_missing": plan["zero_is_missing"],
    "quality_stats": {"missing_cells": cells, "missing_share": round(cells / max(1, raw.size), 6), "duplicate_rows": repeats, "equal_feature_rows": alike,
                      "constant_columns": [name for name, kind in kinds.items() if kind == "constant"],
                      "class_counts": {str(label): int(count) for label, count in table[TARGET].value_counts().sort_index().items()} if CLASSES else None},
    "transformed_columns": int(matrix.shape[1]), "metric": PARAMETERS["metric"] or decisions["metric"], "metric_reason": "it was asked for" if PARAMETERS["metric"] else decisions.get("metric_reason"), "target_reason": decisions["target_reason"], "target_encoded": PARAMETERS["target_encode"],
}
(out / "metadata.json").write_text(json.dumps(metadata, ensure_ascii=False, indent=1))

# 6. And for people.
balance = []
for name, part in splits.items():
    spread = ", ".join(f"{label}: {100 * share:.1f} %" for label, share in part[TARGET].value_counts(normalize=True).sort_index().head(8).items()) if CLASSES else f"mean {number_text(part[TARGET].mean())}, sd {number_text(part[TARGET].std())}"
    balance.append([name, f"{len(part):,}", f"{100 * len(part) / len(table):.1f} %", spread])
export_csv(pd.DataFrame(balance, columns=["split", "rows", "share", "target"]), out / "splits.csv")
by_type = {kind: [name for name in features if types[name] == kind] for kind in ("number", "category", "date")}
how = {"time": f"by time along `{PARAMETERS['split']['by']}`: training rows come first, test rows last", "column": f"by the column `{PARAMETERS['split']['by']}`", "file": f"with the file `{PARAMETERS['test_file']}` as the test split"}.get(
    strategy, "at random by the rows’ content with a fixed seed, " + ("class by class" if CLASSES else "quintile by quintile of the target"))
lines = [f"# Preparing `{TARGET}`", "## In short", f"{counted(dataset_rows, 'row')} came in and {len(table):,} go on with {counted(len(features), 'column')}, which the pipeline turns into {counted(matrix.shape[1], 'number')}. The split is {how}. "
         + (f"{share_text(cells, raw.size)} of the upload’s cells are missing." if cells else "No cell of the upload is missing."),
         markdown_table(["split", "rows", "share", "target"], balance), "## What was done, and why",
         f"- Left out without a value of `{TARGET}`: {counted(without_answer, 'row')}." if without_answer else "- Every row has a value of the target.",
         f"- Left out as exact repeats: {counted(dropped_repeats, 'row')}, so that no row is both learned from and judged on." if dropped_repeats else (f"- Exact repeats kept: {counted(repeats, 'row')}; with few possible values repeats are to be expected." if repeats else "- There were no exact repeats to remove."),
         *told_of_equal_rows(),
         *[f"- `{name}` was dropped: {reason}." for name, reason in PARAMETERS["drop"].items()],
         f"- Numbers ({len(by_type['number'])}): gaps take the median" + (" and an indicator says where they were" if PARAMETERS["indicator"] else "") + ", then scaling to mean 0 and standard deviation 1." if by_type["number"] else "- There are no number columns.",
         f"- Categories ({len(by_type['category'])}): one column for each value; values seen fewer than {PARAMETERS['min_frequency']} times, and values never seen, share one; missing is a value of its own." if by_type["category"] else "- There are no category columns.",
         *([f"- {listed(PARAMETERS['target_encode'])}: so many values that each is replaced by a smoothed mean of the target, cross-fitted inside training."] if PARAMETERS["target_encode"] else []),
         *([f"- Dates ({listed(by_type['date'])}): year, month, day of the year, day of the week."] if by_type["date"] else []),
         *([f"- 0 counts as missing in {listed(plan['zero_is_missing'])}."] if plan["zero_is_missing"] else []),
         "- The parquet files hold cleaned, *untransformed* values; the pipeline in `prep_pipeline.pkl` was fitted on train only and takes raw rows as well.",
         "## What is uncertain", f"- {len(splits['test']):,} test rows: " + ("one row more or less right moves accuracy by " + f"{100 / len(splits['test']):.1f} points." if CLASSES else "a few unusual rows can move the score visibly."),
         *[f"- `{name}` has {train[name].nunique():,} values in train, and {100 * splits['test'][name].isin(train[name]).mean():.0f} % of the test rows have one of them: the score speaks for values that were seen. Where new ones are to be predicted, leave `{name}` out or split by it." for name in PARAMETERS["target_encode"]],
         "- Rows that belong together without being equal (the same person twice) cannot be seen from here; if there are such, split by them.",
         "## Next steps", "1. Train on these splits; refit this pipeline inside every fold.\n2. Leave the test split alone until the model is chosen."]
Path("prep/report.md").write_text("\n\n".join(lines).replace("\n\n- ", "\n- ").replace("why\n- ", "why\n\n- ").replace("uncertain\n- ", "uncertain\n\n- ") + "\n", encoding="utf-8")
tell({"equal_rows": metadata["split"]["equal_rows"], "rows": {name: len(part) for name, part in splits.items()} if PARAMETERS["sharing"] != "none" else {}, "features": len(features), "transformed": int(matrix.shape[1]), "dropped_rows": metadata["dropped_rows"] if PARAMETERS["sharing"] != "none" else {}})
