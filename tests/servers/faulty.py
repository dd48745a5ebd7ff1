"""A network that misbehaves: a TCP proxy on loopback that breaks what passes through it, as told."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

ANSWERS = {
    500: b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
    403: b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
}


@dataclass
class Fault:
    """What goes wrong now. Change it while the proxy runs; the next connection or chunk obeys."""

    refuse: bool = False
    silent: bool = False
    status: int = 0
    reset_after: int | None = None  # bytes sent towards the service, over a connection
    upwards: Callable[[bytes], bytes] | None = None
    downwards: Callable[[bytes], bytes] | None = None
    seen: list[bytes] = field(default_factory=list)  # request lines


async def _pass(
    source: asyncio.StreamReader, target: asyncio.StreamWriter, change: Callable[[bytes, int], bytes | None]
) -> None:
    passed = 0
    with suppress(ConnectionError, asyncio.CancelledError):
        while data := await source.read(16 * 1024):
            changed = change(data, passed)
            if changed is None:
                break
            passed += len(data)
            target.write(changed)
            await target.drain()
    target.close()


class Proxy:
    """Between us and one service."""

    def __init__(self, port: int) -> None:
        self.fault = Fault()
        self._target = port
        self._open: set[asyncio.Task[None]] = set()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        try:
            await self._one(reader, writer)
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.transport.abort()
            self._open.discard(task)

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        fault = self.fault
        if fault.refuse:
            return
        if fault.silent:
            await asyncio.Event().wait()
        if fault.status:
            await reader.read(64 * 1024)
            writer.write(ANSWERS[fault.status])
            await writer.drain()
            return
        above_reader, above = await asyncio.open_connection("127.0.0.1", self._target)
        both = (_pass(reader, above, self._up), _pass(above_reader, writer, self._down))
        try:
            await asyncio.wait([asyncio.ensure_future(each) for each in both], return_when=asyncio.FIRST_COMPLETED)
        finally:
            above.transport.abort()

    def _up(self, data: bytes, passed: int) -> bytes | None:
        line = data.split(b"\r\n", 1)[0]
        if line.endswith(b"HTTP/1.1"):
            self.fault.seen.append(line)
        if self.fault.reset_after is not None and passed + len(data) > self.fault.reset_after:
            return None
        return self.fault.upwards(data) if self.fault.upwards else data

    def _down(self, data: bytes, passed: int) -> bytes | None:
        return self.fault.downwards(data) if self.fault.downwards else data

    async def cut(self) -> None:
        """Cut every connection."""
        for task in list(self._open):
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)


@asynccontextmanager
async def proxy_to(port: int) -> AsyncIterator[tuple[Proxy, str]]:
    """A proxy in front of a local port, and its address."""
    proxy = Proxy(port)
    server = await asyncio.start_server(proxy._serve, "127.0.0.1", 0)
    try:
        yield proxy, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        await proxy.cut()
        await server.wait_closed()
