"""The mobile network between the phone and the office: a proxy that knows HTTP and fails on demand.

`link.fault` is asked about every request and may give back one of the functions below, or None for a good
network. What the phone sent is in `link.log`, so that a test can also say what was *not* sent again.
"""

import http.client
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

HOP = {"connection", "keep-alive", "transfer-encoding", "content-length"}
CHUNK = 16 * 1024


@dataclass
class Asked:
    """One request as it came in."""

    method: str
    path: str
    command: str
    size: int
    sent: int = 0

    @property
    def writes(self) -> bool:
        return self.method in ("POST", "PUT") and self.path != "/csp-report"


Answer = tuple[int, list[tuple[str, str]], bytes]
Fault = Callable[["Crossing"], None]


class Crossing(BaseHTTPRequestHandler):
    """One connection from the phone."""

    protocol_version = "HTTP/1.1"
    server: "Link"
    timeout = 120

    def log_message(self, *_: Any) -> None:
        pass

    def handle_one_request(self) -> None:
        with suppress(ConnectionError, TimeoutError, OSError):
            super().handle_one_request()
            return
        self.close_connection = True

    def pass_on(self) -> None:
        link = self.server
        if link.down:
            self.hang_up()
            return
        size = int(self.headers.get("Content-Length") or 0)
        self.asked = Asked(self.command, self.path, self.headers.get("Command-Id", ""), size)
        link.log.append(self.asked)
        fault = link.fault(self.asked) if link.fault else None
        (fault or answer_as_it_is)(self)

    do_GET = do_POST = do_PUT = do_HEAD = pass_on

    def hang_up(self) -> None:
        """A reset, as when the signal goes: no closing handshake."""
        self.close_connection = True
        with suppress(OSError):
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
            self.connection.shutdown(socket.SHUT_RDWR)

    def forward(self, upto: float = 1.0, reached: threading.Event | None = None) -> Answer | None:
        """Send it to the office; of the body no more than the share `upto`, until the link is mended."""
        upstream = http.client.HTTPConnection("127.0.0.1", self.server.office, timeout=90)
        try:
            upstream.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
            for name, value in self.headers.items():
                if name.lower() not in HOP - {"content-length"}:
                    upstream.putheader(name, value)
            upstream.endheaders()
            if not self._body(upstream, int(self.asked.size * upto), reached):
                return None
            reply = upstream.getresponse()
            kept = [(name, value) for name, value in reply.getheaders() if name.lower() not in HOP]
            if reply.getheader("Content-Type", "").startswith("text/event-stream"):
                self._pour(reply, kept)
                return None
            return reply.status, kept, reply.read()
        except (ConnectionError, http.client.HTTPException, OSError):
            return None
        finally:
            upstream.close()

    def _pour(self, reply: http.client.HTTPResponse, headers: list[tuple[str, str]]) -> None:
        """What is told as it happens. A link that goes down says nothing of it: neither words nor an end come."""
        self.send_response_only(reply.status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Connection", "close")
        self.end_headers()
        while data := reply.read1(CHUNK):
            if self.server.down:
                self.server.mended.wait(60)
                return
            self.wfile.write(data)
            self.wfile.flush()

    def _body(self, upstream: http.client.HTTPConnection, upto: int, reached: threading.Event | None) -> bool:
        while self.asked.sent < upto:
            if self.server.slowly:
                time.sleep(self.server.slowly)
            data = self.rfile.read(min(CHUNK, upto - self.asked.sent))
            if not data:
                return False
            upstream.send(data)
            self.asked.sent += len(data)
        if reached is None:
            return True
        reached.set()
        self.server.mended.wait(60)
        return False

    def reply(self, answer: Answer | None) -> None:
        if answer is None or self.server.down:
            return self.hang_up()
        status, headers, body = answer
        self.send_response_only(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
        return None


def answer_as_it_is(crossing: Crossing) -> None:
    crossing.reply(crossing.forward())


def lost_before(crossing: Crossing) -> None:
    """The signal goes before the office has heard anything."""
    crossing.hang_up()


def lost_after(crossing: Crossing) -> None:
    """The office has done it; the reply never comes back."""
    crossing.forward()
    crossing.hang_up()


def broken_after(crossing: Crossing) -> None:
    """The office has done it; something between says 500."""
    crossing.forward()
    crossing.reply((500, [("Content-Type", "text/html")], b"<p>Gateway trouble"))


def says(status: int, body: bytes = b"", **headers: str) -> Fault:
    """Somebody else answers: a café's sign-in page, a gateway."""
    named = [(name.replace("_", "-"), value) for name, value in headers.items()]
    return lambda crossing: (
        crossing.reply((status, named, body)) if crossing.rfile.read(crossing.asked.size) or True else None
    )


def late(gate: threading.Event) -> Fault:
    """The office has done it; its reply waits for the gate."""

    def wait(crossing: Crossing) -> None:
        answer = crossing.forward()
        gate.wait(60)
        crossing.reply(answer)

    return wait


def stuck_at(share: float, reached: threading.Event) -> Fault:
    """That share of the body gets through and then nothing more, until the phone gives up or dies."""

    def stick(crossing: Crossing) -> None:
        crossing.forward(share, reached)
        crossing.hang_up()

    return stick


class Link(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, office: int) -> None:
        super().__init__(("127.0.0.1", 0), Crossing)
        self.office = office
        self.fault: Callable[[Asked], Fault | None] | None = None
        self.down = False
        self.slowly = 0.0
        self.mended = threading.Event()
        self.log: list[Asked] = []
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://localhost:{self.server_port}"

    def handle_error(self, *_: Any) -> None:
        """A connection that broke is this server's business as usual."""

    def mend(self) -> None:
        self.fault, self.down, self.slowly = None, False, 0.0
        self.mended.set()
        self.mended = threading.Event()

    def end(self) -> None:
        self.shutdown()
        self.server_close()

    def writes(self) -> list[Asked]:
        return [asked for asked in self.log if asked.writes]


def once(
    fault: Fault, where: Callable[[Asked], bool] = lambda asked: asked.writes
) -> Callable[[Asked], Fault | None]:
    """The fault for the first request that fits, a good network for all others."""
    left = [fault]
    lock = threading.Lock()

    def choose(asked: Asked) -> Fault | None:
        with lock:
            return left.pop() if where(asked) and left else None

    return choose
