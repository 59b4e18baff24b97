"""What a validation found: what holds, what to look at, what must be mended, and facts for the records."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_MOST_JSON_BYTES = 16 * 1024 * 1024


@dataclass
class Findings:
    """Sentences, each of which tells the agent what is so and, in errors, what to mend."""

    passed: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)

    def check(self, holds: bool, passed: str, error: str) -> bool:
        """Notes one or the other sentence and returns whether it holds."""
        if holds:
            self.passed.append(passed)
        else:
            self.errors.append(error)
        return holds

    def result(self) -> dict[str, Any]:
        """As the contract has it, and the facts."""
        return {'passed': self.passed, 'warnings': self.warnings, 'errors': self.errors, 'facts': self.facts}


def read_metadata(folder: Path, name: str, findings: Findings) -> dict[str, Any] | None:
    """A JSON object from a file; None after an error was noted."""
    path = folder / name
    if not path.is_file():
        findings.errors.append(f'{name} is missing: write it.')
        return None
    try:
        if path.stat().st_size > _MOST_JSON_BYTES:
            raise ValueError('it is larger than 16 MiB')
        value = json.loads(path.read_text('utf-8'))
    except (ValueError, OSError, RecursionError) as error:
        findings.errors.append(
            f'{name} is not valid JSON ({str(error)[:200]}): write it again with json.dump.'
        )
        return None
    if not isinstance(value, dict):
        findings.errors.append(
            f'{name} holds a {type(value).__name__} instead of an object: write an object.'
        )
        return None
    return value


def check_report(folder: Path, name: str, findings: Findings) -> str:
    """The report's text; notes an error when it is missing or empty."""
    path = folder / name
    text = path.read_bytes()[:_MOST_JSON_BYTES].decode('utf-8', 'replace') if path.is_file() else ''
    findings.check(
        bool(text.strip()),
        f'{name} is there ({len(text.split()):,} words).',
        f'{name} is {"empty" if path.is_file() else "missing"}: write the report there.',
    )
    return text


def listed(names: list[str], most: int = 8) -> str:
    """A few names for a sentence."""
    return ', '.join(str(name)[:80] for name in names[:most]) + (
        f' and {len(names) - most:,} more' if len(names) > most else ''
    )


def check_left_out(params: dict[str, Any], features: Any, findings: Findings) -> None:
    """What the person has decided to leave out must be no feature."""
    left_out = params.get('excluded_columns') or []
    used = [name for name in left_out if isinstance(features, list) and name in features]
    if used:
        findings.errors.append(
            f'feature_columns holds {listed(used)}, which the person has decided to leave out: do not use it.'
        )
