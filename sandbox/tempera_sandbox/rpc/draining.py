"""Whether this host is being emptied: what runs here ends here, nothing new begins.

The wish is a file in the host's home, so that a restart does not forget it.
"""

from __future__ import annotations

from pathlib import Path

import grpc

from ..errors import HostError


class Draining:
    """Refusals carry the reason DRAINING, by which a caller knows to go elsewhere."""

    def __init__(self, home: Path) -> None:
        self._file = home / 'draining'

    @property
    def is_on(self) -> bool:
        return self._file.exists()

    def set(self, on: bool) -> None:
        if on:
            self._file.touch()
        else:
            self._file.unlink(missing_ok=True)

    def check(self, has_work_here: bool) -> None:
        """Lets pass what continues work of this host. HostError: UNAVAILABLE, DRAINING."""
        if self.is_on and not has_work_here:
            raise HostError(
                grpc.StatusCode.UNAVAILABLE,
                'DRAINING',
                'This sandbox host is being emptied and takes no new work; use another host.',
                {'draining': 'true'},
            )
