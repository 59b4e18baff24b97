"""Workspaces: checkpoints, restores, single files, datasets, built-in tools over them."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest
from host_client import Host, Workspace, refusal

from tempera_sandbox.generated import sandbox_pb2 as pb

FILE, FOLDER, LINK = pb.TreeEntry.KIND_FILE, pb.TreeEntry.KIND_DIRECTORY, pb.TreeEntry.KIND_LINK


def test_a_checkpoint_is_restored_byte_for_byte_by_another_session(workspace: Workspace) -> None:
    workspace.run(
        'import os\nos.makedirs("a/b/empty")\nopen("a/b/data.bin", "wb").write(os.urandom(3_000_001))\n'
        'open("a/\u00e4 name", "w").write("")\nos.symlink("b/data.bin", "a/link")\nos.chmod("a/b/data.bin", 0o750)'
    )
    entries, refused = workspace.checkpoint()
    assert refused == [] and {entry.path for entry in entries if entry.kind == FOLDER} >= {
        'a',
        'a/b',
        'a/b/empty',
    }
    blobs = {entry.path: workspace.read(entry.path) for entry in entries if entry.kind == FILE}
    assert all(
        hashlib.sha256(blobs[entry.path]).hexdigest() == entry.sha256
        for entry in entries
        if entry.kind == FILE
    )
    other = Workspace(workspace.host, workspace.session + 'b').open()
    other.run('open("stale", "w").write("goes away")')
    written = workspace.host.call('Restore', _restore(other.session, 'kept', entries, blobs)).bytes
    assert written == sum(len(data) for data in blobs.values())
    assert other.checkpoint() == (entries, [])
    other.at = 'kept'
    seen = other.run(
        'import os\nprint(os.readlink("a/link"), len(open("a/link", "rb").read()))\nopen("a/new", "w")'
    )
    assert seen.text() == 'b/data.bin 3000001\n' and 'a/new' in seen.exit.files_changed


def test_restoring_nothing_empties_the_workspace(workspace: Workspace) -> None:
    workspace.run('import os\nos.mkdir("d"); os.chmod("d", 0)\nopen("f", "w")')
    workspace.host.call('Restore', _restore(workspace.session, '', [], {}))
    assert workspace.checkpoint() == ([], [])
    session = workspace.host.call('GetSession', pb.GetSessionRequest(session_id=workspace.session))
    assert session.workspace_at == ''


def test_what_cannot_be_kept_is_refused_with_its_reason(workspace: Workspace) -> None:
    workspace.run(
        'import os, socket\nos.mkfifo("fifo")\nsocket.socket(socket.AF_UNIX).bind("sock")\n'
        'os.symlink("/etc/passwd", "passwd")\nopen("secret", "w"); os.chmod("secret", 0)'
    )
    entries, refused = workspace.checkpoint()
    assert refused == [
        'fifo: a fifo cannot be kept',
        'secret: Permission denied',
        'sock: a socket cannot be kept',
    ]
    assert [(entry.path, entry.target) for entry in entries if entry.kind == LINK] == [
        ('passwd', '/etc/passwd')
    ]


def test_unchanged_files_are_not_hashed_again_and_changed_ones_are(workspace: Workspace) -> None:
    workspace.run('open("same", "w").write("1"); open("other", "w").write("1")')
    first = {entry.path: entry.sha256 for entry in workspace.checkpoint()[0]}
    workspace.run(
        'import os\nt = os.stat("other")\nopen("other", "w").write("2")\n'
        'os.utime("other", ns=(t.st_atime_ns, t.st_mtime_ns))'
    )
    second = {entry.path: entry.sha256 for entry in workspace.checkpoint()[0]}
    assert first['same'] == second['same'] and first['other'] != second['other']


@pytest.mark.parametrize(
    'path', ['../x', '/etc/passwd', 'link', 'folder-link/passwd', 'fifo', 'a\0b', '.', 'missing']
)
def test_reading_stays_in_the_workspace(workspace: Workspace, path: str) -> None:
    workspace.run(
        'import os\nos.symlink("/etc/passwd", "link"); os.symlink("/etc", "folder-link"); os.mkfifo("fifo")'
    )
    with pytest.raises(grpc.RpcError) as error:
        workspace.read(path)
    assert refusal(error.value)[0] in (grpc.StatusCode.INVALID_ARGUMENT, grpc.StatusCode.NOT_FOUND)


def test_a_file_is_read_in_parts_and_only_with_the_expected_content(workspace: Workspace) -> None:
    workspace.run('open("f", "wb").write(bytes(range(256)) * 4096)')
    whole = bytes(range(256)) * 4096
    assert workspace.read('f', sha256=hashlib.sha256(whole).hexdigest()) == whole
    assert workspace.read('f', offset=1000, length=10) == whole[1000:1010]
    with pytest.raises(grpc.RpcError) as error:
        workspace.read('f', sha256='0' * 64)
    assert refusal(error.value)[:2] == (grpc.StatusCode.ABORTED, 'CONTENT_MISMATCH')


@pytest.mark.parametrize('path', ['../x', '/x', 'a/../../x', ''])
def test_a_restore_cannot_leave_the_workspace(workspace: Workspace, path: str) -> None:
    entry = pb.TreeEntry(path=path, kind=FILE, size=1, sha256=hashlib.sha256(b'x').hexdigest())
    with pytest.raises(grpc.RpcError) as error:
        workspace.host.call('Restore', _restore(workspace.session, 'c', [entry], {path: b'x'}))
    assert refusal(error.value)[0] == grpc.StatusCode.INVALID_ARGUMENT


def test_a_restore_cannot_write_through_a_link_of_its_manifest(workspace: Workspace, tmp_path: Path) -> None:
    digest = hashlib.sha256(b'x').hexdigest()
    entries = [
        pb.TreeEntry(path='out', kind=LINK, target=str(tmp_path)),
        pb.TreeEntry(path='out/x', kind=FILE, size=1, sha256=digest),
    ]
    with pytest.raises(grpc.RpcError):
        workspace.host.call('Restore', _restore(workspace.session, 'c', entries, {'out/x': b'x'}))
    assert list(tmp_path.iterdir()) == []


def test_a_restore_with_other_bytes_leaves_the_workspace_dirty(workspace: Workspace) -> None:
    entry = pb.TreeEntry(path='f', kind=FILE, size=1, sha256=hashlib.sha256(b'x').hexdigest())
    with pytest.raises(grpc.RpcError) as error:
        workspace.host.call('Restore', _restore(workspace.session, 'c', [entry], {'f': b'y'}))
    assert refusal(error.value)[1] == 'CONTENT_MISMATCH'
    session = workspace.host.call('GetSession', pb.GetSessionRequest(session_id=workspace.session))
    assert session.workspace_at == 'dirty'


def test_a_dataset_is_whole_or_absent_and_read_only_to_code(workspace: Workspace) -> None:
    experiment, data = f'x-{workspace.session}', os.urandom(700_000)
    with pytest.raises(grpc.RpcError) as error:
        _write_dataset(workspace.host, experiment, 'table.csv', data, sha256='0' * 64)
    assert refusal(error.value)[1] == 'CONTENT_MISMATCH'
    _write_dataset(workspace.host, experiment, 'table.csv', data)
    answer = workspace.host.call(
        'InitializeSession',
        pb.InitializeSessionRequest(session_id=workspace.session, epoch=1, experiment_id=experiment),
    )
    assert [(file.path, file.size) for file in answer.datasets] == [('table.csv', len(data))]
    seen = workspace.run(
        'import os\nfrom tempera import paths\nfile = paths.dataset / "table.csv"\nprint(file, '
        'len(file.read_bytes()))\n'
        'try:\n    file.write_bytes(b"")\nexcept OSError as error:\n    print(type(error).__name__)'
    )
    assert seen.text().startswith(f'/data/datasets/{experiment}/table.csv 700000\n')
    assert seen.text().splitlines()[1] in ('OSError', 'PermissionError')


def test_a_refused_upload_does_not_stay_but_one_that_a_session_uses_does(workspace: Workspace) -> None:
    folder = workspace.host.home / 'datasets'
    for experiment, used in ((f'refused-{workspace.session}', False), (f'used-{workspace.session}', True)):
        _write_dataset(workspace.host, experiment, 'table.csv', b'a,b\n1,2\n')
        if used:
            workspace.host.call(
                'InitializeSession',
                pb.InitializeSessionRequest(session_id=workspace.session, epoch=1, experiment_id=experiment),
            )
        with pytest.raises(grpc.RpcError) as error:
            workspace.host.call(
                'Execute',
                pb.ExecuteRequest(
                    experiment_id=experiment, tool='profile_upload', params_json='{"file": "table.csv"}'
                ),
            )
        assert refusal(error.value)[1] == 'INVALID_DATASET'
        assert (folder / experiment).exists() is used
        assert (folder / f'.{experiment}.json').exists() is used


def test_cleanup_removes_the_workspace_and_ends_what_runs(workspace: Workspace) -> None:
    request = workspace.request('import time\ntime.sleep(60)')
    call = workspace.stream(request)
    next(call)
    workspace.host.call('CleanupSession', pb.CleanupSessionRequest(session_id=workspace.session, epoch=2))
    assert not workspace.folder.exists()
    with pytest.raises(grpc.RpcError) as error:
        workspace.checkpoint()
    assert refusal(error.value)[0] == grpc.StatusCode.NOT_FOUND


def test_the_dataset_of_an_experiment_that_is_gone_goes_unless_a_session_works_with_it(
    workspace: Workspace,
) -> None:
    folder = workspace.host.home / 'datasets'
    for experiment, used in ((f'gone-{workspace.session}', False), (f'kept-{workspace.session}', True)):
        _write_dataset(workspace.host, experiment, 'table.csv', b'a,b\n1,2\n')
        if used:
            workspace.host.call(
                'InitializeSession',
                pb.InitializeSessionRequest(session_id=workspace.session, epoch=1, experiment_id=experiment),
            )
        workspace.host.call('CleanupSession', pb.CleanupSessionRequest(experiment_id=experiment))
        assert (folder / experiment).exists() is used


def test_built_in_tools_answer_in_json_or_refuse_with_their_code(workspace: Workspace) -> None:
    workspace.run('open("eda/report.md", "w").write("# Found")')
    assert 'Found' in str(workspace.tool('read_file', path='eda/report.md'))
    for name, params, reason in (
        ('read_file', {'path': 'eda/none.md'}, 'NOT_FOUND'),
        ('no_such_tool', {}, 'UNKNOWN_TOOL'),
    ):
        with pytest.raises(grpc.RpcError) as error:
            workspace.tool(name, **params)
        assert refusal(error.value)[:2] == (grpc.StatusCode.NOT_FOUND, reason)
    with pytest.raises(grpc.RpcError) as error:
        workspace.host.call(
            'Execute', pb.ExecuteRequest(session_id=workspace.session, tool='read_file', params_json='[1')
        )
    assert refusal(error.value)[2]['key'] == 'params_json'


def _restore(
    session: str, checkpoint: str, entries: list[pb.TreeEntry], blobs: dict[str, bytes], piece: int = 1 << 20
) -> Iterator[pb.RestoreChunk]:
    yield pb.RestoreChunk(
        header=pb.RestoreHeader(session_id=session, epoch=1, checkpoint=checkpoint, entries=entries)
    )
    for path, data in blobs.items():
        for start in range(0, len(data), piece):
            yield pb.RestoreChunk(path=path, offset=start, data=data[start : start + piece])


def _write_dataset(host: Host, experiment: str, path: str, data: bytes, sha256: str = '') -> None:
    file = pb.DatasetFile(path=path, size=len(data), sha256=sha256 or hashlib.sha256(data).hexdigest())
    header = pb.WriteDatasetHeader(experiment_id=experiment, file=file)
    host.call('WriteDataset', iter([pb.WriteDatasetChunk(header=header), pb.WriteDatasetChunk(data=data)]))
