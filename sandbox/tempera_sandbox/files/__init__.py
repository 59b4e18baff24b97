"""Trees on this host's disk: the workspaces of sessions, and what they take.

`workspace.py`: reading, filling and emptying one without following a link; `scanner.py`: what a checkpoint is taken
from, run in a child; `path_text.py`: names of any bytes as text. `disk_use.py` counts what a tree takes,
`disk_watch.py` keeps an execution within its share, `disk_floor.py` keeps the host's disk from filling up.
"""
