"""What is in the table: how it is read, the kind of each column, what stands for missing, what looks odd.

Run by hand, in the folder that holds dataset/ and tempera/: `PYTHONPATH=. python eda/scripts/<this file>`.
"""

import csv
import json
import re
from pathlib import Path

import numpy as np
import pandas as pd

from tempera import paths

# PARAMETERS
PARAMETERS = {
    "file": "penguins.csv",
    "encoding": None,
    "delimiter": None,
    "bad_lines": "error",
    "excluded_columns": [],
    "sharing": "values",
    "show_columns": 150,
}
# END OF PARAMETERS

MISSING_TOKENS = ["", "?", "na", "n/a", "nan", "null", "none", "-", "--", ".", "#n/a", "<na>", "missing", "nat"]
FEWEST_ROWS = 20  # fewer cannot be cut into three splits that say anything
SENTINELS = [-999.0, -9999.0, -99999.0, 9999.0, 99999.0]
DATE = re.compile(r"^\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|^\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}")
YEAR = re.compile(r"^(18|19|20)\d\d$")

# include: tell
# include: read_table


def head_of(path: Path, size: int = 4_000_000) -> bytes:
    """The first bytes of the table, unpacked when it lies in a gz or zip."""
    with open_table(path) as stream:
        return stream.read(size)


def guess_encoding(head: bytes) -> str:
    """UTF-8 unless a mark or a byte says otherwise; Windows-1252 is what the rest nearly always is."""
    if head[:3] == b"\xef\xbb\xbf":
        return "utf-8-sig"
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    try:
        head[: max(0, len(head) - 4)].decode("utf-8")
        return "utf-8"
    except UnicodeDecodeError as problem:
        return "utf-8" if problem.start >= len(head) - 8 else "cp1252"


def guess_delimiter(lines: list) -> str:
    """The sign that cuts the first lines into the most consistent number of fields."""
    best, best_score = ",", (0.0, 0)
    for sign in [",", "\t", ";", "|"]:
        widths = [len(row) for row in csv.reader(lines, delimiter=sign) if row]
        if not widths:
            continue
        usual = max(set(widths), key=widths.count)
        score = (round(widths.count(usual) / len(widths), 2), usual)
        if usual > 1 and score > best_score:
            best, best_score = sign, score
    return best


def is_number(cell: str) -> bool:
    return re.fullmatch(r"[-+]?(\d+([.,]\d*)?|[.,]\d+)([eE][-+]?\d+)?", cell.strip()) is not None


def has_header(rows: list) -> bool:
    """A first line with numbers in it, or one whose words come again below, is data."""
    first, below = rows[0], rows[1:]
    numbers = [cell for cell in first if is_number(cell)]
    if numbers and not all(YEAR.match(cell.strip()) for cell in numbers):
        return False
    again = [cell for place, cell in enumerate(first) if any(cell == row[place] for row in below if place < len(row))]
    return len(again) < max(1, len(first) / 2)


def how_to_read(path: Path) -> dict:
    """Format, compression, encoding, delimiter, header and decimal sign of the upload, by its bytes, then by its name."""
    packing = {b"\x1f\x8b": "gzip", b"PK": None if member_of(path) is None else "zip"}.get(path.open("rb").read(2))
    name = (member_of(path) or re.sub(r"\.gz$", "", path.name.lower())).lower()
    read = {"file": path.name, "format": "parquet", "delimiter": None, "encoding": None, "header": True, "decimal": ".", "compression": packing}
    head = head_of(path)
    if head[:4] == b"PAR1":
        return read
    if head[:4] == b"PK\x03\x04":
        sheet, rows = workbook_rows(path, None)
        return read | {"format": "xlsx", "sheet": sheet, "header": has_header(rows[:200]), "decimal": decimal_of(rows[:200])}
    encoding = PARAMETERS["encoding"] or guess_encoding(head)
    text = head.decode(encoding, errors="replace").lstrip("\ufeff")
    if name.endswith((".json", ".jsonl", ".ndjson")):
        return read | {"format": "json" if text.lstrip()[:1] == "[" or name.endswith(".json") else "jsonl", "encoding": encoding}
    lines = text.splitlines()[:200]
    delimiter = PARAMETERS["delimiter"] or guess_delimiter(lines)
    rows = [row for row in csv.reader(lines, delimiter=delimiter, skipinitialspace=True) if row]
    return read | {"format": "tsv" if delimiter == "\t" else "csv", "delimiter": delimiter, "encoding": encoding, "header": has_header(rows),
                   "decimal": decimal_of(rows) if delimiter != "," else ".", "bad_lines": PARAMETERS["bad_lines"]}


def decimal_of(rows: list) -> str:
    """The decimal sign that more of the numbers have."""
    commas = sum(bool(re.fullmatch(r"-?\d+,\d+", cell.strip())) for row in rows for cell in row)
    points = sum(bool(re.fullmatch(r"-?\d+\.\d+", cell.strip())) for row in rows for cell in row)
    return "," if commas > points else "."


def date_format(text: pd.Series) -> str | None:
    """The strptime form that nearly all cells follow, tried on a thousand of them; null when none does."""
    sample = text.dropna().head(1000)
    if len(sample) == 0 or sample.str.match(DATE).mean() < 0.98:
        return None
    for form in ["%Y-%m-%d", "%Y/%m/%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%Y-%m-%d %H:%M:%S",
                 "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "ISO8601"]:
        if pd.to_datetime(sample, errors="coerce", format=form).notna().mean() >= 0.98:
            return form
    return None


def number_flags(name: str, numbers: pd.Series) -> list:
    """What is odd about a number column: identifier, zero or a sentinel for missing, heavy tail."""
    values = numbers.dropna()
    distinct = np.unique(values.to_numpy())
    flags = []
    whole = bool((values == values.round()).all())
    counts_up = whole and len(distinct) == len(values) and distinct[-1] - distinct[0] == len(values) - 1
    named = re.search(r"(^|[_ ])(id|uuid|index|key|no)$|^unnamed", name.lower()) is not None
    if len(values) >= 20 and len(distinct) == len(values) and (counts_up or (whole and named)):
        flags.append("identifier")
    elif whole and len(distinct) > 20 and re.search(r"(^|[_ ])(id|zip|zipcode|plz|postcode|postal|phone|code|nr|no)$", name.lower()):
        flags.append("code")
    zeros = float((values == 0).mean())
    positive = distinct[distinct > 0]
    if distinct[0] == 0 and 0.001 <= zeros <= 0.6 and len(positive) > 20:
        gap = np.median(np.diff(positive))
        if positive[0] > 5 * gap and positive[0] > 0.05 * np.median(values[values > 0]):
            flags.append("zero_as_missing")
    for sentinel in SENTINELS:
        rest = values[values != sentinel]
        if 2 <= (values == sentinel).sum() < len(values) and abs(sentinel) > 5 * rest.abs().max():
            flags.append(f"sentinel:{sentinel:g}")
    if len(distinct) > 20 and values.std() > 0 and abs(values.skew()) > 3:
        flags.append("heavy_tail")
    return flags


def describe(name: str, cells: pd.Series, read: dict) -> dict:
    """Kind, missing count, distinct count and oddities of one column."""
    text = text_of(cells, MISSING_TOKENS)
    present = text.dropna()
    hidden = cells[text.isna() & cells.notna()].astype(str).str.strip()
    hidden = hidden[hidden != ""]
    disguised = len(hidden)
    column = {"name": name, "kind": "category", "missing": int(text.isna().sum()), "disguised": disguised,
              "disguises": sorted(hidden.unique())[:6], "distinct": int(present.nunique()), "flags": []}
    if column["missing"] > 0.95 * len(cells):
        column["flags"].append("nearly_empty")
    if column["distinct"] <= 1:
        return column | {"kind": "constant", "flags": column["flags"] + ["constant"]}
    numbers = numbers_of(present, read)
    share = numbers.notna().mean()
    if share >= 0.98 and not pd.api.types.is_bool_dtype(cells):
        column |= {"kind": "number", "unreadable": int(numbers.isna().sum())}
        column["whole"] = bool((numbers.dropna() == numbers.dropna().round()).all())
        column["distinct"] = int(numbers.nunique())
        column["flags"] += number_flags(name, numbers)
        signed = present.astype(str).str.contains("[%$€£]", regex=True)
        if 2 <= signed.sum() <= len(signed) - 2:
            column["flags"].append("mixed_units")
        return column
    form = "ISO8601" if pd.api.types.is_datetime64_any_dtype(cells) else date_format(present)
    if form is not None:
        moments = pd.to_datetime(present, errors="coerce", format=form)
        flags = ["moments"] if moments.nunique() >= 0.9 * len(cells) else []
        return column | {"kind": "date", "format": form, "flags": column["flags"] + flags}
    if column["distinct"] >= 0.95 * len(present) and len(present) >= 20:
        return column | {"kind": "text", "flags": column["flags"] + ["identifier"]}
    if column["distinct"] > max(50, 0.5 * len(present)) or (column["distinct"] > 20 and column["distinct"] > 0.5 * len(present)):
        return column | {"kind": "text", "flags": column["flags"] + ["high_cardinality"]}
    if column["distinct"] > 20:
        column["flags"].append("high_cardinality")
    return column


# 1. Look at the bytes before trusting the name: delimiter, encoding and header are guessed from them.
read = how_to_read(paths.dataset / PARAMETERS["file"])
raw = in_content_order(read_raw(paths.dataset, read))
if raw.shape[1] < 2:
    raise SystemExit(f"{PARAMETERS['file']} has one column: there is nothing to predict from.")

# 2. Every column on its own: kind, missing values in their disguises, oddities.
columns = [describe(name, raw[name], read) for name in raw.columns]
duplicates = int(raw.astype(str).duplicated().sum())

# 3. Keep it all for the next steps; print what the decision needs.
profile = {
    "read": read, "rows": len(raw), "columns": columns, "duplicates": duplicates,
    "missing_tokens": MISSING_TOKENS,
    "date_formats": {column["name"]: column["format"] for column in columns if column["kind"] == "date"},
}
out = Path("eda/data")
out.mkdir(parents=True, exist_ok=True)
(out / "profile.json").write_text(json.dumps(rounded(profile), ensure_ascii=False, indent=1))
shown = columns[: PARAMETERS["show_columns"]]
shown += [column for column in columns[-3:] if column not in shown]
if PARAMETERS["sharing"] == "none":
    shown = [{key: column[key] for key in ("name", "kind", "flags")} | {"distinct": min(column["distinct"], 21)} for column in shown]
if PARAMETERS["sharing"] != "none":
    shown = [{key: column[key] for key in column if key != "disguises"} for column in shown]
if PARAMETERS["sharing"] == "values":
    for column in shown:
        if column["kind"] == "category":
            column["common"] = [str(value)[:40] for value in text_of(raw[column["name"]], MISSING_TOKENS).value_counts().sort_index().sort_values(ascending=False, kind="stable").index[:6]]
print(f"{len(raw):,} rows and {raw.shape[1]:,} columns read from {read['file']}" if PARAMETERS["sharing"] != "none" else f"{raw.shape[1]} columns read")
findings = {"read": {key: read[key] for key in read if key != "bad_lines"}, "column_count": len(columns), "columns": shown,
            "too_few_rows": len(raw) < FEWEST_ROWS}
if PARAMETERS["sharing"] != "none":
    findings |= {"rows": len(raw), "duplicates": duplicates}
tell(findings)
