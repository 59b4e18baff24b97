"""Dataclasses to JSON and back, by their annotations.

Every part of a plan is a frozen dataclass. What equals its default is left out of the JSON, so that plans of 5,000
columns stay small; unknown fields are refused, so that a plan from a newer version is never half understood.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Mapping
from functools import cache
from typing import Any, TypeVar

Record = TypeVar('Record')


def to_json(value: Any) -> Any:
    """A dataclass, or a value inside one, as what `json.dumps` takes."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            field.name: to_json(getattr(value, field.name))
            for field in dataclasses.fields(value)
            if not _is_default(field, getattr(value, field.name))
        }
    if isinstance(value, tuple | list):
        return [to_json(one) for one in value]
    if isinstance(value, Mapping):
        return {str(key): to_json(one) for key, one in value.items()}
    return value


def from_json(cls: type[Record], data: Mapping[str, Any]) -> Record:
    """The dataclass that `to_json` wrote. ValueError names a field that is not known."""
    hints = _hints(typing.cast(Any, cls))
    unknown = sorted(set(data) - set(hints))
    if unknown:
        raise ValueError(
            f'{cls.__name__}: unknown field [{unknown[0]}]; this plan was written by another version of tempera.'
        )
    return cls(**{name: _read(hints[name], value) for name, value in data.items()})


def _is_default(field: dataclasses.Field[Any], value: Any) -> bool:
    if field.default is not dataclasses.MISSING:
        return type(value) is type(field.default) and bool(value == field.default)
    if field.default_factory is not dataclasses.MISSING:
        return bool(value == field.default_factory())
    return False


@cache
def _hints(cls: type[Any]) -> dict[str, Any]:
    hints = typing.get_type_hints(cls)
    return {field.name: hints[field.name] for field in dataclasses.fields(cls)}


def _read(hint: Any, value: Any) -> Any:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return _read_union(arguments, value)
    if origin is tuple:
        if len(arguments) == 2 and arguments[1] is Ellipsis:
            return tuple(_read(arguments[0], one) for one in value)
        return tuple(_read(one, item) for one, item in zip(arguments, value, strict=True))
    if origin in (dict, Mapping) or (isinstance(origin, type) and issubclass(origin, Mapping)):
        return {key: _read(arguments[1], one) for key, one in value.items()}
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        return from_json(hint, value)
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return value


def _read_union(arguments: tuple[Any, ...], value: Any) -> Any:
    if value is None:
        return None
    inner = [one for one in arguments if one is not type(None)]
    return _read(inner[0], value) if len(inner) == 1 else value
