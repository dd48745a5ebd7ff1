"""A stand-in for the office server that speaks the phone's protocol, on threads, with faults to order.

It holds what a real server must hold (receipts, effects, photos) in plain lists, so that a test can say:
each command once, every hash equal.
"""

from __future__ import annotations

import hashlib
import threading
from collections import Counter
from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from tests.phone.outbox import pages

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; "
    "worker-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
TYPES = {".js": "text/javascript", ".css": "text/css", ".json": "application/json", ".map": "application/json"}

Fault = Callable[["Handler"], str | None]
Receipts, Effects, Photos = dict[str, tuple[str, str]], list[dict[str, Any]], dict[str, bytes]
Backup = tuple[str, str, tuple[Receipts, Effects, Photos]]


class World:
    """What the office holds, and what goes wrong."""

    def __init__(self, build: Path) -> None:
        self.build = build
        self.version = "one"
        self.person = pages.ASHA
        self.receipts: Receipts = {}
        self.effects: Effects = []
        self.photos: Photos = {}
        self.seen: list[dict[str, str]] = []
        self.fault: Fault = lambda _request: None
        self.lock = threading.Lock()
        self.restored = ""
        self.before_answer: Callable[[Handler], None] = lambda _request: None
        self.chosen = "good"
        self.stop_reading_at: Callable[[int], int | None] = lambda _length: None
        self.stopped: Callable[[int], None] = lambda _length: None

    def of(self, kind: str, field: str) -> list[str]:
        return [effect[field] for effect in self.effects if effect["kind"] == kind]

    def backup(self) -> Backup:
        with self.lock:
            now = datetime.now(UTC).isoformat()
            return now, self.restored, deepcopy((self.receipts, self.effects, self.photos))

    def restore(self, backup: Backup, mark: str) -> None:
        """Put back to that moment, with phones told of it by this mark."""
        with self.lock:
            since, before, held = backup
            self.receipts, self.effects, self.photos = deepcopy(held)
            self.restored = f"{mark} {since} {before}".strip()

    def sent_more_than_once(self) -> list[str]:
        """Command ids whose bodies reached the server twice or more."""
        return [id for id, times in Counter(row["command-id"] for row in self.seen).items() if times > 1]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    world: World
    told = ""

    def log_message(self, *_args: object) -> None:
        pass

    def do_GET(self) -> None:
        path = self.path.split("?")[0]
        self.told = self.world.restored
        if (fault := self.world.fault(self)) and self._fail(fault):
            return None
        if path == "/sw.js":
            return self._file(self.world.build / f"sw-{self.world.version}.js", "no-cache")
        if path.startswith("/static/"):
            return self._file(self.world.build / path.removeprefix("/static/"))
        if path.startswith("/photos/"):
            return self._photo(path.removeprefix("/photos/"))
        return self._page(path)

    def do_POST(self) -> None:
        self._write()

    def do_PUT(self) -> None:
        self._write()

    # What is written

    def _write(self) -> None:
        length = int(self.headers.get("content-length", 0))
        self.told = self.world.restored
        if self.command == "PUT" and (stop := self.world.stop_reading_at(length)) is not None:
            self.rfile.read(stop)
            self.world.stopped(stop)
            # The rest never comes: the phone is killed meanwhile.
            self.rfile.read(length - stop)
            return self._hang_up()
        body = self.rfile.read(length)
        if len(body) < length:
            return self._hang_up()
        fault = self.world.fault(self)
        if fault and fault != "drop-after" and self._fail(fault):
            return None
        if self.path == "/sign-out":
            self.world.person = ""
            return self._answer(303, "", Location="/sign-in")
        if self.headers.get("command-author") != self.world.person:
            return self._answer(401, "<p data-sentence>Sign in to send this.</p>")
        if self.told and self.headers.get("command-restored") != self.told.split(" ")[0]:
            return self._answer(425, "<p data-sentence>What is older goes first.</p>")
        answer = self._take(body)
        if fault == "drop-after":
            return self._hang_up()
        self.world.before_answer(self)
        return answer()

    def _take(self, body: bytes) -> Callable[[], None]:
        id, claimed = self.headers["command-id"], self.headers["command-body"]
        sha = hashlib.sha256(body).hexdigest()
        with self.world.lock:
            self.world.seen.append({k.lower(): v for k, v in self.headers.items()})
            if sha != claimed:
                return lambda: self._answer(400, "<p data-sentence>That did not arrive whole.</p>")
            known = self.world.receipts.get(id)
            if known and known[0] != sha:
                return lambda: self._answer(409, "<p data-sentence>This was sent before with other words.</p>")
            html, status = ("", 200) if known and self.command == "PUT" else self._effect(body, sha, known is None)
            if status >= 400:
                in_place = {"HX-Reswap": "none"} if "reasons" in html else {}
                return lambda: self._answer(status, html, **in_place)
            at = known[1] if known else datetime.now(UTC).isoformat()
            self.world.receipts[id] = (sha, at)
        receipt = f"id={id}; sha256={sha}; at={at}; replayed={int(known is not None)}; outcome=done"
        headers = {"Receipt": receipt}
        if self.path == "/inspections":
            headers["HX-Redirect"] = f"/inspections/{parse_qs(body.decode())['id'][0]}"
        return lambda: self._answer(status, html, **headers)

    def _effect(self, body: bytes, sha: str, fresh: bool) -> tuple[str, int]:
        if self.command == "PUT":
            self.world.photos[sha] = body
            return "", 201
        fields = {k: v[0] for k, v in parse_qs(body.decode(), keep_blank_values=True).items()}
        kind = self.path.rsplit("/", 1)[-1]
        if "refuse me" in body.decode().replace("+", " "):
            return "<p data-sentence>The office cannot take this: the visit was closed.</p>", 409
        if kind == "meters" and not fields["reading"].isdigit():
            inspection = self.path.split("/")[2]
            say = "Enter the number on the meter, like 48210"
            return pages.meter_form(inspection, fields["reading"], say), 422
        if kind == "rents" and not fields["pounds"].isdigit():
            remark = (
                '<ul class="reasons" data-sentence><li data-field="pounds">Enter an amount, like 120</li></ul>'
            )
            return remark, 422
        if fresh:
            self.world.effects.append({**fields, "kind": kind, "path": self.path})
        return self._fragment(kind, fields), 200

    def _fragment(self, kind: str, fields: dict[str, str]) -> str:
        if kind == "readings":
            self.world.chosen = fields["state"]
            return pages.choice_form(self.path.split("/")[2], fields["state"])
        if kind == "meters":
            return f'<div id="meter"><p>Meter {fields["reading"]} received</p></div>'
        if kind == "photos":
            return pages.tile(fields["sha256"], fields["sha256"] in self.world.photos)
        return (
            f'<li class="received">{fields.get("text") or fields.get("what") or fields.get("pounds") or ""}</li>'
        )

    # What is read

    def _page(self, path: str) -> None:
        person, build = self.world.person, self.world.version
        keep = {"Doorstep-Keep": "24h"}
        if path == "/offline":
            return self._answer(200, pages.shell("", "<h1>No signal</h1>", build), **{"Cache-Control": "no-cache"})
        if path == "/sign-in" or not person:
            return self._answer(200, pages.shell("", "<h1>Sign in</h1><p data-waiting-others></p>", build))
        if path == "/outbox":
            return self._answer(200, pages.shell(person, pages.OUTBOX, build), **keep)
        if path == "/new":
            head = '<link rel="keep" href="/inspections/blank/void"><link rel="keep" href="/outbox">'
            return self._answer(200, pages.shell(person, pages.START, build, head), **keep)
        if path.startswith("/inspections/"):
            return self._inspection(path.removeprefix("/inspections/"), keep)
        if path == "/today":
            return self._answer(200, pages.shell(person, "<h1>Today</h1>", build))
        return self._answer(404, pages.shell(person, "<h1>Not found</h1>", build))

    def _inspection(self, id: str, keep: dict[str, str]) -> None:
        world = self.world
        made = {pages.INSPECTION, pages.OTHER, "blank/void", *world.of("inspections", "id")}
        if id not in made:
            return self._answer(404, pages.shell(world.person, "<h1>Not found</h1>", world.version))
        shown = pages.BLANK if id == "blank/void" else id
        here = [e for e in world.effects if shown in e["path"]]
        body = pages.inspection_page(
            shown,
            [e["text"] for e in here if e["kind"] == "notes"],
            world.chosen,
            [e["what"] for e in here if e["kind"] == "findings"],
            [pages.tile(e["sha256"], e["sha256"] in world.photos) for e in here if e["kind"] == "photos"],
        )
        return self._answer(200, pages.shell(world.person, body, world.version), **keep)

    def _photo(self, sha: str) -> None:
        if sha not in self.world.photos:
            return self._answer(404, "")
        return self._raw(200, self.world.photos[sha], "image/jpeg", {})

    def _file(self, file: Path, caching: str = "public, max-age=31536000, immutable") -> None:
        if not file.is_file():
            return self._answer(404, "")
        return self._raw(200, file.read_bytes(), TYPES[file.suffix], {"Cache-Control": caching})

    # What goes wrong

    def _fail(self, fault: str) -> bool:
        if fault == "drop-before":
            self._hang_up()
        elif fault == "portal":
            self._answer(200, "<html><body><h1>Free wifi: please accept</h1></body></html>")
        elif fault.isdigit():
            self._answer(int(fault), f"<p data-sentence>Stand-in answers {fault}.</p>")
        else:
            return False
        return True

    def _hang_up(self) -> None:
        self.close_connection = True
        self.connection.shutdown(2)

    def _answer(self, status: int, html: str, **headers: str) -> None:
        if self.world.person and self.told:
            headers["Doorstep-Restored"] = self.told
            html = html.replace("<body ", f'<body data-restored="{self.told}" ')
        self._raw(status, html.encode(), "text/html; charset=utf-8", headers)

    def _raw(self, status: int, body: bytes, kind: str, headers: dict[str, str]) -> None:
        standard = {"Cache-Control": "no-store", "Content-Security-Policy": CSP, "Vary": "HX-Request"}
        self.send_response(status)
        for name, value in {**standard, **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Standin(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, world: World) -> None:
        self.world = world
        super().__init__(("127.0.0.1", 0), type("Bound", (Handler,), {"world": world}))

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that was killed or cut off is what these tests are about, not a fault of the server."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"
