"""What the tests of inspections do: a home, a start, a post."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx
import pytest

from inspections.commands import seed_reference
from properties.tables import Property
from pwa.ids import uuid7
from tests.conftest import World

HTMX = {"HX-Request": "true"}


@pytest.fixture
async def home(world: World) -> Property:
    await seed_reference()
    return await Property.objects().create(
        uprn="900000000001",
        address="22 Saltmarsh Road",
        postcode="HW2 7LT",
        kind="house",
        bedrooms=2,
        use="temporary",
        team=world.teams["north"].id,
        created_at=datetime.now(UTC),
    )


async def start(client: httpx.AsyncClient, home: Property, kind: str = "void", **more: Any) -> UUID:
    id = uuid7()
    response = await client.post(
        "/inspections", data={"id": str(id), "property": str(home.id), "kind": kind, **more}, headers=HTMX
    )
    assert response.status_code == 200, response.text
    assert response.headers["HX-Redirect"] == f"/inspections/{id}"
    return id


async def post(client: httpx.AsyncClient, inspection: UUID, path: str, **data: Any) -> httpx.Response:
    return await client.post(f"/inspections/{inspection}/{path}", data=data, headers=HTMX)
