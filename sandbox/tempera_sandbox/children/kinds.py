"""What a child can be, by the name that the host asks for.

All of it is imported in the zygote: a sandbox cannot read the host's own code.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NoReturn

from ..isolation import Inside
from .builtin_child import run_scan, run_tool
from .kernel_child import run_kernel
from .script_child import run_script
from .tool_child import run_describe, run_tools

KINDS: dict[str, Callable[[Inside, list[int]], NoReturn]] = {
    'script': run_script,
    'tool': run_tool,
    'scan': run_scan,
    'kernel': run_kernel,
    'tools': run_tools,
    'describe': run_describe,
}
