"""Small makers of files for the tools' tests."""

from __future__ import annotations

import json
from pathlib import Path

import joblib
import numpy as np
import pandas as pd
from sklearn.compose import make_column_transformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.metrics import accuracy_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

from tempera_sandbox.tools import Context, run_tool

PNG = b'\x89PNG\r\n\x1a\n' + b'\0' * 40


def make_context(folder: Path) -> Context:
    """An empty session with an empty dataset."""
    context = Context(folder / 'session', folder / 'datasets')
    context.workspace.mkdir()
    context.datasets.mkdir()
    return context


def plants(rows: int = 120) -> pd.DataFrame:
    """A small table that can be learned, with gaps."""
    random = np.random.default_rng(7)
    kind = random.integers(0, 3, rows)
    size = kind * 2.0 + random.normal(0, 0.4, rows)
    size[:4] = np.nan
    colour = np.where(random.random(rows) < 0.5, 'red', 'blue')
    return pd.DataFrame(
        {
            'size': size,
            'colour': colour,
            'weight': random.normal(5, 1, rows).round(6),
            'kind': np.array(['a', 'b', 'c'])[kind],
        }
    )


def write_eda(context: Context) -> None:
    """A good EDA."""
    figures = context.workspace / 'eda/figures'
    figures.mkdir(parents=True)
    (figures / 'kinds.png').write_bytes(PNG)
    (context.workspace / 'eda/report.md').write_text(
        '# Plants\n\nThree kinds.\n\n![kinds](figures/kinds.png)\n'
    )


def write_prep(context: Context) -> dict[str, pd.DataFrame]:
    """A good prep of plants(); returns the splits."""
    raw = plants()
    raw.to_csv(context.datasets / 'plants.csv', index=False, na_rep='?')
    raw['__source_row'] = np.arange(len(raw), dtype=np.int64)
    splits = {'train': raw[:80], 'val': raw[80:100], 'test': raw[100:]}
    data = context.workspace / 'prep/data'
    data.mkdir(parents=True)
    for name, frame in splits.items():
        frame.to_parquet(data / f'{name}.parquet', index=False)
    joblib.dump(preparation().fit(splits['train'][['size', 'colour', 'weight']]), data / 'prep_pipeline.pkl')
    write_json(
        data / 'metadata.json',
        {
            'version': 1,
            'columns': list(raw.columns),
            'feature_columns': ['size', 'colour', 'weight'],
            'target_column': 'kind',
            'source_row_column': '__source_row',
            'problem_type': 'multiclass',
            'classes': ['a', 'b', 'c'],
            'total_rows': 120,
            'train_rows': 80,
            'val_rows': 20,
            'test_rows': 20,
            'dataset_rows': 120,
            'dropped_rows': {},
            'quality_stats': {'missing_cells': 4},
        },
    )
    return splits


def write_train(context: Context, splits: dict[str, pd.DataFrame]) -> None:
    """A good training on top of write_prep."""
    features = ['size', 'colour', 'weight']
    estimator = RandomForestClassifier(20, random_state=0)
    model = make_pipeline(preparation(), estimator).fit(splits['train'][features], splits['train']['kind'])
    models, data = context.workspace / 'train/models', context.workspace / 'train/data'
    models.mkdir(parents=True)
    data.mkdir(parents=True)
    joblib.dump(model, models / 'model.pkl')
    (models / 'requirements.txt').write_text('scikit-learn==1.0\npandas==2.0\n')
    (context.workspace / 'train/report.md').write_text('# Model\n\nA forest.\n')
    accuracy = accuracy_score(splits['test']['kind'], model.predict(splits['test'][features]))
    write_json(
        data / 'metadata.json',
        {
            'version': 1,
            'problem_type': 'multiclass',
            'target_column': 'kind',
            'feature_columns': features,
            'primary_metric': 'accuracy',
            'metrics': {'test': {'accuracy': accuracy}},
        },
    )


def preparation():
    """Imputes numbers, encodes texts; other columns are dropped."""
    return make_column_transformer(
        (SimpleImputer(), ['size', 'weight']),
        (OneHotEncoder(handle_unknown='ignore'), ['colour']),
        remainder='drop',
    )


def write_json(path: Path, value: object) -> None:
    """Writes JSON."""
    path.write_text(json.dumps(value))


def change_json(path: Path, **changes: object) -> None:
    """Sets keys of a JSON object."""
    write_json(path, json.loads(path.read_text()) | changes)


def make_tables(folder: Path) -> Context:
    """A session with tables for SQL: an upload, the splits of prep, a file of EDA."""
    context = make_context(folder)
    write_prep(context)
    (context.workspace / 'eda/data').mkdir(parents=True)
    pd.DataFrame({'a': [1, 2], 'b': ['x', None]}).to_csv(
        context.workspace / 'eda/data/My Table.csv', index=False
    )
    return context


def query(context: Context, sql: str, **options: object) -> dict:
    """The answer of the tool, which JSON can hold."""
    found = run_tool('query_sql', {'sql': sql, **options}, context)
    json.dumps(found, allow_nan=False)
    return found
