"""Bytes on a socket, for what no decent HTTP client would send."""

import socket
from dataclasses import dataclass

HOST = b"Host: localhost\r\nSec-Fetch-Site: same-origin\r\n"


@dataclass
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes


class Line:
    """One connection to a server on this machine."""

    def __init__(self, port: int, timeout: float = 20) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout)

    def send(self, *parts: bytes) -> "Line":
        self.socket.sendall(b"".join(parts))
        return self

    def reply(self) -> Reply:
        """The next answer. Status 0 when the line was cut without one."""
        data = b""
        while b"\r\n\r\n" not in data:
            piece = self._some()
            if not piece:
                return Reply(0, {}, data)
            data += piece
        head, _, body = data.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        while len(body) < int(headers.get("content-length", "0")):
            piece = self._some()
            if not piece:
                break
            body += piece
        return Reply(int(first.split()[1]), headers, body)

    def is_cut(self) -> bool:
        return self._some() == b""

    def _some(self) -> bytes:
        try:
            return self.socket.recv(65536)
        except ConnectionError:
            return b""

    def close(self) -> None:
        self.socket.close()
