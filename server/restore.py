"""`doorstep restore BACKUP FOLDER`: a checked backup into an empty data folder, and checked again there."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

from server import alone
from server.backup import DATABASE, check, hash_of
from server.starting import NotDone

DONE = (
    "Restored the backup of {made} into {folder}. Nothing was started.\n"
    "Phones keep what they sent for 72 hours: ask officers who worked since the backup to open Doorstep once."
)
NO_DATABASE = "The database was PostgreSQL: bring it back with pg_restore before you start Doorstep."


def restore(source: Path, folder: Path, replace: bool = False) -> int:
    """Nothing in `folder` changes unless the whole backup is right. With `replace` what is there moves aside."""
    manifest = check(source)
    folder.mkdir(parents=True, exist_ok=True)
    if not alone.take(folder):
        raise NotDone(f"Doorstep is running on {folder}. Stop it first.")
    if any(file.name != alone.LOCK for file in folder.iterdir()):
        if not replace:
            raise NotDone(f"{folder} is not empty. Restore into a new folder, or add --replace.")
        _set_aside(folder)
    for name, entry in manifest["files"].items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / name, target)
        if hash_of(target) != entry["sha256"]:
            raise NotDone(f"{target} could not be written as it was backed up. Check the disk.")
    print(DONE.format(made=manifest["made_at"][:16].replace("T", " "), folder=folder))
    if DATABASE not in manifest["files"]:
        print(NO_DATABASE)
    return 0


def _set_aside(folder: Path) -> None:
    aside = folder.with_name(f"{folder.name}.before-{datetime.now(UTC):%Y%m%dT%H%M%S}")
    aside.mkdir(mode=0o700)
    for entry in list(folder.iterdir()):
        if entry.name != alone.LOCK:
            entry.rename(aside / entry.name)
    print(f"What was in {folder} is now in {aside}.")
