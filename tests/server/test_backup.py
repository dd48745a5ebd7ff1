"""Backup and restore with real files: nothing half, nothing unchecked, nothing overwritten."""

import contextlib
import hashlib
import json
import os
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from server import alone, backup
from server.backup import back_up, check, files_in
from server.restore import restore, tell_phones
from server.settings import Settings, read
from server.starting import NotDone

WORDS = "is missing or not as it was backed up"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with a database in WAL mode and three photographs."""
    folder = tmp_path / "data"
    (folder / "photos" / "ab").mkdir(parents=True)
    with contextlib.closing(sqlite3.connect(folder / "doorstep.sqlite")) as db:
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("CREATE TABLE reading (note TEXT)")
        db.executemany("INSERT INTO reading VALUES (?)", [(f"note {n}",) for n in range(100)])
        db.commit()
    for n in range(3):
        picture = f"picture {n}".encode()
        (folder / "photos" / "ab" / hashlib.sha256(picture).hexdigest()).write_bytes(picture)
    return folder


def settings(data: Path, **more: str) -> Settings:
    return read({"DOORSTEP_DATA": str(data), **more})


def contents(folder: Path) -> dict[str, bytes]:
    found = {
        str(file.relative_to(folder)): file.read_bytes()
        for file in (folder / "photos").rglob("*")
        if file.is_file()
    }
    with contextlib.closing(sqlite3.connect(folder / "doorstep.sqlite")) as db:
        found["rows"] = repr(db.execute("SELECT note FROM reading ORDER BY rowid").fetchall()).encode()
    return found


def test_what_is_restored_is_what_was_backed_up(data: Path, tmp_path: Path) -> None:
    assert back_up(settings(data), tmp_path / "b") == 0
    restore(tmp_path / "b", tmp_path / "new")
    assert contents(tmp_path / "new") == contents(data)


@pytest.mark.parametrize("replaced", [False, True])
def test_what_is_called_restored_would_be_there_after_a_power_cut(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, replaced: bool
) -> None:
    """Every file, the name of each, and the name of the folder they are in; and what was moved aside for them."""
    back_up(settings(data), tmp_path / "b")
    new, sync, synced = tmp_path / "council" / "data", os.fsync, []
    if replaced:
        new.mkdir(parents=True)
        (new / "older").write_bytes(b"what was here")

    def noted(handle: int) -> None:
        synced.append(Path(f"/proc/self/fd/{handle}").readlink())
        sync(handle)

    monkeypatch.setattr(os, "fsync", noted)
    restore(tmp_path / "b", new, replace=replaced)
    files = set(files_in(new)) - {new / alone.LOCK}
    aside = set(tmp_path.glob("council/data.before-*"))
    assert (len(files), len(aside)) == (4, int(replaced))
    assert set(synced) >= {*files, *(file.parent for file in files), new / "photos", new, new.parent, *aside}
    if not replaced:
        assert tmp_path in synced
    assert all(synced.index(file) < len(synced) - 1 - synced[::-1].index(file.parent) for file in files)


@pytest.mark.parametrize(
    "first", ["from server.__main__ import begin; begin(engine=False)", "import server.piccolo_conf"]
)
def test_the_name_of_a_new_data_folder_is_on_the_disk_before_a_database_is_in_it(
    tmp_path: Path, first: str
) -> None:
    told = (
        "import os; real = os.fsync; os.fsync = lambda fd: (print(os.readlink(f'/proc/self/fd/{fd}')), real(fd))"
    )
    env = {**os.environ, "DOORSTEP_DATA": str(tmp_path / "council" / "data")}
    env.pop("DOORSTEP_DATABASE_URL", None)
    done = subprocess.run(
        [sys.executable, "-c", f"{told}; {first}"], env=env, capture_output=True, text=True, check=True
    )
    assert set(done.stdout.split()) == {str(tmp_path), str(tmp_path / "council")}


def test_a_backup_during_writes_is_one_moment(data: Path, tmp_path: Path) -> None:
    stop = threading.Event()

    def write() -> None:
        with contextlib.closing(sqlite3.connect(data / "doorstep.sqlite", timeout=10)) as db:
            while not stop.is_set():
                with db:  # always two at a time
                    db.executemany("INSERT INTO reading VALUES (?)", [("pair",), ("pair",)])

    writer = threading.Thread(target=write)
    writer.start()
    back_up(settings(data), tmp_path / "b")
    stop.set()
    writer.join()
    with contextlib.closing(sqlite3.connect(tmp_path / "b" / "doorstep.sqlite")) as db:
        assert db.execute("SELECT count(*) FROM reading").fetchone()[0] % 2 == 0


@pytest.mark.parametrize("change", ["edit", "delete", "add", "manifest", "no manifest"])
def test_a_backup_that_is_not_as_it_was_made_is_not_restored(data: Path, tmp_path: Path, change: str) -> None:
    back_up(settings(data), tmp_path / "b")
    photo = next(file for file in (tmp_path / "b" / "photos").rglob("*") if file.is_file())
    if change == "edit":
        photo.write_bytes(b"other")
    elif change == "delete":
        photo.unlink()
    elif change == "add":
        (tmp_path / "b" / "more").write_bytes(b"x")
    elif change == "manifest":
        manifest = json.loads((tmp_path / "b" / "manifest.json").read_text())
        manifest["files"]["doorstep.sqlite"]["sha256"] = "0" * 64
        (tmp_path / "b" / "manifest.json").write_text(json.dumps(manifest))
    else:
        (tmp_path / "b" / "manifest.json").unlink()
    with pytest.raises(NotDone, match=WORDS if change != "no manifest" else "no manifest"):
        restore(tmp_path / "b", tmp_path / "new")
    assert not (tmp_path / "new" / "doorstep.sqlite").exists()


def test_every_flipped_byte_is_found(data: Path, tmp_path: Path) -> None:
    back_up(settings(data), tmp_path / "b")
    file = tmp_path / "b" / "doorstep.sqlite"
    whole = file.read_bytes()
    for at in range(0, len(whole), len(whole) // 25):
        file.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        with pytest.raises(NotDone):
            check(tmp_path / "b")
    file.write_bytes(whole)
    check(tmp_path / "b")


def test_a_folder_that_holds_something_is_not_overwritten(data: Path, tmp_path: Path) -> None:
    back_up(settings(data), tmp_path / "b")
    with pytest.raises(NotDone, match="is not empty"):
        restore(tmp_path / "b", data)
    with pytest.raises(NotDone, match="exists already"):
        back_up(settings(data), tmp_path / "b")


def test_replace_moves_aside_and_deletes_nothing(data: Path, tmp_path: Path) -> None:
    back_up(settings(data), tmp_path / "b")
    with contextlib.closing(sqlite3.connect(data / "doorstep.sqlite")) as db, db:
        db.execute("DELETE FROM reading")
    restore(tmp_path / "b", data, replace=True)
    (aside,) = tmp_path.glob("data.before-*")
    assert b"note 99" in contents(data)["rows"]
    assert contents(aside)["rows"] == b"[]"


def test_a_data_folder_in_use_is_not_restored_into(data: Path, tmp_path: Path) -> None:
    back_up(settings(data), tmp_path / "b")
    assert alone.take(data)
    with pytest.raises(NotDone, match="Stop it first"):
        restore(tmp_path / "b", data, replace=True)


def test_a_damaged_database_makes_no_backup(data: Path, tmp_path: Path) -> None:
    file = data / "doorstep.sqlite"
    whole = file.read_bytes()
    file.write_bytes(whole[:4096] + b"\xff" * 4096 + whole[8192:])
    with pytest.raises((NotDone, sqlite3.DatabaseError)):
        back_up(settings(data), tmp_path / "b")
    assert not (tmp_path / "b").exists()


def test_a_restored_database_that_cannot_be_told_of_says_what_to_run(data: Path, tmp_path: Path) -> None:
    back_up(settings(data), tmp_path / "b")
    manifest = restore(tmp_path / "b", tmp_path / "new")
    (tmp_path / "new" / "doorstep.sqlite").write_bytes(b"no database")
    with pytest.raises(NotDone, match="doorstep restored --made-at") as said:
        tell_phones(tmp_path / "new", manifest)
    assert manifest["made_at"] in str(said.value)


def test_on_postgresql_it_says_what_to_copy_besides(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    back_up(settings(data, DOORSTEP_DATABASE_URL="postgresql://a@b/c"), tmp_path / "b")
    assert "pg_dump" in capsys.readouterr().out
    assert not (tmp_path / "b" / backup.DATABASE).exists()
    assert len(check(tmp_path / "b")["files"]) == 3
