"""What rows and columns are to each other and to the target: groups, time, give-aways, each measured.

Run by hand, in the folder that holds dataset/ and tempera/: `PYTHONPATH=. python eda/scripts/<this file>`.
"""

import json
from pathlib import Path

import numpy as np
import pandas as pd

from tempera.learning.prepare import named_strategy
from tempera.learning.relations import skill_of_each, twins_of
from tempera.learning.source import MEASURED, planned_table
from tempera.tables.measured.measure import Wishes, measure
from tempera.tables.measured.quick import labels_or_numbers

# PARAMETERS
PARAMETERS = {
    'target': 'species',
    'problem_type': None,
    'left_out': {},
    'sharing': 'values',
    'seed': 42,
    'max_rows': 5000,
}
# END OF PARAMETERS

# include: tell

# 1. The table as it was understood, and everything that can be measured about predicting this column.
source = planned_table()
plan, frame = source.plan, source.frame
measured = measure(
    plan,
    frame,
    PARAMETERS['target'],
    Wishes(left_out=tuple(PARAMETERS['left_out'])),
    problem=PARAMETERS['problem_type'],
)
target = measured.target
Path(MEASURED).write_text(json.dumps(rounded(measured.to_json()), ensure_ascii=False, indent=1))

# 2. What each column tells by itself, and which say the same.
answer = labels_or_numbers(frame[target.name], target.problem)
known = frame[answer.notna()].head(PARAMETERS['max_rows'])
scores = skill_of_each(plan, known, target, [name for name in measured.columns if name != target.name])
twins = twins_of(plan, known, list(measured.inputs))
VALUES = PARAMETERS['sharing'] == 'values'
leaks = {name: leak.because for leak in measured.leaks for name in leak.columns}

# 3. The target itself.
about = {'missing': int(answer.isna().sum())}
if target.problem != 'regression':
    counts = answer[~answer.isin(list(target.too_rare))].value_counts()
    about |= {
        'counted': int(counts.sum()),
        'classes': len(counts),
        'smallest': int(counts.min()),
        'largest_share': float(counts.max() / counts.sum()),
    }
    if PARAMETERS['sharing'] == 'values':
        about['counts'] = dict(list(target.labels.items())[:20])
else:
    about |= {'mean': float(answer.mean()), 'sd': float(answer.std()), 'skew': float(answer.skew())}

# 4. Whether rows may repeat by chance: where few values are possible, pairs of equal rows are to be expected.
whole = known[[*measured.inputs, target.name]].map(str)
alike = float(np.prod([(whole[name].value_counts(normalize=True) ** 2).sum() for name in whole.columns]))
by_chance = bool(whole.duplicated().sum() <= len(whole) * (len(whole) - 1) * alike)

ranking = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
continuous = [
    name
    for name in measured.inputs
    if pd.api.types.is_numeric_dtype(frame[name]) and frame[name].nunique() > 20
]
relations = {'scores': dict(ranking), 'leaks': leaks, 'suspects': [], 'twins': twins, 'target': about}
Path('eda/data/relations.json').write_text(json.dumps(rounded(relations), ensure_ascii=False, indent=1))
print(f'{len(scores)} columns compared with {target.name}; {len(leaks)} give it away')
told_leaks = leaks if VALUES else {name: leak.plain for leak in measured.leaks for name in leak.columns}
findings = {
    'leaks': told_leaks,
    'suspects': [],
    'strongest': [name for name, _ in ranking[:8]],
    'twins': [pair[:2] for pair in twins[:10]],
    'continuous': min(len(continuous), 1),
    'repeats_by_chance': by_chance,
    'problem_type': target.problem,
    'meaning': target.meaning,
    'meaning_because': target.because if VALUES else target.meaning,
    'split': {
        'strategy': named_strategy(measured.split.strategy),
        'by': ', '.join(measured.split.by) or measured.split.group or None,
        'because': measured.split.because,
        'confirm': measured.split.confirm,
    },
    'left_out': {
        name: why if VALUES else 'it cannot be used'
        for name, why in measured.left_out.items()
        if name not in leaks
    },
    'heavy_tailed': target.meaning == 'heavy_tailed',
    'to_confirm': [question.text for question in measured.questions] if VALUES else [],
    'several_labels': [
        choice.value for asked in target.questions if asked.key == 'target.label' for choice in asked.choices
    ]
    if VALUES
    else [],
}
if PARAMETERS['sharing'] != 'none':
    findings |= {
        'strongest': ranking[:8],
        'twins': twins[:10],
        'target': about,
        'continuous': len(continuous),
        'warnings': list(target.warnings + measured.warnings) if VALUES else [],
    }
tell(findings)
