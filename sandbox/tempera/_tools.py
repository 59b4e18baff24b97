"""Tools of one's own: functions marked `@tool`, whose parameters are described by their annotations.

    @tool
    def count(to: int, pause_s: float = 0.0) -> Iterator[dict]:
        "Counts to a number."
        for step in range(1, to + 1):
            yield progress(step, to)

1. A generator, an async generator or any other iterator streams what it yields; another value is the one, final chunk.
2. A dict, list, number or None travels as JSON, a str as text, bytes as they are; `Chunk` adds metadata or says which
   chunk is the last.
3. `mode='process'` (the default) gives each call a process of its own; `mode='threaded'` runs the calls of the module
   in threads of one process that lives on: state is shared, and a call cannot be killed, only left.
"""

from __future__ import annotations

import inspect
import time
import types
import typing
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

Function = TypeVar('Function', bound=Callable[..., Any])
_SIMPLE: dict[Any, dict[str, Any]] = {
    int: {'type': 'integer'},
    float: {'type': 'number'},
    str: {'type': 'string'},
    bool: {'type': 'boolean'},
    list: {'type': 'array'},
    dict: {'type': 'object'},
    type(None): {'type': 'null'},
    Any: {},
    inspect.Parameter.empty: {},
}
_deadline: ContextVar[float] = ContextVar('deadline', default=float('inf'))


@dataclass(frozen=True)
class Chunk:
    """One piece of a tool's answer; after a final one nothing more is taken."""

    data: Any
    final: bool = False
    metadata: Mapping[str, str] = field(default_factory=dict)


def tool(
    function: Function | None = None,
    *,
    name: str = '',
    mode: Literal['process', 'threaded'] = 'process',
) -> Any:
    """Marks a function as a tool. TypeError for parameters that JSON cannot give."""

    def mark(marked: Function) -> Function:
        if mode not in ('process', 'threaded'):
            raise TypeError(f'tool [{marked.__name__}]: mode must be "process" or "threaded", not "{mode}".')
        marked.tempera_tool = {  # type: ignore[attr-defined]
            'name': name or marked.__name__,
            'description': inspect.getdoc(marked) or '',
            'mode': mode,
            'schema': _schema(marked),
        }
        return marked

    return mark if function is None else mark(function)


def progress(step: int, total: int, message: str = '') -> dict[str, Any]:
    """What a caller shows as a progress bar: step, total, message and per cent."""
    return {
        'step': step,
        'total': total,
        'message': message,
        'progress': round(100 * step / total, 1) if total > 0 else 0.0,
    }


def time_left() -> float:
    """Seconds until the caller's deadline; infinite where there is none."""
    return max(0.0, _deadline.get() - time.monotonic())


def use_deadline(seconds: float) -> None:
    """For the host's child."""
    _deadline.set(time.monotonic() + seconds)


def _schema(function: Callable[..., Any]) -> dict[str, Any]:
    try:
        hints = typing.get_type_hints(function)
    except NameError as error:
        raise TypeError(f'tool [{function.__name__}]: an annotation cannot be read: {error}.') from error
    properties, required = {}, []
    for name, parameter in inspect.signature(function).parameters.items():
        if parameter.kind not in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY):
            raise TypeError(f'tool [{function.__name__}]: [{name}] must be a plain named parameter.')
        properties[name] = _of(function.__name__, name, hints.get(name, parameter.empty))
        if parameter.default is parameter.empty:
            required.append(name)
    return {'type': 'object', 'properties': properties, 'required': required, 'additionalProperties': False}


def _of(function: str, name: str, hint: Any) -> dict[str, Any]:
    if hint in _SIMPLE:
        return dict(_SIMPLE[hint])
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is Literal:
        return {'enum': list(arguments)}
    if origin in (typing.Union, types.UnionType):
        return {'anyOf': [_of(function, name, one) for one in arguments]}
    if origin is list:
        return {'type': 'array', 'items': _of(function, name, arguments[0])}
    if origin is dict:
        return {'type': 'object'}
    raise TypeError(
        f'tool [{function}]: [{name}] is annotated {hint}, which JSON cannot give; use int, float, str, '
        'bool, list, dict, Literal, or a union of them.'
    )
