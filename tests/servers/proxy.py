"""A network that fails on command: a TCP proxy on loopback that loses answers, cuts lines and goes slowly."""

import asyncio
import contextlib
from dataclasses import dataclass, field


@dataclass
class Proxy:
    """Between a phone and a server. Each fault is for the connections made after it was set."""

    upstream: int
    port: int = 0
    drop_replies: int = 0
    """So many answers more are read from the server and never passed on."""
    cut_after: int | None = None
    """The line breaks once so many bytes of the request went through."""
    seconds_each_way: float = 0
    passed: int = 0
    dropped: int = 0
    _server: asyncio.Server | None = None
    _open: set[asyncio.Task[None]] = field(default_factory=set)

    async def __aenter__(self) -> "Proxy":
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        for task in list(self._open):
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def _accept(self, phone: asyncio.StreamReader, to_phone: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        task.add_done_callback(self._open.discard)
        try:
            server, to_server = await asyncio.open_connection("127.0.0.1", self.upstream)
            up = asyncio.create_task(self._up(phone, to_server, to_phone))
            down = asyncio.create_task(self._down(server, to_phone))
            await asyncio.wait([up, down], return_when=asyncio.FIRST_COMPLETED)
            for part in (up, down):
                part.cancel()
                with contextlib.suppress(asyncio.CancelledError, ConnectionError):
                    await part
            to_server.close()
        except ConnectionError:
            pass
        finally:
            to_phone.close()

    async def _up(
        self, phone: asyncio.StreamReader, to_server: asyncio.StreamWriter, to_phone: asyncio.StreamWriter
    ) -> None:
        sent = 0
        while data := await phone.read(4096):
            await asyncio.sleep(self.seconds_each_way)
            if self.cut_after is not None and sent + len(data) > self.cut_after:
                to_server.write(data[: self.cut_after - sent])
                await to_server.drain()
                self.cut_after = None
                return
            sent += len(data)
            to_server.write(data)
            await to_server.drain()

    async def _down(self, server: asyncio.StreamReader, to_phone: asyncio.StreamWriter) -> None:
        while data := await server.read(65536):
            await asyncio.sleep(self.seconds_each_way)
            if self.drop_replies:
                self.drop_replies -= 1
                self.dropped += 1
                return
            to_phone.write(data)
            await to_phone.drain()
            self.passed += 1
