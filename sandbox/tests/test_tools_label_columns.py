"""Members that learn terms from labelled columns: what they find, what they leave open, what they refuse."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tempera_sandbox.tools import Context, ToolError, limits, run_tool
from tempera_sandbox.tools.members.columns import Column, chosen
from tempera_sandbox.tools.members.figures import figures_of, numbers_in
from tempera_sandbox.tools.members.texts import form_of, name_words

from .tool_files import make_context

WORDS = 'amber birch cedar delta ember flint grove haven ivory jasper knoll lotus maple north ocean'.split()


@pytest.fixture
def context(tmp_path: Path) -> Context:
    return make_context(tmp_path)


def values_of(kind: str, dice: random.Random) -> list[str]:
    makers = {
        'MAIL': lambda: f'{dice.choice(WORDS)}.{dice.choice(WORDS)}@{dice.choice(WORDS)}.example',
        'DAY': lambda: f'20{dice.randint(10, 29)}-{dice.randint(1, 12):02d}-{dice.randint(1, 28):02d}',
        'PRICE': lambda: f'{dice.randint(1, 900)}.{dice.randint(0, 99):02d}',
        'NOTE': lambda: ' '.join(dice.choice(WORDS) for _ in range(dice.randint(4, 12))),
    }
    return [makers[kind]() for _ in range(12)]


def columns(count: int, labelled: int, seed: int = 1) -> list[dict[str, Any]]:
    """Of four kinds in turn; names say nothing, and the first ones have labels."""
    dice = random.Random(seed)
    kinds = ['MAIL', 'DAY', 'PRICE', 'NOTE']
    return [
        {
            'name': f'c{at % 7}',
            'values': values_of(kinds[at % 4], dice),
            **({'label': kinds[at % 4]} if at < labelled else {}),
        }
        for at in range(count)
    ]


def labelled_by(context: Context, some: list[dict[str, Any]] | str, **options: object) -> dict[str, Any]:
    text = some if isinstance(some, str) else '\n'.join(json.dumps(column) for column in some)
    (context.datasets / 'columns.jsonl').write_text(text, 'utf-8')
    found = run_tool('label_columns', {'file': 'columns.jsonl', **options}, context)
    json.dumps(found, allow_nan=False).encode()
    return found


def refused(context: Context, some: str, **options: object) -> str:
    with pytest.raises(ToolError) as caught:
        labelled_by(context, some, **options)
    assert caught.value.code == 'INVALID_ARGUMENT'
    return caught.value.message


@pytest.mark.parametrize('member', ['svm', 'catboost'])
def test_columns_without_telling_names_are_known_by_their_values(context: Context, member: str) -> None:
    found = labelled_by(context, columns(80, 40), members=[member], first=40)
    answers = found['members'][member]['columns']
    assert len(answers) == 40
    right = [
        found['codes'][answer[0][0]] == ['MAIL', 'DAY', 'PRICE', 'NOTE'][at % 4]
        for at, answer in enumerate(answers)
    ]
    assert sum(right) >= 38
    for answer in answers:
        shares = [share for _, share in answer]
        assert shares == sorted(shares, reverse=True)
        assert 0.5 < sum(shares) <= 1.0001


def test_names_tell_where_values_do_not(context: Context) -> None:
    some = [
        {'name': f'{name}_{at}', 'values': ['1', '2', '3'], **({'label': label} if at < 5 else {})}
        for at in range(7)
        for name, label in (('ship_weight', 'WEIGHT'), ('shelfCount', 'COUNT'))
    ]
    found = labelled_by(context, some, members=['svm'])
    last = [found['codes'][answer[0][0]] for answer in found['members']['svm']['columns'][-2:]]
    assert last == ['WEIGHT', 'COUNT']


def test_the_same_columns_and_seed_answer_the_same_in_parts_as_in_one(context: Context) -> None:
    some = columns(40, 24)
    whole = labelled_by(context, some, seed=5)
    assert labelled_by(context, some, seed=5) == whole
    parts = [labelled_by(context, some, seed=5, first=first, count=20) for first in (0, 20)]
    for member, answer in whole['members'].items():
        for key, values in answer.items():
            assert [each for part in parts for each in part['members'][member][key]] == values


def test_a_column_unlike_all_that_was_learned_is_left_open(context: Context) -> None:
    odd = {'name': 'k', 'values': ['名前', '漢字', 'かな']}
    some = [*columns(40, 40), odd, {'name': '', 'values': []}]
    found = labelled_by(context, some, members=['svm'])
    known, strange = (found['members']['svm']['columns'][at] for at in (0, 40))
    assert sum(share for _, share in strange) < 0.6 < sum(share for _, share in known)


def test_terms_with_few_columns_make_the_trees_less_sure_and_are_none_of_theirs(context: Context) -> None:
    some = columns(24, 24)
    once = [{'name': 'x', 'values': [str(at)] * 3, 'label': f'ONCE_{at}'} for at in range(12)]
    alone, beside = (labelled_by(context, each, members=['catboost']) for each in (some, some + once))
    sums = [
        sum(share for _, share in found['members']['catboost']['columns'][0]) for found in (alone, beside)
    ]
    assert sums[0] > 0.95
    assert sums[1] == pytest.approx(sums[0] * 24 / 36, abs=0.05)
    named = {number for answer in beside['members']['catboost']['columns'] for number, _ in answer}
    assert not [number for number in named if beside['codes'][number].startswith('ONCE')]
    assert all(variance >= 0 for variance in beside['members']['catboost']['variance'])


def test_where_too_little_is_labelled_nobody_learns_and_it_is_said(context: Context) -> None:
    none = labelled_by(context, columns(8, 1))
    assert none['members'] == {}
    assert none['left_out'] == ['1 of the terms have a labelled column; two are needed.']
    few = labelled_by(context, columns(8, 4))
    assert list(few['members']) == ['svm']
    assert few['left_out'] == ['No two terms have the three labelled columns that catboost needs.']


def test_people_outweigh_a_model_and_no_term_takes_all_the_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, 'MAX_LEARNED_OF_TERM', 3)
    monkeypatch.setattr(limits, 'MAX_LEARNED_COLUMNS', 4)

    def many() -> Iterator[Column]:
        for at in range(50):
            yield Column(f'c{at}', '', '', ('1',), 'COMMON', 0.5 if at != 41 else 1.0)
        yield Column('r', '', '', ('2',), 'RARE', 0.5)
        yield Column('u', '', '', ('3',), None, 1.0)

    taken, labelled = chosen(many(), 0)
    assert labelled == 51
    assert sorted(column.label or '' for column in taken) == ['COMMON', 'COMMON', 'COMMON', 'RARE']
    assert 'c41' in {column.name for column in taken}


@pytest.mark.parametrize(
    ('line', 'message'),
    [
        ('{', 'Line 1 of the columns is no JSON.'),
        ('[]', 'Line 1 of the columns has no name.'),
        ('{"name": "a", "values": "x"}', 'Line 1 of the columns has no list of texts as its values.'),
        ('{"name": "a", "values": [1]}', 'Line 1 of the columns has no list of texts as its values.'),
        ('{"name": "a", "values": [], "label": ""}', 'Line 1 of the columns has a label that is no code.'),
        ('{"name": "a", "values": [], "weight": 2}', 'a weight that is not above 0 and at most 1'),
    ],
)
def test_columns_that_are_not_so_are_refused_with_their_line(
    context: Context, line: str, message: str
) -> None:
    assert message in refused(context, line)


def test_what_is_too_long_or_unknown_is_refused(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    assert 'members must be a list of svm and catboost' in refused(context, '', members=['lstm'])
    monkeypatch.setattr(limits, 'MAX_COLUMN_LINE_BYTES', 100)
    assert 'is longer than 100 bytes' in refused(context, json.dumps({'name': 'x' * 200, 'values': []}))


def test_parts_of_names_forms_and_numbers() -> None:
    assert name_words('custEMail_addr2') == ['cust', 'e', 'mail', 'addr', '2']
    assert name_words('HTTPStatus größe') == ['http', 'status', 'größe']
    assert [form_of(value) for value in ('Ab 12-3', 'DE89 3704', '5.0e-3')] == [
        'a 99-9',
        'A99 9999',
        '9.9a-9',
    ]
    assert numbers_in(['1,5', ' 20 %', '1e3', 'x', '', '1.2.3', '9' * 400]) == [1.5, 20.0, 1000.0]
    figures = [
        figures_of(Column('a', '', '', values, None, 1.0)) for values in ((), ('1', '-2.5'), ('a@b', 'é'))
    ]
    assert len({len(each) for each in figures}) == 1
