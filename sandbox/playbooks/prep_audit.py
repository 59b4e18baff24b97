"""Reads back what the exploration decided and checks it against the table before anything is built on it.

Reads the table (`paths.dataset`) as eda/data/plan.json says.
Run by hand, in the folder that holds dataset/ and tempera/: `PYTHONPATH=. python prep/scripts/<this file>`.
"""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from tempera.learning.prepare import keep_rows
from tempera.learning.source import measured_table, planned_table
from tempera.reports import tell
from tempera.tables.measured.quick import texts_of

# PARAMETERS
PARAMETERS: dict[str, Any] = {
    'target': None,
    'problem_type': None,
    'excluded_columns': [],
    'sharing': 'values',
}
# END OF PARAMETERS

MANY_VALUES = 40  # a category of more is not given a column for each
MOST_NAMES = 200


def main() -> None:
    # 1. The decisions, with what the person has said since.
    decisions = json.loads(Path('eda/data/decisions.json').read_text())
    source = planned_table()
    plan, frame = source.plan, source.frame
    target = PARAMETERS['target'] or decisions['target']
    if target not in frame.columns:
        raise KeyError(f'target {target!r} is not a column of {plan.file.name}')
    dropped = {**decisions['drop'], **decisions['leaks']}
    dropped |= dict.fromkeys(PARAMETERS['excluded_columns'], 'excluded on request')

    # 2. What is left to work with.
    features = [name for name in frame.columns if name != target and name not in dropped]
    answer = frame[target]
    classes = texts_of(answer).value_counts()
    columns = [plan.column(name) for name in features]
    labelled = [column for column in columns if column.kind in ('category', 'code')]

    # 3. Tell.
    findings = {
        'target': target,
        'problem_type': PARAMETERS['problem_type'] or decisions['problem_type'],
        'metric': decisions['metric'],
        'features': features[:MOST_NAMES],
        'feature_count': len(features),
        'drop': decisions['drop'],
        'leaks': decisions['leaks'],
        'high_cardinality': [column.name for column in labelled if column.distinct > MANY_VALUES],
        'with_missing': [name for name in features if frame[name].isna().any()][:MOST_NAMES],
        'drop_duplicates': decisions['drop_duplicates'],
        'split': decisions['split'],
        'dates': [column.name for column in columns if column.kind in ('date', 'datetime')],
    }
    if PARAMETERS['sharing'] != 'none':
        finding = replace(measured_table().target, problem=findings['problem_type'])
        left = keep_rows(frame, finding, True, [*features, target]).left_out
        findings |= {
            'rows': len(frame),
            'missing_target': int(answer.isna().sum()),
            'repeated': left['duplicates'],
            'distinct_target': len(classes),
            'rarest': int(classes.min()) if len(classes) else 0,
        }
    print(f'{len(features)} usable columns for {target}')
    tell(findings)


if __name__ == '__main__':
    main()
