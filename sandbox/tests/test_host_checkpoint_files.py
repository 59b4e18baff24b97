"""No file is lost silently: any name, and holes, through checkpoint, restore, listing, reading and tools."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from host_client import Workspace

from tempera_sandbox.generated import sandbox_pb2 as pb

FILE = pb.TreeEntry.KIND_FILE
GIBIBYTE = 1024 * 1024 * 1024
SPAN = GIBIBYTE // 8

NAMES = [
    b'back\\slash',
    b'two\nlines',
    b'carriage\rreturn',
    b'tab\tbed',
    b'bell\x07',
    b'\x1b[31mred',
    b'delete\x7f',
    b'no utf-8 \xff\xfe',
    b'half of a pair \xed\xa0\x80',
    'c1 \x85 control'.encode(),
    'turned \u202e txt.exe'.encode(),
    'line \u2028 break'.encode(),
    'mark \ufeff'.encode(),
    b'like an escape \\n \\xff \\u202e',
    b'percent %2e%2e%2f %00 %41',
    b'C:drive',
    b'-rf *',
    b' ',
    b' at the edges ',
    b'. .',
    '\u00e9 and e\u0301'.encode(),
    '\u65e5\u672c\u8a9e'.encode() * 28,
    b'n' * 255,
    b'\x01' * 255,
    b'fold\ner/with\\in/no utf \xff',
]
_MAKE = f"""
import os
for name in {NAMES!r}:
    if b'/' in name:
        os.makedirs(os.path.dirname(name), exist_ok=True)
    with open(name, 'wb') as file:
        file.write(b'content of ' + name)
os.symlink(b'no utf-8 \\xff\\xfe', b'li\\nk')
"""
_SEEN = """
import os
found = {os.path.relpath(os.path.join(folder, name), b'.') for folder, _, names in os.walk(b'.') for name in names}
found = {name for name in found if b'scripts' not in name}
wrong = [name for name in found - {b'li\\nk'} if open(name, 'rb').read() != b'content of ' + name]
print(sorted(found), os.readlink(b'li\\nk'), wrong)
"""


def test_any_name_is_kept_and_comes_back(workspace: Workspace) -> None:
    made = workspace.run(_MAKE)
    before = workspace.run(_SEEN).text()
    assert before.endswith("b'no utf-8 \\xff\\xfe' []\n"), before
    entries, refused = workspace.checkpoint()
    assert refused == []
    files = {entry.path: workspace.read(entry.path) for entry in entries if entry.kind == FILE}
    assert sum(data.startswith(b'content of ') for data in files.values()) == len(NAMES)
    assert set(made.exit.files_changed) <= {entry.path for entry in entries}
    other = Workspace(workspace.host, workspace.session + '-restored').open()
    other.host.call('Restore', _restore(other.session, entries, files))
    assert other.checkpoint() == (entries, [])
    other.at = 'kept'
    assert other.run(_SEEN).text() == before


def test_any_name_is_listed_and_read_by_its_text(workspace: Workspace) -> None:
    workspace.run(_MAKE)
    stored = {entry.path for entry in workspace.checkpoint()[0] if entry.kind == FILE}
    request = pb.ListFilesRequest(session_id=workspace.session)
    listed = {
        entry.path
        for chunk in workspace.host.call('ListFiles', request)
        for entry in chunk.entries
        if entry.kind == FILE
    }
    by_tool = {
        file['path'] for file in workspace.tool('list_files', path='')['files'] if file['kind'] == 'file'
    }
    assert stored == listed == by_tool
    for path in stored:
        if 'scripts' not in path:
            assert workspace.tool('read_file', path=path)['text'].startswith('content of '), path
    folder = pb.ListFilesRequest(session_id=workspace.session, folder='fold\\ner/with\\\\in')
    assert [entry.path for chunk in workspace.host.call('ListFiles', folder) for entry in chunk.entries] == [
        'fold\\ner/with\\\\in/no utf \\xff'
    ]


def test_a_file_of_any_name_is_written_by_its_text(workspace: Workspace) -> None:
    header = pb.WriteFileHeader(session_id=workspace.session, epoch=1, path='a\\nb\\xff')
    workspace.host.call('WriteFile', iter([pb.WriteFileChunk(header=header, data=b'abc')]))
    assert os.listdir(os.fsencode(workspace.folder)) == [b'a\nb\xff']


@pytest.mark.parametrize(
    'leave',
    [
        'file = open("f", "w"); file.write("all of it")',
        'files = [[open("f", "w")]]; files[0][0].write("all of it"); files.append(files)',
        'class Keeps:\n    pass\nkeeps = Keeps(); keeps.file = open("f", "w"); keeps.self = keeps\n'
        'keeps.file.write("all of it")\n1 / 0',
        'import sys\nfile = open("f", "w"); file.write("all of it"); sys.exit(3)',
        'import gzip\ngzip.open("f.gz", "wt").write("all of it")\n'
        'import atexit, shutil\nfile = gzip.open("f.gz", "wt"); file.write("all of it")',
    ],
)
def test_a_file_that_a_script_leaves_open_is_whole(workspace: Workspace, leave: str) -> None:
    workspace.run(leave)
    seen = workspace.run(
        'import gzip, os\nprint(gzip.open("f.gz", "rt").read() if os.path.exists("f.gz") else open("f").read())'
    )
    assert seen.text() == 'all of it\n', seen.errors


@pytest.mark.parametrize(('size', 'where'), [(SPAN, 0), (GIBIBYTE, GIBIBYTE // 2), (SPAN, SPAN - 5)])
def test_holes_of_a_file_take_nothing_on_their_way(workspace: Workspace, size: int, where: int) -> None:
    code = f'file = open("holes", "wb")\nfile.truncate({size})\nfile.seek({where}); file.write(b"value")'
    assert workspace.run(code).exit.status == 'ok'
    entries, _ = workspace.checkpoint()
    holes = next(entry for entry in entries if entry.path == 'holes')
    assert holes.size == size and 0 < holes.allocated <= 64 * 1024
    request = pb.ReadFileRequest(
        session_id=workspace.session, path='holes', sha256=holes.sha256, skip_holes=True
    )
    chunks = list(workspace.host.call('ReadFile', request))
    assert sum(len(chunk.data) for chunk in chunks) <= holes.allocated
    other = Workspace(workspace.host, f'{workspace.session}-{where}').open()
    parts = [(chunk.offset, chunk.data) for chunk in chunks]
    other.host.call('Restore', _parts(other.session, [holes], [('holes', *part) for part in parts]))
    assert (other.folder / 'holes').stat().st_blocks * 512 <= holes.allocated
    assert other.checkpoint()[0] == [holes]


def test_zeros_that_are_sent_for_a_file_with_holes_become_holes(workspace: Workspace) -> None:
    data = bytes(300_000) + b'value' + bytes(800_001)
    entry = pb.TreeEntry(
        path='holes', kind=FILE, size=len(data), sha256=hashlib.sha256(data).hexdigest(), allocated=4096
    )
    pieces = [('holes', start, data[start : start + 100_000]) for start in range(0, len(data), 100_000)]
    workspace.host.call('Restore', _parts(workspace.session, [entry], pieces))
    assert (workspace.folder / 'holes').stat().st_blocks * 512 <= 8192
    assert (workspace.folder / 'holes').read_bytes() == data


def test_what_is_too_much_to_keep_is_said(workspace: Workspace) -> None:
    limit = 16 * 1024 * 1024
    workspace.open(workspace_bytes=limit)
    workspace.run(f'for i in range(8): open(f"h{{i}}", "wb").truncate({limit - 1})')
    entries, refused = workspace.checkpoint()
    stored = {entry.path for entry in entries if entry.path.startswith('h')}
    lost = {reason.split(':')[0] for reason in refused}
    assert lost and stored | lost == {f'h{i}' for i in range(8)} and not stored & lost
    assert all('larger than a workspace may be' in reason for reason in refused)


def _restore(session: str, entries: list[pb.TreeEntry], files: dict[str, bytes]) -> Iterator[pb.RestoreChunk]:
    return _parts(session, entries, [(path, 0, data) for path, data in files.items()])


def _parts(
    session: str, entries: list[pb.TreeEntry], parts: list[tuple[str, int, bytes]]
) -> Iterator[pb.RestoreChunk]:
    yield pb.RestoreChunk(
        header=pb.RestoreHeader(session_id=session, epoch=1, checkpoint='kept', entries=entries)
    )
    for path, offset, data in parts:
        yield pb.RestoreChunk(path=path, offset=offset, data=data)


def test_a_long_path_of_long_names_is_kept_or_said(workspace: Workspace) -> None:
    code = 'import os\nfor i in range(14):\n    os.mkdir("d" * 250); os.chdir("d" * 250)\nopen("f", "w").write("x")'
    workspace.run(code)
    entries, refused = workspace.checkpoint()
    stored = [entry.path for entry in entries if entry.path.endswith('/f')]
    assert len(stored) == 1 and refused == []
    assert workspace.read(stored[0]) == b'x' and not Path('/f').exists()
