"""Texts that are yes or no: two words of one pair, in any case."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ..plan import Form
from .texts import Texts, folded

#: pairs of words that are yes and no wherever they stand
PAIRS: tuple[tuple[frozenset[str], frozenset[str]], ...] = (
    (frozenset({'true', 't'}), frozenset({'false', 'f'})),
    (frozenset({'yes', 'y'}), frozenset({'no', 'n'})),
    (frozenset({'ja', 'j'}), frozenset({'nein', 'n'})),
    (frozenset({'oui'}), frozenset({'non'})),
    (frozenset({'si', 'sí'}), frozenset({'no'})),
    (frozenset({'wahr'}), frozenset({'falsch'})),
    (frozenset({'vrai'}), frozenset({'faux'})),
    (frozenset({'on'}), frozenset({'off'})),
    (frozenset({'да'}), frozenset({'нет'})),
    (frozenset({'sim'}), frozenset({'não', 'nao'})),
    (frozenset({'tak'}), frozenset({'nie'})),
    (frozenset({'ja'}), frozenset({'nee', 'nej', 'nei'})),
    (frozenset({'ano'}), frozenset({'ne'})),
    (frozenset({'kyllä'}), frozenset({'ei'})),
    (frozenset({'evet'}), frozenset({'hayır'})),
    (frozenset({'igen'}), frozenset({'nem'})),
    (frozenset({'так'}), frozenset({'ні'})),
    (frozenset({'是'}), frozenset({'否'})),
    (frozenset({'はい'}), frozenset({'いいえ'})),
    (frozenset({'예', '네'}), frozenset({'아니요', '아니오'})),
    (frozenset({'✓', '✔', '☑'}), frozenset({'✗', '✘', '☐', '✕'})),
)


def pair_of(texts: set[str]) -> tuple[frozenset[str], frozenset[str]] | None:
    """The pair that these folded texts are words of, both sides of it."""
    for yes, no in PAIRS:
        if texts <= yes | no and texts & yes and texts & no:
            return yes, no
    return None


def read(texts: Texts, form: Form) -> tuple[np.ndarray, np.ndarray]:
    """Values and which texts are one of the form's words."""
    words = folded(texts)
    yes = pc.is_in(words, value_set=pa.array(form.true, pa.string())).to_numpy(zero_copy_only=False)
    no = pc.is_in(words, value_set=pa.array(form.false, pa.string())).to_numpy(zero_copy_only=False)
    return yes, yes | no


def is_word(text: str) -> bool:
    """Whether a folded text is yes or no in any pair."""
    return any(text in yes or text in no for yes, no in PAIRS)
