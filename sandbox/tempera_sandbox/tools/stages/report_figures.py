"""Which pictures a report shows, read as the web UI reads it: CommonMark, then HTML, then names of files.

tests/markdown/figures.json holds both to the same answers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from html.parser import HTMLParser
from urllib.parse import unquote

from markdown_it import MarkdownIt

# What browsers read as text, or do not show: a picture in it is none.
_HIDDEN = frozenset(
    'iframe math noembed noframes noscript script select style svg template textarea title xmp'.split()
)


@dataclass(frozen=True)
class Picture:
    """A picture as a report names it."""

    name: str
    file: str | None
    """Its path in the session's folder; None for one from elsewhere or one that leads out."""
    foreign: bool
    """True for one from elsewhere: it will not be shown, whatever is there."""


def pictures(report: str, folder: str) -> list[Picture]:
    """The pictures that a report in `folder` shows, in their order."""
    reader = _Images()
    reader.feed(_markdown().render(report))
    reader.close()
    return [Picture(name, session_file(name, folder), _is_foreign(_path_of(name))) for name in reader.sources]


def session_file(name: str, folder: str) -> str | None:
    """The path in the session's folder that `name` means in a text of `folder`; None where it leads elsewhere."""
    path = _path_of(name)
    if path == '' or _is_foreign(path):
        return None
    own = re.sub(r'^/data/sessions/[^/]+/', '', path)
    if own.startswith('/'):
        return None
    # Reports name their figures from their own folder or from the session's: eda/figures/a.png in eda is both.
    named = own != path or own.split('/', 1)[0] == folder
    parts = [] if named else [folder]
    for part in own.split('/'):
        if part in ('', '.'):
            continue
        if part != '..':
            parts.append(part)
        elif not parts:
            return None
        else:
            parts.pop()
    return '/'.join(parts) or None


@cache
def _markdown() -> MarkdownIt:
    return MarkdownIt('js-default', {'html': True})


class _Images(HTMLParser):
    """Collects the sources of pictures."""

    def __init__(self) -> None:
        super().__init__()
        self.sources: list[str] = []
        self._hidden: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _HIDDEN:
            self._hidden.append(tag)
        elif tag == 'img' and not self._hidden:
            source = dict(reversed(attrs)).get('src')
            if source is not None:
                self.sources.append(source)

    def handle_endtag(self, tag: str) -> None:
        if self._hidden and tag == self._hidden[-1]:
            self._hidden.pop()

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # of what hides, only drawings and formulas can end in their own tag
        if tag not in ('svg', 'math'):
            self.handle_starttag(tag, attrs)


def _path_of(name: str) -> str:
    path = re.split('[?#]', name, maxsplit=1)[0].strip()
    # as a browser does: a text with a percent sign that encodes nothing is taken as it stands
    if re.search('%(?![0-9A-Fa-f]{2})', path):
        return path
    try:
        return unquote(path, errors='strict')
    except UnicodeDecodeError:
        return path


def _is_foreign(path: str) -> bool:
    """Has a scheme, a host, or what browsers take for one."""
    if re.match(r'[a-z][a-z0-9+.-]*:', path, re.IGNORECASE) or path.startswith('//') or '\\' in path:
        return True
    return any(character < ' ' for character in path)
