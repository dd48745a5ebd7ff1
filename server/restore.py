"""`doorstep restore BACKUP FOLDER`: a checked backup into an empty data folder, and checked again there."""

import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pwa.disk import make_folder, sync
from server import alone
from server.backup import DATABASE, check, hash_of
from server.starting import NotDone

DONE = "Restored the backup of {made} into {folder}. Nothing was started."
NO_DATABASE = (
    "The database was PostgreSQL. Before you start Doorstep, bring it back with pg_restore, then run:\n"
    "  doorstep restored --made-at {made_at}"
)
UNTOLD = (
    "The files are restored, but phones would not send again what they hold. Before you start Doorstep, run:\n"
    "  DOORSTEP_DATA={folder} doorstep restored --made-at {made_at}"
)


def restore(source: Path, folder: Path, replace: bool = False) -> dict[str, Any]:
    """Nothing in `folder` changes unless the whole backup is right. With `replace` what is there moves aside.

    Gives the backup's manifest; `tell_phones` comes next.
    """
    manifest = check(source)
    make_folder(folder)
    if not alone.take(folder):
        raise NotDone(f"Doorstep is running on {folder}. Stop it first.")
    if any(file.name != alone.LOCK for file in folder.iterdir()):
        if not replace:
            raise NotDone(f"{folder} is not empty. Restore into a new folder, or add --replace.")
        _set_aside(folder)
    for name, entry in manifest["files"].items():
        target = folder / name
        make_folder(target.parent)
        shutil.copyfile(source / name, target)
        sync(target)
        if hash_of(target) != entry["sha256"]:
            raise NotDone(f"{target} could not be written as it was backed up. Check the disk.")
    for holder in {folder, *((folder / name).parent for name in manifest["files"])}:
        sync(holder)
    print(DONE.format(made=manifest["made_at"][:16].replace("T", " "), folder=folder))
    return manifest


def tell_phones(folder: Path, manifest: dict[str, Any]) -> int:
    """Note the restoration in the restored database, by a process of its own: this one may be set to another."""
    if DATABASE not in manifest["files"]:
        print(NO_DATABASE.format(made_at=manifest["made_at"]))
        return 0
    env = {name: value for name, value in os.environ.items() if name != "DOORSTEP_DATABASE_URL"}
    words = [sys.executable, "-m", "server", "restored", "--made-at", manifest["made_at"]]
    told = subprocess.run(words, env={**env, "DOORSTEP_DATA": str(folder)}, check=False)  # noqa: S603 - our own
    if told.returncode:
        raise NotDone(UNTOLD.format(folder=folder, made_at=manifest["made_at"]))
    return 0


def _set_aside(folder: Path) -> None:
    aside = folder.with_name(f"{folder.name}.before-{datetime.now(UTC):%Y%m%dT%H%M%S}")
    aside.mkdir(mode=0o700)
    for entry in list(folder.iterdir()):
        if entry.name != alone.LOCK:
            entry.rename(aside / entry.name)
    sync(aside)
    sync(aside.parent)
    print(f"What was in {folder} is now in {aside}.")
