"""Before the first request: is the database whole, is it of this version, and is anybody in it?"""

import contextlib
import io
import sqlite3
import time
from pathlib import Path

from server.settings import Settings

CHECKING_SECONDS = 1.0
DAMAGED = (
    "The database file {file} is damaged. Doorstep did not start and changed nothing. "
    "Put the last backup into a new data folder with: doorstep restore BACKUP FOLDER"
)


class CannotStart(Exception):
    """Why it did not start, as one sentence for the person at the terminal."""


class NotDone(Exception):
    """Why a command was not carried out, as one sentence for the person at the terminal."""


def check_file(file: Path, seconds: float = CHECKING_SECONDS) -> None:
    """Refuse a damaged SQLite file. Looks for at most `seconds` of work, so that a large file starts too."""
    if not file.exists():
        return
    until = time.process_time() + seconds
    try:
        with contextlib.closing(sqlite3.connect(file, timeout=10)) as connection:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            connection.set_progress_handler(lambda: int(time.process_time() > until), 10_000)
            (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
            return
        raise CannotStart(f"The database file {file} cannot be opened: {error}.") from error
    except sqlite3.DatabaseError as error:
        raise CannotStart(DAMAGED.format(file=file)) from error
    if found != "ok":
        raise CannotStart(DAMAGED.format(file=file))


async def migrate() -> None:
    """Bring the database up to this version. Says nothing when there is nothing to do."""
    from piccolo.apps.migrations.commands.forwards import run_forwards

    said = io.StringIO()
    try:
        with contextlib.redirect_stdout(said):
            result = await run_forwards(app_name="all")
    except OSError as error:
        raise CannotStart(f"The database does not answer: {error.strerror or error}.") from error
    if result.success is False:
        raise CannotStart(f"The database could not be brought up to date: {result.message}\n{said.getvalue()}")


async def load_demo(settings: Settings, always: bool = False) -> None:
    """The demo council into an empty database, and who can sign in, on the terminal."""
    from people.demo import DEMO_PINS
    from people.tables import Person

    if not (settings.demo or always) or await Person.exists():
        return
    from server import demo  # it draws its own photographs: much to import for a start that needs none of it

    print("Making the demo council, with a month of inspections. It takes a little while, once.", flush=True)
    accounts = await demo.load()
    print("\nWho can sign in:\n")
    for account in accounts:
        print(f"  {account}")
    print(
        "\nWho goes out ends a lone-working session with {}; {} says that somebody made them.\n".format(
            *DEMO_PINS
        ),
        flush=True,
    )
