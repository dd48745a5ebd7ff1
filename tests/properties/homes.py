"""Homes for tests: one line makes one."""

from datetime import UTC, datetime
from typing import Any

from properties.commands import insert_property
from properties.facts import Facts
from properties.tables import Property

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def facts(address: str = "22 Saltmarsh Road", **more: Any) -> Facts:
    plain: dict[str, Any] = {
        "uprn": None,
        "address": address,
        "street": "",
        "town": "Harrowmere",
        "postcode": "HW2 7LT",
        "kind": "house",
        "bedrooms": 2,
        "use": "temporary",
    }
    return Facts(**{**plain, **more})


async def home(address: str = "22 Saltmarsh Road", **more: Any) -> Property:
    made = await insert_property(facts(address, **more), NOW)
    found = await Property.objects().get(Property.id == made)
    assert found is not None
    return found
