"""Processes that the host has forked and confined: how they are made, what they do, how they are read.

On the host's side: `zygote_client.py` asks the zygote (`messages.py`: in which form), `spares.py` forks on request or
takes a child made ahead, `process.py` is one child from its request to its end, `pipes.py` reads its pipes by an
allowance, `confining.py` says what each is given, `leftovers.py` ends what a dead host left.
On the other side: `zygote.py` imports and forks; `kinds.py` lists what a child can be: `script_child.py`,
`kernel_child.py`, `tool_child.py` (a session's own tools), `builtin_child.py` (the host's tools, scans); `inside.py` is
what they have in common.
"""
