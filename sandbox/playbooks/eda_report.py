"""Draws the figures, writes the report and records the decisions that preparation starts from.

Run by hand, in the folder that holds dataset/ and tempera/: `PYTHONPATH=. python eda/scripts/<this file>`.
"""

import json
from pathlib import Path

import matplotlib

matplotlib.use('Agg')
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from tempera.learning.source import measured_table, planned_table
from tempera.learning.summary import missing_cells, plain_frame

# PARAMETERS
PARAMETERS = {
    'target': 'species',
    'target_reason': 'it was given',
    'problem_type': 'multiclass',
    'metric': 'accuracy',
    'metric_reason': 'it was given',
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

# include: tell
# include: words
# include: figures
# include: csv_export
# include: eda_figures
# include: eda_association

TARGET, CLASSES = PARAMETERS['target'], PARAMETERS['problem_type'] != 'regression'
FIGURES = Path('eda/figures')
captions = {}
# What a column alone tells is measured by this.
MEASURE = 'skill' if CLASSES else 'R²'
MEASURE_WORDS = (
    'skill is 2 · AUC − 1, over the classes: 0 is guessing and 1 is perfect'
    if CLASSES
    else 'R² is the share of the target’s variance that is explained; 0 is no better than the mean, 1 is perfect'
)


def measured_text() -> str:
    """Groups, times and near repeats with their numbers, in a table; what was found to be nothing is said, too."""
    rows = [
        [
            f'`{group.column}`',
            f'{group.groups:,} values, {group.rows_each:g} rows each',
            'kept together' if group.keeps_together else 'no group',
            group.because,
        ]
        for group in measured.groups
    ]
    rows += [
        [
            ', '.join(f'`{name}`' for name in time.columns),
            f'{time.moments:,} moments from {time.first} to {time.last}',
            'order of rows' if time.orders_rows else 'no order',
            time.because,
        ]
        for time in measured.time
    ]
    lines = (
        [markdown_table(['column', 'what it holds', 'taken for', 'because'], rows)]
        if rows
        else ['No column was found that rows belong together by, and none that says when they were seen.']
    )
    repeats = measured.repeats
    if repeats.equal_features:
        lines.append(
            f'{counted(repeats.equal_features, "row")} {"has" if repeats.equal_features == 1 else "have"} the features of an earlier one'
            + (
                f'; in {repeats.contradicting:,} of such rows the target differs.'
                if repeats.contradicting
                else '.'
            )
        )
    if measured.expected_skill is not None:
        lines.append(
            f'A quick learner, cross-validated as the split is made, has a skill of {measured.expected_skill:.2f} on what is used '
            + (
                '(2 · AUC − 1: 0 is a guess, 1 is perfect).'
                if CLASSES
                else '(R²: 0 is the mean, 1 is perfect).'
            )
        )
    return '\n\n'.join(lines)


def listed_scores(scores: list) -> str:
    return ', '.join(
        f'`{name}` reaches {"a skill of" if CLASSES else "an R² of"} {max(score or 0, 0):.2f}'
        if not place
        else f'`{name}` {max(score or 0, 0):.2f}'
        for place, (name, score) in enumerate(scores)
    )


# 1. The table as it was understood and measured; figures need at most a sample of it.
profile = json.loads(Path('eda/data/profile.json').read_text())
relations = json.loads(Path('eda/data/relations.json').read_text())
source, measured = planned_table(), measured_table()
plan, raw = source.plan, source.frame
read, columns = profile['read'], profile['columns']
kinds = {column['name']: column['kind'] for column in columns}
by_name = {column['name']: column for column in columns}
table = plain_frame(plan, raw.head(PARAMETERS['max_rows']), TARGET if CLASSES else None)
table = table[table[TARGET].notna()]
if CLASSES:
    table = table[~table[TARGET].isin(list(measured.target.too_rare))]
answer = table[TARGET]
used = [
    name
    for name in kinds
    if name != TARGET
    and name not in PARAMETERS['drop']
    and name not in PARAMETERS['leaks']
    and kinds[name] != 'constant'
]
numbers = [name for name in used if kinds[name] == 'number'][:12]
categories = [name for name in used if kinds[name] == 'category'][:8]
dates = [name for name in kinds if kinds[name] == 'date']
scores = sorted(relations['scores'].items(), key=lambda item: (-(item[1] or 0), item[0]))
strongest = [name for name, _ in scores if name in used and kinds[name] != 'text']

# 2. Figures: the target, what is missing, each column, what tells of the target.
draw_target()
draw_missing()
draw_cardinality()
draw_signal(scores) if scores else None
draw_numbers(numbers) if numbers else None
draw_outliers(numbers) if numbers else None
draw_categories(categories) if categories else None
if categories:
    draw_association([*categories, *([TARGET] if CLASSES else [])])
correlated = numbers + ([TARGET] if not CLASSES else [])
if len(correlated) > 1:
    draw_correlation(correlated)
if strongest and not PARAMETERS['plain']:
    draw_strongest(strongest[:3])
    pair = [name for name in strongest if name in numbers][:2]
    draw_pair(*pair) if len(pair) == 2 else None
if dates and not PARAMETERS['plain']:
    draw_time(dates[0])

# 3. The numbers behind the figures, as CSV.
describe_rows = [
    {
        'column': column['name'],
        'kind': column['kind'],
        'missing': column['missing'],
        'missing_in_disguise': column['disguised'],
        'distinct': column['distinct'],
        'flags': ' '.join(column['flags']),
        'skill': relations['scores'].get(column['name']),
    }
    for column in columns
]
export_csv(pd.DataFrame(describe_rows), Path('eda/data/columns.csv'))
if numbers:
    summary = table[numbers].describe().T.round(6)
    export_csv(summary.reset_index(names='column'), Path('eda/data/numbers.csv'))
if CLASSES:
    export_csv(
        answer.value_counts().rename_axis(TARGET).reset_index(name='rows'), Path('eda/data/classes.csv')
    )

# 4. What preparation starts from.
decisions = {
    key: PARAMETERS[key]
    for key in (
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
}
decisions |= {'read': read, 'kinds': kinds, 'meaning': measured.target.meaning, 'plan': 'eda/data/plan.json'}
Path('eda/data/decisions.json').write_text(json.dumps(decisions, ensure_ascii=False, indent=1))

# 5. The report, as a colleague would write it.
# include: eda_sections
Path('eda/report.md').write_text('\n\n'.join(part for part in sections if part) + '\n', encoding='utf-8')

# 6. What was made.
print(f'eda/report.md with {len(captions)} figures')
tell({'figures': sorted(captions), 'report': 'eda/report.md', 'columns_used': len(used)})
