"""Bad and hostile uploads: each is refused with a sentence that names the file, the limit and the remedy."""

from __future__ import annotations

import gzip
import io
import os
import pickle
import struct
import zipfile
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tempera_sandbox.tools import Context, ToolError, limits, run_tool
from tempera_sandbox.tools.uploads.workbook_checks import open_extents

from .tool_files import make_context


@pytest.fixture
def context(tmp_path: Path) -> Context:
    return make_context(tmp_path)


def refused(context: Context, name: str, content: bytes | str, *words: str, **options: object) -> ToolError:
    (context.datasets / name).write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(ToolError) as caught:
        run_tool('profile_upload', {'file': name, **options}, context)
    assert caught.value.code == 'INVALID_DATASET', caught.value
    assert caught.value.message.startswith((f'{name}: ', f'[{name}] '))
    for word in words:
        assert word in caught.value.message, caught.value.message
    return caught.value


def zipped(entries: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, 'w', zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return target.getvalue()


ROWS = 'a,b\n' + '1,2\n' * 30


@pytest.mark.parametrize(
    ('name', 'content', 'words'),
    [
        ('empty.csv', b'', ('empty',)),
        ('blank.csv', b'\n\n  \n', ('holds no text', 'a row of names')),
        ('header.csv', b'a,b\n', ('no rows', 'MIN_ROWS')),
        ('one_row.csv', b'a,b\n1,2\n', ('1 row', 'MIN_ROWS')),
        ('one_column.csv', b'a\n' + b'1\n' * 30, ('one column', 'MIN_COLUMNS')),
        ('all_missing.csv', b'a,b\n' + b'?,NA\n' * 30, ('every cell is missing',)),
        ('records.csv', b'[{"a": 1, "b": 2}, {"a": 3, "b": 4}]' * 9, ('no whole JSON document',)),
        (
            'long_name.csv',
            b'a,' + b'b' * 200_000 + b'\n' + b'1,2\n' * 30,
            ('column 2', '200,000 characters', 'MAX_COLUMN_NAME_CHARS'),
        ),
        ('nul.csv', b'a,b\n1,2\n3,\x004\n' * 10, ('NUL byte', 'line 3')),
        ('noise.csv', os.urandom(60_000), ('binary',)),
        ('noise.bin', bytes(range(256)) * 40, ('binary',)),
        ('p.pdf', b'%PDF-1.7\n' + b'x' * 100, ('PDF',)),
        ('old.xls', b'\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1' + b'\0' * 600, ('damaged workbook', 'save it again')),
        ('model.pkl', pickle.dumps({'a': list(range(100))}, protocol=4), ('pickle', 'never loaded')),
        (
            'mixed.csv',
            'größe,b\n'.encode() + 'ü,1\n'.encode() * 30 + 'ü,2\n'.encode('latin-1'),
            ('encodings are mixed', 'line 32'),
        ),
        ('half.csv', 'a,b\n1,2\n'.encode('utf-16') + b'\x00\xd8\x00', ('does not stay so',)),
        ('cut.parquet', b'PAR1' + b'x' * 50, ('cut short',)),
        ('broken.parquet', b'PAR1' + b'x' * 50 + struct.pack('<I', 40) + b'PAR1', ('cannot be read',)),
        (
            'footer.parquet',
            b'PAR1' + b'x' * 50 + struct.pack('<I', 2**31) + b'PAR1',
            ('MAX_PARQUET_FOOTER_BYTES',),
        ),
        ('broken.gz', gzip.compress(ROWS.encode())[:-12], ('damaged or cut off', 'Pack it again')),
        ('broken.zip', zipped({'a.csv': ROWS.encode()})[:-30], ('damaged or locked', 'Pack it again')),
        (
            'nested.zip',
            zipped({'a.zip': zipped({'b.zip': zipped({'a.csv': ROWS.encode()})})}),
            ('a.zip/b.zip', 'an archive inside an archive inside an archive'),
        ),
        ('none.zip', zipped({}), ('holds no table', 'rows under names')),
        ('up.zip', zipped({'../../etc/a.csv': ROWS.encode()}), ('leads out of its folder',)),
        ('root.zip', zipped({'/etc/a.csv': ROWS.encode()}), ('leads out of its folder',)),
        ('drive.zip', zipped({'C:\\a.csv': ROWS.encode()}), ('leads out of its folder',)),
        ('many.zip', zipped({f'f{at}.csv': b'' for at in range(1_001)}), ('MAX_ARCHIVE_ENTRIES',)),
        ('zero.zip', zipped({'a.csv': b''}), ('empty',)),
        (
            'rows.csv',
            b'a,b\n' + b'3,4\n' * 2_000_001,
            ('2,000,001 rows', 'at most 2,000,000 can be read (MAX_ROWS)'),
        ),
        (
            'line.csv',
            b'a,b\n1,2\n' + b'x' * 9_000_000 + b',1\n',
            ('line 3 is longer', 'MAX_ROW_BYTES', 'Shorten'),
        ),
        (
            'cell.csv',
            b'a,b\n1,2\n"' + b'x\n' * 600_000 + b'",1\n2,3\n',
            ('column', 'MAX_CELL_BYTES', 'Shorten'),
        ),
        ('page.csv', b'<!DOCTYPE html><table><tr><td>1</td></tr></table>', ('web page', 'Export the table')),
        (
            'deep3.jsonl',
            (b'{"a":' + b'[' * 100_000 + b']' * 100_000 + b',"b":1}\n') * 3,
            ('nested too deep',),
        ),
        ('bad.json', b'[{"a": 1,', ('not valid JSON',)),
        ('deep.json', b'[' * 100_000, ('JSON',)),
        ('deep2.json', b'[{"a":' + b'[' * 100_000, ('JSON',)),
        ('list.json', b'[1, 2, 3]', ('without a list of records', 'Give a list of objects')),
        ('keys.jsonl', b'{"a": 1, "a": 2, "b": 1}\n' * 3, ('more than once',)),
        ('one.jsonl', b'{"a": 1}\n' * 30, ('one column',)),
        ('fake.xlsx', b'PK\x03\x04' + b'\0' * 100, ('damaged', 'Pack it again')),
    ],
)
def test_bad_files_are_refused(context: Context, name: str, content: bytes, words: tuple[str, ...]) -> None:
    refused(context, name, content, *words)


def test_an_all_missing_target_is_refused(context: Context) -> None:
    refused(context, 't.csv', 'a,b,c\n' + '1,,3\n2,,4\n' * 15, "'b' is missing in every row", target='b')


def test_too_many_columns_are_refused_whatever_their_number(context: Context) -> None:
    wide = ','.join(f'c{at}' for at in range(8_001))
    refused(
        context,
        'wide.csv',
        wide + '\n' + (','.join(['1'] * 8_001) + '\n') * 3,
        '8,001 columns',
        'at most 8,000 can be read (MAX_COLUMNS)',
    )
    million = ','.join(['1'] * 1_000_000)
    refused(context, 'million.csv', f'{million}\n{million}\n', 'at least', 'columns', 'MAX_COLUMNS')


def test_the_limits_of_the_caller_bind(context: Context) -> None:
    refused(context, 't.csv', 'a,b,c\n' + '1,2,3\n' * 30, 'MAX_COLUMNS', max_columns=2)
    refused(
        context, 'u.csv', 'a,b,c\n' + '1,2,3\n' * 30, 'MAX_UNCOMPRESSED_BYTES', max_uncompressed_bytes=100
    )


@pytest.mark.parametrize('packing', ['gz', 'zip'])
def test_a_decompression_bomb_is_stopped_by_its_ratio(context: Context, packing: str) -> None:
    bomb = b'a,b\n' + b'1,2\n' * (24 * limits.MIB)
    content = gzip.compress(bomb, 6) if packing == 'gz' else zipped({'t.csv': bomb})
    assert len(content) < limits.MIB
    refused(context, f'bomb.{packing}', content, 'MAX_COMPRESSION_RATIO', 'bomb')


def test_a_zip_that_lies_about_its_size_is_stopped_while_it_streams(context: Context) -> None:
    content = bytearray(zipped({'t.csv': b'a,b\n' + b'1,2\n' * (24 * limits.MIB)}))
    real = struct.pack('<I', 4 + 4 * 24 * limits.MIB)
    assert content.count(real) == 2
    refused(context, 'lie.zip', bytes(content.replace(real, struct.pack('<I', 4_000))), 'lie.zip')


def test_a_password_is_refused(context: Context) -> None:
    content = bytearray(zipped({'t.csv': ROWS.encode()}))
    content[6] |= 1
    content[content.index(b'PK\x01\x02') + 8] |= 1
    refused(context, 'secret.zip', bytes(content), 'password')


def test_a_link_in_an_archive_is_refused(context: Context) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, 'w') as archive:
        entry = zipfile.ZipInfo('t.csv')
        entry.external_attr = 0o120777 << 16
        archive.writestr(entry, '/etc/passwd')
    refused(context, 'link.zip', target.getvalue(), 'link')


def test_parquet_that_stands_for_far_more_is_refused(context: Context) -> None:
    long_text = pa.DictionaryArray.from_arrays(
        pa.array([0] * 20_000, pa.int32()), pa.array(['x' * 2_000_000])
    )
    pq.write_table(
        pa.table({'a': long_text, 'b': pa.array([1] * 20_000)}), context.datasets / 't', compression='zstd'
    )
    refused(context, 'text.parquet', (context.datasets / 't').read_bytes(), 'bomb', 'MAX_CELL_BYTES')


def test_a_parquet_that_unpacks_to_far_more_is_refused(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, 'RATIO_CHECKED_FROM_BYTES', 4 * limits.MIB)
    halves = pa.table({'a': pa.array([1.5] * 1_000_000), 'b': pa.array([0.5] * 1_000_000)})
    pq.write_table(halves, context.datasets / 't', compression='zstd', use_dictionary=False)
    content = (context.datasets / 't').read_bytes()
    assert len(content) * limits.MAX_COMPRESSION_RATIO < 16_000_000
    refused(context, 'halves.parquet', content, 'MAX_COMPRESSION_RATIO', 'bomb')


def test_a_parquet_of_very_many_rows_is_sampled(context: Context) -> None:
    rows = 1_000_000
    pq.write_table(
        pa.table({'a': pa.array([1, 2] * (rows // 2), pa.int8()), 'b': pa.array(range(rows))}),
        context.datasets / 't.parquet',
    )
    found = run_tool('profile_upload', {'file': 't.parquet'}, context)
    assert found['rows'] == rows and found['sampled_rows'] <= limits.DETAIL_ROWS


def parts_of_a_book() -> dict[str, bytes]:
    """The files of a workbook of two columns and two rows."""
    book = openpyxl.Workbook()
    for row in (['a', 'b'], [1, 2], [3, 4]):
        book.active.append(row)
    plain = io.BytesIO()
    book.save(plain)
    parts = zipfile.ZipFile(plain)
    return {name: parts.read(name) for name in parts.namelist()}


def test_a_sheet_that_claims_a_million_rows_is_read_by_its_cells(context: Context) -> None:
    changed = parts_of_a_book()
    sheet = 'xl/worksheets/sheet1.xml'
    changed[sheet] = changed[sheet].replace(b'ref="A1:B3"', b'ref="A1:XFD1048576"')
    (context.datasets / 't.xlsx').write_bytes(zipped(changed))
    assert run_tool('profile_upload', {'file': 't.xlsx'}, context)['rows'] == 2
    changed[sheet] = b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + changed[sheet]
    refused(context, 'entity.xlsx', zipped(changed), 'XML entities')


def test_two_cells_in_opposite_corners_of_a_sheet_are_refused(context: Context) -> None:
    far = parts_of_a_book()
    sheet = 'xl/worksheets/sheet1.xml'
    for cell in (b'<c r="XFD1048576"><v>1</v></c>', b'<c><v>1</v></c><c r="XFD9"><v>1</v></c>'):
        corner = b'<row r="1048576">' + cell + b'</row></sheetData>'
        changed = far | {sheet: far[sheet].replace(b'</sheetData>', corner)}
        refused(
            context, 'far.xlsx', zipped(changed), '1,048,576 rows', 'MAX_WORKBOOK_CELLS', 'far from the table'
        )


def test_far_cells_of_an_open_document_are_refused(context: Context) -> None:
    cell = (
        '<table:table-cell office:value-type="float" office:value="1"><text:p>1</text:p></table:table-cell>'
    )
    gap = '<table:table-cell table:number-columns-repeated="16000"/>'
    rows = f'<table:table-row>{cell}{gap}{cell}</table:table-row><table:table-row table:number-rows-repeated="1000000">'
    sheet = f'<table:table table:name="a">{rows}<table:table-cell/></table:table-row>'
    near = f'{sheet}</table:table>'
    far = f'{sheet}<table:table-row>{cell}</table:table-row></table:table>'
    kind = 'application/vnd.oasis.opendocument.spreadsheet'
    for content, refuses in ((near, False), (far, True)):
        parts = {'mimetype': kind.encode(), 'content.xml': content.encode()}
        assert open_extents(content.encode()) == [(1_000_002 if refuses else 1, 16_002)]
        if refuses:
            refused(
                context, 'far.ods', zipped(parts), '1,000,002 rows and 16,002 columns', 'MAX_WORKBOOK_CELLS'
            )


def test_far_cells_of_a_binary_workbook_are_refused(context: Context) -> None:
    def record(kind: int, *numbers: int) -> bytes:
        body = struct.pack(f'<{len(numbers)}I', *numbers)
        return bytes([kind, len(body)]) + body

    # a row's head, a cell of it, the head of a far row, a blank cell, a cell with a number
    corners = (
        record(0, 0, 0) + record(2, 0, 0) + record(0, 1_048_575, 0) + record(1, 9, 0) + record(5, 16_383, 0)
    )
    parts = {'xl/workbook.bin': b'', 'xl/worksheets/sheet1.bin': corners}
    refused(context, 'far.xlsb', zipped(parts), '1,048,576 rows and 16,384 columns', 'MAX_WORKBOOK_CELLS')


def test_a_workbook_bomb_is_refused(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, 'MAX_WORKBOOK_BYTES', 8 * limits.MIB)
    parts = {
        '[Content_Types].xml': b'<Types/>',
        'xl/workbook.xml': b'<workbook/>',
        'xl/sharedStrings.xml': b'<a>' + b' ' * (9 * limits.MIB),
    }
    refused(context, 'bomb.xlsx', zipped(parts), 'MAX_WORKBOOK_BYTES')


@pytest.mark.parametrize('path', ['../x.csv', '/etc/passwd', 'a\0b', '..%2fx', 'link.csv'])
def test_paths_that_lead_out_are_refused(context: Context, path: str) -> None:
    (context.datasets / 'link.csv').symlink_to('/etc/passwd')
    with pytest.raises(ToolError) as caught:
        run_tool('profile_upload', {'file': path}, context)
    assert caught.value.code == 'INVALID_PATH'
