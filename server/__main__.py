"""The command line: `doorstep run`, and one word for everything else a council's server needs."""

import argparse
import asyncio
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from server.settings import settings
from server.starting import CannotStart, NotDone

Command = Callable[[argparse.Namespace], int | None]


def run(_: argparse.Namespace) -> int:
    from server.listening import listen

    begin()
    asyncio.run(_prepare())
    return listen(settings)


def engine(_: argparse.Namespace) -> None:
    from server.working import run_alone

    begin(engine=True)
    asyncio.run(run_alone())


def migrate(_: argparse.Namespace) -> None:
    from server.starting import migrate

    begin(engine=False)
    asyncio.run(_closed(migrate()))


def seed(_: argparse.Namespace) -> None:
    begin(engine=False)
    asyncio.run(_prepare(seed=True))


def begin(engine: bool = settings.engine) -> None:
    from pwa.disk import make_folder
    from server import alone, logs
    from server.starting import check_file

    logs.write_to_stderr(settings.log)
    if settings.database_url:
        return
    make_folder(settings.data)
    check_file(settings.sqlite_file)
    if engine and not alone.take(settings.data):
        raise CannotStart(
            f"Another Doorstep already does the due work of {settings.data}. "
            "Stop it, or set DOORSTEP_ENGINE=off for this one."
        )


async def _closed(work: Coroutine[Any, Any, None]) -> None:
    """Run it and close the database, so that the file alone holds everything."""
    from server.piccolo_conf import DB

    try:
        await work
    finally:
        await DB.shut()


async def _prepare(seed: bool = False) -> None:
    from server.opened import opened
    from server.starting import load_demo, migrate

    await migrate()
    async with opened(settings):
        await load_demo(settings, always=seed)


def audit(asked: argparse.Namespace) -> int:
    from server import audit

    return asyncio.run(audit.show_head() if asked.what == "head" else audit.verify(asked.expected))


def backup(asked: argparse.Namespace) -> int:
    from server.backup import back_up

    return back_up(settings, asked.to.absolute())


def restore(asked: argparse.Namespace) -> int:
    from server.restore import restore, tell_phones

    folder = (asked.folder or settings.data).absolute()
    return tell_phones(folder, restore(asked.source.absolute(), folder, asked.replace))


def restored(asked: argparse.Namespace) -> int:
    from server.restored import note

    begin(engine=False)
    return asyncio.run(note(asked.made_at))


def add_administrator(asked: argparse.Namespace) -> int:
    from server.first_administrator import add

    begin(engine=False)
    return asyncio.run(add(asked.email, asked.name))


def import_properties(asked: argparse.Namespace) -> int:
    from server.property_import import bring_in

    begin(engine=False)
    return asyncio.run(bring_in(asked.file))


def verify(asked: argparse.Namespace) -> int:
    if not asked.file.is_file():
        raise NotDone(f"There is no file {asked.file}.")
    return asyncio.run(_verify(asked.file))


async def _verify(file: Path) -> int:
    from documents.command_line import verify
    from server.piccolo_conf import DB

    if not settings.database_url and not settings.sqlite_file.exists():
        return await verify(file, with_database=False)
    await DB.open()
    try:
        return await verify(file, with_database=True)
    finally:
        await DB.shut()


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="doorstep", description=__doc__)
    words = top.add_subparsers(dest="word", required=True, metavar="COMMAND")

    def word(name: str, command: Command, help: str) -> argparse.ArgumentParser:
        made = words.add_parser(name, help=help, description=help)
        made.set_defaults(command=command)
        return made

    word("run", run, "bring the database up to date, then serve")
    word("engine", engine, "only the due work, in a process of its own")
    word("migrate", migrate, "only bring the database up to date")
    word("seed", seed, "load the demo council into an empty database")
    chain = word("audit", audit, "verify the chain of receipts, or print its head to keep elsewhere")
    chain.add_argument("what", choices=("verify", "head"))
    chain.add_argument(
        "--expected", metavar="HEAD", help="a head printed earlier, which must still be in the chain"
    )
    copy = word("backup", backup, "database and photographs into one new folder, checked")
    copy.add_argument("to", type=Path, metavar="FOLDER")
    back = word("restore", restore, "a backup into an empty data folder, checked")
    back.add_argument("source", type=Path, metavar="BACKUP")
    back.add_argument("folder", type=Path, nargs="?", metavar="FOLDER", help="default: DOORSTEP_DATA")
    back.add_argument("--replace", action="store_true", help="set aside what the data folder holds now")
    put = word("restored", restored, "after pg_restore: phones send again what the database does not hold")
    put.add_argument("--made-at", metavar="TIME", help="when its copy was begun, like 2026-11-24T09:00:00+00:00")
    first = word("add-administrator", add_administrator, "the first person who can sign in")
    first.add_argument("email")
    first.add_argument("--name", default="Administrator")
    stock = word("import", import_properties, "properties from a CSV file")
    stock.add_argument("what", choices=("properties",))
    stock.add_argument("file", type=Path, metavar="FILE")
    seen = word("verify", verify, "is a PDF sealed, by whom, and was it changed since?")
    seen.add_argument("file", type=Path, metavar="FILE.pdf")
    return top


def main() -> None:
    asked = parser().parse_args()
    try:
        sys.exit(asked.command(asked))
    except CannotStart as reason:
        sys.exit(f"Doorstep did not start: {reason}")
    except NotDone as reason:
        sys.exit(str(reason))


if __name__ == "__main__":
    main()
