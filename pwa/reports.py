"""What anybody may report as often as they like: the log says how often, not as often."""

from datetime import datetime


class Counted:
    """Counts within a minute. A line is due at the first, the tenth, the hundredth and so on."""

    def __init__(self) -> None:
        self._minute: datetime | None = None
        self._count = 0

    def due(self, at: datetime) -> int:
        """Count one at this moment: how many there were in its minute when a line is due, else 0."""
        minute = at.replace(second=0, microsecond=0)
        self._count = self._count + 1 if minute == self._minute else 1
        self._minute = minute
        return self._count if self._count == 10 ** (len(str(self._count)) - 1) else 0
