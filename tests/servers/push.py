"""A push service on loopback, and browsers that have subscribed at it: what they are sent is opened with their own
keys, so that a test sees what a phone would."""

import base64
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from secrets import token_bytes
from typing import Any

import http_ece
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


@dataclass
class Browser:
    """A subscription: its address, and the keys that only the browser has."""

    endpoint: str
    private: Any = field(default_factory=lambda: generate_private_key(SECP256R1()))
    secret: bytes = field(default_factory=lambda: token_bytes(16))

    @property
    def form(self) -> dict[str, str]:
        """What the page's script sends about it."""
        point = self.private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return {"endpoint": self.endpoint, "p256dh": b64(point), "auth": b64(self.secret)}

    def opened(self, body: bytes) -> dict[str, Any]:
        said = http_ece.decrypt(body, private_key=self.private, auth_secret=self.secret, version="aes128gcm")
        return dict(json.loads(said))


@dataclass
class Got:
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Push:
    """`answers` are the statuses of the next posts, or by a browser's path; then 201. "cut" answers nothing."""

    answers: list[int | str] = field(default_factory=list)
    by_path: dict[str, int | str] = field(default_factory=dict)
    held: threading.Event | None = None
    during: Callable[[], None] | None = None
    got: list[Got] = field(default_factory=list)
    url: str = ""

    def start(self) -> str:
        this = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                this._take(self)

            def log_message(self, format: str, *args: object) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        return self.url

    def stop(self) -> None:
        if self.held:
            self.held.set()
        self.server.shutdown()
        self.server.server_close()

    def browser(self, name: str) -> Browser:
        return Browser(f"{self.url}/{name}")

    def to(self, browser: Browser) -> list[dict[str, Any]]:
        """What this browser was shown, in order."""
        return [
            browser.opened(one.body) for one in self.got if one.path == browser.endpoint.removeprefix(self.url)
        ]

    def _take(self, request: BaseHTTPRequestHandler) -> None:
        body = request.rfile.read(int(request.headers["Content-Length"]))
        if self.during:
            self.during()
        if self.held:
            self.held.wait(30)
        answer = self.by_path.get(request.path) or (self.answers.pop(0) if self.answers else 201)
        if answer == "cut":
            return request.connection.close()
        if answer == 201:
            headers = {name.lower(): value for name, value in request.headers.items()}
            assert Vapid02.verify(headers["authorization"]), "it is signed with the key it names"
            self.got.append(Got(request.path, headers, body))
        request.send_response(int(answer))
        if answer in (301, 302, 307):
            request.send_header("Location", f"{self.url}/elsewhere")
        request.send_header("Content-Length", "0")
        request.end_headers()
        return None


def claims(header: str) -> dict[str, Any]:
    """What the signature of a push says: for which service, until when, and whom to complain to."""
    token = header.split("t=", 1)[1].split(",", 1)[0]
    middle = token.split(".")[1]
    return dict(json.loads(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4))))
