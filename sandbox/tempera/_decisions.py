"""Decisions: what a script chooses rather than is given, told to the platform, and what is in force instead.

1. `decide` never asks the platform: before an execution that writes what is in force to `decisions.json` in the
   session's folder, fixed with the step, so that a script that runs again decides alike.
2. The person's decision holds, and what was kept from another session, else an earlier stage's, else the script's
   own. Run by hand, without a stage, whatever stands in the file holds; without a file the script's own.
3. What was decided travels on the channel like a metric, one way.
4. Who decided is the platform's word. The SDK's own code says on what basis it chose (`decide_by`), and the platform
   believes it where a script is its own; all other scripts' choices are the agent's.
"""

from __future__ import annotations

import json
import math
import os
import re
from collections.abc import Iterable, Mapping
from typing import Any, Literal, TypedDict, TypeVar, Unpack

from ._channel import DECISION, LARGEST_MESSAGE, send_message
from ._paths import paths
from ._rich import plain

FILE = 'decisions.json'
LONGEST_KEY = 200
LARGEST_VALUE = 4096
"""Bytes of a value's JSON."""
LONGEST_REASON = 1000
MOST_ALTERNATIVES = 20
LARGEST_EVIDENCE = 16 * 1024
KEY = re.compile(r'[a-z][a-z0-9_]*(\.\w+)*')
STAGES = ('eda', 'prep', 'train')

Basis = Literal['agent', 'rule', 'default']
BASES: tuple[Basis, ...] = ('agent', 'rule', 'default')
"""Evidence was weighed; a fixed rule of the library decided; nothing spoke for another value."""

Value = TypeVar('Value')
#: what the scripts of this process have decided, by their session's folder and key
_made: dict[tuple[str, str], dict[str, Any]] = {}
_read: tuple[tuple[str, int, int], dict[str, dict[str, Any]]] | None = None


class Beside(TypedDict, total=False):
    """What may be said beside a decision."""

    #: `{'value', 'changes'}` each: what else could be chosen, and what it would change
    alternatives: Iterable[Mapping[str, Any]]
    #: numbers, a figure or a query that it rests on
    evidence: Mapping[str, Any] | None
    #: from 0 to 1
    confidence: float | None


def decide(key: str, value: Value, reason: str = '', **beside: Unpack[Beside]) -> Value:
    """Says what the script chooses, and returns the value in force: `decide('metric', 'r2', 'it is usual')`.

    `reason` is one sentence; `alternatives` are `{'value', 'changes'}`, each with what it would change; `evidence` are
    numbers, a figure or a query; `confidence` lies between 0 and 1. Raises ValueError, naming what, for what is too
    long or no JSON.
    """
    return decide_by('agent', key, value, reason, **beside)


def decide_by(basis: Basis, key: str, value: Value, reason: str = '', **beside: Unpack[Beside]) -> Value:
    """As `decide`, for the SDK's own rules and defaults."""
    evidence = beside.get('evidence')
    message = {
        'key': _checked_key(key),
        'value': _sized('value', key, plain_json(value), LARGEST_VALUE),
        'reason': _checked_reason(key, reason),
        'alternatives': [_alternative(key, one) for one in beside.get('alternatives', ())],
        'evidence': evidence and _sized('evidence', key, plain_json(dict(evidence)), LARGEST_EVIDENCE),
        'confidence': _checked_confidence(key, beside.get('confidence')),
        'basis': basis,
    }
    if len(message['alternatives']) > MOST_ALTERNATIVES:
        raise ValueError(
            f'decide: [{key}] has more than {MOST_ALTERNATIVES} alternatives; name the likeliest.'
        )
    text = _text(message)
    if len(text.encode()) > LARGEST_MESSAGE:
        raise ValueError(f'decide: [{key}] is larger than {LARGEST_MESSAGE:,} bytes; say less beside it.')
    send_message(DECISION, text)
    stage = os.environ.get('TEMPERA_STAGE')
    _made[str(paths.session), key] = {'by': 'agent', 'stage': stage} | {
        name: message[name] for name in ('key', 'value', 'reason')
    }
    return settled(key, value)


def settled(key: str, otherwise: Value) -> Value:
    """The decision that the script has to follow, without deciding anything; `otherwise` where there is none."""
    held = in_force().get(key)
    if held is None or not _holds(held):
        return otherwise
    in_force_now: Value = held['value']
    return in_force_now


def is_answered(key: str) -> bool:
    """Whether a person has decided it."""
    held = in_force().get(key)
    return held is not None and held.get('by') == 'person'


def in_force() -> dict[str, dict[str, Any]]:
    """Of each key that is decided `{'value', 'by', 'stage', …}`; empty where there is no file."""
    global _read
    path = paths.session / FILE
    try:
        stat = path.stat()
        mark = (str(path), stat.st_mtime_ns, stat.st_size)
        if _read is None or _read[0] != mark:
            listed = json.loads(path.read_text(encoding='utf-8'))['decisions']
            _read = (mark, {one['key']: one for one in listed})
    except (OSError, ValueError, KeyError, TypeError):
        return {}  # Nothing is known to be decided.
    return _read[1]


def standing() -> list[dict[str, Any]]:
    """What is in force, and what scripts of this process have decided where nothing else holds."""
    held, session = in_force(), str(paths.session)
    made = {key: one for (folder, key), one in _made.items() if folder == session}
    own = {key: one for key, one in made.items() if key not in held or not _holds(held[key])}
    return list((held | own).values())


def plain_json(value: Any) -> Any:
    """The value of JSON's own types: scalars of numpy become Python's, tuples lists, NaN and infinities None."""
    if isinstance(value, Mapping):
        return {str(key): plain_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        listed = sorted(value, key=str) if isinstance(value, set | frozenset) else value
        return [plain_json(item) for item in listed]
    return plain(value)


def _holds(decision: Mapping[str, Any]) -> bool:
    stage = os.environ.get('TEMPERA_STAGE', '')
    if decision.get('by') == 'person' or decision.get('inherited_from') or stage not in STAGES:
        return True
    made = decision.get('stage')
    return made in STAGES and STAGES.index(made) < STAGES.index(stage)


def _checked_key(key: str) -> str:
    if isinstance(key, str) and len(key) <= LONGEST_KEY and KEY.fullmatch(key):
        return key
    raise ValueError(
        f'decide: [{str(key)[:80]}] is no key; use words with dots between them, such as split.by, of at most '
        f'{LONGEST_KEY} characters.'
    )


def _checked_reason(key: str, reason: str) -> str:
    if len(str(reason)) <= LONGEST_REASON:
        return str(reason)
    raise ValueError(
        f'decide: the reason of [{key}] is longer than {LONGEST_REASON:,} characters; use one sentence.'
    )


def _checked_confidence(key: str, confidence: float | None) -> float | None:
    if confidence is None:
        return None
    number = float(confidence)
    if math.isfinite(number) and 0 <= number <= 1:
        return number
    raise ValueError(f'decide: the confidence of [{key}] must lie between 0 and 1, not {number!r}.')


def _alternative(key: str, given: Mapping[str, Any]) -> dict[str, Any]:
    value = _sized('alternative', key, plain_json(given.get('value')), LARGEST_VALUE)
    return {'value': value, 'changes': _checked_reason(key, given.get('changes') or '')}


def _sized(what: str, key: str, value: Any, most: int) -> Any:
    size = len(_text(value).encode('utf-8', 'replace'))
    if size <= most:
        return value
    raise ValueError(f'decide: the {what} of [{key}] takes {size:,} bytes; use at most {most:,}.')


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(',', ':'))
