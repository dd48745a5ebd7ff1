"""GOV.UK Notify on loopback, for a measurement: `python -m bench.provider PORT SECONDS`. It takes everything after so long.

GET /log answers with what it took: when the call came, from which template, for which session's number.
"""

import asyncio
import json
import sys
import time
from typing import Any
from uuid import UUID, uuid4

from messages.template_rules import AT_NOTIFY

KEY = f"doorstep-{UUID(int=0xA1)}-{UUID(int=0xB2)}"
IDS = {key: str(UUID(int=0x100 + n)) for n, key in enumerate(AT_NOTIFY)}
NAMES = {id: key for key, id in IDS.items()}
LOG: list[dict[str, Any]] = []


def settings(port: int) -> dict[str, str]:
    """For a server that is to use it."""
    return {
        "DOORSTEP_NOTIFY_KEY": KEY,
        "DOORSTEP_NOTIFY_URL": f"http://127.0.0.1:{port}",
        "DOORSTEP_NOTIFY_TEMPLATES": ",".join(f"{key}={id}" for key, id in IDS.items()),
    }


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, seconds: float) -> None:
    try:
        while head := await reader.readuntil(b"\r\n\r\n"):
            came = time.time()
            first, *rest = head.decode("latin-1").split("\r\n")
            lengths = [line.split(":")[1] for line in rest if line.lower().startswith("content-length:")]
            body = await reader.readexactly(int(lengths[0])) if lengths else b""
            said = await _said(first, body, came, seconds)
            writer.write(b"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\n")
            writer.write(f"Content-Length: {len(said)}\r\n\r\n".encode() + said)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


async def _said(first: str, body: bytes, came: float, seconds: float) -> bytes:
    if first.startswith("GET /log"):
        return json.dumps(LOG).encode()
    if first.startswith("GET"):
        return b'{"notifications": []}'
    given = json.loads(body)
    number = given["personalisation"].get("number", "")
    LOG.append({"at": came, "template": NAMES.get(given["template_id"], ""), "number": number})
    await asyncio.sleep(seconds)
    return json.dumps({"id": str(uuid4()), "reference": given["reference"]}).encode()


async def main(port: int, seconds: float) -> None:
    async def one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await answer(reader, writer, seconds)

    server = await asyncio.start_server(one, "127.0.0.1", port, backlog=1024)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), float(sys.argv[2])))
