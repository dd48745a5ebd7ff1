"""A network that fails on command: a TCP proxy on loopback that loses answers, cuts lines and goes slowly.

Threads and plain sockets, so that it serves tests with and without an event loop, and a browser too.
"""

import contextlib
import socket
import threading
import time
from dataclasses import dataclass, field


@dataclass
class Proxy:
    """Between a phone and a server. Change a fault at any time; it counts from the next bytes on."""

    upstream: int
    drop_replies: int = 0
    """So many pieces of an answer more are read from the server and never passed on; the line is cut."""
    cut_after: int | None = None
    """The line breaks, once, when so many bytes of a request went through."""
    seconds_each_way: float = 0
    gone: bool = False
    """Nobody answers at all."""
    dropped: int = 0
    _listening: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))
    _open: set[socket.socket] = field(default_factory=set)
    _threads: list[threading.Thread] = field(default_factory=list)

    def __enter__(self) -> "Proxy":
        self._run(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for line in list(self._open):
            self._cut(line)
        for thread in self._threads:
            thread.join()

    @property
    def port(self) -> int:
        return int(self._listening.getsockname()[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def _run(self, target: object, *args: object) -> None:
        thread = threading.Thread(target=target, args=args, daemon=True)  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                phone, _ = self._listening.accept()
                if self.gone:
                    phone.close()
                    continue
                self._open.add(phone)
                self._run(self._join, phone)

    def _join(self, phone: socket.socket) -> None:
        try:
            server = socket.create_connection(("127.0.0.1", self.upstream), 5)
        except OSError:
            self._cut(phone)
            return
        server.settimeout(None)
        self._open.add(server)
        back = threading.Thread(target=self._pump, args=(server, phone, self._keeps_reply), daemon=True)
        back.start()
        self._pump(phone, server, self._keeps_request)
        back.join()

    def _pump(self, source: socket.socket, to: socket.socket, keeps: object) -> None:
        so_far = 0
        with contextlib.suppress(OSError):
            while data := source.recv(4096):
                time.sleep(self.seconds_each_way)
                kept = keeps(so_far, data)  # type: ignore[operator]
                to.sendall(data[:kept])
                if kept < len(data):
                    break
                so_far += len(data)
        self._cut(source)
        self._cut(to)

    def _keeps_request(self, so_far: int, data: bytes) -> int:
        if self.cut_after is None or so_far + len(data) <= self.cut_after:
            return len(data)
        kept, self.cut_after = max(self.cut_after - so_far, 0), None
        return kept

    def _keeps_reply(self, so_far: int, data: bytes) -> int:
        if not self.drop_replies:
            return len(data)
        self.drop_replies -= 1
        self.dropped += 1
        return 0

    def _cut(self, line: socket.socket) -> None:
        self._open.discard(line)
        with contextlib.suppress(OSError):
            line.shutdown(socket.SHUT_RDWR)
        line.close()
