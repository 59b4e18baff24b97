"""SQL over a session's tables: what it answers, and everything that it refuses."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pandas as pd
import pytest

from tempera.reports.kinds import kind_words
from tempera.tables import understand
from tempera_sandbox.tools import Context, ToolError, limits, run_tool

from .tool_files import make_tables, plants, query


@pytest.fixture
def context(tmp_path: Path) -> Context:
    return make_tables(tmp_path)


def test_tables_are_listed_under_their_names(context: Context) -> None:
    found = {
        table['name']: (table['file'], table['rows'], len(table['columns']))
        for table in run_tool('list_tables', {}, context)['tables']
    }
    assert found == {
        'train': ('prep/data/train.parquet', 80, 5),
        'val': ('prep/data/val.parquet', 20, 5),
        'test': ('prep/data/test.parquet', 20, 5),
        'dataset': ('datasets/plants.csv', 120, 4),
        'data_plants': ('datasets/plants.csv', 120, 4),
        'eda_my_table': ('eda/data/My Table.csv', 2, 2),
    }


@pytest.mark.parametrize(
    ('sql', 'rows'),
    [
        ('SELECT count(*) FROM train', [[80]]),
        ('select count(*) from TRAIN;  -- all', [[80]]),
        ('WITH x AS (SELECT 1 AS a) SELECT a FROM x', [[1]]),
        ('/* first */ SELECT count(size) FROM dataset', [[116]]),
        ('FROM eda_my_table ORDER BY a', [[1, 'x'], [2, None]]),
        ('SELECT count(*) FROM (DESCRIBE val)', [[5]]),
        ("SELECT ';' AS a", [[';']]),
    ],
)
def test_reading_statements_are_answered(context: Context, sql: str, rows: list) -> None:
    assert query(context, sql)['rows'] == rows


@pytest.mark.parametrize('sql', ['DESCRIBE train', 'SUMMARIZE train', 'SHOW TABLES'])
def test_describing_statements_are_answered(context: Context, sql: str) -> None:
    assert query(context, sql)['row_count'] >= 5


@pytest.mark.parametrize(
    'sql',
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM read_blob('/proc/self/environ')",
        "FROM '/etc/passwd'",
        "FROM '/etc/hosts.csv'",
        "SELECT * FROM glob('/*')",
        "SELECT * FROM parquet_metadata('/x')",
        "SELECT (SELECT content FROM read_text('/etc/passwd'))",
        "WITH a AS (FROM read_csv_auto('/etc/passwd')) FROM a",
        "SELECT * FROM query('FROM read_text(''/etc/passwd'')')",
        "SUMMARIZE SELECT * FROM read_csv('/etc/passwd')",
        "DESCRIBE SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM sniff_csv('/etc/passwd')",
        "SELECT getenv('HOME')",
        "ATTACH '/tmp/x.db'",
        "COPY train TO '/tmp/x.csv'",
        "COPY (SELECT 1) TO '/tmp/x'",
        "EXPORT DATABASE '/tmp/x'",
        "IMPORT DATABASE '/tmp/x'",
        'INSTALL httpfs',
        'LOAD httpfs',
        'PRAGMA version',
        'PRAGMA enable_external_access',
        "SET memory_limit = '9GB'",
        'RESET memory_limit',
        'SELECT 1; SELECT 2',
        'SELECT 1; DROP VIEW train',
        '',
        '   ',
        ';',
        '-- nothing',
        'CREATE TABLE x(a INT)',
        'DROP VIEW train',
        'INSERT INTO train VALUES (1)',
        'UPDATE train SET size = 1',
        'DELETE FROM train',
        'CALL pragma_version()',
        'USE memory',
        'PREPARE x AS SELECT 1',
        'EXECUTE x',
        'BEGIN',
        'CHECKPOINT',
        'VACUUM',
        'EXPLAIN ANALYZE SELECT 1',
        'SELECT 1) UNION (SELECT 2',
        'SELEC 1',
        'SELECT nothing FROM train',
        'SELECT * FROM nowhere',
        'SELECT 1 /* open',
        'SELECT 1 \0',
        '\u202e SELECT',
    ],
)
def test_everything_else_is_refused(context: Context, sql: str) -> None:
    with pytest.raises(ToolError) as caught:
        query(context, sql)
    assert caught.value.code == ('INVALID_ARGUMENT' if not sql.strip() else 'INVALID_SQL')
    assert 'root:' not in caught.value.message


def test_a_python_variable_is_no_table(context: Context) -> None:
    frame = pd.DataFrame({'a': [1]})
    assert len(frame) == 1
    with pytest.raises(ToolError, match='does not exist'):
        query(context, 'SELECT * FROM frame')


@pytest.mark.parametrize(
    'sql',
    [
        'WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT max(n) FROM r',
        'SELECT count(*) FROM range(10000000000) a, range(10000000000) b',
    ],
)
def test_a_runaway_is_timed_out(context: Context, sql: str) -> None:
    with pytest.raises(ToolError, match='timeout_s') as caught:
        query(context, sql, timeout_s=0.5)
    assert caught.value.code == 'QUERY_TIMEOUT'


def test_memory_is_limited(context: Context) -> None:
    with pytest.raises(ToolError, match='memory'):
        query(context, 'SELECT list(range) FROM range(1000000000)', memory_mb=64)


def test_rows_bytes_and_cells_are_capped(context: Context) -> None:
    assert query(context, 'FROM train', limit=3)['truncated'] is True
    assert query(context, 'FROM train', limit=80)['truncated'] is False
    wide = query(context, "SELECT repeat('x', 9000) FROM range(2000)", limit=2_000)
    assert wide['truncated'] is True and wide['row_count'] < 600
    cell = query(context, "SELECT repeat('x', 50000000)")['rows'][0][0]
    assert len(cell) == limits.MAX_RESULT_CELL_CHARS + 1 and cell.endswith('…')


def test_limits_of_parameters_are_named(context: Context) -> None:
    for options in ({'limit': 0}, {'limit': 10_001}, {'timeout_s': -1}, {'memory_mb': 1}, {'limit': 'all'}):
        with pytest.raises(ToolError, match=next(iter(options))):
            query(context, 'SELECT 1', **options)


def test_uploads_in_other_forms_are_tables_too(context: Context) -> None:
    for path in context.datasets.iterdir():
        path.unlink()
    frame = plants()
    (context.datasets / 'g.csv.gz').write_bytes(gzip.compress(frame.to_csv(index=False).encode()))
    frame.to_excel(context.datasets / 'x.xlsx', index=False)
    (context.datasets / 'l.csv').write_bytes(('größe;wert\n' + 'ä;1,5\n' * 30).encode('cp1252'))
    frame.to_json(context.datasets / 'j.jsonl', orient='records', lines=True)
    for name in ('data_g', 'data_x', 'data_j', 'dataset'):
        assert query(context, f'SELECT count(*), count(size), round(avg(weight), 3) FROM {name}')['rows'] == [
            [120, 116, round(frame['weight'].mean(), 3)]
        ]
    assert query(context, 'SELECT DISTINCT "größe" FROM data_l')['rows'] == [['ä']]


def test_names_with_quotes_break_nothing(context: Context) -> None:
    path = context.workspace / 'eda/data/it\'s [a] "table".csv'
    pd.DataFrame({'a"b': [1], "c'd": [2]}).to_csv(path, index=False)
    assert query(context, 'SELECT * FROM eda_it_s_a_table')['rows'] == [[1, 2]]
    assert run_tool('column_summary', {'table': 'eda_it_s_a_table'}, context)['rows'] == 1


def test_a_link_that_leads_out_is_no_table(context: Context) -> None:
    (context.workspace / 'eda/data/leak.csv').symlink_to('/etc/passwd')
    assert not any('leak' in table['name'] for table in run_tool('list_tables', {}, context)['tables'])


def test_a_broken_file_spoils_only_its_own_table(context: Context) -> None:
    (context.workspace / 'prep/data/val.parquet').write_bytes(b'PAR1 broken PAR1')
    tables = {table['name']: table for table in run_tool('list_tables', {}, context)['tables']}
    assert 'cannot be read' in tables['val']['error'] and tables['train']['rows'] == 80
    assert query(context, 'SELECT count(*) FROM train')['rows'] == [[80]]


def test_columns_are_summarised(context: Context) -> None:
    found = run_tool('column_summary', {'table': 'dataset'}, context)
    columns = {column['name']: column for column in found['columns']}
    assert found['rows'] == 120 and columns['size']['missing'] == 4
    assert (
        sum(bar['count'] for bar in columns['size']['histogram']) == 116
        and len(columns['size']['histogram']) == 20
    )
    assert sorted(top['value'] for top in columns['kind']['top_values']) == ['a', 'b', 'c']
    with pytest.raises(ToolError, match='train, val, test'):
        run_tool('column_summary', {'table': 'train; DROP TABLE x'}, context)


def test_tables_name_their_columns_as_previews_and_reports_do(context: Context) -> None:
    rows = plants().assign(price=[f'${at}.50' for at in range(120)], grade=['low', 'high', 'medium'] * 40)
    for stale in context.datasets.iterdir():
        stale.unlink()
    rows.to_csv(context.datasets / 'plants.csv', index=False)
    listed = {table['name']: table['columns'] for table in run_tool('list_tables', {}, context)['tables']}
    assert not any('kind_words' in column for column in (*listed['train'], *listed['eda_my_table']))

    plan = understand(context.datasets / 'plants.csv')
    (context.workspace / 'eda/data/plan.json').write_text(json.dumps(plan.to_json()))
    in_reports = {column.name: kind_words(column) for column in plan.columns}
    assert in_reports['price'] == 'amount of money ($)' and in_reports['grade'] == 'ordered category'
    listed = {table['name']: table['columns'] for table in run_tool('list_tables', {}, context)['tables']}
    summed = run_tool('column_summary', {'table': 'dataset'}, context)['columns']
    preview = run_tool('profile_upload', {'file': 'plants.csv'}, context)['columns']
    for columns in (listed['dataset'], listed['data_plants'], summed, preview):
        assert {column['name']: column['kind_words'] for column in columns} == in_reports
    of_split = {column['name']: column.get('kind_words') for column in listed['train']}
    assert of_split.items() >= {(name, in_reports[name]) for name in plants()} and None in of_split.values()
