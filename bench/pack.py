"""Take my day: what a pack of twelve visits weighs on the wire, and how long the office takes over it, one page after the other."""

import asyncio
import json
import sqlite3
import time
from contextlib import closing
from datetime import datetime
from urllib.parse import urlencode

from bench.load import Connection
from bench.running import Running, doorstep
from bench.table import Row
from pwa.clock import LONDON
from pwa.ids import uuid7

VISITS = 12


async def planned(server: Running, line: Connection) -> None:
    file = f"file:{server.data / 'doorstep.sqlite'}?mode=ro"
    with closing(sqlite3.connect(file, uri=True)) as connection:
        homes = [row[0] for row in connection.execute("SELECT id FROM property LIMIT ?", (VISITS,))]
        (officer,) = connection.execute("SELECT id FROM person").fetchone()
    for home in homes:
        fields = {
            "_command": uuid7(), "id": uuid7(), "property": home, "purpose": "void-inspection",
            "day": datetime.now(LONDON).date(), "window": "any", "time": "", "minutes": 45, "weeks": 1,
            "officer": officer, "note": "",
        }  # fmt: skip
        status, _headers, body = await line.ask("POST", "/visits", urlencode(fields).encode())
        assert status < 300, body


async def measured(server: Running) -> tuple[int, int, float, float]:
    line = await Connection(server.port, server.cookie).open()
    await planned(server, line)
    await line.ask("GET", "/today/pack")
    began = time.perf_counter()
    _status, _headers, body = await line.ask("GET", "/today/pack", Accept_Encoding="identity")
    listing = time.perf_counter() - began
    pages = [one for group in json.loads(body)["groups"] for one in group["urls"]]
    sizes = []
    for one in pages:
        status, _headers, data = await line.ask("GET", one["url"], Accept_Encoding="gzip", Doorstep_Pack="1")
        assert status == 200, one
        sizes.append(len(data))
    return sum(sizes), sum(one["bytes"] for one in pages), listing, time.perf_counter() - began


def main() -> list[Row]:
    with doorstep(homes=40, inspections=80, readings=640) as server:
        wire, stored, listing, whole = asyncio.run(measured(server))
    over = wire * 8 / 4_000_000
    return [
        Row(f"a pack of {VISITS} visits, on the wire", f"{wire / 1e6:.2f} MB", "", "≤ 8 MB"),
        Row("the same, on the phone", f"{stored / 1e6:.1f} MB", "", ""),
        Row("its list alone", f"{listing:.2f} s", "", ""),
        Row("list and pages, with a link of 4 Mbit/s added", f"{whole + over:.1f} s", "", "≤ 10 s"),
    ]
