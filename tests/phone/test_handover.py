"""From the press on a phone with no signal to the call of a provider whose first answers are no."""

import re
import shutil
from collections.abc import Iterator

import pytest

from tests.phone.conftest import NewPhone
from tests.phone.device import expect, until
from tests.phone.test_lone import HELD_MS, go_in
from tests.phone.test_pack import with_worker
from tests.servers.doorstep import Doorstep
from tests.servers.notify import KEY, TEMPLATES, Notify

HELP = {"alarm-panic-sms", "alarm-panic-email"}
NAMES = {id: key for key, id in TEMPLATES.items()}


@pytest.fixture(scope="module")
def provider() -> Iterator[Notify]:
    made = Notify()
    made.start()
    yield made
    made.stop()


@pytest.fixture(scope="module")
def office(
    little_world: Doorstep, tmp_path_factory: pytest.TempPathFactory, provider: Notify
) -> Iterator[Doorstep]:
    """Messages really leave it, for a provider on loopback."""
    data = tmp_path_factory.mktemp("office") / "data"
    shutil.copytree(little_world.data, data)
    env = {
        "DOORSTEP_NOTIFY_KEY": KEY,
        "DOORSTEP_NOTIFY_URL": f"http://127.0.0.1:{provider.server.server_port}",
        "DOORSTEP_NOTIFY_TEMPLATES": ",".join(f"{key}={id}" for key, id in TEMPLATES.items()),
    }
    server = Doorstep(data, env, ids=little_world.ids)
    server.can_be_reached()
    server.start()
    yield server
    server.kill()


def test_help_pressed_with_no_signal_is_handed_over_once_there_is_some(
    new_phone: NewPhone, office: Doorstep, provider: Notify
) -> None:
    phone = new_phone("asha")
    with_worker(phone)
    page = phone.open(go_in(phone, office))
    phone.offline()
    button = page.locator("#safety-bar").get_by_role("button", name=re.compile("Help"))
    phone.saved(lambda: button.click(delay=HELD_MS))
    expect(page.get_by_role("link", name="Call 999")).to_be_visible(timeout=10_000)
    assert provider.notifications == []
    provider.answers = [429, 500]
    phone.offline(False)
    phone.all_sent()
    whom = "SELECT told.id FROM alarm_told told JOIN alarm ON alarm.id = told.alarm WHERE alarm.kind = 'panic'"
    until(lambda: bool(office.rows(whom)))
    until(lambda: len(provider.notifications) == len(office.rows(whom)) > 1)
    assert {NAMES[one["template"]["id"]] for one in provider.notifications} <= HELP
    references = [one["reference"] for one in provider.notifications]
    assert len(references) == len(set(references)), "each once, though one was refused and one not answered"
