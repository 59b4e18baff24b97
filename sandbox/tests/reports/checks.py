"""Every sentence of the reports, computed again: by pandas alone from the uploaded file, the splits and the model.

A check takes what is known of a session and the sentence's facts, and gives those facts as they must be. Sentences that
state nothing of the table are named in ADVICE.
"""

from __future__ import annotations

from . import exploration_checks, preparation_checks, training_checks
from .stage_checks import Check

#: what is said in which stage, with how it is so
CHECKS: dict[tuple[str, str], Check] = {
    **exploration_checks.CHECKS,
    **preparation_checks.CHECKS,
    **training_checks.CHECKS,
}
#: definitions and advice: they state nothing of the table
ADVICE = {
    'signal.scale',
    'uncertain.correlated',
    'uncertain.sampling',
    'splits.untransformed',
    'next.prepare',
    'next.compare',
    'next.ask',
    'next.train',
    'next.test',
    'next.later',
    'next.errors',
    'next.more',
    'next.columns',
    'next.rows',
}
