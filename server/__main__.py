"""The command line: `doorstep run`, and one word for everything else a council's server needs."""

import argparse
import asyncio
import logging
import sys

import uvicorn
from piccolo.apps.migrations.commands.forwards import run_forwards

from server.settings import settings


async def migrate() -> None:
    """Bring the database up to this version. Says nothing when there is nothing to do."""
    import contextlib
    import io

    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        result = await run_forwards(app_name="all")
    if result.success is False:
        raise SystemExit(f"The database could not be brought up to date: {result.message}\n{said.getvalue()}")


def run() -> None:
    asyncio.run(prepare())
    print(f"\nDoorstep is at http://localhost:{settings.port}\n", flush=True)
    uvicorn.run(
        "server.app:create_app",
        factory=True,
        host="127.0.0.1",
        port=settings.port,
        loop="uvloop",
        http="httptools",
        access_log=False,
        log_level="warning",
        server_header=False,
        proxy_headers=bool(settings.proxy),
        forwarded_allow_ips=",".join(settings.proxy) or None,
        timeout_graceful_shutdown=25,
    )


async def prepare() -> None:
    await migrate()


COMMANDS = {"run": run, "migrate": lambda: asyncio.run(migrate())}


def main() -> None:
    parser = argparse.ArgumentParser(prog="doorstep", description=__doc__)
    parser.add_argument("command", choices=sorted(COMMANDS))
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(levelname)s %(name)s %(message)s")
    COMMANDS[parser.parse_args().command]()


if __name__ == "__main__":
    main()
