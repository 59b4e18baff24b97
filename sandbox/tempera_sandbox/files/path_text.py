"""Names of files as text: any bytes, one form, and back.

A name is bytes; messages, manifests and pages hold text. Written as it is where a reader sees what it is; escaped, as
in a Python string, where not: a backslash is doubled, a control character is \\n, \\r, \\t or \\xNN, a byte that is no
UTF-8 is \\xNN, what turns the reading direction or breaks lines is \\uNNNN, a space at the edge of a name is \\x20. No
two names have the same text.
"""

from __future__ import annotations

import re
import unicodedata

_SHORT = {'\n': '\\n', '\r': '\\r', '\t': '\\t', '\\': '\\\\'}
_LONG = {text: character for character, text in _SHORT.items()}
_UNSEEN = frozenset('\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff')
_BREAKING = ('Cc', 'Zl', 'Zp')
_SPACE = '\\x20'
_EDGE = re.compile(r'(?:(?<=/)|^) +| +(?=/|$)')
_PLAIN = re.compile(r'[ -\[\]-~]*')
_ESCAPE = re.compile(r'\\(?:[\\nrt]|x[0-9a-f]{2}|u[0-9a-f]{4})')
_FIRST_BYTE = 0xDC00
"""Python's own way to hold a byte that is no UTF-8 in a string: half of a surrogate pair."""


def path_text(path: str) -> str:
    """The text of a path as Python's os functions give it."""
    text = path if _PLAIN.fullmatch(path) else ''.join(map(_written, path))
    return _EDGE.sub(lambda spaces: _SPACE * len(spaces.group()), text) if ' ' in text else text


def path_of(text: str) -> str:
    """The path that a text stands for. What is no escape stands for itself, so a plain name needs none."""
    return _ESCAPE.sub(lambda found: _read(found.group()), text) if '\\' in text else text


def _written(character: str) -> str:
    code = ord(character)
    if character in _SHORT:
        return _SHORT[character]
    if _FIRST_BYTE <= code <= _FIRST_BYTE + 0xFF:
        return f'\\x{code - _FIRST_BYTE:02x}'
    if code < 0x20 or code == 0x7F:
        return f'\\x{code:02x}'
    if character in _UNSEEN or unicodedata.category(character) in _BREAKING:
        return f'\\u{code:04x}'
    return character


def _read(escape: str) -> str:
    if escape in _LONG:
        return _LONG[escape]
    code = int(escape[2:], 16)
    character = chr(code + _FIRST_BYTE) if escape[1] == 'x' and code >= 0x80 else chr(code)
    # Only what is written so is read so: no text becomes a separator or a NUL.
    return character if character != '\0' and escape in (_written(character), _SPACE) else escape
