"""A geocoder for tests: a real HTTP server on loopback that speaks Nominatim's search."""

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Request:
    query: str
    countries: str
    user_agent: str
    at: float


@dataclass
class Geocoder:
    """`places` maps an exact query to a position. `broken` makes every answer a 503, `held` keeps it back."""

    places: dict[str, tuple[float, float]] = field(default_factory=dict)
    asked: list[Request] = field(default_factory=list)
    broken: bool = False
    garbage: bool = False
    held: threading.Event | None = None
    clock: Callable[[], float] = time.monotonic

    def start(self) -> str:
        """Listen on a free port; the address to configure."""
        this = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                this._answer(self)

            def log_message(self, format: str, *args: object) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        return f"http://127.0.0.1:{self.server.server_port}"

    def stop(self) -> None:
        if self.held:
            self.held.set()
        self.server.shutdown()
        self.server.server_close()

    def _answer(self, request: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(request.path)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        agent = request.headers.get("User-Agent", "")
        query = asked.get("q", "")
        self.asked.append(Request(query, asked.get("countrycodes", ""), agent, self.clock()))
        if self.held:
            self.held.wait(10)
        if self.broken or parts.path != "/search" or asked.get("format") != "json":
            self._send(request, 503 if self.broken else 404, {"error": "not now"})
            return
        point = self.places.get(query)
        found = {"lat": str(point[0]), "lon": str(point[1]), "display_name": query} if point else None
        self._send(request, 200, {"what": "is this"} if self.garbage else [found] if found else [])

    def _send(self, request: BaseHTTPRequestHandler, status: int, body: object) -> None:
        data = json.dumps(body).encode()
        request.send_response(status)
        request.send_header("Content-Type", "application/json; charset=utf-8")
        request.send_header("Content-Length", str(len(data)))
        request.end_headers()
        request.wfile.write(data)
