"""Where a table stands in a text: heads, titles, notes, totals, ragged rows, quotes; each layout as people leave it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tempera.tables import TablePlan, read, understand
from tempera.tables.grid import cut
from tempera.tables.plan import Dialect
from tempera.tables.read import read_raw

HEAD = 'station,level,colour,hits'
NAMES = tuple(HEAD.split(','))


def body(count: int = 40, start: int = 0) -> list[str]:
    return [
        f'S{place:03},{place * 0.37 - 3:.3f},{("red", "blue")[place % 2]},{place * 7 % 50}'
        for place in range(start, start + count)
    ]


def with_mark(mark: str) -> Callable[[str], str]:
    return lambda line: line.replace(',', mark)


def opened(lines: list[str], tmp_path: Path) -> tuple[TablePlan, list[list[str]]]:
    file = tmp_path / 'table.csv'
    file.write_text('\n'.join(lines) + '\n', newline='')
    plan = understand(file)
    table = read_raw(file, plan)
    assert len(table) == plan.file.rows_used == len(read(file, plan))
    columns = [column.to_pylist() for column in table.columns]
    return plan, [list(row) for row in zip(*columns, strict=True)]


WHOLE = [line.split(',') for line in body()]
LAYOUTS: dict[str, tuple[list[str], dict[str, int]]] = {
    'plain': ([HEAD, *body()], {}),
    'a title above': (['Levels of the stations in 2024', HEAD, *body()], {'title': 1}),
    'a title and a blank line': (['Report', '', HEAD, *body()], {'title': 1, 'blank': 1}),
    'keys and values above': (
        ['Station:,North', 'Operator:,Ann', 'Date:,2024-05-01', '', HEAD, *body()],
        {'title': 3, 'blank': 1},
    ),
    'a line for spreadsheets': (['sep=,', HEAD, *body()], {'title': 1}),
    'a row of units': ([HEAD, '-,m,-,1/h', *body()], {'units': 1}),
    'a row that says it holds units': ([HEAD, 'Units,Ohm,,', *body()], {'units': 1}),
    'units, then other names': ([HEAD, '[Unit],A/K,,', '[0],lib_level,,', *body()], {'units': 1, 'header': 1}),
    'names in a few fields below the names': ([HEAD, '[0],,lib_colour,lib_hits', *body()], {'header': 1}),
    'units in brackets': ([HEAD, ',(m),,(n)', *body()], {'units': 1}),
    'a line under the names': ([HEAD, '-------,-----,------,----', *body()], {'separator': 1}),
    'names again half way': ([HEAD, *body(20), HEAD, *body(20, 20)], {'repeated_header': 1}),
    'a total': ([HEAD, *body(), 'Total,12.5,,2000'], {'total': 1}),
    'a total in German': ([HEAD, *body(), 'Summe,12.5,,2000'], {'total': 1}),
    'an average': ([HEAD, *body(), 'Average,12.5,,2000'], {'total': 1}),
    'a total and a source': (
        [HEAD, *body(), 'Grand Total,12.5,,2000', '', 'Source: the network'],
        {'total': 1, 'footnote': 1, 'blank': 1},
    ),
    'notes below': ([HEAD, *body(), '* preliminary values', '(1) see the report'], {'footnote': 2}),
    'subtotals': (
        [HEAD, *body(20), 'Subtotal,1.2,,10', *body(20, 20), 'Subtotal,1.2,,10', 'Total,2.4,,20'],
        {'total': 3},
    ),
    'a comment half way': ([HEAD, *body(10), '# calibration', *body(30, 10)], {'comment': 1}),
    'blank lines half way': ([HEAD, *body(10), '', '', *body(30, 10)], {'blank': 2}),
    'empty rows at the end': ([HEAD, *body(), ',,,', ',,,'], {'blank': 2}),
}  # fmt: skip


@pytest.mark.parametrize('name', LAYOUTS)
def test_the_rows_are_found_and_every_other_line_is_told(name: str, tmp_path: Path) -> None:
    lines, left_out = LAYOUTS[name]
    plan, rows = opened(lines, tmp_path)
    assert plan.names == NAMES and plan.file.has_header
    assert rows == WHOLE
    assert plan.file.left_out == left_out
    rows_left = sum(
        count for reason, count in left_out.items() if reason in ('total', 'footnote', 'repeated_header')
    )
    assert plan.file.rows == 40 + rows_left


@pytest.mark.parametrize('mark', [';', '\t', '|', '^', '~', '\x01', '\x1f', ', ', ' '])
def test_delimiters(mark: str, tmp_path: Path) -> None:
    plan, rows = opened([with_mark(mark)(line) for line in [HEAD, *body()]], tmp_path)
    assert plan.names == NAMES and [[cell.strip() for cell in row] for row in rows] == WHOLE


def test_columns_that_are_lined_up_by_blanks(tmp_path: Path) -> None:
    lines = [' '.join(f'{cell:<9}' for cell in line.split(',')) for line in [HEAD, *body()]]
    plan, rows = opened(lines, tmp_path)
    assert plan.names == NAMES and rows == WHOLE


def test_lines_that_are_quoted_as_a_whole(tmp_path: Path) -> None:
    lines = [f'"{line}"' for line in [HEAD, *body()]]
    lines[5] = '"S003,-1.890,""red, deep"",21"'
    plan, rows = opened(lines, tmp_path)
    assert plan.names == NAMES and rows[4] == ['S003', '-1.890', 'red, deep', '21']


@pytest.mark.parametrize(
    ('names', 'cells'),
    [
        ('0,1,2', '0.5,1.5,2.5'),
        ('country,2019,2020', 'C{n},{n},7'),
        ('store,2024-01-01,2024-02-01', 'C{n},{n},7'),
        ('pet,town,mood', 'cat,Rome,sad'),
        ('#id,level,hits', '{n},0.5,3'),
        ('a,a,b', '{n},0.5,x'),
    ],
)
def test_what_is_a_head(names: str, cells: str, tmp_path: Path) -> None:
    others = {'cat': 'dog', 'Rome': 'Bonn', 'sad': 'gay'}
    lines = []
    for number in range(30):
        line = cells.replace('{n}', str(number))
        lines.append(','.join(others.get(cell, cell) for cell in line.split(',')) if number % 2 else line)
    plan, rows = opened([names, *lines], tmp_path)
    assert plan.file.has_header and len(rows) == 30
    assert [plan.file.renamed.get(name, name) for name in plan.names] == names.split(',')


@pytest.mark.parametrize('cells', ['{n},0.5,{n}.25', 'cat,Rome,sad', '2024-01-{d:02},0.5,x', '7,7,7'])
def test_what_is_no_head(cells: str, tmp_path: Path) -> None:
    others = {'cat': 'dog', 'Rome': 'Bonn', 'sad': 'gay', '7': '8'}
    lines = []
    for number in range(28):
        line = cells.replace('{n}', str(number)).replace('{d:02}', f'{number + 1:02}')
        lines.append(','.join(others.get(cell, cell) for cell in line.split(',')) if number % 2 else line)
    plan, rows = opened(lines, tmp_path)
    assert not plan.file.has_header and len(rows) == 28 and plan.names == ('column_1', 'column_2', 'column_3')


def test_two_rows_of_names_where_the_lower_ones_repeat(tmp_path: Path) -> None:
    lines = [f'S{place},{place}.5,{place},{place}.25,{place}' for place in range(30)]
    plan, _ = opened([',Morning,,Evening,', 'station,level,hits,level,hits', *lines], tmp_path)
    assert plan.names == ('station', 'Morning level', 'Morning hits', 'Evening level', 'Evening hits')
    assert plan.file.parts[0].header == (1, 2)


@pytest.mark.parametrize(
    ('row', 'read_as'),
    [
        ('S990,1.5', ['S990', '1.5', '', '']),
        ('S990,1.5,red,4,', ['S990', '1.5', 'red', '4']),
        ('S990,1.5,red,4,,,', ['S990', '1.5', 'red', '4']),
        ('S990,1.5,,red,4', ['S990', '1.5', 'red', '4']),
        ('S990,1.5,red, deep,4', ['S990', '1.5', 'red, deep', '4']),
        ('S990,1.5,5" red,4', ['S990', '1.5', '5" red', '4']),
        ('S990,1.5,"red,4', ['S990', '1.5', '"red', '4']),
        ('S990,1.5,"a "very" red",4', ['S990', '1.5', 'a "very" red', '4']),
        ('S990,1.5,"a ""very"" red, deep",4', ['S990', '1.5', 'a "very" red, deep', '4']),
    ],
)
def test_a_broken_row_costs_nothing_but_itself(row: str, read_as: list[str], tmp_path: Path) -> None:
    _, rows = opened([HEAD, *body(20), row, *body(20, 20)], tmp_path)
    assert rows == [*WHOLE[:20], read_as, *WHOLE[20:]]


@pytest.mark.parametrize('row', ['S990,1,5,red,4', '1,2,3,4,5,6,7,8'])
def test_a_row_that_fits_in_no_single_way_is_left_out_and_told(row: str, tmp_path: Path) -> None:
    plan, rows = opened([HEAD, *body(20), row, *body(20, 20)], tmp_path)
    assert rows == WHOLE and plan.file.left_out == {'unaligned': 1}
    assert plan.file.parts[0].left_out[0].lines == (22,)


def test_positions_count_rows_that_are_left_out(tmp_path: Path) -> None:
    file = tmp_path / 'table.csv'
    file.write_text('\n'.join([HEAD, *body(10), HEAD, '', *body(10, 10), 'Total,1,,2']))
    assert list(read(file, understand(file)).index) == [*range(10), *range(11, 21)]


_CELLS = st.text(st.sampled_from('ab1 .,;"\'\n\t'), max_size=8)
_SETTINGS = settings(
    max_examples=150, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None
)


@_SETTINGS
@given(st.lists(st.lists(_CELLS, min_size=3, max_size=3), min_size=1, max_size=12), st.sampled_from(',;\t'))
def test_arrow_and_the_tolerant_cutter_cut_alike(rows: list[list[str]], mark: str) -> None:
    """A text that keeps the rules is cut the same with and without arrow."""
    quoted = [[f'"{cell}"'.replace('"', '""')[1:-1] for cell in row] for row in rows]
    text = '\n'.join(mark.join(f'"{cell}"' for cell in row) for row in quoted) + '\n'
    by_arrow = cut(text.encode(), Dialect(mark), 3, 1)
    # an escape that never stands in the text sends it the other way
    by_hand = cut(text.encode(), Dialect(mark, escape='\x07'), 3, 1)
    assert [column.to_pylist() for column in by_arrow.columns] == [
        column.to_pylist() for column in by_hand.columns
    ]
    assert [by_arrow.line(place) for place in range(len(rows))] == [
        by_hand.line(place) for place in range(len(rows))
    ]


def test_years_name_columns_beside_words_over_numbers(tmp_path: Path) -> None:
    file = tmp_path / 'custody.csv'
    years = [str(year) for year in range(2001, 2011)]
    lines = [','.join(['jurisdiction', 'includes_jails', *years])]
    for at in range(40):
        cells = (f'"{2_000 + 900 * at + 13 * place:,}"' for place in range(len(years)))
        lines.append(','.join([f'Place {chr(65 + at % 26)}{at}', str(at % 2), *cells]))
    file.write_text('\n'.join(lines))
    plan = understand(file)
    assert plan.names == ('jurisdiction', 'includes_jails', *years) and plan.file.rows_used == 40


def test_paragraphs_inside_a_cell_are_no_blank_lines(tmp_path: Path) -> None:
    file = tmp_path / 'letters.csv'
    rows = [f'{at},"Dear all,\n\nthis is letter {at}.\n\n\nYours"' for at in range(40)]
    file.write_text('number,letter\n' + '\n'.join(rows[:20]) + '\n\n' + '\n'.join(rows[20:]) + '\n')
    plan = understand(file)
    (part,) = plan.file.parts
    assert [(one.reason, one.count, one.lines) for one in part.left_out] == [('blank', 1, (122,))]
    assert read(file, plan)['letter'].tolist() == [
        f'Dear all,\n\nthis is letter {at}.\n\n\nYours' for at in range(40)
    ]
