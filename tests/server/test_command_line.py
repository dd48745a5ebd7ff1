"""The command line in processes of its own: every wrong start ends in one sentence and a code."""

import contextlib
import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.phone.outbox.phone import until
from tests.servers.running import ROOT, Running


def doorstep(data: Path, *words: str, says: str = "", **settings: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DOORSTEP_")}
    return subprocess.run(
        [sys.executable, "-m", "server", *words],
        env={**kept, "DOORSTEP_DATA": str(data), **settings},
        cwd=ROOT,
        input=says,
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_a_wrong_setting_stops_the_start_with_one_sentence(tmp_path: Path) -> None:
    done = doorstep(tmp_path / "data", "run", DOORSTEP_PORT="eight")
    assert done.returncode == 1
    assert done.stderr == (
        "Doorstep did not start: DOORSTEP_PORT is 'eight'; it must be a number from 1 to 65535.\n"
    )
    assert not (tmp_path / "data").exists()


def test_a_damaged_database_is_not_started_on_and_not_touched(tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert doorstep(data, "migrate").returncode == 0
    file = data / "doorstep.sqlite"
    whole = file.read_bytes()
    damaged = whole[:8192] + b"\xff" * 4096 + whole[12288:]
    file.write_bytes(damaged)
    done = doorstep(data, "run")
    assert done.returncode == 1
    assert "is damaged. Doorstep did not start and changed nothing." in done.stderr
    assert "doorstep restore BACKUP FOLDER" in done.stderr
    assert "Traceback" not in done.stderr
    assert file.read_bytes() == damaged


def test_a_second_engine_on_one_sqlite_file_is_refused(tmp_path: Path) -> None:
    server = Running(tmp_path / "data").start()
    for word in ("run", "engine"):
        done = doorstep(server.data, word, DOORSTEP_PORT="1")
        assert done.returncode == 1
        assert "Another Doorstep already does the due work" in done.stderr
    server.kill()


def test_a_database_that_does_not_answer_is_one_sentence(tmp_path: Path) -> None:
    done = doorstep(tmp_path / "data", "run", DOORSTEP_DATABASE_URL="postgresql://a@127.0.0.1:1/x")
    assert done.returncode == 1
    assert done.stderr.startswith("Doorstep did not start: The database does not answer")
    assert "Traceback" not in done.stderr


def test_a_storage_that_is_none_is_one_sentence(tmp_path: Path) -> None:
    done = doorstep(tmp_path / "data", "run", DOORSTEP_STORAGE="s3://")
    assert done.returncode == 1
    assert done.stderr.startswith("Doorstep did not start: ")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("alone", ["DOORSTEP_S3_KEY", "DOORSTEP_S3_SECRET"])
def test_a_key_or_a_secret_of_the_settings_reaches_the_store_and_is_nothing_alone(
    tmp_path: Path, alone: str
) -> None:
    done = doorstep(tmp_path / "data", "run", DOORSTEP_STORAGE="s3://bucket", **{alone: "a"})
    assert done.returncode == 1
    assert "must be given together" in done.stderr


def test_the_first_administrator_is_added_once_and_with_a_decent_password(tmp_path: Path) -> None:
    data = tmp_path / "data"
    add = ("add-administrator", "ade@harrowmere.example", "--name", "Ade Bello")
    short = doorstep(data, *add, says="short\n")
    assert (short.returncode, short.stderr) == (1, "Use at least 12 characters. This has 5.\n")
    assert doorstep(data, *add, says="plum gravel otter nine\n").returncode == 0
    again = doorstep(data, *add, says="plum gravel otter nine\n")
    assert "has an account already" in again.stderr
    with contextlib.closing(sqlite3.connect(data / "doorstep.sqlite")) as db:
        assert db.execute("SELECT name, role FROM person").fetchall() == [("Ade Bello", "administrator")]


def test_audit_and_backup_and_restore_and_audit_again(tmp_path: Path) -> None:
    data = tmp_path / "data"
    doorstep(data, "migrate")
    assert doorstep(data, "audit", "verify").stdout.startswith("The chain is whole: 0 sealed receipts")
    assert doorstep(data, "backup", str(tmp_path / "b")).returncode == 0
    elsewhere = {"DOORSTEP_DATABASE_URL": "postgresql://a@127.0.0.1:1/x"}
    restored = doorstep(data, "restore", str(tmp_path / "b"), str(tmp_path / "new"), **elsewhere)
    assert (restored.returncode, restored.stderr) == (0, "")
    assert "Phones send again what they sent since" in restored.stdout
    assert doorstep(tmp_path / "new", "audit", "verify").returncode == 0
    refused = doorstep(data, "restore", str(tmp_path / "b"))
    assert (refused.returncode, "is not empty" in refused.stderr) == (1, True)


def test_properties_come_in_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "homes.csv"
    file.write_text("uprn,address,postcode\n900000000001,22 Saltmarsh Road,HW2 7LT\n")
    done = doorstep(tmp_path / "data", "import", "properties", str(file))
    assert "Traceback" not in done.stderr, done.stderr
    assert "could not be read" in done.stdout or "rows applied" in done.stdout
    missing = doorstep(tmp_path / "data", "import", "properties", str(tmp_path / "none.csv"))
    assert (missing.returncode, "cannot be read" in missing.stderr) == (1, True)


@pytest.mark.parametrize("words", [(), ("fly",), ("audit",), ("backup",)])
def test_a_wrong_word_shows_what_there_is(tmp_path: Path, words: tuple[str, ...]) -> None:
    done = doorstep(tmp_path / "data", *words)
    assert done.returncode == 2
    assert "usage: doorstep" in done.stderr


def test_a_restored_copy_holds_what_came_before_and_the_chain_tells_that_its_end_is_another(
    tmp_path: Path,
) -> None:
    data, new = tmp_path / "data", tmp_path / "new"
    assert doorstep(data, "restored").returncode == 0  # any command leaves a receipt
    seal(data)
    assert doorstep(data, "backup", str(tmp_path / "b")).returncode == 0
    assert doorstep(data, "restored").returncode == 0
    seal(data)
    kept = doorstep(data, "audit", "head").stdout.strip()
    assert doorstep(data, "restore", str(tmp_path / "b"), str(new)).returncode == 0
    assert doorstep(new, "audit", "verify").returncode == 0
    compared = doorstep(new, "audit", "verify", "--expected", kept)
    assert compared.returncode == 1
    assert f"The head {kept} is not in the chain: its end was cut off or it was made anew." in compared.stdout
    assert len(rows(new, "SELECT * FROM restoration")) == 2


def test_a_time_without_its_offset_is_not_guessed(tmp_path: Path) -> None:
    for words in ("2026-11-24T09:00", "this morning"):
        done = doorstep(tmp_path / "data", "restored", "--made-at", words)
        assert (done.returncode, "is not a time with its offset" in done.stderr) == (1, True)
    assert not (tmp_path / "data" / "doorstep.sqlite").exists()


def test_a_backup_without_the_database_says_what_to_run_after_pg_restore(tmp_path: Path) -> None:
    (tmp_path / "data" / "photos").mkdir(parents=True)
    postgres = {"DOORSTEP_DATABASE_URL": "postgresql://a@127.0.0.1:1/x"}
    assert doorstep(tmp_path / "data", "backup", str(tmp_path / "b"), **postgres).returncode == 0
    made_at = json.loads((tmp_path / "b" / "manifest.json").read_text())["made_at"]
    done = doorstep(tmp_path / "data", "restore", str(tmp_path / "b"), str(tmp_path / "new"), **postgres)
    assert done.stdout.endswith(f"  doorstep restored --made-at {made_at}\n")


def data_file(folder: Path) -> Path:
    return folder / "doorstep.sqlite"


def rows(folder: Path, sql: str) -> list[tuple[object, ...]]:
    with contextlib.closing(sqlite3.connect(data_file(folder))) as db:
        return db.execute(sql).fetchall()


def seal(folder: Path) -> None:
    """What the engine does within a second."""
    server = Running(folder).start()
    until(lambda: rows(folder, "SELECT count(*) FROM unsealed") == [(0,)])
    server.stop()
