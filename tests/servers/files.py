"""What the files of an SQLite database hold, read by another process.

Closing a file gives up every lock that a process has on it (POSIX), also those of its open connections: whoever
opens the database next believes to be alone, cuts the shared memory short, and this process dies of a bus error.
"""

import subprocess
from pathlib import Path


def holding(words: str, database: Path) -> list[str]:
    """The names of the database's own files, its log included, that hold these words."""
    files = sorted(database.parent.glob(f"{database.name}*"))
    done = subprocess.run(["grep", "-lF", "--", words, *files], capture_output=True, text=True)
    assert done.returncode in (0, 1), done.stderr
    return [Path(line).name for line in done.stdout.splitlines()]
