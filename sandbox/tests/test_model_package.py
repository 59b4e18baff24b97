"""What lies beside a model: a wheel whose version no other one has, named in its requirements."""

from __future__ import annotations

import zipfile
from pathlib import Path

from tempera.learning.package import NAME, VERSION, version_of, write_wheel


def test_a_wheel_has_a_version_of_its_own_and_the_same_one_again(tmp_path: Path) -> None:
    (tmp_path / 'again').mkdir()
    first, second = write_wheel(tmp_path), write_wheel(tmp_path / 'again')
    assert (first.name, first.read_bytes()) == (second.name, second.read_bytes())
    _, version, *_ = first.name.split('-')
    assert version.startswith(f'{VERSION}+')
    with zipfile.ZipFile(first) as wheel:
        metadata = wheel.read(f'{NAME}-{version}.dist-info/METADATA').decode()
    assert f'Version: {version}\n' in metadata


def test_other_files_are_another_version() -> None:
    files = {'tempera/a.py': b'one = 1\n', 'tempera/b.py': b'two = 2\n'}
    changed = {**files, 'tempera/b.py': b'two = 3\n'}
    renamed = {'tempera/c.py': files['tempera/a.py'], 'tempera/b.py': files['tempera/b.py']}
    assert version_of(files) == version_of(dict(reversed(files.items())))
    assert len({version_of(files), version_of(changed), version_of(renamed)}) == 3
