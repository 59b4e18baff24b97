"""Labels that have an order: scales that people answer on, sizes, levels, ranges of numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

#: one scale a line, its steps between commas
SCALES: tuple[tuple[str, ...], ...] = tuple(
    tuple(step.strip() for step in scale.split(','))
    for scale in (
        'none, very low, low, lower, medium-low, medium, mid, moderate, normal, average, '
        'medium-high, high, higher, very high, extreme, critical',
        'very small, tiny, small, medium, mid, middle, large, big, very large, huge',
        'xxs, xs, s, m, l, xl, xxl, xxxl',
        'very poor, poor, po, bad, fair, fa, ok, average, typical, ta, good, gd, very good, '
        'great, excellent, ex, outstanding',
        'never, almost never, rarely, seldom, sometimes, occasionally, often, frequently, '
        'usually, almost always, always',
        'strongly disagree, disagree, somewhat disagree, neither agree nor disagree, neutral, '
        'undecided, somewhat agree, agree, strongly agree',
        'very dissatisfied, dissatisfied, somewhat dissatisfied, neutral, somewhat satisfied, '
        'satisfied, very satisfied',
        'very unlikely, unlikely, neutral, likely, very likely',
        'fair, good, very good, premium, ideal',
        'bronze, silver, gold, platinum, diamond',
        'free, basic, standard, plus, pro, premium, enterprise',
        'beginner, novice, junior, entry, intermediate, mid, advanced, senior, lead, expert, principal',
        'preschool, primary, elementary, secondary, high school, some college, college, bachelor, '
        "bachelor's, bachelors, graduate, master, master's, masters, phd, doctorate",
        'mild, moderate, severe, critical',
        'cold, cool, mild, warm, hot',
        'i, ii, iii, iv, v, vi, vii, viii, ix, x',
        'first, second, third, fourth, fifth, sixth',
        '1st, 2nd, 3rd, 4th, 5th, 6th',
        'freshman, sophomore, junior, senior',
        'young, middle-aged, old',
        'niedrig, gering, mittel, hoch, sehr hoch',
        'klein, mittel, groß',
        'schlecht, mittel, gut, sehr gut',
        'nie, selten, manchmal, oft, häufig, immer',
        'faible, moyen, élevé',
        'bajo, medio, alto',
    )
)
_NUMBER = r'[$€£]?\d+(?:[.,]\d+)*\s?k?'
_RANGE = re.compile(
    rf'(?P<low>{_NUMBER})\s*(?:-|–|—|to|bis|…|\.\.)\s*(?P<high>{_NUMBER})(?:\s*\w{{0,8}})?'
    rf'|[\[(]\s*(?P<low2>-?{_NUMBER})\s*[,;]\s*-?{_NUMBER}\s*[\])]'
    rf'|(?P<below>[<≤]=?|under|below|less than|up to|unter|bis)\s*\$?(?P<low3>{_NUMBER})(?:\s*\w{{0,8}})?'
    rf'|(?P<above>[>≥]=?|over|above|more than|über|ab)\s*\$?(?P<low4>{_NUMBER})(?:\s*\w{{0,8}})?'
    rf'|(?P<low5>{_NUMBER})\s*(?:\+|and over|and above|or more|or older|plus)(?:\s*\w{{0,8}})?',
    re.IGNORECASE,
)


def order_of(labels: Iterable[str]) -> tuple[str, ...]:
    """The labels in their order, or none where they have none that is known."""
    given = list(labels)
    if not 2 <= len(given) <= 40:
        return ()
    folded = [label.strip().lower().replace('_', ' ').replace('  ', ' ') for label in given]
    if len(set(folded)) != len(folded):
        return ()
    return _on_a_scale(given, folded) or _of_ranges(given, folded)


def _on_a_scale(given: Sequence[str], folded: Sequence[str]) -> tuple[str, ...]:
    for scale in SCALES:
        places = {word: place for place, word in enumerate(scale)}
        if all(word in places for word in folded) and _tells(folded):
            return tuple(
                label for _, label in sorted(zip((places[word] for word in folded), given, strict=True))
            )
    return ()


def _tells(folded: Sequence[str]) -> bool:
    """Two labels of one letter (`s`, `m`) are no scale yet."""
    return len(folded) > 2 or all(len(word) > 1 for word in folded)


def _of_ranges(given: Sequence[str], folded: Sequence[str]) -> tuple[str, ...]:
    found = [_RANGE.fullmatch(word) for word in folded]
    if len(given) < 3 or not all(found):
        return ()
    starts = [_start(one) for one in found if one]
    return tuple(label for _, label in sorted(zip(starts, given, strict=True)))


def _start(found: re.Match[str]) -> tuple[float, int]:
    text = next(found[name] for name in ('low', 'low2', 'low3', 'low4', 'low5') if found[name])
    plain = text.replace(',', '').strip('$€£ ')
    number = (
        float(plain[:-1]) * 1000 if plain.endswith('k') else float(plain) if plain.count('.') < 2 else 0.0
    )
    return number, -1 if found['below'] else 1 if found['above'] or found['low5'] else 0
