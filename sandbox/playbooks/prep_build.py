"""Builds leak-free splits and the preprocessing pipeline, and writes down what was done.

Reads the table (`paths.dataset`) as eda/data/plan.json says, and eda/data/measured.json.
Run by hand, in the folder that holds dataset/ and tempera/: `PYTHONPATH=. python prep/scripts/<this file>`.
"""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import joblib
import pandas as pd

from tempera.choices import Known, chosen_features, chosen_preparation
from tempera.learning.dealing import deal_rows, in_splits
from tempera.learning.prepare import Learning, keep_rows, preprocessing
from tempera.learning.prepared import Prepared
from tempera.learning.source import free_name, measured_table, planned_table
from tempera.learning.storing import to_parquet
from tempera.reports import tell
from tempera.reports.preparation import preparation_report, write_balance
from tempera.tables.features import specs_of

# PARAMETERS
PARAMETERS: dict[str, Any] = {
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

OUT = Path('prep/data')


def main() -> None:
    # 1. Every row of the upload as its plan reads it, and what was measured of it.
    decided = json.loads(Path('eda/data/decisions.json').read_text())
    source, measured = planned_table(PARAMETERS['test_file']), measured_table()
    target = replace(measured.target, problem=PARAMETERS['problem_type'])
    choices = chosen_preparation(Known(source.plan, measured), PARAMETERS, source.frame)
    features = [name for name in source.frame.columns if name != target.name and name not in choices['drop']]

    # 2. Rows without an answer teach nothing; exact repeats would sit on both sides of a split.
    remaining = keep_rows(source.frame, target, choices['drop_duplicates'], [*features, target.name])
    table = (
        with_whole_labels(remaining.frame, target.name) if target.problem != 'regression' else remaining.frame
    )

    # 3. Split, before anything is learned from the values.
    learning = Learning(target, features, PARAMETERS['seed'])
    dealt = deal_rows(source, measured, table, learning, choices['split'])
    source_row = free_name(list(source.frame.columns), '__source_row')
    splits = {
        name: rows[[*features, target.name]]
        .assign(**{source_row: rows.index.astype('int64')})
        .reset_index(drop=True)
        for name, rows in in_splits(source, measured, table, dealt).items()
    }
    OUT.mkdir(parents=True, exist_ok=True)
    for name, rows in splits.items():
        to_parquet(rows, OUT / f'{name}.parquet')

    # 4. Imputing, scaling and encoding are learned from train alone.
    train = splits['train']
    ways = chosen_features(source.plan, train[features])
    specs = specs_of(source.plan, features, ways)
    pipeline = preprocessing(specs, target.problem, PARAMETERS['seed'])
    matrix = pipeline.fit_transform(train[features], train[target.name])
    joblib.dump(pipeline, OUT / 'prep_pipeline.pkl')

    # 5. What was done, for machines and for people.
    prepared = Prepared(
        choices=choices | {'features': ways},
        decided=decided,
        source=source,
        measured=measured,
        target=target,
        features=features,
        table=table,
        left_out=dict(remaining.left_out),
        dealt=dealt,
        splits=splits,
        source_row=source_row,
        pipeline=pipeline,
        width=int(matrix.shape[1]),
    )
    (OUT / 'metadata.json').write_text(json.dumps(prepared.metadata(), ensure_ascii=False, indent=1))
    write_balance(prepared, OUT / 'splits.csv')
    preparation_report(prepared).write(Path('prep'))
    with_counts = PARAMETERS['sharing'] != 'none'
    tell(
        {
            'equal_rows': dealt.apart,
            'rows': {name: len(rows) for name, rows in splits.items()} if with_counts else {},
            'features': len(features),
            'transformed': prepared.width,
            'dropped_rows': prepared.left_out if with_counts else {},
        }
    )


def with_whole_labels(table: pd.DataFrame, target: str) -> pd.DataFrame:
    """Labels that are all whole numbers become numbers, as training and prediction return them."""
    if all(label.lstrip('-').isdigit() for label in table[target].unique()):
        return table.assign(**{target: table[target].astype('int64')})
    return table


if __name__ == '__main__':
    main()
