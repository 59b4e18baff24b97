"""What each column knows of the target, one at a time: how strong the signal is, and whether it is too good.

Run by hand, in the folder that holds dataset/ and tempera/: `PYTHONPATH=. python eda/scripts/<this file>`.
"""

import json
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.metrics import balanced_accuracy_score, r2_score
from sklearn.model_selection import KFold, StratifiedKFold, cross_val_predict
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from tempera import paths

# PARAMETERS
PARAMETERS = {
    "target": "species",
    "problem_type": "multiclass",
    "drop": {},
    "zero_is_missing": [],
    "sentinels": {},
    "sharing": "values",
    "seed": 42,
    "max_rows": 5000,
    "max_columns": 300,
}
# END OF PARAMETERS

# include: tell
# include: read_table

TARGET, CLASSES = PARAMETERS["target"], PARAMETERS["problem_type"] != "regression"


def maps_one_to_one(cells: pd.Series, answer: pd.Series) -> bool:
    """Each value goes with one value of the target and the other way round, and values repeat enough to tell."""
    pairs = pd.DataFrame({"cell": cells.astype(str), "answer": answer.astype(str)})
    per_cell, per_answer = pairs.groupby("cell")["answer"].nunique(), pairs.groupby("answer")["cell"].nunique()
    return len(pairs) >= 20 and len(per_cell) < 0.8 * len(pairs) and per_cell.max() == 1 and per_answer.max() == 1


def codes_of(cells: pd.Series) -> np.ndarray:
    """One number a value: numbers and dates as they are, text by rank; missing lies below everything."""
    if pd.api.types.is_numeric_dtype(cells):
        return cells.fillna(cells.min() - 1e6).to_numpy()
    if pd.api.types.is_datetime64_any_dtype(cells):
        return cells.astype("int64").to_numpy().astype(float)
    return pd.Categorical(cells.astype(str)).codes.astype(float)


def score_of(cells: pd.Series, answer: pd.Series) -> float:
    """Cross-validated skill of a small tree on this column alone: 0 is chance, 1 is perfect."""
    matrix = codes_of(cells).reshape(-1, 1)
    if CLASSES:
        fewest = answer.value_counts().min()
        if fewest < 3:
            keep = answer.isin(answer.value_counts().loc[lambda counts: counts >= 3].index)
            matrix, answer = matrix[keep.to_numpy()], answer[keep]
        if answer.nunique() < 2:
            return 0.0
        tree = DecisionTreeClassifier(max_leaf_nodes=64, min_samples_leaf=2, class_weight="balanced", random_state=0)
        folds = StratifiedKFold(3, shuffle=True, random_state=PARAMETERS["seed"])
        found = cross_val_predict(tree, matrix, answer, cv=folds)
        chance = 1 / answer.nunique()
        return (balanced_accuracy_score(answer, found) - chance) / (1 - chance)
    tree = DecisionTreeRegressor(min_samples_leaf=max(2, len(answer) // 400), random_state=0)
    found = cross_val_predict(tree, matrix, answer, cv=KFold(3, shuffle=True, random_state=PARAMETERS["seed"]))
    return r2_score(answer, found)


def verdict_on(cells: pd.Series, answer: pd.Series, score: float) -> str | None:
    """How a column gives the target away, or null."""
    known = cells.notna()
    if known.mean() < 0.5:
        return None
    if (cells[known].astype(str) == answer[known].astype(str)).all():
        return "a copy of the target"
    if maps_one_to_one(cells[known], answer[known]):
        return "a one-to-one code of the target"
    if not CLASSES and cells.nunique() > 10:
        ranks = pd.to_numeric(cells, errors="coerce") if pd.api.types.is_numeric_dtype(cells) else numbers_of(cells.astype(str).str.extract(r"(-?\d+\.?\d*)")[0], read)
        if ranks.notna().mean() > 0.5 and abs(ranks.corr(answer, method="spearman")) >= 0.9995:
            return "a monotone map of the target"
    if score >= 0.995 and len(cells) >= 50:
        return "by itself nearly enough to tell the target"
    return None


# 1. The table as the profile read it, in content order; a sample is enough to see a give-away.
profile = json.loads(Path("eda/data/profile.json").read_text())
read = profile["read"]
plan = {"read": read, "missing_tokens": profile["missing_tokens"], "date_formats": profile["date_formats"],
        "zero_is_missing": PARAMETERS["zero_is_missing"], "sentinels": PARAMETERS["sentinels"]}
kinds = {column["name"]: column["kind"] for column in profile["columns"]}
raw = in_content_order(read_raw(paths.dataset, read))
table = clean_table(raw.head(PARAMETERS["max_rows"]), kinds, plan)
if CLASSES:
    table[TARGET] = text_of(raw[TARGET].head(PARAMETERS["max_rows"]), profile["missing_tokens"])
whole_target = text_of(raw[TARGET], profile["missing_tokens"]) if CLASSES else clean_table(raw[[TARGET]], {TARGET: "number"}, plan)[TARGET]
table = table[table[TARGET].notna()]
answer = table[TARGET]

# 2. One column at a time. In a very wide table only the most correlated ones can be give-aways.
features = [name for name in kinds if name != TARGET and kinds[name] != "constant" and name not in PARAMETERS["drop"]]
left_out = 0
if len(features) > PARAMETERS["max_columns"]:
    codes = pd.Series(pd.Categorical(answer).codes if CLASSES else answer, index=table.index).rank()
    strength = {name: abs(np.corrcoef(pd.Series(codes_of(table[name])).rank(), codes)[0, 1]) for name in features}
    ranked = sorted(features, key=lambda name: (-np.nan_to_num(round(strength[name], 6)), name))
    left_out = len(features) - PARAMETERS["max_columns"]
    features = ranked[: PARAMETERS["max_columns"]]
scores = {name: score_of(table[name], answer) for name in features}
leaks = {name: verdict for name in features if (verdict := verdict_on(table[name], answer, scores[name]))}
suspects = [name for name in features if name not in leaks and scores[name] >= 0.95]

# 3. Pairs of number columns that say the same thing (told, not dropped: trees do not mind, importance does).
numbers = [name for name in features if kinds[name] == "number" and name not in leaks][:80]
correlations = table[numbers].corr(method="spearman").abs() if len(numbers) > 1 else pd.DataFrame()
twins = [[first, second, float(correlations.loc[first, second])]
         for place, first in enumerate(numbers) for second in numbers[place + 1:] if correlations.loc[first, second] >= 0.95]

# 4. The target itself.
counts = whole_target.value_counts() if CLASSES else None
about = {"missing": int(whole_target.isna().sum())}
if CLASSES:
    about |= {"counted": int(counts.sum()), "classes": len(counts), "smallest": int(counts.min()), "largest_share": float(counts.max() / counts.sum())}
    if PARAMETERS["sharing"] == "values":
        about["counts"] = {str(label): int(count) for label, count in sorted(counts.items(), key=lambda item: (-item[1], str(item[0])))[:20]}
else:
    about |= {"mean": float(whole_target.mean()), "sd": float(whole_target.std()), "skew": float(whole_target.skew())}

# 5. Whether rows may repeat by chance: where few values are possible, pairs of equal rows are to be expected.
whole = table[[*features, TARGET]].astype(str)
alike = float(np.prod([(whole[name].value_counts(normalize=True) ** 2).sum() for name in whole.columns]))
by_chance = bool(whole.duplicated().sum() <= len(whole) * (len(whole) - 1) * alike)

ranking = sorted(((name, round(score, 3)) for name, score in scores.items()), key=lambda item: (-item[1], item[0]))
continuous = [name for name in features if kinds[name] == "number" and table[name].nunique() > 20]
(Path("eda/data") / "relations.json").write_text(json.dumps(rounded({"scores": dict(ranking), "leaks": leaks, "suspects": suspects, "twins": twins, "target": about}), ensure_ascii=False, indent=1))
print(f"{len(features)} columns compared with {TARGET}; {len(leaks)} give it away")
findings = {"leaks": leaks, "suspects": suspects, "strongest": ranking[:8], "twins": twins[:10], "target": about,
            "continuous": len(continuous), "repeats_by_chance": by_chance, "not_compared": left_out}
if PARAMETERS["sharing"] == "none":
    findings = {"leaks": leaks, "suspects": suspects, "strongest": [name for name, _ in ranking[:8]],
                "twins": [pair[:2] for pair in twins[:10]], "continuous": min(len(continuous), 1), "repeats_by_chance": by_chance}
tell(findings)
