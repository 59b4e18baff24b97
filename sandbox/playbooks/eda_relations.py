"""What rows and columns are to each other and to the target: groups, time, give-aways, each measured.

Reads the table (`paths.dataset`) as eda/data/plan.json says.
Run by hand, in the folder that holds dataset/ and tempera/: `PYTHONPATH=. python eda/scripts/<this file>`.
"""

import json
from pathlib import Path
from typing import Any

from tempera.choices import decided_problem, unanswered
from tempera.learning.prepare import named_strategy
from tempera.learning.relations import Relations, relations_of
from tempera.learning.source import MEASURED, can_judge, judging_part, planned_table
from tempera.reports import rounded, tell
from tempera.tables.measured.findings import Measured
from tempera.tables.measured.measure import Wishes, measure

# PARAMETERS
PARAMETERS: dict[str, Any] = {
    'target': 'species',
    'target_reason': 'it was given',
    'problem_type': None,
    'left_out': {},
    'kept': [],
    'test_file': None,
    'sharing': 'values',
    'seed': 42,
    'max_rows': 5000,
}
# END OF PARAMETERS


def main() -> None:
    # 1. The table as it was understood, and everything that can be measured about predicting this column.
    source = planned_table()
    left_out, included = tuple(PARAMETERS['left_out']), tuple(PARAMETERS.get('kept', ()))
    wishes = Wishes(left_out=left_out, included=included, problem=PARAMETERS['problem_type'])
    measured = measure(source.plan, source.frame, PARAMETERS['target'], wishes)
    measured = decided_problem(measured, PARAMETERS.get('target_reason') or '')
    Path(MEASURED).write_text(json.dumps(rounded(measured.to_json()), ensure_ascii=False, indent=1))

    # 2. What each column tells by itself, which say the same, and how the target is spread.
    relations = relations_of(source, measured, PARAMETERS['max_rows'])
    Path('eda/data/relations.json').write_text(
        json.dumps(rounded(relations.to_json()), ensure_ascii=False, indent=1)
    )
    print(
        f'{len(relations.scores)} columns compared with {measured.target.name}; '
        f'{len(relations.leaks)} give it away'
    )

    # 3. Print what the decisions need, as far as it is shared.
    findings = names_and_choices(measured, relations)
    if part := judging_part(source, measured.target.name):
        given = {'by': part, 'because': 'it was given for testing', 'confirm': False}
        findings['split'] |= {'strategy': 'file'} | given
    test_file = PARAMETERS.get('test_file')
    if test_file is not None:
        findings['test_file_can_judge'] = can_judge(source.plan, test_file, measured.target.name)
    if PARAMETERS['sharing'] != 'none':
        findings |= {
            'strongest': relations.ranking[:8],
            'twins': relations.twins[:10],
            'target': relations.target,
            'continuous': relations.continuous,
        }
    if PARAMETERS['sharing'] == 'values':
        findings |= words_with_values(measured, relations)
    tell(findings)


def names_and_choices(measured: Measured, relations: Relations) -> dict[str, Any]:
    """What may be told of any table: names, kinds and choices."""
    split, target = measured.split, measured.target
    plain = {name: leak.plain for leak in measured.leaks for name in leak.columns}
    return {
        'leaks': {name: why for name, why in plain.items() if name in relations.leaks},
        'suspects': [],
        'strongest': [name for name, _ in relations.ranking[:8]],
        'twins': [pair[:2] for pair in relations.twins[:10]],
        'continuous': min(relations.continuous, 1),
        'repeats_by_chance': relations.repeats_by_chance,
        'problem_type': target.problem,
        'meaning': target.meaning,
        'meaning_because': target.meaning,
        'split': {
            'strategy': named_strategy(split.strategy),
            'by': ', '.join(split.by) or split.group or None,
            'because': split.because,
            'confirm': split.confirm,
        },
        'left_out': {name: plain.get(name, 'it cannot be used') for name in relations.left_out},
        'heavy_tailed': target.meaning == 'heavy_tailed',
        'one_value_in_half': relations.one_value_in_half,
        'to_confirm': [],
        'several_labels': [],
    }


def words_with_values(measured: Measured, relations: Relations) -> dict[str, Any]:
    """Reasons and questions, which may quote cells of the table."""
    target = measured.target
    asked = next((question for question in target.questions if question.key == 'target.label'), None)
    return {
        'leaks': relations.leaks,
        'left_out': relations.left_out,
        'meaning_because': target.because,
        'to_confirm': [question.text for question in unanswered(measured.questions)],
        'several_labels': [choice.value for choice in asked.choices] if asked else [],
        'target': relations.target | relations.labels,
        'warnings': list(target.warnings + measured.warnings),
    }


if __name__ == '__main__':
    main()
