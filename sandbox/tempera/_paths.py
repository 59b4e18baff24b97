"""Where things lie, inside the sandbox and when a kept script is run by hand."""

from __future__ import annotations

import os
from pathlib import Path


class Paths:
    """Folders of the session. Read anew on each use, so `os.chdir` in a script does not change them."""

    def __init__(self) -> None:
        self._start = Path.cwd()

    @property
    def session(self) -> Path:
        """The session's folder; holds eda/, prep/ and train/."""
        return Path(os.environ.get('TEMPERA_WORKSPACE') or self._start)

    @property
    def dataset(self) -> Path:
        """The folder of the experiment's data files (read-only)."""
        return Path(os.environ.get('TEMPERA_DATASET') or self.session / 'dataset')

    @property
    def eda(self) -> Path:
        return self.session / 'eda'

    @property
    def prep(self) -> Path:
        return self.session / 'prep'

    @property
    def train(self) -> Path:
        return self.session / 'train'

    @property
    def stage(self) -> Path:
        """The folder of the stage that runs; the session's when run by hand."""
        name = os.environ.get('TEMPERA_STAGE')
        return self.session / name if name else self.session


paths = Paths()
