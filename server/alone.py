"""Due work on a SQLite file is done by one process. The lock goes when the process does, however it ends."""

import fcntl
import os
from pathlib import Path

LOCK = "engine.lock"
_held: list[int] = []


def take(folder: Path) -> bool:
    """Be the one engine of this data folder for as long as this process lives. False: another is."""
    lock = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        return False
    _held.append(lock)
    return True
