import datetime
import gzip
import io
import zipfile

MOST_BYTES = 2 * 1024**3


def member_of(path: Path) -> str | None:
    """The one table of a zip archive; null for anything else (a workbook is a zip archive too)."""
    if path.open("rb").read(4) != b"PK\x03\x04":
        return None
    names = [entry.filename for entry in zipfile.ZipFile(path).infolist() if not entry.is_dir()]
    if "xl/workbook.xml" in names:
        return None
    return next(name for name in names if not name.startswith("__MACOSX/") and not name.split("/")[-1].startswith("."))


def open_table(path: Path):
    """The table's own bytes as a stream, unpacked when it lies in a gz or zip."""
    member = member_of(path)
    if member is not None:
        return zipfile.ZipFile(path).open(member)
    return gzip.open(path) if path.open("rb").read(2) == b"\x1f\x8b" else path.open("rb")


def whole_of(path: Path) -> io.BytesIO:
    """All bytes of a table whose format must be read in places, up to the limit that uploads have."""
    with open_table(path) as stream:
        content = stream.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise ValueError(f"{path.name} unpacks to more than {MOST_BYTES // 1024**3} GiB: upload fewer rows")
    return io.BytesIO(content)


def plain_text(value) -> str:
    """A cell of a workbook or of JSON as a CSV file would hold it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(" ")
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (dict, list)) else str(value)


def workbook_rows(path: Path, sheet: str | None) -> tuple:
    """Name and rows of a sheet as texts: the one named, else the first that holds anything. Blank rows are left out."""
    import openpyxl

    book = openpyxl.load_workbook(whole_of(path), read_only=True, data_only=True, keep_links=False)
    for page in [book[sheet]] if sheet else book.worksheets:
        page.reset_dimensions()
        rows = [[plain_text(cell) for cell in row] for row in page.iter_rows(values_only=True)]
        rows = [row for row in rows if any(cell.strip() for cell in row)]
        if rows:
            width = max(max(place + 1 for place, cell in enumerate(row) if cell.strip()) for row in rows)
            return page.title, [(row + [""] * width)[:width] for row in rows]
    raise ValueError(f"{path.name} holds no sheet with a table in it")


def json_records(path: Path, encoding: str | None) -> list:
    """The records of a JSON document or of one record a line; also those of {"data": [...]} and {"column": [...]}."""
    text = whole_of(path).read().decode(encoding or "utf-8").lstrip("\ufeff")
    try:
        whole = json.loads(text)
    except json.JSONDecodeError:
        whole = [json.loads(line) for line in text.splitlines() if line.strip()]
    if isinstance(whole, dict):
        values = list(whole.values())
        if len(values) == 1 and isinstance(values[0], list):
            return values[0]
        if values and all(isinstance(value, list) for value in values):
            return [dict(zip(whole, row, strict=False)) for row in zip(*values, strict=False)]
    return whole if isinstance(whole, list) else [whole]


def table_of_records(records: list) -> pd.DataFrame:
    names = list(dict.fromkeys(name for record in records for name in record))
    return pd.DataFrame({name: [plain_text(record.get(name)) for record in records] for name in names}, columns=names, dtype="str")


def read_raw(folder: Path, read: dict) -> pd.DataFrame:
    """The upload as it is: cells of texts, workbooks and JSON become strings, nothing is taken for missing yet."""
    path = Path(folder) / read["file"]
    if read["format"] == "parquet":
        table = pd.read_parquet(whole_of(path) if read["compression"] else path)
    elif read["format"] == "xlsx":
        rows = workbook_rows(path, read.get("sheet"))[1]
        names = rows.pop(0) if read["header"] else range(len(rows[0]))
        table = pd.DataFrame(rows, columns=names, dtype="str")
    elif read["format"] in ("json", "jsonl"):
        table = table_of_records(json_records(path, read["encoding"]))
    else:
        with open_table(path) as stream:
            table = pd.read_csv(
                stream,
                sep=read["delimiter"],
                encoding=read["encoding"],
                header=0 if read["header"] else None,
                on_bad_lines=read.get("bad_lines", "error"),
                dtype=str,
                na_filter=False,
                skipinitialspace=True,
            )
    names = [str(name).strip() if read["header"] else "" for name in table.columns]
    table.columns = [name or f"column_{place}" for place, name in enumerate(names, 1)]
    return table


def in_content_order(table: pd.DataFrame) -> pd.DataFrame:
    """Rows sorted by a hash of their cells: nothing below depends on the order in the file. Index = source row."""
    table = table.reset_index(drop=True)
    keys = pd.util.hash_pandas_object(table.astype(str), index=False)
    return table.iloc[np.argsort(keys.to_numpy(), kind="stable")]


def text_of(cells: pd.Series, tokens: list) -> pd.Series:
    """Stripped text with the disguises of missing values made null."""
    text = cells.astype(str).str.strip()
    return text.mask(cells.isna() | text.str.lower().isin(tokens))


def missing_cells_of(raw: pd.DataFrame, tokens: list) -> int:
    """How many cells of the upload are missing: blank or one of the disguises, in any column. Zeros that stand for
    missing are told apart from these everywhere."""
    return sum(int(text_of(raw[name], tokens).isna().sum()) for name in raw.columns)


def numbers_of(text: pd.Series, read: dict) -> pd.Series:
    """Numbers from text; what does not read as one becomes null. Understands 1.234,5 and $1,234 and 12 %."""
    if pd.api.types.is_numeric_dtype(text):
        return text.astype("float64")
    plain = text.astype("str").str.replace(r"[$€£%\s]", "", regex=True)
    if read.get("decimal") == ",":
        plain = plain.str.replace(".", "", regex=False).str.replace(",", ".", regex=False)
    else:
        plain = plain.str.replace(r",(?=\d{3}(?:\D|$))", "", regex=True)
    numbers = pd.to_numeric(plain, errors="coerce").astype("float64")
    return numbers.replace([np.inf, -np.inf], np.nan)


def clean_table(raw: pd.DataFrame, kinds: dict, plan: dict) -> pd.DataFrame:
    """Typed columns: numbers float64, dates timestamps, the rest strings; every kind of missing is null."""
    columns = {}
    for name, kind in kinds.items():
        text = text_of(raw[name], plan["missing_tokens"])
        if kind == "number":
            cells = numbers_of(text, plan["read"])
            if name in plan.get("zero_is_missing", []):
                cells = cells.mask(cells == 0)
            if name in plan.get("sentinels", {}):
                cells = cells.mask(cells == plan["sentinels"][name])
        elif kind == "date":
            cells = pd.to_datetime(text, errors="coerce", format=plan["date_formats"].get(name))
        else:
            cells = text.astype(object).where(text.notna(), None)
        columns[name] = cells
    return pd.DataFrame(columns, index=raw.index)
