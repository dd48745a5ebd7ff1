"""Asha before, while and after she is out alone, with the network off in the middle."""

import shutil
from collections.abc import Iterator

import pytest

from tests.phone import walk
from tests.phone.conftest import NewPhone
from tests.phone.device import Device, expect
from tests.phone.test_pack import with_worker
from tests.phone.test_pages import problems
from tests.servers.doorstep import Doorstep

RED = "NOT MONITORED: tell your buddy."


@pytest.fixture(scope="module")
def office(little_world: Doorstep, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doorstep]:
    """Everybody can be told, and what would be sent is shown, as in the demo."""
    data = tmp_path_factory.mktemp("office") / "data"
    shutil.copytree(little_world.data, data)
    server = Doorstep(data, {"DOORSTEP_DEMO": "1"}, ids=little_world.ids)
    server.can_be_reached()
    server.start()
    yield server
    server.kill()


def give(phone: Device, path: str, name: str) -> None:
    """In the office, a manager gives the visit to somebody else."""
    page = phone.open(path)
    page.locator("details.more", has_text="Change this visit").locator("summary").first.click()
    page.get_by_label("Who goes").select_option(label=name)
    page.get_by_role("button", name="Save who goes").click()
    phone.all_sent()


def test_a_start_from_the_queue_for_a_visit_that_was_given_away_is_said_in_red_wherever_she_is(
    new_phone: NewPhone, office: Doorstep
) -> None:
    phone, dina = new_phone("asha"), new_phone("dina")
    with_worker(phone)
    path = walk.plan_visit(phone, office.ids["saltmarsh"])
    page = phone.open(path)
    walk.kept(phone, path)
    phone.open("/today")
    walk.kept(phone, "/today")
    phone.offline()
    page = phone.open(path)
    phone.saved(lambda: page.get_by_role("button", name="Start visit").click())
    give(dina, path, "Ben Test")
    page = phone.open("/today")  # another page by the time there is signal
    phone.offline(False)
    phone.all_sent()
    expect(page.locator("#safety-bar")).to_contain_text(RED)
    page = phone.open("/you")
    expect(page.locator("#safety-bar")).to_contain_text(RED)
    assert problems(page) == []
    phone.offline()
    page = phone.open("/today")  # from the phone: it is still so
    expect(page.locator("#safety-bar")).to_contain_text(RED)
    phone.saved(lambda: page.get_by_role("button", name="I’m out, or somebody knows").click())
    expect(page.locator("#safety-bar")).to_contain_text("Saved on this phone")
    phone.offline(False)
    phone.all_sent()
    page = phone.open("/today")
    expect(page.locator("[data-unwatched]")).to_have_count(0)
    assert phone.console == []
