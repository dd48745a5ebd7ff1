"""What must survive a power cut: bytes and names are on the disk before anybody is told of them."""

import os
from pathlib import Path


def sync(path: Path) -> None:
    """A file with its bytes, or a folder with the names in it."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def make_folder(folder: Path) -> None:
    """With those it is in, the names of all that were not there yet on the disk."""
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for made in missing:
        sync(made.parent)
