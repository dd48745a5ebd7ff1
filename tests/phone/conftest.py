"""Doorstep itself, the network before it, and phones. One server a module; each test has records of its own."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Playwright, sync_playwright

from tests.phone import walk
from tests.phone.device import Device, expect
from tests.phone.link import Link
from tests.servers.doorstep import Doorstep

NewPhone = Callable[..., Device]
DEMO = {"DOORSTEP_DEMO": "1"}
"""Everybody can be told, and what would be sent is shown."""
# No test is timed: what takes long on a busy machine is not wrong.
expect.set_options(timeout=15_000)


@pytest.fixture(autouse=True)
def clean_database() -> None:
    """Nothing here touches the database of the tests that run inside this process."""


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    # Per module: while it runs it owns the thread's event loop, which the other tests need for themselves.
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def little_world(tmp_path_factory: pytest.TempPathFactory) -> Doorstep:
    """Made once, by the program's own commands; every server starts from a copy of it."""
    made = Doorstep(tmp_path_factory.mktemp("world") / "data")
    made.settle(start=False)
    return made


@pytest.fixture(scope="module")
def office(
    little_world: Doorstep, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Doorstep]:
    """With other settings where a module says `SETTINGS = DEMO`."""
    settings = getattr(request.module, "SETTINGS", {"DOORSTEP_STYLEGUIDE": "1"})
    data = tmp_path_factory.mktemp("office") / "data"
    shutil.copytree(little_world.data, data)
    server = Doorstep(data, settings, ids=little_world.ids)
    if settings == DEMO:
        server.can_be_reached()
    server.start()
    yield server
    server.kill()


@pytest.fixture(scope="module")
def link(office: Doorstep) -> Iterator[Link]:
    made = Link(office.port)
    yield made
    made.end()


@pytest.fixture(scope="module")
def signed_in() -> dict[str, list[Any]]:
    """Cookies by name: each person signs in by the form once in a module."""
    return {}


@pytest.fixture
def new_phone(
    playwright: Playwright, link: Link, tmp_path: Path, signed_in: dict[str, list[Any]]
) -> Iterator[NewPhone]:
    """A phone fresh from its box, signed in when a name is given."""
    made: list[Device] = []

    def switch_on(name: str = "", **options: object) -> Device:
        phone = Device(playwright, link.url, tmp_path / f"phone{len(made)}", **options)
        phone.cookies = signed_in.get(name, [])
        made.append(phone.switch_on())
        if name and not phone.cookies:
            phone.sign_in(name)
            signed_in[name] = phone.context.cookies()
        elif name:
            phone.open("/today")
        return phone

    yield switch_on
    link.mend()
    for phone in made:
        phone.switch_off()


@pytest.fixture
def phone(new_phone: NewPhone) -> Device:
    """Asha's."""
    return new_phone("asha")


@pytest.fixture
def inspection(phone: Device, office: Doorstep) -> str:
    """One that Asha has just started; its path."""
    return walk.start(phone, office.ids["saltmarsh"])
