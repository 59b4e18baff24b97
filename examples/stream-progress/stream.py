"""Registers tools.py in a session and shows what its tool streams. Usage: see README.md."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import grpc
from tempera_sandbox.generated import sandbox_pb2 as pb
from tempera_sandbox.generated.sandbox_pb2_grpc import SandboxStub

SESSION = 'stream-progress-python'


def main(address: str, token: str) -> None:
    """Prints the progress of one call and its result."""
    metadata = (('authorization', f'Bearer {token}'),)
    source = Path(__file__).with_name('tools.py').read_text(encoding='utf-8')
    parameters = {'values': [38.1, 39.5, 40.2, 41.7, 37.9, 40.8], 'rounds': 2000}
    with grpc.insecure_channel(address) as channel:
        host = SandboxStub(channel)
        host.InitializeSession(
            pb.InitializeSessionRequest(session_id=SESSION, epoch=1, experiment_id='examples'), metadata=metadata)
        host.RegisterTools(
            pb.RegisterToolsRequest(session_id=SESSION, epoch=1, module='intervals', source=source), metadata=metadata)
        call = pb.StreamToolRequest(
            session_id=SESSION, tool='interval_of_mean', params_json=json.dumps(parameters))
        for chunk in host.StreamTool(call, metadata=metadata, timeout=60):
            answer = json.loads(chunk.data)
            if chunk.is_final:
                print(f'mean {answer["mean"]}, 95 % from {answer["low"]} to {answer["high"]}')
            else:
                print(f'{answer["progress"]} %  {answer["message"]}')
        host.CleanupSession(pb.CleanupSessionRequest(session_id=SESSION, epoch=1), metadata=metadata)


main(*sys.argv[1:])
