"""Asha's phone asks whether she is safe before her time is up, and she says so from the locked screen."""

import json
import re
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from messages import push
from tests.phone.conftest import NewPhone
from tests.phone.device import Device, expect, until
from tests.phone.test_lone import go_in
from tests.phone.test_pack import with_worker
from tests.phone.test_pages import problems
from tests.servers.doorstep import Doorstep
from tests.servers.push import Browser, Push

# The push service of the browser's maker is not reached from here: it gives the page this subscription instead.
SUBSCRIBED = """(form) => {
  let on = localStorage.getItem('test-push') === 'on';
  const made = { toJSON: () => ({ endpoint: form.endpoint, keys: { p256dh: form.p256dh, auth: form.auth } }),
    unsubscribe: async () => { on = false; localStorage.removeItem('test-push'); return true; } };
  PushManager.prototype.subscribe = async () => {
    on = true;
    localStorage.setItem('test-push', 'on');
    return made;
  };
  PushManager.prototype.getSubscription = async () => (on ? made : null);
}"""
PRESS = """async (action) => {
  const [notification] = await registration.getNotifications();
  dispatchEvent(new NotificationEvent('notificationclick', { notification, action }));
}"""
SHOWN = """async () => (await (await navigator.serviceWorker.ready).getNotifications())
  .map(({ title, body, actions }) => ({ title, body, actions: actions.map((one) => one.title) }))"""


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Push]:
    running = Push()
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def office(little_world: Doorstep, service: Push, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doorstep]:
    """Texts are shown instead of sent, as in the demo; notifications go to the push service on loopback."""
    folder = tmp_path_factory.mktemp("office")
    shutil.copytree(little_world.data, folder / "data")
    made = push.Pushing(push.Settings("", folder / "push"))
    assert made.key.public
    made.close()
    env = {
        "DOORSTEP_DEMO": "1",
        "DOORSTEP_PUSH_KEY": str(folder / "push" / "vapid.pem"),
        "DOORSTEP_PUSH_SERVICES": service.url,
    }
    server = Doorstep(folder / "data", env, ids=little_world.ids)
    server.can_be_reached()
    server.start()
    yield server
    server.kill()


def with_notifications(new_phone: NewPhone, service: Push, name: str) -> tuple[Device, Browser]:
    """Allowed in the phone's settings, and switched on by its button."""
    phone, browser = new_phone(name), service.browser(f"{name}-phone")
    phone.context.grant_permissions(["notifications"], origin=phone.url)
    phone.context.add_init_script(f"({SUBSCRIBED})({json.dumps(browser.form)})")
    with_worker(phone)
    page = phone.open("/you/notifications")
    expect(page.locator("main")).to_contain_text("Off on this phone")
    page.get_by_role("button", name="Show notifications on this phone").click()
    expect(page.locator("main")).to_contain_text("On for this phone")
    return phone, browser


def arrives(phone: Device, service: Push, browser: Browser) -> dict[str, Any]:
    """The next push for this phone, handed to its service worker as its browser would."""
    until(lambda: bool(service.to(browser)), 30)
    said = service.to(browser)[-1]
    service.got.clear()
    session = phone.context.new_cdp_session(phone.page)
    known: list[Any] = []
    session.on("ServiceWorker.workerRegistrationUpdated", lambda event: known.extend(event["registrations"]))
    session.send("ServiceWorker.enable")
    until(lambda: bool(phone.page.evaluate("1")) and bool(known), 30)
    session.send(
        "ServiceWorker.deliverPushMessage",
        {"origin": phone.url, "registrationId": known[0]["registrationId"], "data": json.dumps(said)},
    )
    until(lambda: any(one["title"] == said["title"] for one in shown(phone.page)), 30)
    session.detach()
    return said


def shown(page: Page) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = page.evaluate(SHOWN)
    return found


def press(phone: Device, action: str = "") -> None:
    phone.context.service_workers[0].evaluate(PRESS, action)


def due_in(office: Doorstep, minutes: int) -> None:
    office.overdue(office.ids["asha"], -minutes)


def checked_in(office: Doorstep) -> int:
    return len(office.rows("SELECT id FROM session_event WHERE what = 'checked_in'"))


def test_a_test_that_is_pressed_is_known_to_have_arrived(
    new_phone: NewPhone, office: Doorstep, service: Push
) -> None:
    phone, browser = with_notifications(new_phone, service, "ben")
    page = phone.page
    assert problems(page) == []
    page.get_by_role("button", name="Send a test to this phone").click()
    expect(page.locator("main")).to_contain_text("A test is on its way")
    said = arrives(phone, service, browser)
    assert said["kind"] == "try"
    assert shown(page)[0]["title"] == "This is a test"
    press(phone)
    until(lambda: bool(office.rows("SELECT id FROM push_answer")), 30)
    page = phone.open("/you/notifications")
    expect(page.locator("main")).to_contain_text("A test last arrived here")
    page.get_by_role("button", name="Stop on this phone").click()
    expect(page.locator("main")).to_contain_text("Off on this phone")
    assert phone.console == []


def test_she_says_she_is_safe_from_the_locked_screen_with_signal_and_without(
    new_phone: NewPhone, office: Doorstep, service: Push
) -> None:
    phone, browser = with_notifications(new_phone, service, "asha")
    go_in(phone, office)
    due_in(office, 4)
    said = arrives(phone, service, browser)
    assert re.fullmatch(r"Visit \d{4}: check in by \d\d:\d\d", said["title"])
    (one,) = shown(phone.page)
    assert one["actions"] == ["I’m safe"]
    for word in ("Saltmarsh", "Asha", "HW"):
        assert word not in json.dumps(said), "a locked screen is read by whoever holds the phone"
    press(phone, "safe")
    until(lambda: checked_in(office) == 1, 30)
    until(lambda: any(re.fullmatch(r"Heard at \d\d:\d\d\.", one["body"]) for one in shown(phone.page)), 30)
    assert phone.waiting() == []

    due_in(office, 3)
    said = arrives(phone, service, browser)
    phone.offline()
    press(phone, "safe")
    until(lambda: any("not sent yet" in one["body"] for one in shown(phone.page)), 30)
    assert len(phone.waiting()) == 1, "kept on the phone, like a press on the page"
    assert checked_in(office) == 1
    phone.offline(False)
    phone.open("/today")
    phone.all_sent()
    assert checked_in(office) == 2
    assert phone.console == []


def test_a_press_opens_the_page_and_signing_out_shows_nothing_more(
    new_phone: NewPhone, office: Doorstep, service: Push
) -> None:
    phone, browser = with_notifications(new_phone, service, "dina")
    asha = new_phone("asha")
    if not office.rows("SELECT id FROM lone_session WHERE state = 'active'"):
        go_in(asha, office)
    (session,) = office.rows("SELECT id FROM lone_session WHERE state = 'active'")
    same_site = {"Sec-Fetch-Site": "same-origin"}
    asha.page.request.post(f"{asha.url}/lone-working/{session['id']}/panic", headers=same_site, max_redirects=0)
    said = arrives(phone, service, browser)
    assert re.fullmatch(r"Visit \d{4}: A\. Test needs help now", said["title"])
    assert said["url"].startswith("/lone-working/alarms/")
    page = phone.open(said["url"])
    expect(page.locator("#alarm")).to_contain_text("Asha Test")
    phone.open("/you").get_by_role("button", name="Sign out").click()
    phone.page.wait_for_url("**/sign-in*")
    assert shown(phone.page) == []
    until(lambda: not office.rows("SELECT id FROM push_subscription WHERE person = ?", office.ids["dina"]))
