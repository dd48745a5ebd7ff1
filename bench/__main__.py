"""`python -m bench` runs every measurement; name some to run only those; --write puts the tables in bench/RESULTS.md."""

import platform
import sys
from datetime import date
from importlib import import_module
from pathlib import Path

from bench.table import markdown

ALL = {
    "writes": "Readings and photographs",
    "inserts": "One write",
    "pages": "A page",
    "growth": "As it grows",
    "imaging": "A photograph's clean copies",
    "documents": "A document",
    "start": "Starting",
    "phone": "On the phone",
    "pack": "Take my day",
    "packed": "A packed day with no network",
    "drain": "Sixty photographs over a slow link",
    "lighthouse": "Lighthouse, as a phone",
}
HEAD = """# Results

Measured on {day} with `make bench` on a machine with {cores} processors ({system}). Bars are those the project
set itself; a bar that is not met is said so below. ODK Central is not on this machine: its figures are from an earlier run of
Central 2026.2.2 on a machine of the same kind, and are there for scale.

"""


def main() -> None:
    wanted = [name for name in sys.argv[1:] if not name.startswith("-")] or list(ALL)
    tables = []
    for name in wanted:
        tables.append(markdown(ALL[name], import_module(f"bench.{name}").main()))
        print(tables[-1], flush=True)
    if "--write" in sys.argv:
        import os

        head = HEAD.format(day=date.today().isoformat(), cores=os.cpu_count(), system=platform.system())
        (Path(__file__).parent / "RESULTS.md").write_text(head + "\n".join(tables))


if __name__ == "__main__":
    main()
