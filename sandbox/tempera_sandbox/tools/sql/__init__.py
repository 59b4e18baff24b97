"""SQL over a session's files: `session_tables` shows them in a locked DuckDB, `bounded_query` limits what a statement
takes, `named_columns` says which columns it can need."""
