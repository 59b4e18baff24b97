"""Columns of words: booleans, categories, ordinals, lists, records, coordinates, identifiers, free text."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

from . import words
from .beside import beside_draft
from .cells import booleans, lists, natives, pairs
from .cells.texts import fold
from .distinct import Distinct
from .draft import ENOUGH, Draft, Subject
from .missing import tokens_among_labels, tokens_among_values
from .plan import Form
from .scales import order_of
from .typed import record_draft

#: labels that a plan lists
MOST_LEVELS = 200
#: a column of at most so many labels is one of categories, whatever they look like
_FEW = 30
_LONG_WORDS = 5
#: a postcode may stand in so many groups
_PARTS_OF_A_CODE = 4
#: of yes and no, with words for missing and slips among them
_MOST_SPELLINGS = 24
_PATTERNED = re.compile(r'[\w./:#-]*\d[\w./:#-]*|[0-9a-f]{8}-[0-9a-f-]{27}|[0-9A-Za-z+/=_-]{16,}')
_SERIAL = re.compile(r'([A-Za-z]{0,8}[-_#]?)\d{2,}')
_PHONE = re.compile(r'\+?[\d() /.-]{7,20}')
_LINK = re.compile(r'(?:https?://|www\.)\S+|[\w.+-]+@[\w-]+\.[\w.]+')
_ITEM = re.compile(r'[^\W_][\w .&\'+#-]{0,40}')


def wordy_draft(subject: Subject) -> Draft:
    """The column as words of some kind: every column is at least that."""
    for attempt in (_boolean, beside_draft, _coordinates, _written, _separated):
        draft = attempt(subject)
        if draft:
            return draft
    tokens, questions = tokens_among_labels(subject.distinct, subject.key, subject.name)
    draft = Draft('category', Form(), questions=list(questions))
    draft.with_tokens(tokens)
    if questions:
        draft.found('missing', questions[0].text.partition('? ')[2])
    rest = subject.distinct.without({token.text for token in tokens})
    if rest.filled:
        _label_or_text(draft, subject, rest)
    return draft


def _boolean(subject: Subject) -> Draft | None:
    if len(subject.distinct.texts) > _MOST_SPELLINGS:
        return None
    tokens = {token.text for token in tokens_among_values(subject.distinct)}
    counts = {word: sum(count for _, count in group) for word, group in subject.distinct.by_fold.items()}
    held = {word for word in counts if word not in tokens}
    stray = _without_strays(held, counts)
    pair = booleans.pair_of(held - stray)
    if not pair:
        return None
    missing = tokens_among_values(subject.distinct)
    yes, no = (tuple(sorted(side)) for side in pair)
    if held - stray <= {'true', 'false', 't', 'f'}:
        form = Form(type='boolean', true=(*yes, '1', 'yes', 'y'), false=(*no, '0', 'no', 'n'))
    else:
        form = Form(labels=_labels(subject.distinct, yes, no))
    draft = Draft('boolean', form)
    draft.with_tokens(tuple(token for token in missing if token.text not in stray))
    draft.found('kind', f'every label is one of {", ".join(sorted(held - stray))}')
    return draft


def _without_strays(held: set[str], counts: dict[str, int]) -> set[str]:
    """Labels so rare beside a pair of yes and no that they are slips: named, and no value."""
    total = sum(counts[word] for word in held)
    return {word for word in held if counts[word] <= max(2, 0.005 * total) and not booleans.is_word(word)}


def _labels(distinct: Distinct, yes: tuple[str, ...], no: tuple[str, ...]) -> dict[str, str]:
    """Every spelling of each side as the commonest one; JSON's true and false among them."""
    labels: dict[str, str] = {}
    for side, truth in ((yes, ('true', '1')), (no, ('false', '0'))):
        spelled: Counter[str] = Counter()
        for word in side:
            for text, count in distinct.by_fold.get(word, ()):
                spelled[text] += count
        if spelled:
            labels.update(dict.fromkeys((*side, *truth), spelled.most_common(1)[0][0]))
    return labels


def _coordinates(subject: Subject) -> Draft | None:
    sample = subject.distinct.sample[:200]
    fit = sum(1 for text, _ in sample if pairs.pair_of(text) is not natives.UNKNOWN)
    if fit < ENOUGH * len(sample) or len(sample) < 2:
        return None
    plain = sum(1 for text, _ in sample if re.fullmatch(r'\d+[,;]\d+', text))
    if plain > 0.5 * len(sample):
        return None
    draft = Draft('coordinates', Form(type='pair'))
    draft.with_tokens(tokens_among_values(subject.distinct))
    draft.found('kind', 'every cell is a latitude and a longitude in degrees')
    return draft


def _written(subject: Subject) -> Draft | None:
    """Lists and records that a program wrote: JSON, or Python's."""
    sample = subject.distinct.sample[:200]
    found = [lists.literal_of(text) for text, _ in sample]
    as_lists = sum(isinstance(one, list | tuple | set) for one in found)
    as_records = sum(isinstance(one, dict) for one in found)
    if not sample or max(as_lists, as_records) < ENOUGH * len(sample):
        return None
    if as_records > as_lists:
        draft = record_draft(found)
    else:
        draft = Draft('list', Form(type='list', separator='json'))
        draft.found('kind', 'cells are written as lists of a program')
    draft.with_tokens(tokens_among_values(subject.distinct))
    return draft


def _separated(subject: Subject) -> Draft | None:
    """Labels between separators: few different ones, each in many cells and in several combinations."""
    rest = subject.distinct
    if len(rest.texts) < 3:
        return None
    for separator in lists.SEPARATORS:
        holding = [(text, count) for text, count in rest.sample if separator.strip() in text and text.strip()]
        share = sum(count for _, count in holding) / max(1, sum(count for _, count in rest.sample))
        if share < 0.2:
            continue
        items: Counter[str] = Counter()
        for text, count in rest.sample:
            for item in text.split(separator):
                items[fold(item)] += count
        if _are_items(items, len(rest.sample), share, separator) and not _are_places(holding, separator):
            form = Form(type='list', separator=separator, items=Form())
            draft = Draft('list', form, levels=tuple(item for item, _ in items.most_common(MOST_LEVELS)))
            draft.with_tokens(
                tuple(t for t in tokens_among_values(subject.distinct) if separator.strip() not in t.text)
            )
            draft.found(
                'kind', f'cells hold several labels between [{separator.strip() or "line breaks"}]',
                labels=len(items), share=round(share, 3),
            )  # fmt: skip
            return draft
    return None


def _are_items(items: Counter[str], combinations: int, share: float, separator: str) -> bool:
    """Whether the pieces are labels that recombine, and not parts of one text or name."""
    items.pop('', None)
    if len(items) < 2 or not all(_ITEM.fullmatch(item) for item in list(items)[:500]):
        return False
    if any(len(item.split()) > 3 for item in list(items)[:500]):
        return False
    recombine = combinations >= 1.3 * len(items) and len(items) <= 500
    few = separator in (';', '|') and combinations >= len(items) and len(items) <= 50 and share > 0.3
    slash = separator.strip() == '/'
    return (recombine or few) and not (slash and share > 0.95)


def _are_places(holding: list[tuple[str, int]], separator: str) -> bool:
    """`Smith, Ann`: always as many pieces, each with words of its own, is one text and no list."""
    pieces = [[fold(item) for item in text.split(separator)] for text, _ in holding]
    if len({len(one) for one in pieces}) != 1:
        return False
    vocabularies = [set(column) for column in zip(*pieces, strict=True)]
    together = set().union(*vocabularies)
    return sum(len(one) for one in vocabularies) <= 1.1 * len(together)


def _label_or_text(draft: Draft, subject: Subject, rest: Distinct) -> None:
    distinct = len(rest.texts)
    unique = distinct / rest.filled
    sample = [text for text, _ in rest.sample]
    lengths = sorted(len(text.split()) for text in sample)
    usual_words = lengths[len(lengths) // 2]
    patterned = sum(1 for text in sample if _PATTERNED.fullmatch(text) or _PHONE.fullmatch(text)) / len(
        sample
    )
    links = sum(1 for text in sample if _LINK.fullmatch(text)) / len(sample)
    draft.found('distinct', f'{distinct} different texts in {rest.filled} cells', share=round(unique, 4))
    if links > 0.9 and distinct > 5:
        draft.kind = 'text'
        draft.found('kind', 'cells are links or addresses', share=round(links, 3))
    elif distinct > _FEW and usual_words >= _LONG_WORDS and unique > 0.1:
        draft.kind = 'text'
        draft.found('kind', f'half of the cells have {usual_words} words or more', words=usual_words)
    elif words.says(subject.name, words.POSTAL) and distinct > _FEW and usual_words <= _PARTS_OF_A_CODE:
        # one that each row has to itself still begins as those nearby do
        draft.kind = 'code'
        draft.found('kind', f'the name [{subject.name}] is one of codes')
    elif (unique > 0.95 and rest.filled >= 20) or (unique == 1.0 and rest.filled >= 10 and patterned > 0.9):
        spoken = usual_words >= 3 or patterned < 0.5
        named = words.says(subject.name, words.IDENTIFIER)
        draft.kind = 'identifier' if named or patterned > 0.5 or not spoken else 'text'
        if draft.kind == 'text' and usual_words < 3:
            draft.kind = 'identifier'
        draft.found('kind', 'nearly every row has its own', share=round(unique, 4))
    elif patterned > 0.9 and distinct > _FEW and _names_things(subject, sample, unique):
        draft.kind = 'identifier'
        draft.found(
            'kind', 'texts with numbers that name things which stand in several rows', share=round(unique, 4)
        )
    elif patterned > 0.9 and words.says(subject.name, words.CODE):
        draft.kind = 'code'
    else:
        _category(draft, rest)


def _names_things(subject: Subject, sample: list[str], unique: float) -> bool:
    """Serial numbers under few prefixes (`P0102`), or whatever the name calls an identifier."""
    serial = [found for text in sample if (found := _SERIAL.fullmatch(text))]
    prefixes = {found[1] for found in serial}
    if words.says(subject.name, words.STRICT_IDENTIFIER):
        return True
    return unique > 0.02 and len(serial) > 0.95 * len(sample) and len(prefixes) <= max(3, 0.02 * len(sample))


def _category(draft: Draft, rest: Distinct) -> None:
    draft.kind = 'category'
    if len(rest.texts) <= 50_000:
        labels = _one_label_each(draft, rest)
        draft.form = replace(draft.form, labels=labels)
    groups = sorted(rest.by_fold.items(), key=lambda item: -sum(count for _, count in item[1]))
    levels = [draft.form.labels.get(folded) or group[0][0] for folded, group in groups]
    ordered = order_of(levels)
    if ordered:
        draft.kind, draft.levels = 'ordinal', ordered
        draft.found('levels', f'the labels are steps of a scale: {" < ".join(ordered[:8])}')
    else:
        draft.levels = tuple(levels[:MOST_LEVELS])


def _one_label_each(draft: Draft, rest: Distinct) -> dict[str, str]:
    """Labels that differ only in case or blanks are one, under the commonest spelling."""
    labels: dict[str, str] = {}
    folded_together = 0
    for word, group in rest.by_fold.items():
        if len(group) > 1:
            labels[word] = max(group, key=lambda one: one[1])[0]
            folded_together += len(group) - 1
    if labels:
        draft.found(
            'labels', f'{folded_together} spellings that differ in case or blanks only are taken for one label each',
            spellings=folded_together,
        )  # fmt: skip
    return labels
