"""The playbooks read a table the same in every form that an upload may have."""

from __future__ import annotations

import csv
import gzip
import json
import re
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from .test_playbooks import PLAYBOOKS, whole
from .tool_files import plants

FORMS = [
    'csv',
    'tsv',
    'csv.gz',
    'zip',
    'xlsx',
    'parquet',
    'parquet.gz',
    'json',
    'jsonl',
    'json.gz',
    'columns.json',
]


def reader(folder: Path) -> dict:
    """The functions of the profile playbook, without what it does when it is run."""
    text = whole(PLAYBOOKS / 'eda_profile.py')
    text = text[: text.index('\n# 1. ')].replace('from tempera import paths\n', '')
    space = {'__name__': 'playbook', 'csv': csv, 'json': json, 're': re, 'np': np, 'pd': pd}
    exec(compile(text, 'eda_profile', 'exec'), space)
    return space


def write(folder: Path, form: str, table: pd.DataFrame) -> Path:
    path = folder / f'plants.{form}'
    text = table.to_csv(index=False).encode()
    if form == 'zip':
        with zipfile.ZipFile(path, 'w', zipfile.ZIP_DEFLATED) as archive:
            archive.writestr('__MACOSX/._plants.csv', 'x')
            archive.writestr('folder/plants.csv', text)
    elif form == 'xlsx':
        table.to_excel(path, index=False, sheet_name='Blätter')
    elif form.startswith('parquet'):
        table.to_parquet(folder / 'plain', index=False)
        plain = (folder / 'plain').read_bytes()
        path.write_bytes(gzip.compress(plain) if form.endswith('gz') else plain)
    elif form == 'columns.json':
        path.write_text(
            json.dumps({name: json.loads(table[name].to_json(orient='values')) for name in table})
        )
    elif form.startswith('json'):
        records = table.to_json(orient='records', lines=form == 'jsonl', force_ascii=False).encode()
        path.write_bytes(gzip.compress(records) if form.endswith('gz') else records)
    else:
        content = table.to_csv(index=False, sep='\t').encode() if form == 'tsv' else text
        path.write_bytes(gzip.compress(content) if form.endswith('gz') else content)
    return path


@pytest.mark.parametrize('form', FORMS)
def test_every_form_gives_the_same_table(tmp_path: Path, form: str) -> None:
    playbook = reader(tmp_path)
    table = plants()
    path = write(tmp_path, form, table)
    read = playbook['how_to_read'](path)
    assert read['header'] is True and read['file'] == path.name
    raw = playbook['read_raw'](tmp_path, read)
    assert list(raw.columns) == list(table.columns) and len(raw) == len(table)
    kinds = {
        column['name']: column['kind']
        for column in (playbook['describe'](name, raw[name], read) for name in raw.columns)
    }
    assert kinds == {'size': 'number', 'colour': 'category', 'weight': 'number', 'kind': 'category'}
    plan = {'read': read, 'missing_tokens': playbook['MISSING_TOKENS'], 'date_formats': {}}
    clean = playbook['clean_table'](raw, kinds, plan)
    assert clean['size'].isna().sum() == 4
    np.testing.assert_allclose(clean['weight'], table['weight'])
    assert clean['kind'].tolist() == table['kind'].tolist()


def test_a_sheet_without_header_and_with_blank_rows_is_read(tmp_path: Path) -> None:
    playbook = reader(tmp_path)
    table = pd.DataFrame([[at % 7, at / 4, at % 2 == 0] for at in range(30)], dtype=object)
    table.loc[9.5] = [None, None, None]
    table.sort_index().to_excel(tmp_path / 't.xlsx', index=False, header=False)
    read = playbook['how_to_read'](tmp_path / 't.xlsx')
    raw = playbook['read_raw'](tmp_path, read)
    assert (read['header'], list(raw.columns), len(raw)) == (False, ['column_1', 'column_2', 'column_3'], 30)
    assert set(raw['column_3']) == {'true', 'false'}


def test_a_table_that_unpacks_past_the_limit_is_refused(tmp_path: Path) -> None:
    playbook = reader(tmp_path)
    playbook['MOST_BYTES'] = 1000
    (tmp_path / 't.json.gz').write_bytes(gzip.compress(json.dumps([{'a': 1}] * 400).encode()))
    with pytest.raises(ValueError, match='upload fewer rows'):
        playbook['read_raw'](tmp_path, playbook['how_to_read'](tmp_path / 't.json.gz'))


def test_plain_blanks_are_no_disguise_and_mixed_units_are_flagged(tmp_path: Path) -> None:
    playbook = reader(tmp_path)
    read = {'decimal': '.'}
    blank = playbook['describe']('a', pd.Series(['1.5', '', ' ', '?', 'NA'] * 20), read)
    assert (blank['missing'], blank['disguised'], blank['disguises']) == (80, 40, ['?', 'NA'])
    mixed = playbook['describe']('b', pd.Series([f'{at} %' if at % 3 else f'{at}' for at in range(60)]), read)
    assert mixed['kind'] == 'number' and 'mixed_units' in mixed['flags']
    assert (
        'mixed_units'
        not in playbook['describe']('c', pd.Series([f'{at} %' for at in range(60)]), read)['flags']
    )


def test_whole_numbers_that_are_codes_by_their_name_are_flagged(tmp_path: Path) -> None:
    playbook = reader(tmp_path)
    numbers = pd.Series([str(10_000 + at % 90) for at in range(300)])
    assert 'code' in playbook['describe']('zip', numbers, {'decimal': '.'})['flags']
    assert 'code' not in playbook['describe']('salary', numbers, {'decimal': '.'})['flags']
