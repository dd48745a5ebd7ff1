"""The program asks itself for a page, as the person who asks now would be given it."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

from litestar import Request


@dataclass
class Inside:
    """What one of our own pages answered, not compressed."""

    status: int = 500
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


async def ask(request: Request[Any, Any, Any], address: str, **headers: str) -> Inside:
    """GET one of our own addresses for whoever made `request`. Every rule of who may see what holds as always."""
    path, query = urlsplit(address).path, urlsplit(address).query
    host = request.headers["host"]
    own = {"host": host, "sec-fetch-site": "same-origin", **headers}
    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "https",
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in own.items()],
        "client": None,
        "server": (host, 443),
        "state": {},
        "user": request.user,
    }
    answer = Inside()

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            answer.headers = {name.decode(): value.decode("latin-1") for name, value in message["headers"]}
        else:
            answer.body += message.get("body", b"")

    await request.app(scope, receive, send)  # type: ignore[arg-type]
    return answer
