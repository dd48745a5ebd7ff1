"""CSV files for the import tests, and the import driven from end to end."""

import re
from datetime import UTC, datetime

import httpx

from properties.due import run_due

HEADINGS = "uprn,address,street,town,postcode,type,bedrooms,use,latitude,longitude"


def table(*rows: str, headings: str = HEADINGS) -> bytes:
    return "\n".join([headings, *rows]).encode() + b"\n"


def row(
    uprn: str = "100012340001", address: str = "22 Saltmarsh Road", postcode: str = "HW2 7LT", **more: str
) -> str:
    cells = {"street": "", "town": "Harrowmere", "type": "house", "bedrooms": "2", "use": "TA"}
    cells |= {"latitude": "51.39", "longitude": "0.51", **more}
    quoted = '"' + address.replace('"', '""') + '"'
    return ",".join([uprn, quoted, cells["street"], cells["town"], postcode, *list(cells.values())[2:]])


async def upload(client: httpx.AsyncClient, body: bytes, name: str = "homes.csv") -> httpx.Response:
    return await client.post("/properties/import", files={"file": (name, body, "text/csv")})


def run_of(answer: httpx.Response) -> str:
    """The address of the preview, wherever the answer names it."""
    return (
        answer.headers.get("location") or re.findall(r'action="(/properties/import/[^"]+)/apply"', answer.text)[0]
    )


async def apply_all(client: httpx.AsyncClient, body: bytes) -> str:
    """Upload, apply, let the engine finish; the address of the run."""
    address = run_of(await upload(client, body))
    assert (await client.post(f"{address}/apply")).status_code == 303
    while await run_due(datetime.now(UTC)):
        pass
    return address


TWO = (row(), row("100012340002", "Flat 3, 14 Linden Court", "hw42qd", street="Mill Lane", type="flat"))
