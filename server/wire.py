"""What uvicorn leaves open on the wire: headers without end, headers without an end in time, and bare refusals."""

import asyncio
import http
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from server import words
from server.protection import RAW_HEADERS

MOST_HEADER_BYTES = 64 * 1024
HEADER_SECONDS = 30
# What a refused upload may still send before the line is cut: the phone should get to read the refusal.
MOST_UNREAD_BYTES = 64 * 1024 * 1024


class Wire(HttpToolsProtocol):
    """One connection. Everything that never becomes a request is answered here, with our headers."""

    waiting: asyncio.TimerHandle | None = None
    head_bytes = 0
    unread_bytes = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._expect_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._head_came()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self.waiting:
            self.head_bytes += len(data)
        super().data_received(data)
        if self.waiting and self.head_bytes > MOST_HEADER_BYTES:
            self._refuse(431, words.HEADERS)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._expect_head()

    def on_headers_complete(self) -> None:
        self._head_came()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        super().on_body(body)
        if self.cycle.response_complete:
            self.unread_bytes += len(body)
            if self.unread_bytes > MOST_UNREAD_BYTES:
                self.transport.close()

    def send_400_response(self, msg: str) -> None:
        self._refuse(400, words.UNREADABLE)

    def _expect_head(self) -> None:
        self._head_came()
        self.head_bytes = 0
        self.waiting = self.loop.call_later(HEADER_SECONDS, self._refuse, 408, words.TOO_SLOW)

    def _head_came(self) -> None:
        if self.waiting:
            self.waiting.cancel()
            self.waiting = None

    def _refuse(self, status: int, sentence: str) -> None:
        self._head_came()
        if self.transport.is_closing():
            return
        body = sentence.encode()
        own: list[tuple[bytes, Any]] = [
            (b"content-type", b"text/plain; charset=utf-8"),
            (b"content-length", str(len(body)).encode()),
            (b"connection", b"close"),
        ]
        lines = [b"%s: %s" % pair for pair in RAW_HEADERS + own]
        status_line = f"HTTP/1.1 {status} {http.HTTPStatus(status).phrase}".encode()
        self.transport.write(b"\r\n".join([status_line, *lines, b"", body]))
        self.transport.close()
