"""The office takes in a saved copy: each command goes through the app itself, as the phone would have sent it.

The author is the person who recorded it and `brought_by` the person at the desk. Both are put in the
ASGI scope here; nothing that comes over the wire can set them. The receipts are those the phone would
have been given, so when it syncs later it is told that everything is here already.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
from typing import Any
from urllib.parse import unquote, urlsplit
from uuid import UUID

from media.rules import TOO_BIG
from people.queries import person_as
from people.rules import Role, SignedIn
from pwa.policy import FIELD, RECORDS
from server.saved_copy import Op, SavedCopy

# A copy is a file that somebody could write by hand: it opens the routes that say `queued`, and no other door.
# Who looks after everybody's accounts brings in field work, and changes no records in somebody else's name.
BRINGS = {Role.MANAGER: frozenset({FIELD, RECORDS}), Role.ADMINISTRATOR: frozenset({FIELD})}
METHODS = ("POST", "PUT")
KEPT = frozenset(
    {
        "content-type",
        "command-id",
        "command-captured-at",
        "command-device",
        "command-sequence",
        "command-author",
        "command-body",
        "command-monotonic",
        "command-version",
    }
)
MOST_ANSWER_BYTES = 64 * 1024
_SENTENCE = re.compile(r"<(\w+)[^>]*\bdata-sentence[^>]*>(.*?)</\1>", re.S)
_TAG = re.compile(r"<[^>]+>")

TAKEN = ("received", "here", "held")

NOT_FIELD_WORK = "This is not something a phone records."
NOT_YOURS = "The person who recorded this is not in your team."
UNREADABLE = "Some of that could not be read."
BLOB_GONE = "The photograph is missing from the copy or damaged. It is still on the phone."
NOT_NOW = "The office could not save this just now. Bring the copy in again."


@dataclass(frozen=True)
class Taken:
    """What became of one command: received, here (already), held, refused or later."""

    what: str
    where: str
    state: str
    sentence: str = ""


async def take_in(app: Any, host: str, copy: SavedCopy, importer: SignedIn) -> list[Taken]:
    """Every command of the copy in its order. One that fails does not stop the others."""
    known: dict[UUID, SignedIn | None] = {}
    done: dict[str, tuple[str, str]] = {}
    results = []
    for op in copy.ops:
        state, sentence = done.get(op.after, ("received", ""))
        if state in TAKEN:
            state, sentence = await _one(app, host, copy, op, importer, known)
        done[op.id] = state, sentence
        results.append(Taken(op.what[:200] or op.url[:200], op.where[:200], state, sentence))
    return results


async def _one(
    app: Any, host: str, copy: SavedCopy, op: Op, importer: SignedIn, known: dict[UUID, SignedIn | None]
) -> tuple[str, str]:
    path = urlsplit(op.url).path
    if op.method not in METHODS or op.url != path or ".." in path or not path.startswith("/"):
        return "refused", NOT_FIELD_WORK
    headers = {name.lower(): value for name, value in op.headers.items() if name.lower() in KEPT}
    try:
        author_id = UUID(headers["command-author"])
        raw = [(name.encode("ascii"), value.encode("ascii")) for name, value in headers.items()]
    except (KeyError, ValueError):
        return "refused", UNREADABLE
    if headers.get("command-id") != op.id or any(b"\n" in value or b"\r" in value for _, value in raw):
        return "refused", UNREADABLE
    if author_id not in known:
        known[author_id] = await person_as(author_id, datetime.now(UTC))
    author = known[author_id]
    if author is None or not may_bring(importer, author):
        return "refused", NOT_YOURS
    if op.blob and copy.too_big(op):
        return "refused", TOO_BIG.sentence
    body = copy.body_of(op)
    if body is None:
        return "refused", BLOB_GONE
    return judged(await _answer(app, _scope(host, op.method, path, raw, body, author, importer), body))


def may_bring(importer: SignedIn, author: SignedIn) -> bool:
    """A manager for people of the own team; an administrator for everybody in the field."""
    if author.role is Role.ADMINISTRATOR:
        return False
    return importer.role is Role.ADMINISTRATOR or (
        importer.team_id is not None and importer.team_id == author.team_id
    )


def _scope(
    host: str,
    method: str,
    path: str,
    headers: list[tuple[bytes, bytes]],
    body: bytes,
    author: SignedIn,
    importer: SignedIn,
) -> dict[str, Any]:
    own = [
        (b"host", host.encode("ascii")),
        (b"sec-fetch-site", b"same-origin"),
        (b"hx-request", b"true"),
        (b"content-length", str(len(body)).encode()),
    ]
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": method,
        "scheme": "https",
        "path": unquote(path),
        "raw_path": path.encode("utf-8", errors="replace"),
        "query_string": b"",
        "root_path": "",
        "headers": [*own, *headers],
        "client": None,
        "server": (host, 443),
        "state": {},
        "user": author,
        "brought_by": importer.id,
        "brings": BRINGS.get(importer.role, frozenset()),
    }


@dataclass
class Answer:
    status: int = 500
    receipt: str = ""
    text: bytes = b""


async def _answer(app: Any, scope: dict[str, Any], body: bytes) -> Answer:
    answer = Answer()
    waiting = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> dict[str, Any]:
        return waiting.pop() if waiting else {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            answer.receipt = dict(message["headers"]).get(b"receipt", b"").decode("latin-1")
        elif len(answer.text) < MOST_ANSWER_BYTES:
            answer.text += message.get("body", b"")

    await app(scope, receive, send)
    return answer


def judged(answer: Answer) -> tuple[str, str]:
    """As the phone judges an answer: only a receipt means that it is here."""
    if answer.status < 300 and "replayed=1" in answer.receipt:
        return "here", ""
    if answer.status < 300 and answer.receipt:
        return ("held" if "outcome=held" in answer.receipt else "received"), ""
    if answer.status >= 500 or answer.status in (408, 425, 429):
        return "later", NOT_NOW
    found = _SENTENCE.search(answer.text.decode("utf-8", errors="replace"))
    said = " ".join(unescape(_TAG.sub(" ", found[2])).split()) if found else UNREADABLE
    return "refused", said
