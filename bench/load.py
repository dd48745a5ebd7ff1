"""A small HTTP/1.1 client on bare sockets, so that the one who measures costs little of the machine measured."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field


@dataclass
class Figures:
    """Seconds each request took, and how long all of them took together."""

    took: list[float] = field(default_factory=list)
    whole: float = 0.0

    @property
    def rate(self) -> float:
        return len(self.took) / self.whole

    def percentile(self, share: float) -> float:
        """Milliseconds within which `share` (0 to 1) of the requests were answered."""
        return sorted(self.took)[min(len(self.took) - 1, int(len(self.took) * share))] * 1000


class Connection:
    """One kept-alive connection. `ask` returns status, headers (lower case) and body."""

    def __init__(self, port: int, cookie: str = "") -> None:
        self.port = port
        self.base = "Host: localhost\r\nSec-Fetch-Site: same-origin\r\nHX-Request: true\r\n"
        if cookie:
            self.base += f"Cookie: __Host-sid={cookie}\r\n"

    async def open(self) -> "Connection":
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        return self

    async def ask(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        kind: str = "application/x-www-form-urlencoded",
        **more: str,
    ) -> tuple[int, dict[str, str], bytes]:
        lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in more.items())
        length = f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n" if method != "GET" else ""
        self.writer.write(f"{method} {path} HTTP/1.1\r\n{self.base}{lines}{length}\r\n".encode() + body)
        await self.writer.drain()
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])}
        data = await self.reader.readexactly(int(headers.get("content-length", "0")))
        return int(head[0].split()[1]), headers, data


async def spread(clients: int, each: int, work: Callable[[int, int], Awaitable[None]]) -> Figures:
    """`clients` at once, each doing `each` pieces of work one after the other."""
    figures = Figures()

    async def one(client: int) -> None:
        for turn in range(each):
            began = time.perf_counter()
            await work(client, turn)
            figures.took.append(time.perf_counter() - began)

    began = time.perf_counter()
    await asyncio.gather(*(one(client) for client in range(clients)))
    figures.whole = time.perf_counter() - began
    return figures


async def steady(rate: float, seconds: float, work: Callable[[int], Awaitable[None]]) -> Figures:
    """Requests that begin at a steady rate whether or not the one before was answered."""
    figures = Figures()

    async def one(number: int) -> None:
        await asyncio.sleep(number / rate)
        began = time.perf_counter()
        await work(number)
        figures.took.append(time.perf_counter() - began)

    began = time.perf_counter()
    await asyncio.gather(*(one(number) for number in range(int(rate * seconds))))
    figures.whole = time.perf_counter() - began
    return figures
