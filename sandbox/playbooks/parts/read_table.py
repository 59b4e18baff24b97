def read_raw(folder: Path, read: dict) -> pd.DataFrame:
    """The upload as it is: cells of text files stay strings, nothing is taken for missing yet."""
    path = Path(folder) / read["file"]
    if read["format"] == "parquet":
        table = pd.read_parquet(path)
    else:
        table = pd.read_csv(
            path,
            sep=read["delimiter"],
            encoding=read["encoding"],
            header=0 if read["header"] else None,
            compression=read["compression"],
            on_bad_lines=read.get("bad_lines", "error"),
            dtype=str,
            na_filter=False,
            skipinitialspace=True,
        )
    if not read["header"] and read["format"] != "parquet":
        table.columns = [f"column_{number}" for number in range(1, table.shape[1] + 1)]
    table.columns = [str(name).strip() for name in table.columns]
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
