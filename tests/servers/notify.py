"""GOV.UK Notify for tests: a real HTTP server on loopback that speaks its documented API.

Documented at docs.notifications.service.gov.uk/rest-api.html: a token signed with the key's secret, 201 with
the notification, 400 and 403 and 429 and 500 with errors, GET by reference, delivery statuses.
"""

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

from messages.template_rules import AT_NOTIFY

SERVICE, SECRET = str(UUID(int=0xA1)), str(UUID(int=0xB2))
KEY = f"doorstep-{SERVICE}-{SECRET}"
TEMPLATES = {"inventory-sms": str(UUID(int=0xC3)), "inventory-email": str(UUID(int=0xD4))}
TEMPLATES |= {name: str(UUID(int=0x100 + n)) for n, name in enumerate(AT_NOTIFY) if name not in TEMPLATES}
ERRORS = {
    400: ("ValidationError", "phone_number Not a UK mobile number"),
    403: ("AuthError", "Invalid token: API key not found"),
    429: ("RateLimitError", "Exceeded rate limit for key type LIVE of 3000 requests per 60 seconds"),
    500: ("Exception", "Internal server error"),
}


class Server(ThreadingHTTPServer):
    request_queue_size = 256
    daemon_threads = True


@dataclass
class Notify:
    """`answers` are the statuses of the next sends; then 201. After a `taken` one it fails though it was taken."""

    answers: list[int | str] = field(default_factory=list)
    held: threading.Event | None = None
    garbage: bool = False
    looks: list[int] = field(default_factory=list)
    """Statuses of the next looks by reference; then 200."""
    notifications: list[dict[str, Any]] = field(default_factory=list)
    asked: list[tuple[str, str]] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    """Of these kinds nothing is taken for now."""
    wrong: set[str] = field(default_factory=set)
    """These numbers and addresses are refused for good."""
    during: Callable[[], None] | None = None

    def start(self) -> str:
        """Listen on a free port; the address to configure."""
        this = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                this._look(self)

            def do_POST(self) -> None:
                this._send(self)

            def log_message(self, format: str, *args: object) -> None: ...

        self.server = Server(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        return f"http://127.0.0.1:{self.server.server_port}"

    def stop(self) -> None:
        if self.held:
            self.held.set()
        self.server.shutdown()
        self.server.server_close()

    def became(self, reference: object, status: str) -> None:
        for one in self.notifications:
            if one["reference"] == str(reference):
                one["status"] = status

    def callback(self, reference: object, status: str = "delivered") -> dict[str, Any]:
        """What Notify would post to the council about a message it took."""
        one = next(one for one in self.notifications if one["reference"] == str(reference))
        return {
            "id": one["id"],
            "reference": one["reference"],
            "to": one["to"],
            "status": status,
            "created_at": "2026-11-30T10:00:00.000000Z",
            "completed_at": "2026-11-30T10:00:05.000000Z",
            "sent_at": "2026-11-30T10:00:01.000000Z",
            "notification_type": "sms",
            "template_id": one["template"]["id"],
            "template_version": 1,
        }

    @staticmethod
    def received(
        number: str, message: str, at: str = "2026-11-30T10:00:00.000000Z", id: object = None
    ) -> dict[str, str]:
        """What Notify would post to the council about a text that came in."""
        return {
            "id": str(id or uuid4()),
            "source_number": number,
            "destination_number": "07700900111",
            "message": message,
            "date_received": at,
        }

    def _send(self, request: BaseHTTPRequestHandler) -> None:
        given = json.loads(request.rfile.read(int(request.headers["Content-Length"])))
        self.asked.append(("POST", str(given.get("reference"))))
        if self.during:
            self.during()
        if self.held:
            self.held.wait(30)
        answer: int | str = self.answers.pop(0) if self.answers else 201
        if request.path.rpartition("/")[2] in self.refused:
            answer = 429
        if (given.get("phone_number") or given.get("email_address")) in self.wrong:
            answer = 400
        if not known(request.headers.get("Authorization", "")):
            answer = 403
        if answer in (201, "taken"):
            made = self._take(request.path.rpartition("/")[2], given)
            answer = 201 if answer == 201 else 500
            if answer == 201:
                return self._say(request, 201, "<p>Sign in to this wifi</p>" if self.garbage else made)
        if answer == "cut":
            return request.connection.close()
        return self._refuse(request, int(answer))

    def _take(self, channel: str, given: dict[str, Any]) -> dict[str, Any]:
        made = {
            "id": str(uuid4()),
            "reference": given["reference"],
            "to": given.get("phone_number") or given.get("email_address"),
            "type": channel,
            "status": "created",
            "personalisation": given["personalisation"],
            "template": {"id": given["template_id"], "version": 1},
        }
        self.notifications.append(made)
        return made

    def _look(self, request: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(request.path)
        (reference,) = parse_qs(parts.query).get("reference", [""])
        self.asked.append(("GET", reference))
        if not known(request.headers.get("Authorization", "")):
            return self._refuse(request, 403)
        if self.looks:
            return self._refuse(request, self.looks.pop(0))
        found = [one for one in self.notifications if one["reference"] == reference]
        return self._say(request, 200, {"notifications": found, "links": {"current": request.path}})

    def _refuse(self, request: BaseHTTPRequestHandler, status: int) -> None:
        error, message = ERRORS[status]
        self._say(request, status, {"status_code": status, "errors": [{"error": error, "message": message}]})

    def _say(self, request: BaseHTTPRequestHandler, status: int, body: object) -> None:
        data = json.dumps(body).encode() if not isinstance(body, str) else body.encode()
        request.send_response(status)
        request.send_header("Content-Type", "application/json")
        request.send_header("Content-Length", str(len(data)))
        request.end_headers()
        request.wfile.write(data)


def known(authorization: str) -> bool:
    """A JSON Web Token of this service, signed with its secret."""
    head, _, rest = authorization.removeprefix("Bearer ").partition(".")
    claims, _, signature = rest.partition(".")
    right = hmac.new(SECRET.encode(), f"{head}.{claims}".encode(), hashlib.sha256).digest()
    try:
        said = json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))
    except ValueError:
        return False
    given = base64.urlsafe_b64decode(signature + "=" * (-len(signature) % 4))
    return hmac.compare_digest(given, right) and said["iss"] == SERVICE
