def number_text(value) -> str:
    """A number for prose: thousands separated, four significant digits."""
    if value is None or not np.isfinite(value):
        return '–'
    if float(value).is_integer() and abs(value) < 1e12:
        return f'{int(value):,}'
    return f'{value:,.1f}' if abs(value) >= 1000 else f'{value:.4g}'


def share_text(part, whole) -> str:
    """`11 (3.2 %)`."""
    return f'{part:,} ({100 * part / max(whole, 1):.1f} %)'


def counted(number, what: str) -> str:
    """`1 row`, `1,234 rows`."""
    return f'{number:,} {what}' + ('' if number == 1 else 's')


def as_clause(reason: str) -> str:
    """A reason that goes on a sentence: without its full stop and its capital, unless the first word is a name."""
    reason = reason.strip().rstrip('.')
    first = reason.split(' ', 1)[0]
    return reason if first[:1] == '`' or first[1:] != first[1:].lower() else reason[:1].lower() + reason[1:]


def listed(names, most: int = 6) -> str:
    """`a`, `b` and 3 more."""
    names = [f'`{name}`' for name in names]
    if len(names) > most:
        return ', '.join(names[:most]) + f' and {len(names) - most} more'
    return ' and '.join([', '.join(names[:-1]), names[-1]] if len(names) > 1 else names)


def cell_text(value, most: int = 240) -> str:
    """Text that cannot break a Markdown table or run as HTML; cut to `most` characters before it is escaped."""
    text = str(value)
    text = text if len(text) <= most else text[: most - 1] + '…'
    return text.replace('|', '\\|').replace('<', '&lt;').replace('\n', ' ')


def markdown_table(header: list, rows: list) -> str:
    lines = ['| ' + ' | '.join(header) + ' |', '|' + ' --- |' * len(header)]
    return '\n'.join(lines + ['| ' + ' | '.join(cell_text(cell) for cell in row) + ' |' for row in rows])
