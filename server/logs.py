"""Logs that tell what happened and name nobody: one line a request, and errors without their values."""

import json
import logging
import sys
import time
import traceback
from datetime import UTC, datetime
from typing import Any

from litestar.types import HTTPScope, Message, Send

from pwa.ids import uuid7

log = logging.getLogger("doorstep.requests")
FACTS = ("request", "method", "route", "status", "ms", "role")


class Line(logging.Formatter):
    """The parts of one record. Never the message of an exception: it may quote what somebody typed."""

    def parts(self, record: logging.LogRecord) -> dict[str, Any]:
        found: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        found |= {name: getattr(record, name) for name in FACTS if hasattr(record, name)}
        if record.exc_info and record.exc_info[0]:
            found["error"] = record.exc_info[0].__name__
            found["where"] = where(record.exc_info[2])
        return found


def where(tb: Any) -> str:
    """The innermost frames, ours or not: file, line and function, without the source."""
    frames = traceback.extract_tb(tb)[-6:]
    return " < ".join(f"{'/'.join(f.filename.split('/')[-2:])}:{f.lineno} {f.name}" for f in reversed(frames))


class JsonLine(Line):
    def format(self, record: logging.LogRecord) -> str:
        return json.dumps(self.parts(record), ensure_ascii=True, default=str)


class PlainLine(Line):
    def format(self, record: logging.LogRecord) -> str:
        parts = self.parts(record)
        head = f"{parts.pop('at')} {parts.pop('level')} {parts.pop('logger')}: {parts.pop('message')}"
        text = " ".join([head, *(f"{name}={value}" for name, value in parts.items())])
        if text.isprintable():
            return text
        return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def write_to_stderr(kind: str) -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLine() if kind == "json" else PlainLine())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("doorstep").setLevel(logging.INFO)
    logging.captureWarnings(True)


class Request:
    """One request on its way: watches the answer go out, then is written as one line."""

    def __init__(self, scope: HTTPScope) -> None:
        self.scope = scope
        self.id = str(uuid7())
        self.status = 0
        self.started = time.perf_counter()

    def watch(self, send: Send) -> Send:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                self.status = message["status"]
                message["headers"] = [*message["headers"], (b"request-id", self.id.encode())]
            await send(message)

        return sending

    def write(self) -> None:
        """The template of the route, not the path: a path may hold what somebody searched for."""
        person = self.scope.get("user")
        log.info(
            "request",
            extra={
                "request": self.id,
                "method": self.scope["method"] if self.scope["method"] in METHODS else "other",
                "route": self.scope.get("path_template") or "-",
                "status": self.status,
                "ms": round((time.perf_counter() - self.started) * 1000, 1),
                "role": str(getattr(person, "role", "-")),
            },
        )


METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"})
