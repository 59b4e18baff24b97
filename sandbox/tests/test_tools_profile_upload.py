"""Profiles of good tables in every form that is taken."""

from __future__ import annotations

import gzip
import json
import random
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from tempera_sandbox.tools import Context, ToolError, limits, run_tool

from .tool_files import make_context, plants

TABLE = 'name,size,ok\n' + ''.join(f'n{at % 7},{at * 1.5},{"yes" if at % 3 else "no"}\n' for at in range(60))


@pytest.fixture
def context(tmp_path: Path) -> Context:
    return make_context(tmp_path)


def profile(context: Context, name: str, content: bytes | str | None = None, **options: object) -> dict:
    if content is not None:
        (context.datasets / name).write_bytes(content.encode() if isinstance(content, str) else content)
    found = run_tool('profile_upload', {'file': name, **options}, context)
    json.dumps(found, allow_nan=False)
    return found


def types_of(found: dict) -> dict[str, str]:
    return {column['name']: column['type'] for column in found['columns']}


def column_of(found: dict, name: str) -> dict:
    return next(column for column in found['columns'] if column['name'] == name)


def test_a_csv_gives_its_whole_profile(context: Context) -> None:
    found = profile(context, 't.csv', TABLE)
    assert (found['format'], found['encoding'], found['delimiter'], found['header'], found['rows']) == (
        'csv',
        'utf-8',
        ',',
        True,
        60,
    )
    assert types_of(found) == {'name': 'category', 'size': 'number', 'ok': 'boolean'}
    assert found['preview'][0] == {'name': 'n0', 'size': '0.0', 'ok': 'no'} and len(found['preview']) == 20
    assert found['suggested_target']['name'] == 'ok' and 'last column' in found['suggested_target']['reason']


@pytest.mark.parametrize('delimiter', ['\t', ';', '|'])
def test_other_delimiters_are_found(context: Context, delimiter: str) -> None:
    found = profile(context, 't.txt', TABLE.replace(',', delimiter))
    assert found['delimiter'] == delimiter and found['rows'] == 60


def test_a_decimal_comma_is_no_delimiter(context: Context) -> None:
    found = profile(context, 't.csv', 'a;b\n' + ''.join(f'{at},5;{at * 2},25\n' for at in range(30)))
    assert found['delimiter'] == ';' and found['decimal'] == ','
    assert column_of(found, 'a')['max'] == 29.5


@pytest.mark.parametrize(
    ('written', 'named'),
    [
        ('utf-8', 'utf-8'),
        ('utf-8-sig', 'utf-8-sig'),
        ('cp1252', 'cp1252'),
        ('utf-16', 'utf-16-le'),
        ('cp1251', 'cp1251'),
        ('utf-16-le', 'utf-16-le'),
        ('utf-16-be', 'utf-16-be'),
    ],
)
def test_encodings_are_found(context: Context, written: str, named: str) -> None:
    name, cell = ('площадь', 'большая') if written == 'cp1251' else ('Größe', 'größer €')
    text = f'{name},Wert\n' + ''.join(f'{cell},{at}\n' for at in range(30))
    found = profile(context, 't.csv', text.encode(written))
    assert found['encoding'] == named and [column['name'] for column in found['columns']] == [name, 'Wert']
    is_proven = written in ('utf-8', 'utf-8-sig', 'utf-16')
    assert any('is a guess' in warning for warning in found['warnings']) is not is_proven


@pytest.mark.parametrize('packing', ['gz', 'zip'])
def test_packed_tables_are_read(context: Context, packing: str) -> None:
    path = context.datasets / f't.csv.{packing}'
    if packing == 'gz':
        path.write_bytes(gzip.compress(TABLE.encode()))
    else:
        with zipfile.ZipFile(path, 'w', zipfile.ZIP_DEFLATED) as archive:
            archive.writestr('folder/t.csv', TABLE)
            archive.writestr('__MACOSX/._t.csv', 'x')
    found = profile(context, path.name)
    assert (found['compression'], found['format'], found['rows']) == (packing, 'csv', 60)


@pytest.mark.parametrize('form', ['xlsx', 'parquet', 'json', 'jsonl', 'columns.json', 'parquet.gz'])
def test_other_formats_give_the_same_types(context: Context, form: str) -> None:
    frame = plants()
    path = context.datasets / f't.{form}'
    if form == 'xlsx':
        frame.to_excel(path, index=False)
    elif form.startswith('parquet'):
        frame.to_parquet(context.datasets / 'plain', index=False)
        plain = (context.datasets / 'plain').read_bytes()
        path.write_bytes(gzip.compress(plain) if form.endswith('gz') else plain)
    elif form == 'columns.json':
        path.write_text(
            json.dumps({name: json.loads(frame[name].to_json(orient='values')) for name in frame})
        )
    else:
        path.write_text(frame.to_json(orient='records', lines=form == 'jsonl'))
    found = profile(context, path.name)
    assert types_of(found) == {'size': 'number', 'colour': 'category', 'weight': 'number', 'kind': 'category'}
    assert found['rows'] == 120 and column_of(found, 'size')['missing'] == 4


@pytest.mark.parametrize(
    ('record', 'target_type'),
    [
        # As circulating copies of Pima diabetes, Automobile and Ionosphere are: numbers, `?` in the first row,
        # a letter at the end.
        (lambda at: [at % 17, 90 + at, 33.6 + at / 7, 0.1 * at, at % 2], 'boolean'),
        (
            lambda at: [
                at % 3,
                '?' if at < 4 else 60 + at,
                ('audi', 'bmw')[at % 2],
                88.6 + at % 9,
                13495 + at * at,
            ],
            'integer',
        ),
        (lambda at: [at % 2, 0.99 - at / 100, -0.05 * at, 0.85, 'gb'[at % 2]], 'category'),
    ],
)
def test_tables_without_a_header_get_numbered_columns(context: Context, record, target_type: str) -> None:
    found = profile(context, 't.csv', ''.join(','.join(map(str, record(at))) + '\n' for at in range(60)))
    assert (found['header'], found['rows']) == (False, 60)
    assert [column['name'] for column in found['columns']] == [f'column_{at}' for at in range(1, 6)]
    assert (
        found['suggested_target']['name'] == 'column_5'
        and column_of(found, 'column_5')['type'] == target_type
    )


def test_text_without_a_header_is_known_by_its_repeated_values(context: Context) -> None:
    found = profile(
        context, 't.csv', ''.join(f'{"pe"[at % 2]},{"xsn"[at % 3]},{"ab"[at % 2]}\n' for at in range(60))
    )
    assert found['header'] is False


def test_text_with_a_header_has_one(context: Context) -> None:
    found = profile(
        context, 't.csv', 'class,shape\n' + ''.join(f'{"pe"[at % 2]},{"xsn"[at % 3]}\n' for at in range(60))
    )
    assert found['header'] is True


def test_years_may_be_names(context: Context) -> None:
    found = profile(
        context,
        't.csv',
        'land,1990,1991,1992\n' + ''.join(f'l{at},{at}.5,{at}.7,{at}.1\n' for at in range(30)),
    )
    assert found['header'] is True


def test_every_type_is_found(context: Context) -> None:
    frame = pd.DataFrame(
        {
            'key': [f'A-{at:05d}' for at in range(40)],
            'n': range(40),
            'when': [f'2024-01-{at % 28 + 1:02d}' for at in range(40)],
            'flag': [at % 2 for at in range(40)],
            'city': ['Rome', 'Oslo'] * 20,
            'note': [f'a long note about case {at} and nothing else' for at in range(40)],
            'same': ['x'] * 40,
            'gone': [None] * 40,
            'price': [at * 1.25 for at in range(40)],
            'rooms': [at % 6 for at in range(40)],
        }
    )
    found = profile(context, 't.csv', frame.to_csv(index=False))
    assert list(types_of(found).values()) == [
        'id',
        'id',
        'date',
        'boolean',
        'category',
        'text',
        'constant',
        'constant',
        'number',
        'integer',
    ]
    assert column_of(found, 'gone')['all_missing'] is True
    assert found['suggested_target']['name'] == 'price'


def test_disguised_missing_values_are_counted(context: Context) -> None:
    cells = ['?', 'NA', 'N/A', '', '-', 'null', 'none', 'NaN', ' '] + [str(at) for at in range(21)]
    column = column_of(
        profile(context, 't.csv', 'a,b\n' + ''.join(f'{cell},{at % 2}\n' for at, cell in enumerate(cells))),
        'a',
    )
    assert column['missing'] == 9 and column['distinct'] == 21 and column['missing_disguises']['?'] == 1


def test_shuffled_rows_change_no_decision(context: Context) -> None:
    frame = plants(300)
    shuffled = frame.sample(frac=1, random_state=3)
    first, second = (
        profile(context, f'{at}.csv', one.to_csv(index=False, na_rep='?'))
        for at, one in enumerate((frame, shuffled))
    )
    assert first['columns'] == second['columns'] and first['suggested_target'] == second['suggested_target']


def test_the_same_bytes_give_the_same_answer(context: Context) -> None:
    assert profile(context, 't.csv', TABLE) == profile(context, 't.csv', TABLE)


def test_rows_with_too_many_fields_are_left_out_and_counted(context: Context) -> None:
    found = profile(context, 't.csv', TABLE + 'a,b,c,d\n')
    assert found['rows'] == 60 and any(
        '1 line left out as rows with too many or too few fields (line 62)' in warning
        for warning in found['warnings']
    )


def test_quoted_line_breaks_belong_to_their_cell(context: Context) -> None:
    found = profile(context, 't.csv', 'text,"a\nb",n\n' + '"x, ""y""\nz",1,2\n' * 25)
    assert found['rows'] == 25 and found['columns'][1]['name'] == 'a\nb'


def test_a_named_target_is_checked_and_kept(context: Context) -> None:
    assert profile(context, 't.csv', TABLE, target='size')['target'] == 'size'


def test_a_wrong_target_offers_the_nearest_names(context: Context) -> None:
    with pytest.raises(ToolError, match="Did you mean 'size'") as refused:
        profile(context, 't.csv', TABLE, target='Sizes')
    assert refused.value.code == 'UNKNOWN_TARGET' and refused.value.details['nearest'][0] == 'size'


def test_a_large_table_is_sampled_evenly_and_counted_exactly(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, 'DETAIL_ROWS', 2_000)
    generator = random.Random(5)
    rows = [f'{at},{generator.choice("abc")},{generator.random():.4f}' for at in range(30_001)]
    found = profile(context, 't.csv', 'n,kind,x\n' + '\n'.join(rows))
    assert found['rows'] == 30_001 and 900 < found['sampled_rows'] <= 2_000
    assert column_of(found, 'n')['max'] > 29_900 and any(
        'even sample' in warning for warning in found['warnings']
    )


def test_codes_for_missing_are_pointed_out(context: Context) -> None:
    found = profile(
        context,
        't.csv',
        'a,b\n' + ''.join(f'{-999 if at % 9 == 0 else at % 17},{at % 2}\n' for at in range(90)),
    )
    assert column_of(found, 'a')['possible_missing_code'] == -999
