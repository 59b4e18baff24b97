"""The host's side of tools: whose turn it is, the child that answers, its answer. What the built-in ones do: tools/.

`builtin.py`: built-in tools and scans, one short child each, by `turns.py`. `registered.py`: the tools that sessions
register, `calls.py` their children and calls, `schemas.py` the check of their parameters. The agents' loop registers
none: those are for other callers of the host.
"""
