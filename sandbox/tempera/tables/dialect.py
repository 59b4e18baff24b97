"""Which delimiter and quote a text is written with: the pair under which its lines agree and its cells mean something.

Each candidate cuts a sample of the lines. Its score is how well the lines agree on a number of fields, times how many
of the cells are something that is known (a number, a date, a word) and not a piece of a wrongly cut cell.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace

from .plan import Dialect
from .records import Cutter

SAMPLE_LINES = 300
_SAMPLE_CELLS = 20_000
#: delimiters in the order in which ties are decided
DELIMITERS = (
    ',',
    ';',
    '\t',
    '|',
    '¦',
    '^',
    '~',
    '\x01',
    '\x1f',
    '\x1e',
    '§',
    '||',
    '::',
    ':',
    '#',
    '  ',
    ' ',
)
QUOTES = ('"', "'")
#: lines that start so are comments, when no other line does
COMMENTS = ('#', '//', '%', '--', '!', ';')
_WEIGHT = {' ': 0.6, '  ': 0.86, ':': 0.5, '#': 0.5, '::': 0.9, '^': 0.9, '~': 0.9}

_NUMBER = (
    r'[-+(−]?[$€£¥]?\s?[0-9][0-9.,\'’ \u00a0]*(?:[eE][+-]?[0-9]+)?\)?\s?'
    r'(?:%|[$€£¥]|[^\W\d_]{1,4}\.?|[A-Za-z°µ/²³]{1,4})?'
)
_KNOWN = re.compile(
    rf'(?:{_NUMBER}'
    r'|[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}(?:[T ,]+[0-9:.]+(?: ?[AaPp][Mm])?(?:Z| ?[+-][0-9:]+)?)?'
    r'|[0-9]{1,2}\.?[ -](?:de )?[^\W\d_]{3,10}\.?[ -](?:de )?[0-9]{2,4}(?: [гр]\.)?|[0-9]{1,2}:[0-9]{2}(?::[0-9.]+)?'
    r'|[^\W\d_][\w.-]*(?: [\w.&\'()/-]+){0,6}|[\w.+-]+@[\w.-]+|https?://\S+|[\w-]+|[?*.-]+)',
    re.UNICODE,
)
_FOREIGN = re.compile(r'[,;\t|"]')


@dataclass(frozen=True)
class Found:
    """A dialect, and by what numbers it won."""

    dialect: Dialect
    fields: int
    #: share of the sampled lines with that many fields
    agreement: float
    score: float


def find_dialect(text: str) -> Found:
    """The dialect of a text of which this is the start."""
    lines = [line for line in text.split('\n')[: SAMPLE_LINES * 4] if line.strip()]
    comment = _comment(lines)
    body = [line for line in lines if not (comment and line.lstrip().startswith(comment))][:SAMPLE_LINES]
    if not body:
        return Found(Dialect(comment=comment), 1, 1.0, 0.0)
    if _is_wrapped(body):
        inner = find_dialect('\n'.join(line[1:-1].replace('""', '"') for line in body))
        first = next(
            (record for _, record in Cutter(inner.dialect).records([body[0][1:-1].replace('""', '"')])), []
        )
        if inner.fields == len(first) > 1:
            return replace(inner, dialect=replace(inner.dialect, wrapped=True, quote='"'))
    escape = _escape(body)
    best = Found(Dialect(quote=_quote_of(body), comment=comment, escape=escape), 1, 1.0, _single_score(body))
    for delimiter in DELIMITERS:
        if not any(delimiter in line for line in body):
            continue
        for quote in QUOTES:
            if quote == "'" and not _quotes_cells(body, quote, delimiter):
                continue
            spaced = _in_runs(body) if delimiter == ' ' else _spaced(body, delimiter, quote)
            found = _tried(body, Dialect(delimiter, quote, escape, comment, spaced))
            if found.score > best.score + 1e-9:
                best = found
    return _without_edges(best, body) if best.dialect.delimiter == '|' else best


def _without_edges(found: Found, lines: list[str]) -> Found:
    """The dialect of a printed table, whose bars at both ends of each line cut nothing."""
    rows = [line.strip() for line in lines if '|' in line]
    edged = sum(len(line) > 1 and line.startswith('|') and line.endswith('|') for line in rows)
    if edged < 0.9 * len(rows):
        return found
    inside = _tried(lines, replace(found.dialect, edged=True, skip_spaces=True))
    return inside if inside.fields == found.fields - 2 else found


def _is_wrapped(lines: list[str]) -> bool:
    """Whether lines are quoted from end to end, with the quotes of their cells doubled."""
    whole = [line for line in lines if re.fullmatch(r'"(?:[^"]|"")*"', line)]
    return len(whole) > 1 and len(whole) >= 0.9 * len(lines)


def _in_runs(lines: list[str]) -> bool:
    """Whether blanks stand in runs, as in columns that are lined up."""
    return sum('  ' in line.strip() for line in lines) > 0.3 * len(lines)


def _tried(lines: list[str], dialect: Dialect) -> Found:
    records = [record for _, record in Cutter(dialect).records(lines)]
    counts = Counter(len(record) for record in records)
    fields, agreement = _fields(counts, len(records))
    if fields < 2:
        return Found(dialect, fields, agreement, 0.0)
    cells = [cell.strip() for record in records for cell in record if len(record) == fields]
    # of wide tables some of the cells tell as much as all
    filled = [cell for cell in cells[:: max(1, len(cells) // _SAMPLE_CELLS)] if cell]
    cells = cells[:: max(1, len(cells) // _SAMPLE_CELLS)]
    known = sum(1 for cell in filled if _KNOWN.fullmatch(cell)) if filled else 0
    whole = sum(1 for cell in filled if len(cell) > 40 and not _FOREIGN.search(cell[:1]))
    meaning = (known + 0.8 * max(0, whole)) / len(filled) if filled else 0.1
    emptiness = len(filled) / len(cells) if cells else 0.0
    weight = _WEIGHT.get(dialect.delimiter, 1.0)
    as_first = len(records[0]) == fields
    if dialect.delimiter == ' ' and as_first and agreement > 0.97 and _has_numbers(records, fields):
        weight = 0.85
    if (
        dialect.delimiter == ','
        and dialect.skip_spaces
        and len(records[0]) == 1
        and not _has_numbers(records, fields)
    ):
        # a name without a comma over texts whose commas are followed by blanks: one column of sentences
        weight = 0.1
    score = agreement * (0.25 + min(1.0, meaning)) * (0.7 + 0.3 * emptiness**0.5) * weight
    # more fields are better evidence: one comma a line may be a decimal mark
    score *= 1 + 0.05 * min(fields, 12) / 12
    if dialect.quote == "'":
        score *= 1.02
    return Found(dialect, fields, agreement, score)


def _has_numbers(records: list[list[str]], fields: int) -> bool:
    """Whether one of the columns holds numbers from its second record on, which words between blanks never do."""
    body = [record for record in records[1:] if len(record) == fields]
    return len(body) > 2 and any(
        all(re.fullmatch(_NUMBER, record[place].strip()) for record in body) for place in range(fields)
    )


def _fields(counts: Counter[int], records: int) -> tuple[int, float]:
    """The number of fields that the lines agree on, neighbours counted in part: ragged ends are no other table."""
    best, most = 1, 0.0
    for fields, count in counts.items():
        if fields < 2:
            continue
        near = sum(number for other, number in counts.items() if other in (fields - 1, fields + 1))
        weight = (count + 0.3 * min(near, count)) * (1 + 0.001 * min(fields, 100))
        if weight > most:
            best, most = fields, weight
    if best < 2:
        return 1, counts[1] / max(1, records)
    agreement = min(1.0, counts[best] / records)
    if agreement < 0.5:
        # no width has a majority: the widest that is no exception holds every row
        best = max(
            fields for fields, count in counts.items() if count >= max(2, 0.05 * records) or fields == best
        )
    return best, agreement


def _single_score(lines: list[str]) -> float:
    """How well the lines read as one column."""
    cells = [line.strip().strip('"') for line in lines]
    known = sum(1 for cell in cells if _KNOWN.fullmatch(cell) and not _FOREIGN.search(cell))
    return 0.62 * (0.25 + known / len(cells)) if known > 0.8 * len(cells) else 0.15


def _quote_of(lines: list[str]) -> str:
    return "'" if sum(line.startswith("'") and line.endswith("'") for line in lines) > len(lines) / 2 else '"'


def _quotes_cells(lines: list[str], quote: str, delimiter: str) -> bool:
    """Whether cells start and end with this quote, so often that it is no apostrophe."""
    mark, between = re.escape(quote), re.escape(delimiter)
    whole = re.compile(rf'(?:^|{between} ?){mark}(?:[^{mark}\n]|{mark}(?!{between}|$))*{mark}(?={between}|$)')
    double = re.compile(rf'(?:^|{between} ?)"')
    found = sum(len(whole.findall(line)) for line in lines)
    return found >= 2 and found > sum(len(double.findall(line)) for line in lines)


def _escape(lines: list[str]) -> str:
    for mark in ('\\', '\x00'):
        escaped = sum(line.count(f'{mark}"') for line in lines)
        closing = sum(len(re.findall(rf'{re.escape(mark)}"(?=[,;\t|]|$)', line)) for line in lines)
        if escaped and (mark == '\x00' or closing <= escaped / 2):
            return mark
    return ''


def _spaced(lines: list[str], delimiter: str, quote: str) -> bool:
    """Whether a blank follows nearly every delimiter (`, `), as hand-written files have it."""
    if delimiter.isspace():
        return False
    count = sum(line.count(delimiter) for line in lines)
    spaced = sum(line.count(f'{delimiter} ') + line.count(f' {delimiter}') for line in lines)
    opened = sum(line.count(f'{delimiter} {quote}') for line in lines)
    return spaced >= 0.9 * count or (
        opened > 0 and opened >= sum(line.count(f'{delimiter}{quote}') for line in lines)
    )


def _comment(lines: list[str]) -> str:
    """The mark of comment lines: they stand on top, or here and there, and are no cells of the table."""
    for mark in COMMENTS:
        marked = [line.lstrip().startswith(mark) for line in lines]
        count = sum(marked)
        if not count or count > 0.5 * len(lines) + 20 or count == len(lines):
            continue
        if mark in ('--', '%', '!', ';', '//') and not marked[0]:
            continue
        if _header_starts_with(lines, marked, mark):
            continue
        return mark
    return ''


def _header_starts_with(lines: list[str], marked: list[bool], mark: str) -> bool:
    """`#id,name` over rows is a header whose first name starts with the mark."""
    if sum(marked) != 1 or not marked[0] or len(lines) < 2:
        return False
    return any(
        lines[0].count(delimiter) == lines[1].count(delimiter) > 0 for delimiter in (',', ';', '\t', '|')
    )
