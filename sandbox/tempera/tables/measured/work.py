"""The budget of `measure`: counted in work, so that decisions never depend on how busy the machine is."""

from __future__ import annotations

#: fits × rows × columns; what a quick learner does in about 20 s on one core
LIMIT = 60_000_000


class Work:
    """What may still be fitted. `untried` keeps what was left for want of it."""

    def __init__(self, limit: int = LIMIT) -> None:
        self.limit = limit
        self.spent = 0
        self.untried: list[str] = []

    def take(self, what: str, fits: int, rows: int, columns: int) -> bool:
        """Books the work, or says no and remembers `what` was not tried."""
        asked = fits * rows * max(1, columns)
        if self.spent + asked > self.limit:
            self.untried.append(what)
            return False
        self.spent += asked
        return True
