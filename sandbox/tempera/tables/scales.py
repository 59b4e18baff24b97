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
        'not at all, a little, a little bit, slightly, somewhat, moderately, quite a bit, quite a lot, a lot, very, '
        'very much, a great deal, extremely, completely',
        'much worse, worse, somewhat worse, slightly worse, a little worse, about the same, the same, same, '
        'slightly better, a little better, somewhat better, better, much better',
        'never, less than yearly, yearly, annually, a few times a year, less than monthly, quarterly, '
        'once a month, monthly, a few times a month, once a week, weekly, a few times a week, most days, daily, '
        'every day, daily or almost daily, several times a day, hourly',
        'extremely unlikely, very unlikely, unlikely, somewhat unlikely, neither likely nor unlikely, neutral, '
        'somewhat likely, likely, very likely, extremely likely',
        'extremely dissatisfied, very dissatisfied, dissatisfied, somewhat dissatisfied, slightly dissatisfied, '
        'neither satisfied nor dissatisfied, neutral, slightly satisfied, somewhat satisfied, satisfied, '
        'very satisfied, extremely satisfied',
        'completely disagree, totally disagree, strongly disagree, disagree, somewhat disagree, slightly disagree, '
        'tend to disagree, neither agree nor disagree, neither, neutral, undecided, slightly agree, somewhat agree, '
        'tend to agree, agree, strongly agree, totally agree, completely agree',
        'not important, not at all important, slightly important, somewhat important, moderately important, important, '
        'very important, extremely important',
        'well below average, below average, average, above average, well above average',
        'fail, pass, merit, credit, distinction, high distinction',
        'very bad, bad, rather bad, so-so, neutral, rather good, good, very good',
        'stimme gar nicht zu, stimme überhaupt nicht zu, stimme nicht zu, stimme eher nicht zu, teils-teils, '
        'teils teils, weder noch, neutral, stimme eher zu, stimme zu, stimme voll zu, stimme voll und ganz zu',
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
#: answers that stand beside a scale, and on it nowhere
_BESIDE = frozenset(
    (
        "don't know, dont know, don’t know, do not know, not sure, unsure, no opinion, no answer, no response, "
        'refused, prefer not to say, prefer not to answer, '
        'rather not say, declined, unknown, other, n/a, not applicable, '
        "can't say, cannot say, weiß nicht, keine angabe, k.a., ne sait pas, no sabe"
    ).split(', ')
)
_NUMBER = r'[$€£]?\d+(?:[.,]\d+)*\s?k?'
#: what stands behind the numbers of a range: `years`, `years old`, `% of income`
_WORD = r'\s*[a-zäöüé%€$£.]{1,12}'
_WHAT = f'(?:{_WORD}){{0,3}}'
_RANGE = re.compile(
    rf'(?P<low>{_NUMBER})\s*(?:-|–|—|to|bis|…|\.\.|and|but less than)\s*(?P<high>{_NUMBER}){_WHAT}'
    rf'|[\[(]\s*(?P<low2>-?{_NUMBER})\s*[,;]\s*-?{_NUMBER}\s*[\])]'
    rf'|(?P<below>[<≤]=?|under|below|less than|fewer than|up to|unter|bis)\s*\$?(?P<low3>{_NUMBER}){_WHAT}'
    rf'|(?P<above>[>≥]=?|over|above|more than|at least|über|ab)\s*\$?(?P<low4>{_NUMBER}){_WHAT}'
    rf'|(?P<low5>{_NUMBER})(?:{_WORD}){{0,2}}?\s*(?P<open>\+|(?:and|or) (?:over|above|more|older|up|greater)|plus)'
    rf'{_WHAT}'
    rf'|(?P<low6>{_NUMBER})(?:{_WORD})?\s*(?P<closed>(?:and|or) (?:under|below|less|younger|fewer))'
    rf'|(?P<low7>{_NUMBER})(?P<alone>{_WORD})?',
    re.IGNORECASE,
)


def order_of(labels: Iterable[str]) -> tuple[str, ...]:
    """The labels in their order, or none where they have none that is known. Answers beside a scale (`don't know`) are
    no steps of it and left out."""
    given = list(labels)
    if not 2 <= len(given) <= 40:
        return ()
    folded = [label.strip().lower().replace('_', ' ').replace('  ', ' ') for label in given]
    if len(set(folded)) != len(folded):
        return ()
    beside = {word for word in folded if word in _BESIDE}
    if beside and len(folded) - len(beside) > 2:
        given = [label for label, word in zip(given, folded, strict=True) if word not in beside]
        folded = [word for word in folded if word not in beside]
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
    # numbers alone are no ranges; beside some they are steps too
    if len(given) < 3 or not all(found) or sum(1 for one in found if one and not one['low7']) < 2:
        return ()
    starts = [_start(one) for one in found if one]
    return tuple(label for _, label in sorted(zip(starts, given, strict=True)))


def _start(found: re.Match[str]) -> tuple[float, int]:
    text = next(found[f'low{at}'] for at in ('', 2, 3, 4, 5, 6, 7) if found[f'low{at}'])
    plain = text.replace(',', '').strip('$€£ ')
    number = (
        float(plain[:-1]) * 1000 if plain.endswith('k') else float(plain) if plain.count('.') < 2 else 0.0
    )
    return number, -1 if found['below'] or found['closed'] else 1 if found['above'] or found['open'] else 0
