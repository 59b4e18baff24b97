"""Nothing of the host is there for its tests alone, or for nobody: each name that it defines is read in it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

HOST = Path(__file__).parents[1] / 'tempera_sandbox'
# Read by the libraries whose classes are extended, not by us.
CALLED_BY_OTHERS = {
    'intercept_service',  # gRPC
    'formatException',  # logging
    'find_spec',  # the import system
    'handle_starttag',  # html.parser
    'handle_endtag',
    'handle_startendtag',
    '_fields_',  # ctypes
}
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def unused_names(sources: list[str]) -> set[str]:
    """Functions, classes, methods and constants that none of the sources reads, by their names alone."""
    trees = [ast.parse(source) for source in sources]
    read = {name for tree in trees for node in ast.walk(tree) for name in _read_by(node)}
    return {name for tree in trees for name in _defined_in(tree)} - read


def _read_by(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        yield node.id
    elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
        yield node.attr


def _defined_in(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef):
            for part in node.body:
                if isinstance(part, DEFINITIONS):
                    yield part.name
                elif isinstance(part, ast.Assign):
                    yield from (target.id for target in part.targets if isinstance(target, ast.Name))


def _rpcs() -> set[str]:
    """What the service must have is called by gRPC."""
    source = (HOST / 'generated' / 'sandbox_pb2_grpc.py').read_text(encoding='utf-8')
    return {name for name in _defined_in(ast.parse(source)) if name[0].isupper()}


def test_every_name_of_the_host_is_read_in_the_host() -> None:
    files = [file for file in HOST.rglob('*.py') if 'generated' not in file.parts]
    unused = unused_names([file.read_text(encoding='utf-8') for file in files])
    special = {name for name in unused if name.startswith('__') and name.endswith('__')}
    assert unused - special - CALLED_BY_OTHERS - _rpcs() == set()


@pytest.mark.parametrize(
    ('source', 'unused'),
    [
        ('def left(): ...', {'left'}),
        ('LEFT = 1', {'LEFT'}),
        ('class Kept:\n    def left(self): ...\nKept()', {'left'}),
        ('def used(): ...\nused()', set()),
        ('class Kept:\n    def used(self): ...\nKept().used()', set()),
        ('def left():\n    left = 1', {'left'}),
    ],
)
def test_a_name_that_nobody_reads_is_found(source: str, unused: set[str]) -> None:
    assert unused_names([source]) == unused
