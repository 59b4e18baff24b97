"""The scripts' table is the same in every form that an upload may have."""

from __future__ import annotations

import gzip
import json
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tempera.learning.summary import coarse_kind
from tempera.tables import read, understand

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
    table = plants()
    path = write(tmp_path, form, table)
    plan = understand(path)
    frame = read(path, plan)
    assert plan.file.has_header and plan.names == tuple(table.columns) and len(frame) == len(table)
    kinds = {column.name: coarse_kind(column) for column in plan.columns}
    assert kinds == {'size': 'number', 'colour': 'category', 'weight': 'number', 'kind': 'category'}
    assert frame['size'].isna().sum() == 4
    np.testing.assert_allclose(frame['weight'].astype(float), table['weight'])
    assert frame['kind'].tolist() == table['kind'].tolist()


def test_a_sheet_without_header_and_with_blank_rows_is_read(tmp_path: Path) -> None:
    table = pd.DataFrame([[at % 7, at / 4, at % 2 == 0] for at in range(30)], dtype=object)
    table.loc[9.5] = [None, None, None]
    table.sort_index().to_excel(tmp_path / 't.xlsx', index=False, header=False)
    plan = understand(tmp_path / 't.xlsx')
    frame = read(tmp_path / 't.xlsx', plan)
    assert (plan.file.has_header, len(frame), plan.columns[2].kind) == (False, 30, 'boolean')
    assert plan.names == ('column_1', 'column_2', 'column_3')
