"""Names of files as text: any name has one, leads back to its bytes through listing, reading and tools, and shows
nothing that a reader would not see.
"""

from __future__ import annotations

import os
import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from tempera_sandbox.files.path_text import path_of, path_text

_NAMES = st.binary(min_size=1, max_size=80).map(lambda name: name.replace(b'\0', b'0'))


@given(_NAMES)
@settings(max_examples=2000)
def test_any_bytes_come_back_from_their_text(name: bytes) -> None:
    text = path_text(os.fsdecode(name))
    assert os.fsencode(path_of(text)) == name
    assert text.encode('utf-8').decode('utf-8') == text
    assert all(unicodedata.category(character) not in ('Cc', 'Cs', 'Zl', 'Zp') for character in text)


@given(
    st.text(
        st.characters(codec='utf-8', exclude_categories=('Cc', 'Cf', 'Zl', 'Zp'), exclude_characters='\\')
    )
)
def test_a_name_that_shows_what_it_is_stays_as_it_is(name: str) -> None:
    seen = f'a{name}b'.replace('/', '')
    assert path_text(seen) == seen == path_of(seen)


@given(st.text(st.sampled_from('\\nxu02f/.')))
@settings(max_examples=2000)
def test_no_text_becomes_a_separator_or_the_end_of_a_name(text: str) -> None:
    path = path_of(text)
    assert path.count('/') == text.count('/') and '\0' not in path


def test_escapes_are_those_of_a_python_string() -> None:
    assert path_of('\\x00 \\x2f \\u002f \\q') == '\\x00 \\x2f \\u002f \\q'
    assert path_text(' a b / c') == '\\x20a b\\x20/\\x20c'
    assert path_text('a\\b\nc\x01\udcff\u202e\x85.csv') == 'a\\\\b\\nc\\x01\\xff\\u202e\\u0085.csv'
