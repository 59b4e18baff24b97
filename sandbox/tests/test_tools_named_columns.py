"""A query reads of an upload the columns that it can need, and answers as if it had read them all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tempera_sandbox.tools import Context, ToolError, run_tool
from tempera_sandbox.tools.sql import session_tables
from tempera_sandbox.tools.sql.named_columns import named_columns

NAMES = ('id', 'Place', 'price', 'the "best" day', 'note')
TABLE = 'id,Place,price,"the ""best"" day",note\n' + ''.join(
    f'{at},{("north", "south")[at % 2]},{at * 1.5},2023-01-{1 + at % 28:02},"some, words {at}"\n'
    for at in range(60)
)
#: statement, and what it reads
STATEMENTS: list[tuple[str, tuple[str, ...]]] = [
    ('SELECT count(*) FROM dataset', ('id',)),
    ('SELECT COUNT( * ), count() FROM dataset d', ('id',)),
    ('SELECT 1 FROM dataset LIMIT 2', ('id',)),
    ('SELECT PLACE, avg(price) FROM dataset GROUP BY place ORDER BY 1', ('Place', 'price')),
    ('SELECT d.price FROM dataset AS d WHERE d."PLACE" = \'north\' ORDER BY 1', ('Place', 'price')),
    ('SELECT "the ""best"" day", count(*) FROM dataset GROUP BY ALL ORDER BY 1', ('the "best" day',)),
    ('SELECT dataset.id FROM dataset ORDER BY 1', ('id',)),
    ('SELECT a.id FROM dataset a JOIN dataset b USING (id) ORDER BY 1', ('id',)),
    ('SELECT * FROM dataset ORDER BY id', NAMES),
    ('SELECT d.* EXCLUDE (id) FROM dataset d ORDER BY 1', NAMES),
    ('SELECT id * 2 FROM dataset ORDER BY 1', NAMES),
    ("SELECT COLUMNS('p.*') FROM dataset ORDER BY 1", NAMES),
    ('FROM dataset ORDER BY id', NAMES),
    ('SELECT count(*) FROM (FROM dataset)', NAMES),
    ('DESCRIBE dataset', NAMES),
    ('SUMMARIZE dataset', NAMES),
    ('SELECT dataset FROM dataset ORDER BY 1', NAMES),
    ('SELECT d FROM dataset d ORDER BY 1', NAMES),
    ('SELECT count(DISTINCT rows_of) FROM dataset AS rows_of', NAMES),
    ('SELECT sum(d.price) FROM dataset d WHERE d.id < 5', ('id', 'price')),
    ('WITH x AS (SELECT price FROM dataset) SELECT max(price) FROM x', ('price',)),
]


@pytest.fixture
def context(tmp_path: Path) -> Context:
    for name in ('session', 'datasets'):
        (tmp_path / name).mkdir()
    (tmp_path / 'datasets/table.csv').write_text(TABLE)
    return Context(tmp_path / 'session', tmp_path / 'datasets')


@pytest.mark.parametrize(('statement', 'needed'), STATEMENTS)
def test_the_columns_that_a_statement_can_need(statement: str, needed: tuple[str, ...]) -> None:
    assert tuple(named_columns(statement, 'dataset', NAMES)) == needed


@pytest.mark.parametrize('statement', [statement for statement, _ in STATEMENTS])
def test_an_answer_is_that_of_the_whole_table(
    statement: str, context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    narrow = run_tool('query_sql', {'sql': statement}, context)
    monkeypatch.setattr(session_tables, 'named_columns', lambda _statement, _table, names: names)
    session_tables._rows_of.cache_clear()
    assert run_tool('query_sql', {'sql': statement}, context) == narrow
    session_tables._rows_of.cache_clear()


def test_a_column_that_is_not_there_is_refused_with_those_that_are(context: Context) -> None:
    with pytest.raises(ToolError, match='"prise" not found') as caught:
        run_tool('query_sql', {'sql': 'SELECT prise FROM dataset'}, context)
    assert caught.value.code == 'INVALID_SQL'


def test_counting_rows_parses_one_column(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[Any] = []
    whole = session_tables.arrow_table
    monkeypatch.setattr(
        session_tables, 'arrow_table', lambda table: parsed.append(table.plan.names) or whole(table)
    )
    session_tables._rows_of.cache_clear()
    assert run_tool('query_sql', {'sql': 'SELECT count(*) FROM dataset'}, context)['rows'] == [[60]]
    assert parsed == [('id',)]
