"""Awkward tables through the tools: preview and SQL show what the library understands, and the three likeliest
targets are suggested and told with why.
"""

from __future__ import annotations

import gzip
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from tempera.tables import read, understand
from tempera.tables.measured.targets import rank_targets
from tempera_sandbox.tools import Context, run_tool
from tempera_sandbox.tools.sql.session_tables import identifier

from .tool_files import make_context

TABLE = 'name,size,ok\n' + ''.join(f'n{at % 7},{at * 1.5},{"yes" if at % 3 else "no"}\n' for at in range(60))
CASES = Path(__file__).parents[2] / 'tests/cases'


@pytest.fixture
def context(tmp_path: Path) -> Context:
    return make_context(tmp_path)


def query(context: Context, sql: str) -> dict:
    return run_tool('query_sql', {'sql': sql}, context)


@pytest.mark.parametrize(
    'case', sorted(path.name for path in CASES.iterdir() if path.name not in ('README.md', 'cases.json'))
)
def test_awkward_tables_are_taken_as_the_library_understands_them(context: Context, case: str) -> None:
    (context.datasets / case).write_bytes((CASES / case).read_bytes())
    found = run_tool('profile_upload', {'file': case}, context)
    plan = understand(context.datasets / case)
    frame = read(context.datasets / case, plan)
    assert found['rows'] == len(frame) and [one['name'] for one in found['columns']] == list(frame.columns)
    assert [one['kind'] for one in found['columns']] == [one.kind for one in plan.columns]
    assert [one['missing'] for one in found['columns']] == [one.gaps for one in plan.columns]
    ranked = rank_targets(plan, frame, 3)
    assert found['suggested_target'] == found['target_candidates'][0]
    assert [one['name'] for one in found['target_candidates']] == [one.name for one in ranked]
    assert all(one['reason'] for one in found['target_candidates'])


@pytest.mark.parametrize(
    'case', sorted(path.name for path in CASES.iterdir() if path.name not in ('README.md', 'cases.json'))
)
def test_sql_sees_an_upload_as_the_reports_do(tmp_path: Path, case: str) -> None:
    context = make_context(tmp_path)
    path = context.datasets / case
    path.write_bytes((CASES / case).read_bytes())
    plan = understand(path)
    frame = read(path, plan)
    listed = run_tool('list_tables', {}, context)['tables']
    assert next((table['name'], table['rows']) for table in listed) == ('dataset', len(frame))
    counts = ', '.join(f'count({identifier(one["name"])})' for one in listed[0]['columns'])
    numeric = [
        (column.name, identifier(shown['name']))
        for column, shown in zip(plan.columns, listed[0]['columns'], strict=True)
        if column.form.type in ('integer', 'float')
    ]
    ends = ''.join(f', min({name}), max({name})' for _, name in numeric)
    (answer,) = query(context, f'SELECT {counts}{ends} FROM dataset')['rows']
    assert answer[: len(plan.columns)] == [int(frame[name].notna().sum()) for name in frame]
    expected = [end for name, _ in numeric for end in (frame[name].min(), frame[name].max())]
    assert [float(end) for end in answer[len(plan.columns) :]] == [float(end) for end in expected]


def test_sql_reads_an_upload_by_the_plan_of_its_session(tmp_path: Path) -> None:
    context = make_context(tmp_path)
    path = context.datasets / 'codes.csv'
    path.write_text('shop,sold\n' + ''.join(f'{1000 + at % 7},{at}\n' for at in range(40)))
    plan = understand(path)
    as_text = replace(plan.column('shop'), kind='code', form=replace(plan.column('shop').form, type='text'))
    (context.workspace / 'eda/data').mkdir(parents=True)
    (context.workspace / 'eda/data/plan.json').write_text(json.dumps(plan.with_column(as_text).to_json()))
    found = query(context, 'SELECT max(shop) AS shop FROM dataset')
    assert (found['columns'], found['rows']) == ([{'name': 'shop', 'type': 'VARCHAR'}], [['1006']])
    (context.workspace / 'eda/data/plan.json').write_text('{"version": 1, "file": {"name": 7}}')
    assert query(context, 'SELECT count(*) FROM dataset')['rows'] == [[40]]


@pytest.mark.parametrize(
    ('name', 'content', 'rows', 'expected'),
    [
        ('twice.csv', b'a,b,a\n' + b'1,2,3\n' * 30, 30, "a_2 (was 'a')"),
        ('lines.csv', b'{"a": 1, "b": 2}\n{"a": 3, "b": 4}\n' * 15, 30, ''),
        (
            'title.csv',
            b'# made by hand\na,b\n' + b'1,x\n2,y\n' * 15 + b'Total,30\n',
            30,
            'left out as comments',
        ),
        ('ragged.csv', b'a,b\n' + b'1,2\n' * 30 + b'1,2,3\n', 30, 'too many or too few fields'),
        ('gzgz.csv.gz', gzip.compress(gzip.compress(TABLE.encode())), 60, ''),
        ('inf.csv', b'a,b\n' + b'1.5,x\n2.5,y\ninf,x\n' * 15, 45, ''),
    ],
)
def test_what_the_library_reads_is_taken(
    context: Context, name: str, content: bytes, rows: int, expected: str
) -> None:
    (context.datasets / name).write_bytes(content)
    found = run_tool('profile_upload', {'file': name}, context)
    assert found['rows'] == rows and any(expected in warning for warning in ['', *found['warnings']])


def test_parts_of_one_table_are_read_together(context: Context) -> None:
    path = context.datasets / 'two.zip'
    with zipfile.ZipFile(path, 'w') as archive:
        archive.writestr('a.csv', TABLE)
        archive.writestr('b.csv', TABLE)
    found = run_tool('profile_upload', {'file': 'two.zip'}, context)
    assert found['rows'] == 120 and any(
        '2 parts hold rows of one table' in warning for warning in found['warnings']
    )
