"""Validates what a stage has left, as the contract's 'Output validation' says.

Parameters: stage (eda, prep, train), target?, problem_type?, metric?, source_file?, fresh_timeout_s?; others are
ignored. Result: {passed[], warnings[], errors[], facts{}}; the errors tell the agent what to mend. Pickles are
loaded in a fresh process only, and never in the one that runs this.
"""

from __future__ import annotations

from typing import Any

from . import Context, ToolError
from .fresh_process import FreshProcess
from .stages.findings import Findings
from .stages.validate_eda import validate_eda
from .stages.validate_prep import validate_prep
from .stages.validate_train import validate_train


def run(params: dict[str, Any], context: Context) -> dict[str, Any]:
    """The tool. Raises ToolError INVALID_ARGUMENT for an unknown stage; bad outputs are findings, not errors."""
    stage = params.get('stage')
    findings = Findings()
    if stage == 'eda':
        validate_eda(context.workspace, findings)
    elif stage == 'prep':
        with FreshProcess() as fresh:
            validate_prep(context, params, findings, fresh)
    elif stage == 'train':
        with FreshProcess() as fresh:
            validate_train(context, params, findings, fresh)
    else:
        raise ToolError('INVALID_ARGUMENT', f'stage must be eda, prep or train, not {stage!r:.80}.')
    return findings.result()
