"""At a door with no signal: nobody in, a check of who lives there, a task done. The office then has each once."""

import re

import pytest
from playwright.sync_api import Locator, Page

from tests.phone import walk
from tests.phone.conftest import NewPhone
from tests.phone.device import Device, expect, until
from tests.phone.proof import everything_once
from tests.phone.shots import fresh
from tests.phone.test_today import plan
from tests.servers.doorstep import Doorstep

SAVED = re.compile("Saved on this phone")


def opened(page: Page, title: str) -> Locator:
    """An item of an accordion, open."""
    item = page.locator("details.item", has_text=title).first
    if item.get_attribute("open") is None:
        item.locator(":scope > summary").click()
    return item


def at_the_door(phone: Device, home: str, window: str = "any") -> str:
    """A visit planned for today, whose page the phone has."""
    walk.worker_ready(phone)
    visit = plan(phone, home, window)
    phone.open(f"/visits/{visit}")
    walk.kept(phone, f"/visits/{visit}")
    return visit


def raise_task(place: Locator, what: str) -> None:
    walk.pick(place, "kind", "welfare")
    place.locator("textarea[name='what']").fill(what)
    walk.pick(place, "due", "tomorrow")
    place.get_by_role("button", name="Raise the task").click()


def test_nobody_in_a_photo_a_card_and_a_task_with_no_signal_reach_the_office_once(
    new_phone: NewPhone, office: Doorstep
) -> None:
    phone = new_phone("asha")
    visit = at_the_door(phone, office.ids["linden"])
    with phone.no_signal():
        page = phone.open(f"/visits/{visit}")
        item = opened(page, "Nobody let you in?")
        picture = {"name": "door.jpg", "mimeType": "image/jpeg", "buffer": fresh()}
        phone.saved(lambda: item.locator("#door-photo").set_input_files(picture))
        walk.pick(item, "reason", "nobody-in")
        walk.pick(item, "door", "taken")
        phone.saved(lambda: item.get_by_role("button", name="Finish with no access").click())
        expect(page.locator("#state")).to_contain_text(SAVED)
        # The words for the card are on the phone, with no printer and no signal.
        expect(page.locator("#attempts")).to_contain_text("We called and missed you")
        phone.saved(lambda: raise_task(opened(page, "Raise a task"), "Ring them this evening"))
        expect(page.locator("#tasks-raised")).to_contain_text("Ring them this evening")
        expect(page.locator("#tasks-raised")).to_contain_text(SAVED)
        page = phone.open(f"/visits/{visit}")
        until(lambda: "Ring them this evening" in page.locator("#tasks-raised").inner_text())
    phone.all_sent()
    everything_once(phone, office)
    (task,) = office.rows("SELECT id, what, visit, owner FROM task WHERE visit = ?", visit)
    assert (task["what"], task["owner"]) == ("Ring them this evening", office.ids["asha"])
    (event,) = office.rows("SELECT outcome, reason, door FROM visit_event WHERE visit = ?", visit)
    assert (event["outcome"], event["reason"], event["door"]) == ("no-access", "nobody-in", "taken")
    assert len(office.rows("SELECT id FROM visit_photo WHERE visit = ?", visit)) == 1
    page = phone.open(f"/visits/{visit}")
    expect(page.locator("#attempts")).to_contain_text("Try 1: nobody in")
    expect(page.locator("#tasks-raised article")).to_have_count(1)


def test_who_lives_there_is_recorded_with_no_signal_and_what_it_suggests_comes_with_the_signal(
    new_phone: NewPhone, office: Doorstep
) -> None:
    phone = new_phone("asha")
    visit = at_the_door(phone, office.ids["quay"])
    with phone.no_signal():
        page = phone.open(f"/visits/{visit}")
        phone.saved(lambda: page.get_by_role("button", name="Start visit").click())
        form = opened(page, "What did you find?")
        for field, value in (("seen", "nobody"), ("spoken", "nobody"), ("living", "no")):
            walk.pick(form, field, value)
        for words in ("Belongings gone", "The home may not be safe"):
            form.get_by_label(words).check()
        phone.saved(lambda: form.get_by_role("button", name="Save the check").click())
        found = page.locator("#occupancy-found")
        expect(found).to_contain_text("Lives there: No.")
        expect(found).to_contain_text(SAVED)
    phone.all_sent()
    # The office's own rules say what follows; until the officer raises it, there is no task.
    expect(page.locator("#occupancy-found")).to_contain_text("The home may not be safe: have it looked at")
    assert office.rows("SELECT id FROM task WHERE visit = ?", visit) == []
    proposal = page.locator("#occupancy-found .card", has_text="By the officer’s judgement")
    proposal.locator("summary").click()
    phone.saved(lambda: proposal.get_by_role("button", name="Raise this task").click())
    phone.all_sent()
    everything_once(phone, office)
    (row,) = office.rows("SELECT seen, living, signs, concerns FROM occupancy_check WHERE visit = ?", visit)
    assert tuple(row.values()) == ("nobody", "no", "emptied", "home-unsafe")
    (task,) = office.rows("SELECT kind, what FROM task WHERE visit = ?", visit)
    assert task["kind"] == "licence-breach"


@pytest.mark.parametrize("way", ["done", "owner"])
def test_a_task_is_finished_or_given_on_with_no_signal(new_phone: NewPhone, office: Doorstep, way: str) -> None:
    phone = new_phone("asha")
    walk.worker_ready(phone)
    page = phone.open(f"/tasks/new?property={office.ids['saltmarsh']}")
    phone.saved(lambda: raise_task(page.locator("main"), f"Ring them ({way})"))
    phone.all_sent()
    page.get_by_role("link", name="Welfare").click()
    task = page.url.rsplit("/", 1)[1]
    walk.kept(phone, f"/tasks/{task}")
    with phone.no_signal():
        page = phone.open(f"/tasks/{task}")
        if way == "done":
            page.fill("#done-note", "Rang: all is well")
            phone.saved(lambda: page.get_by_role("button", name="Task done").click())
        else:
            item = opened(page, "Somebody else does it")
            item.locator("select[name='owner']").select_option(office.ids["ben"])
            phone.saved(lambda: item.get_by_role("button", name="Give it to them").click())
        expect(page.locator("#task-said")).to_contain_text(SAVED)
    phone.all_sent()
    everything_once(phone, office)
    expect(page.locator("#task")).to_contain_text("Rang: all is well" if way == "done" else "Given to Ben Test")
    events = office.rows("SELECT what FROM task_event WHERE task = ?", task)
    assert [row["what"] for row in events] == ["done" if way == "done" else "given"]
