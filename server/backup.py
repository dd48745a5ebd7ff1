"""`doorstep backup FOLDER`: the database and the photographs as one folder, with a hash of every file.

The database is copied first, in one consistent read while writers go on. A photograph is stored before
its row, so every row in the copy finds its photograph among the files copied afterwards.
"""

import contextlib
import hashlib
import json
import shutil
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from pwa.disk import sync
from server.settings import Settings
from server.starting import NotDone

MANIFEST = "manifest.json"
DATABASE = "doorstep.sqlite"
PHOTOS = "photos"
PIECE = 1024 * 1024
POSTGRES = (
    "The database is PostgreSQL, so only the photographs are in this backup. Take its own copy before each:\n"
    "  pg_dump --format=custom --file=doorstep.dump DATABASE_URL     (back again: pg_restore)"
)
BUCKET = "The photographs are in {storage}: keep versions there, or copy the bucket with your provider's tools."


def back_up(settings: Settings, to: Path) -> int:
    """Make the backup in a folder beside `to`, check it, and only then give it its name."""
    if to.exists() and any(to.iterdir() if to.is_dir() else [to]):
        raise NotDone(f"{to} exists already. Give the backup a new folder.")
    part = to.with_name(f"{to.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True, mode=0o700)
    if settings.database_url:
        print(POSTGRES)
    else:
        _copy_database(settings.sqlite_file, part / DATABASE)
    if settings.storage.startswith("s3://"):
        print(BUCKET.format(storage=settings.storage.split("?")[0]))
    else:
        _copy_photos(Path(settings.storage), part / PHOTOS)
    manifest = _manifest(part)
    _write(part / MANIFEST, json.dumps(manifest, indent=1).encode())
    check(part)
    if to.exists():
        to.rmdir()
    part.rename(to)
    sync(to.parent)
    size = sum(file["bytes"] for file in manifest["files"].values())
    print(f"Backed up to {to}: {len(manifest['files'])} files, {size} bytes, each checked.")
    return 0


def _copy_database(source: Path, to: Path) -> None:
    if not source.exists():
        raise NotDone(f"There is no database at {source} yet.")
    with contextlib.closing(sqlite3.connect(source, timeout=10)) as connection:
        connection.execute("VACUUM INTO ?", (str(to),))
    _check_database(to)
    sync(to)


def _check_database(file: Path) -> None:
    try:
        with contextlib.closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
            found = connection.execute("PRAGMA integrity_check").fetchall()
            loose = connection.execute("PRAGMA foreign_key_check").fetchall()
    except sqlite3.DatabaseError as error:
        raise NotDone(f"The database {file} is damaged: {error}.") from error
    if found != [("ok",)] or loose:
        raise NotDone(f"The database {file} is damaged.")


def _copy_photos(source: Path, to: Path) -> None:
    to.mkdir()
    for file in files_in(source):
        target = to / file.relative_to(source)
        target.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileNotFoundError):  # a clean copy may be made anew just now
            shutil.copyfile(file, target)
            sync(target)


def files_in(folder: Path) -> Iterator[Path]:
    if folder.exists():
        yield from sorted(file for file in folder.rglob("*") if file.is_file() and not file.is_symlink())


def _manifest(folder: Path) -> dict[str, Any]:
    files = {
        file.relative_to(folder).as_posix(): {"sha256": hash_of(file), "bytes": file.stat().st_size}
        for file in files_in(folder)
    }
    return {"format": 1, "made_at": datetime.now(UTC).isoformat(), "doorstep": _version(), "files": files}


def _version() -> str:
    try:
        return version("doorstep")
    except PackageNotFoundError:
        return "from a clone"


def hash_of(file: Path) -> str:
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        while piece := stream.read(PIECE):
            digest.update(piece)
    return digest.hexdigest()


def check(folder: Path) -> dict[str, Any]:
    """The manifest, after every file in it was found whole and nothing else was found. NotDone if not."""
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_bytes())
        files = {Path(name): entry["sha256"] for name, entry in manifest["files"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise NotDone(
            f"{folder} is not a backup made by Doorstep: it has no manifest that can be read."
        ) from error
    here = {file.relative_to(folder) for file in files_in(folder)} - {Path(MANIFEST)}
    for name in sorted(files.keys() | here):
        if name not in here or name not in files or hash_of(folder / name) != files[name]:
            raise NotDone(f"{name} in {folder} is missing or not as it was backed up. Use another backup.")
    if Path(DATABASE) in files:
        _check_database(folder / DATABASE)
    return manifest


def _write(file: Path, data: bytes) -> None:
    file.write_bytes(data)
    sync(file)
