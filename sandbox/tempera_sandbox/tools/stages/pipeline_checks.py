"""Whether the fitted pipeline that prep left transforms raw rows, tried in a fresh process."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tempera.learning.package import write_wheel
from tempera.tables import TableError, TablePlan, read

from .. import Context, ToolError
from ..fresh_process import Answer, FreshProcess
from ..uploads.uploaded_table import read_upload
from .findings import Findings
from .splits import Split

PIPELINE = 'prep/data/prep_pipeline.pkl'
_RAW_ROWS = 5
_MOST_COLUMNS = 10_000_000
_NOTES = {
    'not_finite': 'prep_pipeline.pkl leaves missing or infinite values in transformed raw rows; '
    'not every model takes them.',
    'not_numbers': 'prep_pipeline.pkl gives columns that are not numbers.',
}


@dataclass(frozen=True)
class Rows:
    """What the pipeline is tried on: texts of the upload, or frames: the upload as its plan reads it, train."""

    raw: dict[str, Any] | None
    frames: dict[str, Any]


def rows_to_try(context: Context, params: dict[str, Any], train: Split | None, findings: Findings) -> Rows:
    """Rows of the upload; where none can be read, which is noted, of train alone."""
    typed = planned_rows(context)
    raw = raw_rows(context, params) if typed is None else None
    if raw is None and typed is None:
        findings.warnings.append(
            'No raw row of the upload could be read, so that the pipeline was tried on a row of train only.'
        )
    frames = {} if train is None or raw is not None else {'train': _head(train.path)}
    return Rows(raw, frames | ({} if typed is None else {'typed': typed}))


def transformed(
    context: Context, rows: Rows, target: str, params: dict[str, Any], fresh: FreshProcess
) -> Answer:
    """What the pipeline makes of the rows, in the fresh process; its library is at hand there."""
    pipeline = context.workspace / PIPELINE
    with tempfile.TemporaryDirectory(prefix='library-') as folder:
        library = str(write_wheel(Path(folder)))
        request = {
            'pipeline': str(pipeline.resolve()),
            'readable': [str(pipeline.resolve()), library],
            'libraries': [library],
            'raw': rows.raw,
            'target': target,
            'train': 'train' in rows.frames,
            'typed': 'typed' in rows.frames,
        }
        return fresh.run('transform', request, params, rows.frames)


def check_transformed(answer: Answer, findings: Findings) -> None:
    """Notes whether it is loaded and transforms, and what is odd about what comes out."""
    columns = answer.fields.get('columns')
    if answer.error or type(columns) is not int or not 0 <= columns <= _MOST_COLUMNS:
        error = (
            answer.error
            or 'gave an answer that cannot be read: it does not transform as a fitted pipeline does.'
        )
        findings.errors.append(f'prep_pipeline.pkl {error}')
        return
    on = str(answer.fields.get('on', ''))[:100]
    findings.passed.append(
        f'prep_pipeline.pkl loads in a fresh process and transforms {on} to {columns:,} columns.'
    )
    notes = answer.fields.get('notes')
    findings.warnings.extend(
        sentence for note, sentence in _NOTES.items() if isinstance(notes, list) and note in notes
    )


def _head(path: Path) -> Any:
    import pandas as pd

    return pd.read_parquet(path).head(_RAW_ROWS)


def planned_rows(context: Context) -> Any:
    """The upload's first rows as the session's plan reads them; None where it has no plan that reads it."""
    path = context.workspace / 'eda/data/plan.json'
    if not path.is_file():
        return None
    try:
        plan = TablePlan.from_json(path.read_bytes())
        return read(context.datasets / Path(plan.file.name).name, plan).head(_RAW_ROWS)
    except (TableError, ValueError, KeyError, OSError):
        return None  # the plan was written by a script, and the rows of train are tried instead


def raw_rows(context: Context, params: dict[str, Any]) -> dict[str, Any] | None:
    """The upload's first rows as texts, with the names of its number columns; None when there is no upload."""
    asked = params.get('source_file')
    names = (
        [Path(str(asked)).name]
        if asked
        else sorted(path.name for path in context.datasets.iterdir())
        if context.datasets.is_dir()
        else []
    )
    for name in names:
        path = context.datasets / name
        if not path.is_file():
            continue
        try:
            table = read_upload(path, name)
        except ToolError:
            continue
        head = table.written(_RAW_ROWS).astype(object)
        return {
            'columns': {name: head[name].where(head[name].notna(), None).tolist() for name in head},
            'numbers': [one.name for one in table.plan.columns if one.form.type in ('integer', 'float')],
        }
    return None
