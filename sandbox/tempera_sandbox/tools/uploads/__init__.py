"""Uploaded files: checked for what would harm a reader, then read by the library, and what is said of them.

`upload_checks` looks at any file (`text_checks`, `workbook_checks`, `parquet_checks` at those of a form), `refusals`
words what is refused; `uploaded_table` is the table as the library reads it, `uploaded_columns`, `upload_warnings` and
`named_target` say what was found, `uploaded_arrow` hands the same rows to SQL.
"""
