"""Tables of any file and samples of their columns, for classification.

`excerpt` takes from a large file what is looked at instead of all of it; `file_tables` are a file's tables as the
library reads them, `file_columns` their columns; `duckdb_file` is a database file, opened locked; `reservoir` chooses
values evenly and bounds what an answer holds.
"""
