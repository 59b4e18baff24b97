"""Trees on the wire: a workspace's checkpoint and its restore, one file's bytes, an experiment's dataset files."""

from __future__ import annotations

import asyncio
import errno
import hashlib
import json
import os
import shutil
import time
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import grpc

from ..errors import HostError, invalid, quota
from ..files import workspace
from ..files.disk_floor import check_floor
from ..files.disk_use import take_stock
from ..files.disk_watch import MOST_OVER
from ..files.path_text import path_of
from ..files.scanner import DEEPEST, MOST_APPARENT, stamp_of
from ..generated import sandbox_pb2 as pb
from ..sessions import DIRTY, Session, name, relative_path
from .answering import data_of, first_with_header
from .parts import Parts

_ENTRIES_A_CHUNK = 500
_RACY_NS = 100_000_000
_LARGEST_OFFSET = 1 << 62
_KINDS = {
    'file': pb.TreeEntry.KIND_FILE,
    'directory': pb.TreeEntry.KIND_DIRECTORY,
    'link': pb.TreeEntry.KIND_LINK,
}


async def take(parts: Parts, session: Session) -> list[pb.CheckpointChunk]:
    """The tree as it stands while nothing runs in it. FAILED_PRECONDITION while something does."""
    if parts.executions.running_of(session.id):
        raise HostError(
            grpc.StatusCode.FAILED_PRECONDITION,
            'WORKSPACE_BUSY',
            f'An execution runs in the workspace of session [{session.id}]; wait for its end.',
        )
    async with session.lock, parts.kernels.still(session.id) as live:
        parts.sessions.check_has(session)
        os.chmod(
            parts.sessions.workspace(session.id), 0o700
        )  # Code may shut its own folder, the scanner is no root.
        begun = time.time_ns()
        lines = await parts.builtin_tools.scan(session, session.hashes)
    # A file changed within a clock tick of its hashing could change again under the same stamp: not remembered.
    session.hashes = {
        line['path']: [line['stamp'], line['sha256']]
        for line in lines
        if line.get('stamp') and int(line['stamp'].rpartition(':')[2]) < begun - _RACY_NS
    }
    entries = [_entry(line) for line in lines if 'path' in line]
    refused = [line['refused'] for line in lines if 'refused' in line]
    chunks = [
        pb.CheckpointChunk(entries=entries[start : start + _ENTRIES_A_CHUNK])
        for start in range(0, len(entries), _ENTRIES_A_CHUNK)
    ]
    return [*chunks, pb.CheckpointChunk(refused=refused, live=live)]


async def restore(parts: Parts, requests: AsyncIterator[pb.RestoreChunk]) -> int:
    """Empties the workspace and fills it from the stream; DIRTY in between. Returns the bytes written: none where it
    stands at the checkpoint already, as for the second of two readers that came at once."""
    first = await first_with_header(requests)
    header = first.header
    for entry in header.entries:
        relative_path('entries.path', entry.path)
        if entry.kind not in _KINDS.values():
            raise invalid('entries.kind', f'of [{entry.path[:200]}] must be a file, a directory or a link')
        if '\0' in entry.target:
            raise invalid('entries.target', f'of [{entry.path[:200]}] holds a NUL')
    session = parts.sessions.fenced(header.session_id, header.epoch)
    check_floor(parts.settings, f'Restoring session [{session.id}]')
    await parts.executions.end_all_of(session.id, 'Killed: its workspace is being restored.')
    _check_room(header.entries, session)
    async with session.lock:
        parts.sessions.check_has(session)
        await parts.kernels.end_all_of(session.id, 'restored')
        if session.at == header.checkpoint:
            return 0
        async with session.readers.alone():
            return await _replace(parts, session, first, requests)


async def _replace(
    parts: Parts, session: Session, first: pb.RestoreChunk, requests: AsyncIterator[pb.RestoreChunk]
) -> int:
    header = first.header
    parts.sessions.mark(session, DIRTY)
    root = parts.sessions.workspace(session.id)
    await asyncio.to_thread(workspace.empty, root)
    writer = workspace.TreeWriter(root, session.uid)
    try:
        files = await asyncio.to_thread(_make_entries, writer, list(header.entries))
        await _fill(writer, files, first, requests)
        await asyncio.to_thread(_finish, writer, files)
    except OSError as error:
        raise invalid(
            'entries', f'[{error.filename or header.checkpoint}] cannot be written: {error.strerror}'
        ) from error
    finally:
        writer.close()
    session.stock = await asyncio.to_thread(take_stock, root)
    session.hashes = {}
    parts.sessions.fenced(header.session_id, header.epoch)
    parts.sessions.mark(session, header.checkpoint)
    return writer.bytes


def _check_room(entries: Sequence[pb.TreeEntry], session: Session) -> None:
    most = session.limits
    if len(entries) > most.workspace_files:
        raise quota(
            'workspace_files',
            most.workspace_files,
            f'The checkpoint holds {len(entries):,} files, more than a workspace may; raise the limit.',
        )
    size = sum(entry.allocated or entry.size for entry in entries)
    size = max(size, sum(entry.size for entry in entries) // MOST_APPARENT)
    if size > most.workspace_bytes * MOST_OVER:
        raise quota(
            'workspace_bytes',
            most.workspace_bytes,
            f'The checkpoint holds {size:,} bytes, more than a workspace may; raise the limit.',
        )


async def read_file(parts: Parts, request: pb.ReadFileRequest) -> AsyncIterator[pb.FileChunk]:
    """A file's bytes in pieces of 256 KiB; ABORTED when it has other content than `sha256`."""
    session = parts.sessions.get(request.session_id)
    if request.offset + request.length > _LARGEST_OFFSET:
        raise invalid('offset', f'and length must stay below {_LARGEST_OFFSET}')
    root = parts.sessions.workspace(session.id)
    descriptor, _ = workspace.open_file(root, relative_path('path', request.path))
    try:
        if request.sha256 and await asyncio.to_thread(workspace.digest_of, descriptor) != request.sha256:
            raise HostError(
                grpc.StatusCode.ABORTED,
                'CONTENT_MISMATCH',
                f'[{request.path}] has other content than asked for; take a new checkpoint.',
                {'path': request.path},
            )
        spans = workspace.data_spans if request.skip_holes else workspace.whole_span
        for position, piece in workspace.pieces(
            descriptor, spans(descriptor, request.offset, request.length)
        ):
            yield pb.FileChunk(offset=position, data=piece)
    finally:
        os.close(descriptor)


async def write_dataset(parts: Parts, requests: AsyncIterator[pb.WriteDatasetChunk]) -> None:
    """One file of an experiment, seen by executions only when it is whole and its hash right."""
    first = await first_with_header(requests)
    file = first.header.file
    relative_path('file.path', file.path)
    check_floor(parts.settings, f'Dataset file [{file.path[:200]}]')
    folder = parts.sessions.dataset_folder(name('experiment_id', first.header.experiment_id))
    target = folder / file.path
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.is_dir():
            raise IsADirectoryError(errno.EISDIR, 'a folder has that name')
    except OSError as error:
        raise invalid('file.path', f'[{file.path[:200]}] cannot be written: {error.strerror}') from error
    part = parts.settings.home / f'dataset-{os.getpid()}-{id(requests):x}.part'
    digest, size = hashlib.sha256(), 0
    try:
        with part.open('xb') as out:
            async for data in data_of(first, requests):
                digest.update(data)
                size += len(data)
                await asyncio.to_thread(out.write, data)
        if (file.sha256 and digest.hexdigest() != file.sha256) or (file.size and file.size != size):
            raise HostError(
                grpc.StatusCode.ABORTED,
                'CONTENT_MISMATCH',
                f'The bytes of [{file.path}] are not the announced ones; send them again.',
            )
        part.chmod(0o644)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    _remember_dataset(folder, target, file.path, digest.hexdigest())


def held_datasets(parts: Parts, experiment_id: str) -> list[pb.DatasetFile]:
    """The files of an experiment that lie here whole."""
    folder = parts.sessions.dataset_folder(experiment_id)
    held = []
    for path, (stamp, sha256) in sorted(_index(folder).items()):
        try:
            state = (folder / path).stat()
        except OSError:
            continue  # Removed by hand: the caller will send it again.
        if stamp_of(state) == stamp:
            held.append(pb.DatasetFile(path=path, sha256=sha256, size=state.st_size))
    return held


def drop_unused_dataset(parts: Parts, experiment_id: str) -> None:
    """Removes an experiment's files unless a session here works with them; whoever needs them again sends them."""
    if any(session.experiment_id == experiment_id for session in list(parts.sessions)):
        return
    folder = parts.sessions.dataset_folder(experiment_id)
    _index_file(folder).unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)


async def _fill(
    writer: workspace.TreeWriter,
    files: dict[str, pb.TreeEntry],
    first: pb.RestoreChunk,
    requests: AsyncIterator[pb.RestoreChunk],
) -> None:
    if first.data:
        await asyncio.to_thread(_write, writer, files, first)
    async for request in requests:
        if request.data:
            await asyncio.to_thread(_write, writer, files, request)


def _write(writer: workspace.TreeWriter, files: dict[str, pb.TreeEntry], chunk: pb.RestoreChunk) -> None:
    entry = files.get(chunk.path)
    if entry is None or chunk.offset + len(chunk.data) > entry.size:
        raise invalid('path', f'[{chunk.path[:200]}] is no file of the header, or longer than it says')
    writer.write(path_of(chunk.path), chunk.offset, chunk.data, has_holes=entry.allocated > 0)


def _make_entries(writer: workspace.TreeWriter, entries: list[pb.TreeEntry]) -> dict[str, pb.TreeEntry]:
    """Folders first, links last: no write can pass through a link of the manifest."""
    folders = {
        path_of(entry.path): entry.mode for entry in entries if entry.kind == pb.TreeEntry.KIND_DIRECTORY
    }
    files = {entry.path: entry for entry in entries if entry.kind == pb.TreeEntry.KIND_FILE}
    links = {entry.path: entry for entry in entries if entry.kind == pb.TreeEntry.KIND_LINK}
    for path in sorted(
        {*folders, *(parent for entry in entries for parent in _parents(path_of(entry.path)))}
    ):
        writer.folder(path, folders.get(path, 0))
    for path in files:
        writer.file(path_of(path))
    for path, entry in links.items():
        writer.link(path_of(path), path_of(entry.target))
    return files


def _finish(writer: workspace.TreeWriter, files: dict[str, pb.TreeEntry]) -> None:
    for path, entry in files.items():
        writer.finish(path_of(path), entry.mode, entry.size, entry.sha256)


def _parents(path: str) -> list[str]:
    parts = path.split('/')
    if len(parts) > DEEPEST:
        raise invalid('entries.path', f'[{path[:200]}] lies deeper than {DEEPEST} folders')
    return ['/'.join(parts[:count]) for count in range(1, len(parts))]


def _entry(line: dict[str, Any]) -> pb.TreeEntry:
    return pb.TreeEntry(
        path=line['path'],
        kind=_KINDS[line['kind']],
        size=line.get('size', 0),
        sha256=line.get('sha256', ''),
        mode=line.get('mode', 0),
        target=line.get('target', ''),
        allocated=line.get('allocated', 0),
    )


def _index_file(folder: Path) -> Path:
    return folder.parent / f'.{folder.name}.json'


def _index(folder: Path) -> dict[str, tuple[str, str]]:
    try:
        return {
            path: (stamp, sha256)
            for path, (stamp, sha256) in json.loads(_index_file(folder).read_text()).items()
        }
    except (OSError, ValueError):
        return {}


def _remember_dataset(folder: Path, target: Path, path: str, sha256: str) -> None:
    index = {**_index(folder), path: (stamp_of(target.stat()), sha256)}
    part = _index_file(folder).with_suffix('.part')
    part.write_text(json.dumps(index), encoding='utf-8')
    part.replace(_index_file(folder))
