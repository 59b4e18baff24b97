def export_csv(table: pd.DataFrame, path: Path) -> None:
    """Writes a CSV whose text cells no spreadsheet will run as a formula."""

    def escape(cell):
        return "'" + cell if isinstance(cell, str) and cell[:1] in ('=', '+', '-', '@', '\t', '\r') else cell

    path.parent.mkdir(parents=True, exist_ok=True)
    safe = table.rename(columns=escape).rename(index=escape)
    safe = safe.apply(lambda column: column if pd.api.types.is_numeric_dtype(column) else column.map(escape))
    # Quoted, so that no carriage return within a cell begins a row, and with it a new first cell.
    safe.to_csv(path, index=False, quoting=2)
