"""What is in the table: how it is read, the kind of each column, what stands for missing, what looks odd.

Reads the table (`paths.dataset`).
Run by hand, in the folder that holds dataset/ and tempera/: `PYTHONPATH=. python eda/scripts/<this file>`.
"""

import json
from pathlib import Path
from typing import Any

from tempera.choices import decided_reading
from tempera.learning.source import Source, understand_table
from tempera.learning.summary import common_values, reading_of, summaries
from tempera.reports import rounded, tell
from tempera.tables.measured.targets import rank_targets

# PARAMETERS
PARAMETERS: dict[str, Any] = {
    'file': 'penguins.csv',
    'excluded_columns': [],
    'sharing': 'values',
    'show_columns': 150,
}
# END OF PARAMETERS

FEWEST_ROWS = 20  # fewer cannot be cut into three splits that say anything


def main() -> None:
    # 1. One understanding of the file: what its rows, columns and cells are. All later steps ask it.
    source = understand_table(PARAMETERS['file'], decided_reading)
    plan, frame = source.plan, source.frame
    if len(plan.columns) < 2:
        raise SystemExit(f'{PARAMETERS["file"]} has one column: there is nothing to predict from.')

    # 2. Every column in short, and what might be predicted.
    columns = summaries(source)
    candidates = [{'name': one.name, 'because': '; '.join(one.because)} for one in rank_targets(plan, frame)]
    profile = {
        'read': reading_of(plan),
        'rows': plan.file.rows,
        'rows_used': len(frame),
        'left_out': dict(plan.file.left_out),
        'columns': columns,
        'duplicates': int(frame.map(str).duplicated().sum()),
        'candidates': candidates,
        'renamed': dict(plan.file.renamed),
        'evidence': [one.because for one in plan.file.evidence],
        'questions': [question.text for question in plan.questions],
    }
    Path('eda/data/profile.json').write_text(json.dumps(rounded(profile), ensure_ascii=False, indent=1))

    # 3. Print what the decisions need: no count where only names and kinds are shared.
    findings = {
        'read': profile['read'],
        'column_count': len(columns),
        'columns': shown_columns(source, columns),
        'too_few_rows': len(frame) < FEWEST_ROWS,
        'candidates': candidates,
    }
    if PARAMETERS['sharing'] == 'none':
        print(f'{len(columns)} columns read')
    else:
        print(f'{len(frame):,} rows and {len(columns):,} columns read from {plan.file.name}')
        findings |= {'rows': len(frame), 'duplicates': profile['duplicates']}
    tell(findings)


def shown_columns(source: Source, columns: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The first columns and the last three, as much of each as is shared."""
    shown = columns[: PARAMETERS['show_columns']]
    shown += [column for column in columns[-3:] if column not in shown]
    if PARAMETERS['sharing'] == 'none':
        names_and_kinds = ('name', 'kind', 'is', 'flags')
        return [
            {key: column[key] for key in names_and_kinds} | {'distinct': min(column['distinct'], 21)}
            for column in shown
        ]
    shown = [{key: column[key] for key in column if key != 'disguises'} for column in shown]
    if PARAMETERS['sharing'] == 'aggregates':
        return shown
    return [
        column | {'common': common_values(source.frame[column['name']])}
        if column['kind'] == 'category'
        else column
        for column in shown
    ]


if __name__ == '__main__':
    main()
