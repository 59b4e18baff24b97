"""The host on the wire: one gRPC service, and who may call it.

`server.py`: the server, and the token that its calls need. `service.py`: the service over what `parts.py` lists; its
rpcs lie in `host_rpcs.py` (the host itself), `session_rpcs.py`, `tool_rpcs.py`; `checkpoints.py` and `session_files.py`
bring trees and single files over the wire. `answering.py`: what every rpc does with an error and a stream;
`listening.py`: address and TLS; `health.py`, `reflection.py`: what the field's tools ask; `heartbeats.py`: callers that
live; `draining.py`: a host that is emptied.
"""
