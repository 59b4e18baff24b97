"""Our kinds as the nine classes of the ML Data Prep Zoo: what a model should do with a column, judged by a person."""

from __future__ import annotations

from tempera.tables import ColumnPlan

NUMERIC, CATEGORICAL, DATETIME, SENTENCE, URL, EMBEDDED, LIST, NOT_GENERALIZABLE, CONTEXT_SPECIFIC = range(9)
NAMES = (
    'numeric', 'categorical', 'datetime', 'sentence', 'url', 'embedded number', 'list', 'not generalizable',
    'context specific',
)  # fmt: skip
#: words beside numbers that every reader takes for a gap
_PLAIN_GAPS = frozenset(('', 'inf', 'nan', '-nan', 'na', 'n/a', '#n/a', '<na>', 'null', 'none'))
_BY_KIND = {
    'boolean': CATEGORICAL,
    'category': CATEGORICAL,
    'ordinal': CATEGORICAL,
    'code': CATEGORICAL,
    'date': DATETIME,
    'datetime': DATETIME,
    'time': DATETIME,
    'year': DATETIME,
    'list': LIST,
    'record': CONTEXT_SPECIFIC,
    'coordinates': CONTEXT_SPECIFIC,
    'identifier': NOT_GENERALIZABLE,
    'constant': NOT_GENERALIZABLE,
    'empty': NOT_GENERALIZABLE,
}


def class_of(column: ColumnPlan) -> int:
    """The class of a column, by its plan alone."""
    if column.kind in _BY_KIND:
        return _BY_KIND[column.kind]
    if column.kind == 'text':
        links = any('links' in one.because for one in column.evidence)
        return URL if links else SENTENCE
    if column.levels:
        return CATEGORICAL
    if (column.unit and column.form.units) or column.form.decimal == ',':
        return EMBEDDED
    return EMBEDDED if any(token.text not in _PLAIN_GAPS for token in column.missing) else NUMERIC
