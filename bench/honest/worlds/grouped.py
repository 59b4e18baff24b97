"""Rows that belong together: several of one patient, participant or thing."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .drawn import Drawn, Rng, new_things, two_classes, world


def _of_things(rng: Rng, things: int, each: int) -> tuple[np.ndarray, pd.DataFrame]:
    """Which thing a row is of, and inputs by which it is recognised."""
    who = np.repeat(np.arange(things), each)
    rows = len(who)
    frame = pd.DataFrame(
        {
            'height': (rng.normal(171, 9, things)[who] + rng.normal(0, 0.3, rows)).round(1),
            'pulse': (rng.normal(70, 10, things)[who] + rng.normal(0, 1.5, rows)).round(0),
            'glucose': (rng.gamma(9, 11, things)[who] + rng.normal(0, 2, rows)).round(1),
            'visit_weekday': rng.choice(['Mon', 'Tue', 'Wed', 'Thu', 'Fri'], rows),
        }
    )
    return who, frame


def _shown(who: np.ndarray, rng: Rng, form: str) -> list[str]:
    numbers = rng.permutation(np.arange(1000, 1000 + int(who.max()) + 1))
    return [form.format(one) for one in numbers[who]]


@world
def subjects_with_one_answer(rng: Rng, fresh: int) -> Drawn:
    """A coin for each patient: there is nothing to learn."""
    who, frame = _of_things(rng, 70 + fresh // 6, 6)
    answer = np.where(rng.random(int(who.max()) + 1) > 0.5, 'ill', 'well')[who]
    frame = frame.assign(diagnosis=answer)
    frame.insert(0, 'patient', _shown(who, rng, 'P{}'))
    return new_things(frame, rng, 70 * 6, 'diagnosis', 'roc_auc')


@world
def subjects_whose_answer_varies(rng: Rng, fresh: int) -> Drawn:
    """A level of each participant's own, of which the inputs tell only a part."""
    who, frame = _of_things(rng, 60 + fresh // 7, 7)
    level = rng.normal(0, 8, int(who.max()) + 1)[who]
    answer = 40 + level + 0.12 * (frame['glucose'] - 99) + rng.normal(0, 3, len(who))
    frame = frame.assign(punkte=answer.round(1))
    frame.insert(0, 'teilnehmer', _shown(who, rng, '{}'))
    return new_things(frame, rng, 60 * 7, 'punkte', 'r2')


@world
def groups_without_a_word(rng: Rng, fresh: int) -> Drawn:
    """Rows taken from the same thing under a name that says nothing."""
    who, frame = _of_things(rng, 56 + fresh // 8, 8)
    level = rng.normal(0, 1.6, int(who.max()) + 1)[who]
    frame = frame.assign(result=two_classes(level + (frame['pulse'] - 70) / 14, rng, 0.0, ('a', 'b')))
    frame.insert(2, 'kx', _shown(who, rng, 'q{}-b'))
    return new_things(frame, rng, 56 * 8, 'result', 'roc_auc')
