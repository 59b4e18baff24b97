"""How dates, moments and times of day are read.

`written` has texts, with `months` for their names; `numbers` what is counted from an epoch; `columns` decides for a
whole column, day and month among it. Of typed files: `..typed` and `..cells.natives`.
"""
