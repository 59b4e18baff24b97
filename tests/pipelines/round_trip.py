"""Whether a session's model says of a file, by its own script, what the platform said of it and what it says of the
splits' rows, of rows by themselves and in another order. Run in the model's own environment:
`python round_trip.py SESSION FILE PLATFORM.csv OWN.csv`.
"""

import csv
import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from tempera.learning.predicting import Predictor
from tempera.tables import read

#: rounding of sums that are added up in another order; decisions of trees and labels are the same
CLOSE = 1e-9
#: rows that are asked about by themselves
ALONE = 12


def column(path: str, name: str) -> list[str]:
    with open(path, encoding='utf-8', newline='') as lines:
        return [row[name] for row in csv.DictReader(lines)]


def alike(left: list, right: list) -> bool:
    try:
        return bool(
            np.allclose(np.array(left, dtype=float), np.array(right, dtype=float), rtol=CLOSE, atol=CLOSE)
        )
    except ValueError:
        return [str(one) for one in left] == [str(one) for one in right]


def main() -> None:
    session, file, platform, own = sys.argv[1:]
    models = Path(session) / 'train/models'
    metadata = json.loads((Path(session) / 'prep/data/metadata.json').read_text('utf-8'))
    predictor = Predictor.load(models)
    name = f'predicted_{predictor.target}'
    by_platform, by_itself = column(platform, name), column(own, name)
    typed = read(file, predictor.plan)
    by_row = dict(zip(typed.index, by_platform, strict=True))
    splits = [
        pd.read_parquet(Path(session) / f'prep/data/{split}.parquet') for split in ('train', 'val', 'test')
    ]
    rows = pd.concat(splits, ignore_index=True)
    in_file = [by_row[row] for row in rows[metadata['source_row_column']]]

    def predicted(frame: pd.DataFrame) -> list:
        return predictor.answers(frame)[name].tolist()

    print(
        json.dumps(
            {
                'rows': len(by_platform),
                'split_rows': len(rows),
                'as_the_splits': alike(predicted(rows), in_file),
                'as_by_itself': alike(by_platform, by_itself),
                'as_alone': alike(
                    [predicted(typed.iloc[[at]])[0] for at in range(min(ALONE, len(typed)))],
                    by_platform[:ALONE],
                ),
                'in_any_order': alike(predicted(typed.iloc[::-1]), by_platform[::-1]),
            }
        )
    )


main()
