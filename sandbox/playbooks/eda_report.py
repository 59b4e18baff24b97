"""Draws the figures, writes the report and records the decisions that preparation starts from.

Reads the table (`paths.dataset`), eda/data/plan.json, eda/data/measured.json and eda/data/relations.json.
Run by hand, in the folder that holds dataset/ and tempera/: `PYTHONPATH=. python eda/scripts/<this file>`.
"""

import json
from pathlib import Path
from typing import Any

import pandas as pd

from tempera.choices import decided_metric
from tempera.reports import export_csv, tell
from tempera.reports.exploration import Explored, draw_columns, draw_target_figures, exploration_report
from tempera.reports.figures import Gallery

# PARAMETERS
PARAMETERS: dict[str, Any] = {
    'target': 'species',
    'target_reason': 'it was given',
    'problem_type': 'multiclass',
    'metric': 'accuracy',
    'metric_reason': 'it was given',
    'metric_basis': 'agent',
    'drop': {},
    'leaks': {},
    'drop_duplicates': True,
    'split': {'strategy': 'stratified', 'by': None},
    'uncertain': [],
    'wishes': [],
    'sharing': 'values',
    'seed': 42,
    'max_rows': 20000,
    'plain': False,
}
# END OF PARAMETERS

# What preparation starts from, of the parameters.
DECIDED = (
    'target',
    'target_reason',
    'problem_type',
    'metric',
    'metric_reason',
    'drop',
    'leaks',
    'drop_duplicates',
    'split',
    'seed',
)


def main() -> None:
    # 1. The table as it was understood and measured.
    explored = Explored.load(PARAMETERS)

    # 2. Figures: each column, what is missing, the target, what tells of it.
    gallery = Gallery(Path('eda'))
    draw_columns(explored, gallery)
    draw_target_figures(explored, gallery)

    # 3. The numbers behind the figures, as CSV.
    write_tables(explored)

    # 4. What preparation starts from.
    decisions = {name: PARAMETERS[name] for name in DECIDED}
    decisions |= {
        'read': explored.profile['read'],
        'kinds': explored.kinds,
        'meaning': explored.measured.target.meaning,
        'plan': 'eda/data/plan.json',
    }
    Path('eda/data/decisions.json').write_text(json.dumps(decisions, ensure_ascii=False, indent=1))

    decided_metric(PARAMETERS)

    # 5. The report, as a colleague would write it.
    exploration_report(explored, gallery).write(Path('eda'))
    print(f'eda/report.md with {len(gallery.names)} figures')
    tell({'figures': gallery.names, 'report': 'eda/report.md', 'columns_used': len(explored.used)})


def write_tables(explored: Explored) -> None:
    """eda/data/columns.csv, and numbers.csv and classes.csv where there are any."""
    rows = [
        {
            'column': column['name'],
            'kind': column['is'],
            'missing': column['missing'],
            'missing_in_disguise': column['disguised'],
            'distinct': column['distinct'],
            'flags': ' '.join(column['flags']),
            'skill': explored.relations['scores'].get(column['name']),
        }
        for column in explored.columns
    ]
    export_csv(pd.DataFrame(rows), Path('eda/data/columns.csv'))
    if explored.numbers:
        summary = explored.usable[explored.numbers].describe().T.round(6)
        export_csv(summary.reset_index(names='column'), Path('eda/data/numbers.csv'))
    if explored.is_classes:
        counts = explored.answer.value_counts()
        export_csv(counts.rename_axis(explored.target).reset_index(name='rows'), Path('eda/data/classes.csv'))


if __name__ == '__main__':
    main()
