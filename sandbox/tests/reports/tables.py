"""Tables that have something to say of every kind, small enough to be worked through in seconds."""

from __future__ import annotations

from pathlib import Path

import numpy as np

EXAMPLES = Path(__file__).parents[3] / 'examples'
CASES = Path(__file__).parents[3] / 'tests' / 'cases'


def rents(folder: Path) -> Path:
    """A number with a long tail by days, a code for no value, a dash for none, rows entered twice, an empty name."""
    random = np.random.default_rng(1)
    lines = ['day;area (m²);rooms;heating;;rent (€);note']
    for at in range(260):
        day = np.datetime64('2022-01-03') + at
        area, rooms = random.normal(70, 20), random.integers(1, 6)
        rent = np.exp(random.normal(6.2 + area / 100, 0.15)) * (8 if at % 60 == 7 else 1)
        heating = ['gas', 'oil', '-', 'district'][random.integers(0, 4)]
        floor = -999 if at % 13 == 3 else random.integers(0, 9)
        lines.append(f'{day};{area:.1f};{rooms};{heating};{floor};{rent:.2f};same')
    lines += lines[5:9]
    lines.append('Total;;;;;99999.00;')
    path = folder / 'rents.csv'
    path.write_text('\n'.join(lines) + '\n', encoding='utf-8')
    return path


def visits(folder: Path) -> Path:
    """Patients with several visits each, a rare answer, a column that codes it, one that is nearly another."""
    random = np.random.default_rng(2)
    lines = ['patient,visit,pressure,pressure_again,weight,ward,outcome_code,outcome']
    for patient in range(60):
        base, sick = random.normal(120, 12), random.random() < 0.2
        for visit in range(1, 6):
            pressure = base + random.normal(0, 2) + (8 if sick else 0)
            weight = random.normal(75, 12)
            ward = 'ABC'[random.integers(0, 3)]
            answer = 'ill' if sick else 'well'
            lines.append(
                f'P{patient:03d},{visit},{pressure:.1f},{pressure + random.normal(0, 0.1):.2f},{weight:.1f},{ward},'
                f'{int(sick)},{answer}'
            )
    path = folder / 'visits.csv'
    path.write_text('\n'.join(lines) + '\n', encoding='utf-8')
    return path


def coins(folder: Path) -> Path:
    """No header, and nothing that tells of the last column."""
    random = np.random.default_rng(3)
    lines = [
        f'{random.random():.4f},{random.integers(0, 1000)},{["red", "blue"][random.integers(0, 2)]},'
        f'{["heads", "tails"][random.integers(0, 2)]}'
        for _ in range(160)
    ]
    path = folder / 'coins.csv'
    path.write_text('\n'.join(lines) + '\n', encoding='utf-8')
    return path


def ships(folder: Path) -> Path:
    """Few combinations, so that rows repeat and contradict each other."""
    random = np.random.default_rng(4)
    lines = ['berth,age,sex,survived']
    for _ in range(400):
        berth = ['1st', '2nd', '3rd', 'crew'][random.integers(0, 4)]
        age, sex = ['adult', 'child'][random.integers(0, 2)], ['female', 'male'][random.integers(0, 2)]
        chance = 0.15 + 0.6 * (sex == 'female') + 0.15 * (berth == '1st')
        lines.append(f'{berth},{age},{sex},{"yes" if random.random() < chance else "no"}')
    path = folder / 'ships.csv'
    path.write_text('\n'.join(lines) + '\n', encoding='utf-8')
    return path


def twice(folder: Path) -> Path:
    """Things that were measured two times each, one after the other, with a little noise."""
    random = np.random.default_rng(5)
    lines = ['length,width,height,weight,charge,sound']
    for _ in range(130):
        thing = random.normal(100, 20, 5)
        answer = 'yes' if thing[0] + random.normal(0, 15) > 100 else 'no'
        for _ in range(2):
            cells = thing * (1 + random.normal(0, 1e-6, 5))
            lines.append(','.join(f'{cell:.6f}' for cell in cells) + f',{answer}')
    path = folder / 'twice.csv'
    path.write_text('\n'.join(lines) + '\n', encoding='utf-8')
    return path


#: name: (what makes the file, the target, how pandas alone reads it)
TABLES = {
    'penguins': (lambda folder: EXAMPLES / 'penguins.csv', 'species', {}),
    'rents': (rents, 'rent (€)', {'sep': ';', 'na_values': ['-'], 'skipfooter': 1, 'engine': 'python'}),
    'visits': (visits, 'outcome', {}),
    'coins': (coins, 'column_4', {'header': None, 'names': [f'column_{at}' for at in range(1, 5)]}),
    'ships': (ships, 'survived', {}),
    'twice': (twice, 'sound', {}),
    'words for none': (lambda folder: CASES / '01-none-class.csv', 'disorder', {'keep_default_na': False}),
    'no signal': (lambda folder: CASES / '03-patients-visits.csv', 'outcome', {}),
    'open ends': (lambda folder: CASES / '16-censored-times.csv', 'months_in_service', {}),
    'too few': (lambda folder: CASES / '27-four-frauds.csv', 'fraud', {'dtype': {'fraud': str}}),
}
