"""Starts `fresh_check.py` in a new Python that sees the installed packages and nothing of the session's code."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from . import limits

DEFAULT_FRESH_S = 120.0
_SHOWN_CHARS = 400


def run_fresh(task: str, request: dict[str, Any], params: dict[str, Any]) -> dict[str, Any]:
    """The answer of a task; {error: sentence} when the process ended without one."""
    seconds = limits.number(params, "fresh_timeout_s", DEFAULT_FRESH_S, 1, 3_600)
    with tempfile.TemporaryDirectory(prefix="fresh-") as folder:
        (Path(folder) / "request.json").write_text(json.dumps({"task": task, **request}), "utf-8")
        return _run(Path(folder), seconds)


def _run(folder: Path, seconds: float) -> dict[str, Any]:
    # Isolated mode: neither the session's folder nor PYTHONPATH is searched for modules.
    command = [sys.executable, "-I", "-B", str(Path(__file__).with_name("fresh_check.py")), str(folder)]
    environment = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "HOME": str(folder), "TMPDIR": str(folder), "OMP_WAIT_POLICY": "passive", "MPLBACKEND": "Agg", "LANG": "C.UTF-8"}
    process = subprocess.Popen(
        command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True
    )
    try:
        _, errors = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        _end(process)
        return {"error": f"did not answer within {seconds:g} s (fresh_timeout_s): make loading and predicting faster."}
    finally:
        _end(process)
    answer = folder / "answer.json"
    if answer.is_file():
        return json.loads(answer.read_text("utf-8"))
    said = errors.decode("utf-8", "replace").strip().splitlines()[-1:] or ["no message"]
    return {"error": f"ended its process with exit {process.returncode} while it was loaded or used ({said[0][:_SHOWN_CHARS]})."}


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ends the process and whatever it started."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass  # it has ended with all its children
    process.wait()
