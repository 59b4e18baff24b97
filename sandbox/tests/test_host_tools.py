"""Tools that a session registers: what they may be given, how they stream, and that nobody's memory is their queue."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import grpc
import pytest
from host_client import METADATA, Workspace, processes_with, refusal, until

from tempera_sandbox.generated import sandbox_pb2 as pb

SOURCE = Path(__file__).with_name('session_tools.py').read_text('utf-8')


def register(workspace: Workspace, source: str = SOURCE, module: str = 'mine') -> list[pb.ToolDescription]:
    request = pb.RegisterToolsRequest(session_id=workspace.session, epoch=1, module=module, source=source)
    return list(workspace.host.call('RegisterTools', request).tools)


def stream(
    workspace: Workspace, tool: str, timeout_ms: int = 0, deadline_s: float = 60, **params: Any
) -> Iterator[pb.ToolChunk]:
    request = pb.StreamToolRequest(
        session_id=workspace.session, tool=tool, params_json=json.dumps(params), timeout_ms=timeout_ms
    )
    return workspace.host.stub.StreamTool(request, metadata=METADATA, timeout=deadline_s)


def refused(chunks: Iterator[pb.ToolChunk]) -> tuple[grpc.StatusCode, str, dict[str, str]]:
    with pytest.raises(grpc.RpcError) as caught:
        list(chunks)
    return refusal(caught.value)


@pytest.fixture
def tools(workspace: Workspace) -> Workspace:
    register(workspace)
    return workspace


def test_a_generator_streams_and_gets_a_final_chunk(tools: Workspace) -> None:
    chunks = list(stream(tools, 'count', to=3))
    assert [json.loads(chunk.data) for chunk in chunks] == [
        {'step': 1, 'total': 3, 'message': 'short', 'progress': 33.3},
        {'step': 2, 'total': 3, 'message': 'short', 'progress': 66.7},
        {'step': 3, 'total': 3, 'message': 'short', 'progress': 100.0},
        {'chunks_sent': 3},
    ]
    assert [chunk.is_final for chunk in chunks] == [False, False, False, True]
    assert [chunk.chunk_id for chunk in chunks] == [0, 1, 2, 3]


def test_async_generators_iterators_and_plain_values_stream_too(tools: Workspace) -> None:
    assert [chunk.data for chunk in stream(tools, 'later', words=['ä', 'b'])] == [
        'ä'.encode(),
        b'b',
        b'{"chunks_sent": 2}',
    ]
    assert [chunk.data for chunk in stream(tools, 'several')][:2] == [b'a', b'b']
    (only,) = stream(tools, 'plain', x=2)
    assert only.is_final and json.loads(only.data) == {'double': 4}


def test_a_tools_own_final_chunk_is_the_last_and_bytes_travel_as_they_are(tools: Workspace) -> None:
    first, last = stream(tools, 'bits')
    assert first.data == bytes([255, 0, 254])
    assert last.is_final and last.data == b'[1, 2]' and dict(last.metadata) == {'unit': 'm'}


@pytest.mark.parametrize(
    ('params', 'key', 'why'),
    [
        ({}, 'to', 'is missing'),
        ({'to': 'x'}, 'to', 'must be of type integer, not string'),
        ({'to': True}, 'to', 'must be of type integer, not boolean'),
        ({'to': 1, 'kind': 'wide'}, 'kind', 'must be one of short, long'),
        (
            {'to': 1, 'rows': [1, 'a']},
            'rows',
            'fits none of the forms it may have: must be of type integer, not string; must be of type null, not array',
        ),
        ({'to': 1, 'too': 2}, 'too', 'is no parameter; there are: to, kind, rows'),
    ],
)
def test_parameters_are_checked_before_anything_runs(
    tools: Workspace,
    params: dict[str, Any],
    key: str,
    why: str,
) -> None:
    assert refused(stream(tools, 'count', **params)) == (
        grpc.StatusCode.INVALID_ARGUMENT,
        'INVALID_ARGUMENT',
        {'key': key, 'reason': why},
    )


def test_tools_are_listed_with_their_schemas(tools: Workspace) -> None:
    listed = {
        tool.name: tool
        for tool in tools.host.call('ListTools', pb.ListToolsRequest(session_id=tools.session)).tools
    }
    assert listed['query_sql'].mode == 'built_in'
    assert (listed['count'].description, listed['count'].mode, listed['count'].module) == (
        'Counts to a number.',
        'process',
        'mine',
    )
    assert json.loads(listed['count'].parameters_schema_json)['required'] == ['to']
    assert listed['shared'].mode == 'threaded'


@pytest.mark.parametrize(
    ('source', 'text'),
    [
        ('def x(:', 'SyntaxError'),
        ('1 / 0', 'ZeroDivisionError'),
        ('x = 1', 'holds no tool'),
        ('from tempera import tool\n@tool\ndef query_sql(): ...', 'the host has already'),
        ('from tempera import tool\n@tool\ndef f(*a): ...', 'must be a plain named parameter'),
        ('from tempera import tool\nimport io\n@tool\ndef f(a: io.StringIO): ...', 'which JSON cannot give'),
    ],
)
def test_a_source_that_cannot_be_used_is_refused_with_the_reason(
    workspace: Workspace,
    source: str,
    text: str,
) -> None:
    with pytest.raises(grpc.RpcError) as caught:
        register(workspace, source)
    assert caught.value.code() == grpc.StatusCode.INVALID_ARGUMENT  # type: ignore[attr-defined]
    assert text in caught.value.details()  # type: ignore[attr-defined]


def test_a_tool_that_fails_keeps_what_it_had_sent(tools: Workspace) -> None:
    seen = []
    with pytest.raises(grpc.RpcError) as caught:
        for chunk in stream(tools, 'fails'):
            seen.append(chunk.data)
    code, reason, details = refusal(caught.value)
    assert seen == [b'before']
    assert (code, reason, details['error']) == (grpc.StatusCode.INTERNAL, 'TOOL_FAILED', 'ValueError')
    assert refused(stream(tools, 'ends'))[1] == 'TOOL_FAILED'


def test_an_unknown_tool_is_not_found(workspace: Workspace) -> None:
    assert refused(stream(workspace, 'count', to=1))[0] == grpc.StatusCode.NOT_FOUND


def test_the_deadline_reaches_the_tool_and_ends_it(tools: Workspace) -> None:
    (only,) = stream(tools, 'left', timeout_ms=5000)
    assert 3 < json.loads(only.data)['seconds'] <= 5
    (shorter,) = stream(tools, 'left', deadline_s=8)
    assert json.loads(shorter.data)['seconds'] < 9
    assert refused(stream(tools, 'slow', timeout_ms=300))[:2] == (
        grpc.StatusCode.DEADLINE_EXCEEDED,
        'TOOL_TIMEOUT',
    )


def test_a_slow_reader_slows_the_tool(tools: Workspace) -> None:
    chunks = stream(tools, 'pours', size=1_000_000)
    next(chunks)

    def poured() -> int:
        return int(json.loads(next(iter(stream(tools, 'poured'))).data)['chunks'])

    until(lambda: poured() >= 100, 'the queue is full')
    assert all(poured() < 150 for _ in range(30))
    chunks.cancel()  # type: ignore[attr-defined]


def test_a_tool_that_breaks_the_protocol_is_ended_and_the_host_goes_on(tools: Workspace) -> None:
    assert refused(stream(tools, 'garbles'))[1] == 'TOOL_FAILED'
    assert list(stream(tools, 'count', to=1))[-1].is_final


def test_leaving_the_stream_ends_the_call(tools: Workspace) -> None:
    chunks = stream(tools, 'flood', size=10)
    next(chunks)
    chunks.cancel()  # type: ignore[attr-defined]
    quota = [stream(tools, 'count', to=1) for _ in range(10)]
    assert all(list(one)[-1].is_final for one in quota)


def test_threaded_tools_share_one_process_and_run_at_the_same_time(tools: Workspace) -> None:
    first, second = (json.loads(next(iter(stream(tools, 'shared'))).data) for _ in range(2))
    assert (first['calls'], second['calls']) == (1, 2) and first['pid'] == second['pid']
    with ThreadPoolExecutor(3) as pool:
        met = list(pool.map(lambda _: [json.loads(chunk.data) for chunk in stream(tools, 'meets')], range(3)))
    assert met == [[{'met': True}]] * 3


def test_a_tool_is_confined_and_cannot_write_the_workspace(tools: Workspace) -> None:
    code, reason, details = refused(stream(tools, 'writes'))
    assert (code, reason) == (grpc.StatusCode.INTERNAL, 'TOOL_FAILED')
    assert details['error'] in ('PermissionError', 'OSError')


def test_too_many_calls_at_once_fail_fast(tools: Workspace) -> None:
    streams = [stream(tools, 'flood', size=10) for _ in range(16)]
    for one in streams:
        next(one)
    assert refused(stream(tools, 'count', to=1))[2] == {'quota': 'tool_calls_per_session', 'limit': '16'}
    for one in streams:
        one.cancel()  # type: ignore[attr-defined]

    def works() -> bool:
        try:
            return bool(list(stream(tools, 'count', to=1)))
        except grpc.RpcError:
            return False

    until(works, 'the calls that were left are over')


def test_calls_leave_nothing_behind_in_the_host(tools: Workspace) -> None:
    folder = Path(f'/proc/{tools.host.process.pid}/fd')
    list(stream(tools, 'count', to=1))
    before = len(list(folder.iterdir()))
    for _ in range(12):
        list(stream(tools, 'count', to=1))
    until(lambda: len(list(folder.iterdir())) <= before + 2, 'the descriptors are closed')


def test_the_sessions_end_takes_its_tools_along(tools: Workspace) -> None:
    next(iter(stream(tools, 'shared')))
    tools.host.call('CleanupSession', pb.CleanupSessionRequest(session_id=tools.session, epoch=1))
    tools.at = ''
    tools.open()
    assert refused(stream(tools, 'shared'))[0] == grpc.StatusCode.NOT_FOUND
    assert processes_with(f'/data/sessions/{tools.session}') == []
