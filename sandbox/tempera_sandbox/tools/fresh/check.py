"""Loads a pickle that the session's code wrote, and uses it: what it says is data, and what that is worth is judged
elsewhere, where no pickle was loaded."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def load(path: str) -> Any:
    """The object of a pickle. Raises RuntimeError with a sentence for the agent."""
    import joblib

    try:
        return joblib.load(path)
    except ModuleNotFoundError as error:
        own = (error.name or '').partition('.')[0] == 'tempera'
        advice = (
            'Lay the library that it was made with beside it: '
            "tempera.learning.package.write_wheel(Path('train/models'))."
            if own
            else 'Build it from classes and functions of installed packages only, not of a script.'
        )
        raise RuntimeError(f'does not load in a fresh process ({error}). {advice}') from error
    except (AttributeError, ImportError) as error:
        raise RuntimeError(
            f'does not load in a fresh process ({error}). Build it from classes and functions of '
            'installed packages only, not of a script.'
        ) from error
    except Exception as error:  # a pickle may raise anything
        raise RuntimeError(
            f'does not load in a fresh process ({type(error).__name__}: {str(error)[:300]}). Save it '
            'again with joblib.dump.'
        ) from error


def transform(request: dict[str, Any]) -> tuple[dict[str, Any], list[Any]]:
    """Loads the pipeline and transforms raw rows, in the forms in which callers may have read them.

    {on, columns, notes}
    """
    import pandas as pd

    pipeline = load(request['pipeline'])
    if isinstance(pipeline, dict):
        pipeline = next((part for part in pipeline.values() if hasattr(part, 'transform')), pipeline)
    if not hasattr(pipeline, 'transform'):
        raise RuntimeError(
            f'holds a {type(pipeline).__name__} without transform(): save a fitted sklearn Pipeline.'
        )
    tried: list[str] = []
    for name, frame in raw_frames(request, pd):
        try:
            shape, notes = _shape(pipeline.transform(frame), len(frame))
            return {'on': name, 'columns': shape, 'notes': notes}, []
        except Exception as error:  # the pipeline is the agent's code
            tried.append(f'{name}: {type(error).__name__}: {str(error)[:200]}')
    raise RuntimeError(
        'loads but does not transform a raw row of the upload '
        f"({tried[0] if tried else 'there is no row'}). Let it take the upload's columns by name "
        'and do all cleaning itself.'
    )


def raw_frames(request: dict[str, Any], pd: Any) -> list[tuple[str, Any]]:
    """Raw rows as texts, as pandas types them, and without the target."""
    if request.get('typed'):
        return [('rows of the upload as its plan reads them', _frame(request, 'typed'))]
    if not request.get('raw'):
        return [('a row of train', _frame(request, 'train'))] if request.get('train') else []
    texts = pd.DataFrame(request['raw']['columns']).head(5)
    typed = texts.copy()
    for name in typed.columns:
        blank = typed[name].map(
            lambda cell: (
                cell is None
                or str(cell).strip().lower() in ('', '?', 'na', 'n/a', 'nan', 'null', 'none', '-')
            )
        )
        typed[name] = typed[name].mask(blank, None)
        if name in request['raw']['numbers']:
            typed[name] = pd.to_numeric(typed[name], errors='coerce')
    frames = [('raw rows', typed), ('raw rows of text', texts)]
    target = request.get('target')
    if target in typed.columns:
        frames += [
            ('raw rows without the target', typed.drop(columns=target)),
            ('raw rows of text without the target', texts.drop(columns=target)),
        ]
    return frames


def _shape(matrix: Any, rows: int) -> tuple[int, list[str]]:
    import numpy as np

    dense = matrix.toarray() if hasattr(matrix, 'toarray') else np.asarray(matrix)
    if dense.ndim != 2 or dense.shape[0] != rows:
        raise ValueError(f'it gives the shape {dense.shape} for {rows} rows')
    notes = []
    try:
        if not np.isfinite(dense.astype(float)).all():
            notes.append('not_finite')
    except (TypeError, ValueError):
        notes.append('not_numbers')
    return int(dense.shape[1]), notes


def predict(request: dict[str, Any]) -> tuple[dict[str, Any], list[Any]]:
    """Predicts a frame in the first form that the model takes, with probabilities where it has them.

    {form, rows, labels?, classes?, probabilities_error?, notes}; behind it the predictions (numbers, or places among
    `labels`), then a row of probabilities for each, then the numbers predicted for `also`.
    """
    import numpy as np

    model, notes = load(request['model']), []
    if isinstance(model, dict):
        notes.append('dict')
        model = next((part for part in model.values() if hasattr(part, 'predict')), model)
    if not hasattr(model, 'predict'):
        raise RuntimeError(f'holds a {type(model).__name__} without predict(): save a fitted model.')
    form, frame, predicted = _first_form(model, request)
    fields: dict[str, Any] = {'form': form, 'rows': len(frame), 'notes': notes}
    if request['problem_type'] == 'regression':
        parts = [_numbers(predicted)]
    else:
        fields['labels'], places = _labels(predicted)
        parts = [places, *_probabilities(model, frame, fields)]
    if request.get('also'):
        try:
            parts.append(_numbers(np.asarray(model.predict(_frame(request, request['also']))).ravel()))
        except Exception:  # the model is the agent's code; the first predictions count without these
            fields['notes'].append('not_also')
    return fields, parts


def _first_form(model: Any, request: dict[str, Any]) -> tuple[int, Any, Any]:
    import numpy as np

    tried: list[str] = []
    for at, form in enumerate(request['forms']):
        try:
            frame = _frame(request, form['frame'])
            rows = len(frame)
            if form['transformed']:
                frame = load(request['pipeline']).transform(frame)
            predicted = np.asarray(model.predict(frame))
            return at, frame, predicted.reshape(rows, -1)[:, 0] if rows else predicted
        except Exception as error:  # the model is the agent's code
            if request['names_row']:
                raise _refused_row(model, frame, error) from error
            tried.append(f'on {form["name"]}: {type(error).__name__}: {str(error)[:200]}')
    raise RuntimeError(f'loads but does not predict {request["what"]} ({tried[0]}). {request["advice"]}')


class _RowRefusedError(RuntimeError):
    """What the model says of the first row that it refuses."""

    def __init__(self, row: int, error: Exception, frame: Any) -> None:
        super().__init__(f'{type(error).__name__}: {str(error)[:300]}')
        self.row = row
        self.cells = {
            str(name): float(cell) for name, cell in frame.iloc[row].items() if isinstance(cell, float)
        }


def _refused_row(model: Any, frame: Any, error: Exception) -> _RowRefusedError:
    """Looked for by halves."""
    low, high = 0, len(frame)
    while high - low > 1:
        middle = (low + high) // 2
        try:
            model.predict(frame.iloc[low:middle])
            low = middle
        except Exception as other:  # the model is the agent's code
            error, high = other, middle
    return _RowRefusedError(low, error, frame)


def _frame(request: dict[str, Any], name: str) -> Any:
    import pandas as pd

    if name in request.get('read_frames', {}):
        return request['read_frames'][name]
    return pd.read_pickle(Path(request['folder']) / f'{name}.pkl')


def _numbers(values: Any) -> Any:
    import numpy as np

    try:
        return np.asarray(values, dtype=float)
    except (TypeError, ValueError) as error:
        raise RuntimeError(f'predicts something that is no number ({str(error)[:150]}).') from error


def _labels(predicted: Any) -> tuple[list[Any], list[int]]:
    """The distinct labels, and the place of each prediction among them."""
    places: dict[Any, int] = {}
    found = [places.setdefault(_plain_value(value), len(places)) for value in predicted.tolist()]
    return list(places), found


def _probabilities(model: Any, frame: Any, fields: dict[str, Any]) -> list[Any]:
    import numpy as np

    classes = getattr(model, 'classes_', None)
    if classes is None or not hasattr(model, 'predict_proba'):
        return []
    try:
        given = np.asarray(model.predict_proba(frame), dtype=float)
        names = [_plain_value(name) for name in np.asarray(classes).tolist()]
        if given.shape != (fields['rows'], len(names)):
            raise ValueError(f'predict_proba gives the shape {given.shape}')
    except Exception as error:  # the model is the agent's code
        fields['probabilities_error'] = str(error)[:150]
        return []
    fields['classes'] = names
    return [given.ravel()]


def _plain_value(value: Any) -> Any:
    return value if isinstance(value, (str, int, float, bool)) or value is None else str(value)
