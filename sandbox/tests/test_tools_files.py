"""Reading and listing files of a session, and the paths that are refused."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tempera_sandbox.tools import Context, ToolError, limits, run_tool

from .tool_files import make_context


@pytest.fixture
def context(tmp_path: Path) -> Context:
    context = make_context(tmp_path)
    (context.workspace / 'eda').mkdir()
    (context.workspace / 'eda/report.md').write_text('0123456789 größer')
    (context.datasets / 't.csv').write_text('a,b\n1,2\n')
    (tmp_path / 'secret.txt').write_text('secret')
    return context


def read(context: Context, path: str, **options: object) -> dict:
    return run_tool('read_file', {'path': path, **options}, context)


def test_text_is_read_whole_by_pages_and_from_its_end(context: Context) -> None:
    assert read(context, 'eda/report.md') == {
        'path': 'eda/report.md',
        'size': 19,
        'kind': 'text',
        'text': '0123456789 größer',
        'offset': 0,
        'next_offset': None,
        'truncated': False,
    }
    page = read(context, 'eda/report.md', limit=14)
    assert (page['text'], page['next_offset'], page['truncated']) == ('0123456789 gr', 13, True)
    assert read(context, 'eda/report.md', offset=13)['text'] == 'ößer'
    assert (
        read(context, 'eda/report.md', offset=-3)['text'] == 'ßer'[-2:]
        or read(context, 'eda/report.md', offset=-2)['text'] == 'er'
    )


@pytest.mark.parametrize('path', ['t.csv', 'datasets/t.csv', '/data/datasets/t.csv', './t.csv'])
def test_the_dataset_is_readable_under_its_usual_names(context: Context, path: str) -> None:
    assert read(context, path)['text'] == 'a,b\n1,2\n'


def test_absolute_paths_inside_are_taken(context: Context) -> None:
    assert read(context, str(context.workspace / 'eda/report.md'))['size'] == 19


def test_tables_and_binaries_are_summarised(context: Context) -> None:
    pd.DataFrame({'a': [1, 2], 'b': ['x', 'y']}).to_parquet(context.workspace / 't.parquet')
    (context.workspace / 'm.pkl').write_bytes(b'\x80\x04\0\0abc')
    assert '2 rows and 2 columns' in read(context, 't.parquet')['text']
    assert read(context, 'm.pkl')['kind'] == 'binary'


@pytest.mark.parametrize(
    'path',
    [
        '../secret.txt',
        'eda/../../secret.txt',
        '/etc/passwd',
        '/proc/self/environ',
        'out',
        'folder/secret.txt',
        'a\0b',
        '..\\secret.txt',
        '%2e%2e/secret.txt',
        'datasets/../../secret.txt',
    ],
)
def test_paths_that_lead_out_are_refused_without_content(context: Context, path: str) -> None:
    (context.workspace / 'out').symlink_to('/etc/passwd')
    (context.workspace / 'folder').symlink_to(context.workspace.parent)
    for tool in ('read_file', 'list_files'):
        with pytest.raises(ToolError) as caught:
            run_tool(tool, {'path': path}, context)
        assert caught.value.code == 'INVALID_PATH' and 'secret\n' not in caught.value.message


def test_missing_files_and_folders_are_told_apart(context: Context) -> None:
    with pytest.raises(ToolError, match='no such file'):
        read(context, 'eda/none.md')
    with pytest.raises(ToolError, match='list_files'):
        read(context, 'eda')


def test_files_are_listed_with_their_sizes_and_links_are_not_followed(context: Context) -> None:
    (context.workspace / 'out').symlink_to('/etc')
    found = run_tool('list_files', {}, context)
    assert found['files'] == [
        {'path': 'out', 'size': None, 'kind': 'link'},
        {'path': 'eda/report.md', 'size': 19, 'kind': 'file'},
        {'path': 'datasets/t.csv', 'size': 8, 'kind': 'file'},
    ]
    assert [file['path'] for file in run_tool('list_files', {'path': 'eda'}, context)['files']] == [
        'eda/report.md'
    ]


def test_long_lists_are_cut(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, 'MAX_LISTED_FILES', 1)
    assert run_tool('list_files', {}, context)['truncated'] is True


def test_unknown_tools_and_parameters_are_refused(context: Context) -> None:
    with pytest.raises(ToolError, match='no built-in tool'):
        run_tool('os_system', {}, context)
    with pytest.raises(ToolError, match='path is missing'):
        run_tool('read_file', {}, context)
