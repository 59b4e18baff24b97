"""Imports go one way: no module needs itself by way of others, and no package of the host either.

Imports that only types need, and those within functions, count like all others: they hide a circle, they do not end it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SANDBOX = Path(__file__).parents[1]
PACKAGES = ('tempera', 'trainable', 'tempera_sandbox', 'playbooks')
GENERATED = 'tempera_sandbox.generated'

Graph = dict[str, set[str]]


def imports_of(sources: dict[str, str]) -> Graph:
    """Module -> the modules among `sources` that it names; a package goes by the name of its folder."""
    graph: Graph = {}
    for module, source in sources.items():
        graph[module] = set()
        for base, names in _named(ast.parse(source), module, is_package(module, sources)):
            below = {f'{base}.{name}' for name in names} & sources.keys()
            graph[module] |= below
            if base in sources and len(below) < max(1, len(names)):
                graph[module].add(base)
    return graph


def is_package(module: str, sources: dict[str, str]) -> bool:
    return any(other.startswith(f'{module}.') for other in sources)


def _named(tree: ast.Module, module: str, package: bool) -> Iterator[tuple[str, list[str]]]:
    """(module, names taken from it) of each import statement; a whole module's names are none."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, []) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parts = module.split('.') if package else module.split('.')[:-1]
            above = parts[: len(parts) - node.level + 1] if node.level else []
            yield '.'.join([*above, *([node.module] if node.module else [])]), [a.name for a in node.names]


def circle_in(graph: Graph) -> list[str]:
    """One circle, its first member repeated at its end; empty where there is none."""
    done: set[str] = set()

    def search(node: str, path: list[str]) -> list[str]:
        if node in path:
            return [*path[path.index(node) :], node]
        if node in done:
            return []
        for other in sorted(graph.get(node, ())):
            if found := search(other, [*path, node]):
                return found
        done.add(node)
        return []

    return next(filter(None, (search(node, []) for node in sorted(graph))), [])


def by_package(graph: Graph) -> Graph:
    """The same between the packages of the host, to which its modules beside them belong as their own."""
    packages: Graph = {}
    for module, others in graph.items():
        own = _package_of(module)
        packages.setdefault(own, set()).update(_package_of(other) for other in others)
        packages[own].discard(own)
    return packages


def _package_of(module: str) -> str:
    return '.'.join(module.split('.')[:2])


def _sources() -> dict[str, str]:
    found = {}
    for package in PACKAGES:
        for file in sorted((SANDBOX / package).rglob('*.py')):
            name = '.'.join(file.relative_to(SANDBOX).with_suffix('').parts).removesuffix('.__init__')
            if not name.startswith(GENERATED):
                found[name] = file.read_text(encoding='utf-8')
    return found


def test_no_module_imports_itself_by_way_of_others() -> None:
    assert circle_in(imports_of(_sources())) == []


def test_no_package_of_the_host_needs_itself_by_way_of_others() -> None:
    host = {name: source for name, source in _sources().items() if name.startswith('tempera_sandbox')}
    assert circle_in(by_package(imports_of(host))) == []


@pytest.mark.parametrize(
    'back',
    [
        'from .a import thing',
        'from . import a',
        'import package.a',
        'if TYPE_CHECKING:\n    from .a import Thing',
        'def late():\n    from ..package.a import thing',
    ],
)
def test_every_way_of_importing_closes_a_circle(back: str) -> None:
    sources = {'package': '', 'package.a': 'from .b import other', 'package.b': back}
    assert circle_in(imports_of(sources)) == ['package.a', 'package.b', 'package.a']


def test_a_circle_through_packages_is_found_where_modules_have_none() -> None:
    sources = {
        'host': '',
        'host.x': '',
        'host.x.one': 'from ..y.one import thing',
        'host.x.two': '',
        'host.y': '',
        'host.y.one': '',
        'host.y.two': 'from ..x import two',
    }
    graph = imports_of(sources)
    assert circle_in(graph) == []
    assert circle_in(by_package(graph)) == ['host.x', 'host.y', 'host.x']
