"""Checks JSON parameters against a tool's schema: the part of JSON Schema that `tempera.tool` writes."""

from __future__ import annotations

from typing import Any

from ..errors import HostError, invalid

_DEEPEST = 32
_TYPES: dict[str, tuple[type, ...]] = {
    'integer': (int,),
    'number': (int, float),
    'string': (str,),
    'boolean': (bool,),
    'array': (list,),
    'object': (dict,),
    'null': (type(None),),
}


def check(schema: dict[str, Any], parameters: dict[str, Any]) -> None:
    """HostError INVALID_ARGUMENT {key, reason} for the first parameter that does not fit."""
    problem = _problem(schema, parameters, '', 0)
    if problem:
        raise _refusal(*problem)


def _refusal(key: str, why: str) -> HostError:
    return invalid(key or 'params_json', why)


def _problem(schema: Any, value: Any, place: str, depth: int) -> tuple[str, str] | None:
    """(where, why) or None when it fits."""
    if not isinstance(schema, dict) or depth > _DEEPEST:
        return place, 'cannot be checked: the schema of the tool is no JSON Schema or too deep'
    if 'anyOf' in schema:
        problems = [_problem(one, value, place, depth + 1) for one in schema['anyOf']]
        if None in problems:
            return None
        return place, 'fits none of the forms it may have: ' + '; '.join(
            why for _, why in filter(None, problems)
        )
    if 'enum' in schema and value not in schema['enum']:
        return place, f'must be one of {", ".join(map(str, schema["enum"]))}'
    expected = schema.get('type')
    if expected is not None and not _is(expected, value):
        return place, f'must be of type {expected}, not {_type_of(value)}'
    if expected == 'object':
        return _object_problem(schema, value, place, depth)
    if expected == 'array' and 'items' in schema:
        for index, item in enumerate(value):
            if problem := _problem(schema['items'], item, f'{place}[{index}]', depth + 1):
                return problem
    return None


def _object_problem(
    schema: dict[str, Any], value: dict[str, Any], place: str, depth: int
) -> tuple[str, str] | None:
    properties = schema.get('properties', {})
    prefix = f'{place}.' if place else ''
    for key in schema.get('required', []):
        if key not in value:
            return prefix + key, 'is missing'
    for key, item in value.items():
        if key in properties:
            if problem := _problem(properties[key], item, prefix + key, depth + 1):
                return problem
        elif schema.get('additionalProperties') is False:
            return prefix + key[:100], f'is no parameter; there are: {", ".join(properties) or "none"}'
    return None


def _is(expected: str, value: Any) -> bool:
    if isinstance(value, bool):
        return expected == 'boolean'
    return isinstance(value, _TYPES.get(expected, (object,)))


def _type_of(value: Any) -> str:
    if isinstance(value, bool):
        return 'boolean'
    return next((name for name, types in _TYPES.items() if isinstance(value, types)), 'unknown')
