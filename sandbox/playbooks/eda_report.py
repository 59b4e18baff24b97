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
                f'. {counted(repeats.contradicting, "row")}, counting the first ones, '
                f'{"stands" if repeats.contradicting == 1 else "stand"} beside an equal one with another value of '
                f'`{TARGET}`: no model can be right about all of them.'
                if repeats.contradicting
                else '.'
            )
        )
    if measured.expected_skill is not None:
        lines.append(
            (
                f'A quick learner, cross-validated as the split is made, has a skill of {measured.expected_skill:.2f} on what is used '
                if measured.expected_skill > 0
                else 'A quick learner, cross-validated as the split is made, is no better than a guess on what is used '
            )
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
gaps = missing_cells(source)
disguised = [column for column in columns if column['disguised']]
found = []
form = (
    {
        'parquet': 'Parquet',
        'xlsx': f'a workbook (sheet `{read.get("sheet")}`)',
        'json': 'JSON',
        'jsonl': 'JSON, one record a line',
    }.get(read['format'])
    or f'{read["format"].upper()} text (delimiter `{ {chr(9): "tab"}.get(read["delimiter"], read["delimiter"]) }`, {read["encoding"]}{", " + read["compression"] if read["compression"] else ""}{", decimal comma" if read["decimal"] == "," else ""})'
)
found.append(
    f'`{read["file"]}` is {form} with **{counted(len(raw), "row")} and {counted(len(columns), "column")}**'
    + ('.' if read['header'] else '; it has **no header line**, so columns are called `column_1` … by place.')
)
count_of = {
    kind: sum(column['kind'] == kind for column in columns)
    for kind in ('number', 'category', 'text', 'date', 'constant')
}
found.append(
    'By kind: '
    + ', '.join(counted(count, f'{kind} column') for kind, count in count_of.items() if count)
    + '.'
)
if gaps:
    worst = max(columns, key=lambda column: (column['missing'], column['name']))
    found.append(
        f'{share_text(gaps, len(raw) * len(columns))} of the cells are missing, most in `{worst["name"]}` ({share_text(worst["missing"], len(raw))} of the rows).'
        + (
            f' In {listed([column["name"] for column in disguised])} they are written as {listed(sorted({form for column in disguised for form in column["disguises"]}))}.'
            if disguised
            else ''
        )
    )
else:
    found.append('No cell is blank or marked as missing.')
for column in plan.columns:
    for token in column.sentinels:
        found.append(
            f'`{column.name}` is {token.text} in {share_text(token.count, len(raw))} of the rows, which stands for no value: {token.because}.'
        )
    if column.unparsed:
        found.append(
            f'{100 * column.unparsed:.2g} % of the cells of `{column.name}` are no {column.kind}, such as '
            f'{listed([cell_text(text, 40) for text in column.unparsed_examples[:3]])}: they count as missing.'
        )
unused = {reason: count for reason, count in plan.file.left_out.items() if count}
if unused:
    found.append(
        f'The file has {counted(plan.file.rows, "row")}; lines that are no data were left out: '
        + ', '.join(
            f'{counted(count, "line")} ({reason.replace("_", " ")})' for reason, count in unused.items()
        )
        + '.'
    )
if plan.file.renamed:
    found.append(
        'Names that were empty or stood twice were changed: '
        + ', '.join(
            f'`{cell_text(was, 40)}` to `{now}`' if was.strip() else f'an empty one to `{now}`'
            for now, was in list(plan.file.renamed.items())[:6]
        )
        + '.'
    )
if plan.file.encoding_is_guess:
    found.append(f'The encoding, {plan.file.encoding}, is a guess: nothing in the file proves it.')
found.append(
    f'{share_text(profile["duplicates"], len(raw))} of the rows repeat an earlier row exactly.'
    if profile['duplicates']
    else 'No row repeats another exactly.'
)
heavy = [column['name'] for column in columns if 'heavy_tail' in column['flags']]
if heavy:
    found.append(f'Heavy tails in {listed(heavy)}: a few very large values carry most of the variance.')
for first, second, size in relations['twins'][:5]:
    found.append(f'`{first}` and `{second}` say nearly the same thing (rank correlation {size:.2f}).')

about = relations['target']
if CLASSES:
    counts = answer.value_counts()
    ratio = counts.max() / counts.min()
    target_text = f'It has {len(counts)} classes; the commonest, `{cell_text(counts.index[0], 40)}`, holds {share_text(int(counts.iloc[0]), int(counts.sum()))} of the rows, the rarest, `{cell_text(counts.index[-1], 40)}`, {share_text(int(counts.iloc[-1]), int(counts.sum()))}.'
    target_text += (
        ' That is **imbalanced**: accuracy alone would flatter a model.'
        if ratio >= 3
        else ' The classes are balanced well enough for plain metrics.'
    )
else:
    target_text = f'Its mean is {number_text(answer.mean())}, its standard deviation {number_text(answer.std())}, its range {number_text(answer.min())} to {number_text(answer.max())}, its skewness {number_text(answer.skew())}.'
if about['missing']:
    target_text += f' {share_text(about["missing"], len(raw))} of the rows have no target and cannot be used.'

decided = [
    f'**Target: `{TARGET}`** ({PARAMETERS["problem_type"]}), because {as_clause(PARAMETERS["target_reason"])}.',
    f'**Metric: {PARAMETERS["metric"]}**, because {as_clause(PARAMETERS["metric_reason"])}.',
]
decided += [
    f'**Drop `{name}`: it gives the target away** ({how}). A model that sees it would look far better than it is.'
    for name, how in PARAMETERS['leaks'].items()
]
decided += [f'Drop `{name}`: {reason}.' for name, reason in PARAMETERS['drop'].items()]
if profile['duplicates']:
    decided.append(
        'Drop repeated rows: with continuous measurements an exact repeat is a re-entry.'
        if PARAMETERS['drop_duplicates']
        else 'Keep repeated rows: with few possible values repeats are to be expected. Rows with equal features stay on one side of the split where that leaves sensible splits.'
    )
strategy, by = PARAMETERS['split']['strategy'], PARAMETERS['split']['by']
why = (
    f' Why: {measured.split.because}.'
    if strategy in ('time', 'group', 'time_and_group') and measured.split.because
    else ''
)
decided.append(
    {
        'time': f'**Split by time along `{by}`**: the latest rows are the test, rows of one moment stay together.{why}',
        'group': f'**Split by `{by}`**: all rows of one value stay on one side.{why}',
        'time_and_group': f'**Split by time along `{by}`, with all rows of a `{measured.split.group}` on one side.**{why}',
        'column': f'Split by the column `{by}`, as asked.',
        'file': f'Test on the file `{by}`, as asked.',
    }.get(
        strategy,
        'Split 70/15/15 at random by content, '
        + ('keeping the classes’ shares.' if CLASSES else 'keeping the target’s quintiles.'),
    )
)
decided += [f'From the instructions: {wish}.' for wish in PARAMETERS['wishes']]

confirm = [
    f'{question.text}' + (f' Taken for now: {question.choices[0].consequence}' if question.choices else '')
    for question in (*measured.questions, *plan.questions)
][:12]
uncertain = [*PARAMETERS['uncertain'], *measured.target.warnings, *measured.warnings]
if measured.untried:
    uncertain.append(
        f'For want of work ({measured.work_limit:,} cells) these were not tried: {"; ".join(measured.untried[:5])}.'
    )
if not CLASSES and 'heavy_tail' in by_name[TARGET]['flags']:
    top = answer.nlargest(max(1, len(answer) // 100))
    part = 100 * ((top - answer.mean()) ** 2).sum() / ((answer - answer.mean()) ** 2).sum()
    uncertain.append(
        f'The largest 1 % of the values of `{TARGET}` hold {part:.0f} % of its variance. The R² of single columns hangs on those few rows: a column that tells much of the usual rows may look useless above.'
    )
if len(raw) < 500:
    uncertain.append(
        f'With {len(raw):,} rows a share near one half may be off by about {100 / np.sqrt(len(raw)):.0f} points either way.'
    )
if not uncertain:
    uncertain.append(
        'Nothing here tells how the rows were sampled; if they are not like the ones to be predicted, no split can show it.'
    )
signal_text = 'No column tells anything alone.'
if scores:
    best = [(name, score) for name, score in scores if name in used][:3]
    if best:
        signal_text = 'Judged one at a time by a quick cross-validated learner, ' + listed_scores(best) + '.'

sections = [
    f'# What is in {cell_text(read["file"])}',
    '## In short',
    f'{found[0]} To be predicted: `{TARGET}` ({PARAMETERS["problem_type"]}). {signal_text}'
    + (
        f' **{listed(PARAMETERS["leaks"])} {"give" if len(PARAMETERS["leaks"]) > 1 else "gives"} the target away and {"are" if len(PARAMETERS["leaks"]) > 1 else "is"} dropped.**'
        if PARAMETERS['leaks']
        else ''
    ),
    '## What was found',
    '\n'.join(f'- {line}' for line in found[1:]),
    shown('missing'),
    shown('cardinality'),
    shown('numbers'),
    shown('outliers'),
    shown('categories'),
    f'### The target, `{TARGET}`',
    target_text,
    shown('target'),
    shown('time'),
    shown('season'),
    '### What tells of the target',
    f'{signal_text} {MEASURE_WORDS[0].upper()}{MEASURE_WORDS[1:]}.',
    shown('signal'),
    shown('strongest'),
    shown('pair'),
    shown('correlation'),
    shown('association'),
    undrawn_names(),
    '### The columns',
    markdown_table(
        ['column', 'kind', 'missing', 'distinct', MEASURE, 'remarks'],
        [
            [
                column['name'],
                column['kind'],
                f'{column["missing"]:,}' if column['missing'] else '–',
                f'{column["distinct"]:,}',
                '–'
                if relations['scores'].get(column['name']) is None
                else f'{max(relations["scores"][column["name"]], 0):.2f}',
                ', '.join(column['flags']).replace('_', ' ') or '–',
            ]
            for column in columns[:100]
        ],
    ),
    '' if len(columns) <= 100 else f'{len(columns) - 100:,} more columns are in `eda/data/columns.csv`.',
    '### What was measured',
    measured_text(),
    '## What was decided, and why',
    '\n'.join(f'- {line}' for line in decided),
    '## What is uncertain',
    '\n'.join(f'- {line}' for line in uncertain),
    *(['## To confirm', '\n'.join(f'- {line}' for line in confirm)] if confirm else []),
    '## Next steps',
    '\n'.join(
        f'{place}. {line}'
        for place, line in enumerate(
            [
                'Prepare the splits with these decisions; fit imputing, scaling and encoding on the training rows only.',
                f'Compare a few models by {PARAMETERS["metric"]} with repeated cross-validation against a dummy.',
                'Ask whoever knows the table about the uncertain points above before relying on the model.',
            ],
            1,
        )
    ),
]
Path('eda/report.md').write_text('\n\n'.join(part for part in sections if part) + '\n', encoding='utf-8')

# 6. What was made.
print(f'eda/report.md with {len(captions)} figures')
tell({'figures': sorted(captions), 'report': 'eda/report.md', 'columns_used': len(used)})
