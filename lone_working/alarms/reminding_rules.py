"""Which reminders an officer should have had by now. Pure: times in, numbers out."""

from collections.abc import Sequence
from datetime import datetime, timedelta


def reminders_due(due: datetime, after: Sequence[timedelta], told: int, at: datetime) -> list[int]:
    """Those of the ladder's reminders whose time has come, without the first `told`, which they had already."""
    return [n for n, wait in enumerate(after) if n >= told and due + wait <= at]
