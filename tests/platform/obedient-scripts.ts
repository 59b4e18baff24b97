/**
 * Scripts of the three stages that ask the ledger before they do anything, over the bundled penguins. They leave what
 * validation asks for and little more, the same bytes for the same decisions.
 */

import type { Stage } from '../../core/stages.ts';
import { code, finish, type ScriptedStages, VALID_EDA } from './scripted.ts';

/** Deals rows by the values of a column where they are to be held together, else one by one, class by class. */
const PREP = `
import json, pathlib
import joblib
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from tempera import decide, paths

rows = pd.read_csv(paths.dataset / 'penguins.csv')
rows['__source_row'] = range(len(rows))
target = decide('target', 'species')
rows = rows.dropna(subset=[target])
numbers = ['bill_length_mm', 'bill_depth_mm', 'flipper_length_mm', 'body_mass_g']
features = [name for name in numbers if decide(f'column.{name}.use', 'in') == 'in']
strategy = decide(
    'split.strategy',
    'stratified',
    'no rows belong together',
    alternatives=[{'value': 'group', 'changes': 'equal flippers stay on one side'}],
    evidence={'rows': len(rows)},
    confidence=0.8,
)
by = decide('split.by', None)
if strategy == 'group':
    places = rows[by].rank(method='dense').fillna(0).astype(int)
else:
    places = rows.groupby(target).cumcount()
problem = decide('problem', 'binary' if rows[target].nunique() == 2 else 'multiclass')
splits = {'train': places % 5 > 1, 'val': places % 5 == 1, 'test': places % 5 == 0}
folder = pathlib.Path('prep/data')
folder.mkdir(parents=True, exist_ok=True)
columns = [*features, target, '__source_row']
for name, of in splits.items():
    rows.loc[of, columns].to_parquet(folder / f'{name}.parquet', index=False)
train = rows[splits['train']]
pipeline = make_pipeline(ColumnTransformer([('numbers', SimpleImputer(), features)])).fit(train)
joblib.dump(pipeline, folder / 'prep_pipeline.pkl')
counts = {f'{name}_rows': int(of.sum()) for name, of in splits.items()}
about = {
    **{'columns': columns, 'feature_columns': features, 'target_column': target},
    **{'source_row_column': '__source_row', 'total_rows': len(rows)},
    'problem_type': problem,
}
(folder / 'metadata.json').write_text(json.dumps({**about, **counts}))
pathlib.Path('prep/report.md').write_text(f'# Dealt by {strategy}\\n')
`;

const TRAIN = `
import json, pathlib
import joblib
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier
from tempera import decide, log
from tempera.learning.package import write_wheel

about = json.loads(pathlib.Path('prep/data/metadata.json').read_text())
features, target = about['feature_columns'], about['target_column']
train, test = (pd.read_parquet(f'prep/data/{name}.parquet') for name in ('train', 'test'))
metric = decide('metric', 'accuracy', 'the classes are alike in size')
chosen = decide('model.choice', 'linear', 'it is enough')
learners = {'linear': LogisticRegression(max_iter=500), 'forest': DecisionTreeClassifier(random_state=0)}
pipeline = joblib.load('prep/data/prep_pipeline.pkl')
model = make_pipeline(pipeline, StandardScaler(), learners[chosen]).fit(train[features], train[target])
for folder in ('models', 'data'):
    pathlib.Path('train', folder).mkdir(parents=True, exist_ok=True)
joblib.dump(model, 'train/models/model.pkl')
write_wheel(pathlib.Path('train/models'))
predicted = pd.DataFrame({'__source_row': test['__source_row'], 'predicted': model.predict(test[features])})
predicted.to_csv('train/data/predictions.csv', index=False)
score = model.score(test[features], test[target])
for step in range(20):
    log(step, {'score': score})
about = {'metrics': {'test': {'accuracy': score}}, 'primary_metric': metric, 'model': {'name': chosen}}
pathlib.Path('train/data/metadata.json').write_text(json.dumps(about))
pathlib.Path('train/report.md').write_text(f'# Trained: {chosen}\\n')
`;

/** The turns of each stage: one script, to which may be added, and the end. */
export const obedient = (more: Partial<Record<Stage, string>> = {}): ScriptedStages => ({
  eda: [[code('look', `${VALID_EDA}${more.eda ?? ''}`)], [finish('looked')]],
  prep: [[code('deal', `${PREP}${more.prep ?? ''}`)], [finish('dealt')]],
  train: [[code('fit', `${TRAIN}${more.train ?? ''}`)], [finish('fitted')]],
});
