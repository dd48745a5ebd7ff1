"""Doorstep as a council runs it, with the little world in it, for browsers to visit."""

import json
import sqlite3
import subprocess
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from piccolo.table import Table

from tests.servers.running import ROOT, Running
from tests.servers.small_world import PASSWORD

__all__ = ["PASSWORD", "Doorstep"]


@dataclass
class Doorstep(Running):
    """Stop it, kill it, start it again: always the same port and the same data."""

    ids: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def settle(self, start: bool = True) -> "Doorstep":
        """Make the little world, and serve it."""
        made = subprocess.run(
            [self.python, "-m", "tests.servers.small_world"],
            env=self.env(),
            cwd=ROOT,
            check=True,
            capture_output=True,
            text=True,
        )
        self.ids = json.loads(made.stdout.strip().splitlines()[-1])
        return self.start() if start else self

    def rows(self, sql: str, *values: Any) -> list[dict[str, Any]]:
        """What the database holds, read beside the server and never written."""
        file = f"file:{self.data / 'doorstep.sqlite'}?mode=ro"
        with closing(sqlite3.connect(file, uri=True, timeout=10)) as connection:
            connection.row_factory = sqlite3.Row
            return [dict(row) for row in connection.execute(sql, values)]

    def stored(self) -> dict[str, str]:
        """Every photograph in the store: the name it has, and the SHA-256 of what the file really holds."""
        files = (self.data / "photos").glob("**/*")
        return {
            file.name: sha256(file.read_bytes()).hexdigest()
            for file in files
            if file.is_file() and len(file.name) == 64
        }

    def end_sessions(self, person: str) -> None:
        """As when a manager signs somebody out everywhere."""
        with closing(sqlite3.connect(self.data / "doorstep.sqlite", timeout=10)) as connection, connection:
            connection.execute("UPDATE session SET ended_at = last_used_at WHERE person = ?", (person,))

    def hand_over(self, table: str, id: str, person: str) -> None:
        """A visit or an inspection has become another officer's, and their team's."""
        owner = {"visit": "officer", "inspection": "started_by"}[table]
        theirs = f"UPDATE {table} SET {owner} = ?, team = (SELECT team FROM person WHERE id = ?) WHERE id = ?"
        with closing(sqlite3.connect(self.data / "doorstep.sqlite", timeout=10)) as connection, connection:
            connection.execute(theirs, (person, person, id))

    def can_be_reached(self) -> None:
        """Everybody has a mobile number."""
        with closing(sqlite3.connect(self.data / "doorstep.sqlite", timeout=10)) as connection, connection:
            connection.execute("UPDATE person SET phone = '07700 900123'")

    def overdue(self, person: str, minutes: int = 3) -> None:
        """Their session's check-in was to come so long ago."""
        at = str(datetime.now(UTC) - timedelta(minutes=minutes))  # as the database writes it, to be compared
        late = "UPDATE lone_session SET due_at = ? WHERE person = ? AND state = 'active'"
        with closing(sqlite3.connect(self.data / "doorstep.sqlite", timeout=10)) as connection, connection:
            connection.execute(late, (at, person))

    def insert(self, *rows: Table) -> None:
        """Rows as they would be had the server written them."""
        with closing(sqlite3.connect(self.data / "doorstep.sqlite", timeout=10)) as connection, connection:
            for row in rows:
                values = {name: _stored(value) for name, value in row.to_dict().items()}
                places = ", ".join("?" * len(values))
                connection.execute(
                    f"INSERT INTO {row._meta.tablename} ({', '.join(values)}) VALUES ({places})",
                    list(values.values()),
                )

    def put_in_their_hands(self, inspection: str, words: str) -> str:
        """The household was sent this inventory and said so about the whole; the secret of its link."""
        secret, link, message = uuid4().hex, str(uuid4()), str(uuid4())
        at = datetime.now(UTC).isoformat()
        with closing(sqlite3.connect(self.data / "doorstep.sqlite", timeout=10)) as connection, connection:
            connection.execute(
                "INSERT INTO message (id, channel, template, recipient, personalisation, record, team, person, "
                "person_name, made_at, state, said, tries, doubt, provider_id, sent_at) SELECT ?, 'sms', "
                "'inventory-sms', '+447700900123', ?, ?, team, started_by, 'Asha Test', ?, 'shown', '', 0, 0, '', "
                "? FROM inspection WHERE id = ?",
                (message, json.dumps({"link": "/"}), f"/inspections/{inspection}", at, at, inspection),
            )
            connection.execute(
                "INSERT INTO inventory_link (id, inspection, token_sha256, message, person, captured_at, "
                "received_at, skew_seconds) SELECT ?, id, ?, ?, started_by, ?, ?, 0 FROM inspection WHERE id = ?",
                (link, sha256(secret.encode()).hexdigest(), message, at, at, inspection),
            )
            connection.execute(
                "INSERT INTO inventory_comment (id, link, item, text, received_at) VALUES (?, ?, 'whole', ?, ?)",
                (str(uuid4()), link, words, at),
            )
        return secret

    def long_ago(self, days: int) -> None:
        """Every message went out so many days ago."""
        at = (datetime.now(UTC) - timedelta(days=days)).isoformat()
        with closing(sqlite3.connect(self.data / "doorstep.sqlite", timeout=10)) as connection, connection:
            connection.execute("UPDATE message SET sent_at = ?", (at,))

    def store_away(self) -> Path:
        """The disk with the photographs is gone: a file stands where its folder was."""
        folder, away = self.data / "photos", self.data / "photos.away"
        if folder.exists():
            folder.rename(away)
        folder.write_bytes(b"")
        return away

    def store_back(self, away: Path) -> None:
        (self.data / "photos").unlink()
        if away.exists():
            away.rename(self.data / "photos")


def _stored(value: Any) -> Any:
    return str(value) if isinstance(value, UUID | datetime) else value
