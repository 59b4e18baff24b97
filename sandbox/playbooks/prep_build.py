"""Builds leak-free splits and the preprocessing pipeline, and writes down what was done.

Run by hand, in the folder that holds dataset/ and tempera/: `PYTHONPATH=. python prep/scripts/<this file>`.
"""

import json
from dataclasses import replace
from pathlib import Path

import joblib
import numpy as np
import pandas as pd

from tempera.learning.prepare import SPLITS, keep_rows, moment_of, named_strategy, preprocessing, split_rows
from tempera.learning.source import free_name, measured_table, planned_table
from tempera.learning.storing import to_parquet
from tempera.learning.summary import coarse_kind, missing_cells

# PARAMETERS
PARAMETERS = {
    'target': 'species',
    'problem_type': 'multiclass',
    'metric': None,
    'drop': {},
    'drop_duplicates': True,
    'split': {'strategy': 'stratified', 'by': None},
    'test_file': None,
    'sharing': 'values',
    'seed': 42,
}
# END OF PARAMETERS

# include: tell
# include: words
# include: csv_export
# include: prep_report

# 1. Every row of the upload as its plan reads it, and what was measured of it.
decisions = json.loads(Path('eda/data/decisions.json').read_text())
source, measured = planned_table(PARAMETERS['test_file']), measured_table()
plan, frame = source.plan, source.frame
TARGET, CLASSES = PARAMETERS['target'], PARAMETERS['problem_type'] != 'regression'
target = replace(measured.target, problem=PARAMETERS['problem_type'])
SOURCE_ROW = free_name(list(frame.columns), '__source_row')
features = [name for name in frame.columns if name != TARGET and name not in PARAMETERS['drop']]

# 2. Rows without an answer teach nothing; exact repeats would sit on both sides of a split.
kept = keep_rows(frame, target, PARAMETERS['drop_duplicates'], [*features, TARGET])
table, left_out = kept.frame, dict(kept.left_out)
repeats = int(frame[[*features, TARGET]].map(str).duplicated().sum())
labels_in_order = sorted(table[TARGET].unique().tolist()) if CLASSES else None
if CLASSES and all(label.lstrip('-').isdigit() for label in labels_in_order):
    table = table.assign(**{TARGET: table[TARGET].astype('int64')})

# 3. Split, before anything is learned from the values.
place, apart = place_of(table)
alike = int(table[features].map(str).duplicated().sum())
moment = (
    moment_of(plan, table, TARGET, measured.split.by)
    if PARAMETERS['split']['strategy'].startswith('time')
    else None
)
ordered = table if moment is None else table.loc[moment.sort_values(kind='stable').index]
splits = {name: ordered[place[ordered.index] == name] for name in SPLITS}
splits = {
    name: part[[*features, TARGET]].assign(**{SOURCE_ROW: part.index.astype('int64')}).reset_index(drop=True)
    for name, part in splits.items()
}
empty = [name for name in SPLITS if len(splits[name]) == 0]
if empty:
    raise ValueError(
        f'the split {empty[0]!r} is empty: {len(table)} rows, strategy {PARAMETERS["split"]["strategy"]}'
    )
out = Path('prep/data')
out.mkdir(parents=True, exist_ok=True)
for name, part in splits.items():
    to_parquet(part, out / f'{name}.parquet')

# 4. Imputing, scaling and encoding are learned from train alone.
pipeline = preprocessing(plan, features, PARAMETERS['problem_type'], PARAMETERS['seed'])
train = splits['train']
matrix = pipeline.fit_transform(train[features], train[TARGET])
joblib.dump(pipeline, out / 'prep_pipeline.pkl')

# 5. What was done, for machines. Missing is what the exploration counts, too: cells of the upload, all columns.
cells, total_cells = missing_cells(source), frame.size
strategy = 'file' if source.test_rows else PARAMETERS['split']['strategy']
labels = sorted(table[TARGET].unique().tolist()) if CLASSES else None
lines_left_out = plan.file.rows - plan.file.rows_used
metadata = {
    'version': 2,
    'columns': [*features, TARGET, SOURCE_ROW],
    'feature_columns': features,
    'target_column': TARGET,
    'source_row_column': SOURCE_ROW,
    'problem_type': PARAMETERS['problem_type'],
    'meaning': target.meaning,
    'classes': labels,
    'total_rows': len(table),
    **{f'{name}_rows': len(splits[name]) for name in SPLITS},
    'dataset_rows': len(frame) + lines_left_out,
    'dropped_rows': left_out | ({'no_data': lines_left_out} if lines_left_out else {}),
    'dropped_columns': PARAMETERS['drop'],
    'column_types': {name: coarse_kind(plan.column(name)) for name in features},
    'split': {
        'strategy': strategy,
        'by': PARAMETERS['test_file'] or PARAMETERS['split']['by'],
        'group': measured.split.group or None,
        'seed': PARAMETERS['seed'],
        'equal_rows': apart,
        'test_file': PARAMETERS['test_file'],
    },
    'read': decisions['read'],
    'plan': 'eda/data/plan.json',
    'missing_tokens': sorted({token.text for column in plan.columns for token in column.missing}),
    'zero_is_missing': [column.name for column in plan.columns if 0.0 in column.form.sentinels],
    'quality_stats': {
        'missing_cells': cells,
        'missing_share': round(cells / max(1, total_cells), 6),
        'duplicate_rows': repeats,
        'equal_feature_rows': alike,
        'constant_columns': [column.name for column in plan.columns if column.kind in ('constant', 'empty')],
        'class_counts': {
            str(label): int(count) for label, count in table[TARGET].value_counts().sort_index().items()
        }
        if CLASSES
        else None,
    },
    'transformed_columns': int(matrix.shape[1]),
    'feature_names': list(pipeline[:-1].get_feature_names_out())[:5000],
    'metric': PARAMETERS['metric'] or decisions['metric'],
    'metric_reason': 'it was asked for' if PARAMETERS['metric'] else decisions.get('metric_reason'),
    'target_reason': decisions['target_reason'],
    'target_encoded': [
        name for name in features if f'{name}: how common' in pipeline[:-1].get_feature_names_out()
    ],
}
(out / 'metadata.json').write_text(json.dumps(metadata, ensure_ascii=False, indent=1))

# 6. And for people.
write_report()
told_rows = PARAMETERS['sharing'] != 'none'
tell(
    {
        'equal_rows': apart,
        'rows': {name: len(part) for name, part in splits.items()} if told_rows else {},
        'features': len(features),
        'transformed': int(matrix.shape[1]),
        'dropped_rows': left_out if told_rows else {},
    }
)
