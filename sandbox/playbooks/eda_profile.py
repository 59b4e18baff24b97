"""What is in the table: how it is read, the kind of each column, what stands for missing, what looks odd.

Run by hand, in the folder that holds dataset/ and tempera/: `PYTHONPATH=. python eda/scripts/<this file>`.
"""

import json
from pathlib import Path

import numpy as np

from tempera.learning.source import understand_table
from tempera.learning.summary import common_values, summaries
from tempera.tables.measured.targets import rank_targets

# PARAMETERS
PARAMETERS = {
    'file': 'penguins.csv',
    'excluded_columns': [],
    'sharing': 'values',
    'show_columns': 150,
}
# END OF PARAMETERS

FEWEST_ROWS = 20  # fewer cannot be cut into three splits that say anything

# include: tell


def reading_of(plan) -> dict:
    """How the file is read, in the words of the report."""
    file, part = plan.file, plan.file.parts[0]
    column = next((one for one in plan.columns if one.form.type == 'float' and one.form.decimal), None)
    return {
        'file': file.name,
        'format': {'delimited': 'tsv' if file.delimiter == '\t' else 'csv', 'workbook': 'xlsx'}.get(
            file.kind, file.kind
        ),
        'delimiter': file.delimiter or None,
        'encoding': part.encoding or None,
        'encoding_is_guess': file.encoding_is_guess,
        'header': file.has_header,
        'decimal': column.form.decimal if column else '.',
        'compression': file.packed[0] if file.packed else None,
        'sheet': part.sheet or None,
    }


# 1. One understanding of the file: what its rows, columns and cells are. All later steps ask it.
source = understand_table(PARAMETERS['file'])
plan, frame = source.plan, source.frame
if len(plan.columns) < 2:
    raise SystemExit(f'{PARAMETERS["file"]} has one column: there is nothing to predict from.')

# 2. Every column in short, and what might be predicted.
columns = summaries(source)
candidates = [{'name': one.name, 'because': '; '.join(one.because)} for one in rank_targets(plan, frame)]
duplicates = int(frame.map(str).duplicated().sum())

# 3. Keep it all for the next steps; print what the decision needs.
read = reading_of(plan)
profile = {
    'read': read,
    'rows': plan.file.rows,
    'rows_used': len(frame),
    'left_out': dict(plan.file.left_out),
    'columns': columns,
    'duplicates': duplicates,
    'candidates': candidates,
    'renamed': dict(plan.file.renamed),
    'evidence': [one.because for one in plan.file.evidence],
    'questions': [question.text for question in plan.questions],
}
Path('eda/data/profile.json').write_text(json.dumps(rounded(profile), ensure_ascii=False, indent=1))
shown = columns[: PARAMETERS['show_columns']]
shown += [column for column in columns[-3:] if column not in shown]
if PARAMETERS['sharing'] == 'none':
    shown = [
        {key: column[key] for key in ('name', 'kind', 'is', 'flags')}
        | {'distinct': min(column['distinct'], 21)}
        for column in shown
    ]
else:
    shown = [{key: column[key] for key in column if key != 'disguises'} for column in shown]
if PARAMETERS['sharing'] == 'values':
    shown = [
        column | {'common': common_values(frame[column['name']])} if column['kind'] == 'category' else column
        for column in shown
    ]
told = PARAMETERS['sharing'] != 'none'
print(
    f'{len(frame):,} rows and {len(columns):,} columns read from {read["file"]}'
    if told
    else f'{len(columns)} columns read'
)
findings = {
    'read': read,
    'column_count': len(columns),
    'columns': shown,
    'too_few_rows': len(frame) < FEWEST_ROWS,
    'candidates': candidates,
}
if told:
    findings |= {'rows': len(frame), 'duplicates': duplicates}
tell(findings)
