"""What user code may tell the platform while it runs.

    from tempera import log, configure_dashboard, log_table, log_image, log_confusion_matrix, decide, paths

and, for a tool of your own (docs/sandbox.md):

    from tempera import Chunk, progress, time_left, tool

Calls travel on a channel of their own, never in what is printed. They may come from any thread and from any process
that the script starts. Run by hand, outside a sandbox, they do nothing but write the files of log_table and the like.
"""

from ._channel import configure_dashboard, log
from ._decisions import decide
from ._paths import paths
from ._rich import log_confusion_matrix, log_image, log_table
from ._tools import Chunk, progress, time_left, tool

__all__ = [
    'Chunk',
    'configure_dashboard',
    'decide',
    'log',
    'log_confusion_matrix',
    'log_image',
    'log_table',
    'paths',
    'progress',
    'time_left',
    'tool',
]
