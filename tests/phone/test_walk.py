"""One walk with no signal at all, from the pack to the end of the visit: the office then has each thing once."""

import re
from datetime import UTC, datetime, timedelta
from itertools import count

from playwright.sync_api import Page

from pwa.clock import LONDON
from tests.phone import link as net
from tests.phone import walk
from tests.phone.conftest import NewPhone
from tests.phone.device import Device, expect, until
from tests.phone.link import Link
from tests.phone.proof import everything_once, hashes
from tests.phone.shots import fresh
from tests.phone.test_pack import packed, with_worker
from tests.servers.doorstep import Doorstep

HOB = "kitchen_hob"
SAVED = re.compile("Saved on this phone")
# One of them written from the right.
ONE_WAITS = re.compile("1 thing of this visit is saved on this phone .* [Ii]t goes by itself")
STAIRS, DAMP = "Stairs: damp patch, 40 cm", "השער שבור, מטר"


def plan(phone: Device, home: str, purpose: str = "void-inspection") -> str:
    """One of today; gives its id."""
    page = phone.open(f"/visits/new?property={home}")
    page.fill("input[name='day']", datetime.now(UTC).astimezone(LONDON).date().isoformat())
    page.locator("label.pick:has(input[name='window'][value='any'])").click()
    page.select_option("select[name='purpose']", purpose)
    page.get_by_role("button", name="Plan the visit").click()
    page.wait_for_url(re.compile("/visits/[0-9a-f-]{36}"))
    return page.url.rsplit("/", 1)[1]


def unfold(page: Page, item: str) -> None:
    place = page.locator(f"#{item}")
    if place.get_attribute("open") is None:
        place.locator(":scope > summary").click()


def begin(page: Page) -> str:
    """From the walk into its inspection; gives that one's path."""
    page.locator("#work").get_by_role("link", name="Start the inspection").click()
    page.get_by_role("button", name="Start", exact=True).click()
    page.wait_for_url(re.compile(r"/inspections/[0-9a-f-]{36}"))
    return page.url.split("#")[0].partition("/inspections/")[2]


def see(phone: Device, note: str, picture: bytes | None = None) -> None:
    """Something that is not what they came for."""
    page = phone.page
    unfold(page, "see")
    form = page.locator("#see form.finding-form")
    if picture:
        had = len(hashes(phone))
        page.locator("#see-photo").set_input_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": picture})
        until(lambda: len(hashes(phone)) == had + 1)
    walk.pick(form, "what", "hazard")
    form.locator("select[name='hazard']").select_option("11")
    walk.pick(form, "severity", "significant")
    form.locator("textarea[name='note']").fill(note)
    phone.saved(lambda: form.get_by_role("button", name="Save finding").click())


def plan_again(phone: Device) -> None:
    unfold(phone.page, "again")
    form = phone.page.locator("#again form")
    form.locator("input[name='day']").fill((datetime.now(LONDON).date() + timedelta(days=7)).isoformat())
    phone.saved(lambda: form.get_by_role("button", name="Plan it").click())


def raise_task(phone: Device, words: str) -> None:
    unfold(phone.page, "raise-task")
    form = phone.page.locator("#raise-task form")
    walk.pick(form, "kind", "welfare")
    form.locator("textarea[name='what']").fill(words)
    phone.saved(lambda: form.get_by_role("button", name="Raise the task").click())


def finish(phone: Device, outcome: str = "done") -> None:
    unfold(phone.page, "finish")
    form = phone.page.locator("#finish form")
    walk.pick(form, "outcome", outcome)
    phone.saved(lambda: form.get_by_role("button", name="Finish visit").click())


def standing(page: Page) -> list[str]:
    """The steps that are done, and the one that is now."""
    done = page.locator(".path__step--done b").all_inner_texts()
    return [*done, *(f"now {one}" for one in page.locator(".path__step[aria-current='step'] b").all_inner_texts())]


def test_a_whole_walk_with_no_signal_arrives_whole_and_once(new_phone: NewPhone, office: Doorstep) -> None:
    phone = new_phone()
    phone.sign_in("asha")
    with_worker(phone)
    visit = plan(phone, office.ids["saltmarsh"])
    packed(phone)
    phone.offline()
    page = phone.open(f"/visits/{visit}")
    assert standing(page) == ["now Before"]
    phone.saved(lambda: page.get_by_role("button", name="Start visit").click())
    until(lambda: standing(page) == ["Before", "Here", "now Inspect"])
    page = phone.open(f"/visits/{visit}")
    until(lambda: standing(page) == ["Before", "Here", "now Inspect"])
    expect(page.locator("[data-on-phone]").first).to_have_text(ONE_WAITS)

    inspection = begin(page)
    phone.saved(lambda: walk.read(page, HOB, "P"))
    phone.saved(lambda: walk.finding(page, HOB, "Left ring dead", "repair"))
    walk.photos(page, HOB, [fresh()])
    until(lambda: len(hashes(phone)) == 1)
    page.locator("#pills a[href='#finish']").click()
    expect(page.locator("#finish-list")).to_contain_text(re.compile(r"1 of \d+ seen"))
    expect(page.locator("#finish-list")).to_contain_text("1 finding")
    page.locator(".backlink").click()
    page.wait_for_url(f"**/visits/{visit}#work")
    expect(page.locator("#work")).to_contain_text(
        "Begun on this phone: 3 things and 1 photo not at the office yet."
    )
    carry_on = page.locator("#work").get_by_role("link", name="Carry on with the inspection")
    expect(carry_on).to_have_attribute("href", f"/inspections/{inspection}")

    see(phone, STAIRS, fresh())
    see(phone, DAMP)
    expect(page.locator("#findings-seen_else .finding")).to_have_count(2)
    plan_again(phone)
    raise_task(phone, "Ask how they are")
    # The battery is empty; later, at the same page, with no signal still.
    phone.kill()
    phone.switch_on()
    phone.offline()
    page = phone.open(f"/visits/{visit}")
    until(lambda: standing(page) == ["Before", "Here", "now Inspect"])
    expect(page.locator("#findings-seen_else")).to_contain_text(STAIRS)
    expect(page.locator("#photos-seen_else .photo")).to_have_count(1)
    expect(page.locator("#again-list")).to_contain_text(SAVED)
    expect(page.locator("#tasks-raised")).to_contain_text("Ask how they are")
    expect(page.locator("#still-open [data-on-phone]")).to_contain_text(re.compile(r"\d+ things and 2 photos"))
    finish(phone)
    expect(page.locator("#leave")).to_contain_text("Visit finished.")
    until(lambda: "Leave" in standing(page))
    expect(page.locator("#act")).to_contain_text("Visit finished. Saved on this phone")
    expect(page.locator("#act").get_by_role("link")).to_have_text("Back to today")

    phone.offline(False)
    phone.all_sent()
    everything_once(phone, office)
    agreed(office, visit, inspection)
    desk = new_phone("dina", viewport={"width": 1280, "height": 800}, device_scale_factor=1)
    page = desk.open(f"/visits/{visit}")
    for note in (STAIRS, DAMP, "Ask how they are"):
        expect(page.locator("main").get_by_text(note, exact=True)).to_have_count(1)
    assert standing(page) == ["Before", "Here", "Leave"]
    assert desk.console == []


def agreed(office: Doorstep, visit: str, inspection: str) -> None:
    events = office.rows("SELECT what FROM visit_event WHERE visit = ? ORDER BY received_at", visit)
    assert [row["what"] for row in events] == ["started", "finished"]
    kinds = office.rows("SELECT id, kind FROM inspection WHERE visit = ? ORDER BY kind", visit)
    assert [row["kind"] for row in kinds] == ["in-passing", "void"]
    assert kinds[1]["id"] == inspection
    passing = kinds[0]["id"]
    seen = office.rows("SELECT finding, note FROM finding WHERE inspection = ? ORDER BY note", passing)
    assert [row["note"] for row in seen] == sorted([STAIRS, DAMP])
    (photo,) = office.rows("SELECT finding FROM inspection_photo WHERE inspection = ?", passing)
    assert photo["finding"] == next(row["finding"] for row in seen if row["note"] == STAIRS)
    assert len(office.rows("SELECT id FROM completion WHERE inspection = ?", passing)) == 1
    assert len(office.rows("SELECT id FROM visit WHERE follows = ?", visit)) == 1
    assert len(office.rows("SELECT id FROM task WHERE visit = ?", visit)) == 1
    assert office.rows("SELECT id FROM held WHERE receipt IN (SELECT id FROM receipt WHERE path LIKE ?)",
                       f"%{visit}%") == []  # fmt: skip


def test_through_a_signal_that_comes_and_goes_nothing_is_sent_twice_and_all_of_it_arrives(
    new_phone: NewPhone, office: Doorstep, link: Link
) -> None:
    phone = new_phone("asha")
    walk.worker_ready(phone)
    visit, page, tries = plan(phone, office.ids["quay"]), phone.page, count()
    # Of three requests that write, one is lost on the way there and one on the way back.
    faults = (net.lost_before, net.lost_after, None)
    link.fault = lambda asked: faults[next(tries) % 3] if asked.writes else None
    phone.saved(lambda: page.get_by_role("button", name="Start visit").click())
    see(phone, STAIRS, fresh())
    see(phone, DAMP)
    plan_again(phone)
    finish(phone)
    phone.all_sent(60)
    link.mend()
    everything_once(phone, office)
    events = office.rows("SELECT what FROM visit_event WHERE visit = ? ORDER BY received_at", visit)
    assert [row["what"] for row in events] == ["started", "finished"]
    passing = office.rows("SELECT id FROM inspection WHERE visit = ?", visit)
    assert len(passing) == 1
    assert len(office.rows("SELECT id FROM finding WHERE inspection = ?", passing[0]["id"])) == 2
    assert len(office.rows("SELECT id FROM inspection_photo WHERE inspection = ?", passing[0]["id"])) == 1
    assert len(office.rows("SELECT id FROM visit WHERE follows = ?", visit)) == 1


def test_of_a_visit_given_to_somebody_else_meanwhile_what_was_seen_is_taken_and_the_rest_waits_for_the_office(
    new_phone: NewPhone, office: Doorstep
) -> None:
    phone, boss = new_phone("asha"), new_phone("dina")
    walk.worker_ready(phone)
    visit = plan(phone, office.ids["linden"])
    page = phone.page
    with phone.no_signal():
        phone.saved(lambda: page.get_by_role("button", name="Start visit").click())
        see(phone, STAIRS)
        finish(phone)
        desk = boss.open(f"/visits/{visit}")
        desk.get_by_text("Change this visit").click()
        desk.select_option("select[name='officer']", office.ids["ben"])
        desk.get_by_role("button", name="Save who goes").click()
        expect(desk.locator("#planned")).to_contain_text("Ben Test")
    phone.all_sent()
    everything_once(phone, office)
    held = office.rows("SELECT path FROM receipt WHERE outcome = 'held' AND path LIKE ?", f"/visits/{visit}/%")
    assert sorted(row["path"].rpartition("/")[2] for row in held) == ["finish", "start"]
    notes = "SELECT note FROM finding WHERE inspection IN (SELECT id FROM inspection WHERE visit = ?)"
    assert [row["note"] for row in office.rows(notes, visit)] == [STAIRS]
    events = office.rows("SELECT what FROM visit_event WHERE visit = ?", visit)
    assert [row["what"] for row in events] == ["given"]


def test_no_kept_copy_of_a_list_names_a_flagged_home(new_phone: NewPhone, office: Doorstep) -> None:
    boss, phone = new_phone("dina"), new_phone("ben")
    walk.worker_ready(phone)
    plan(phone, office.ids["quay"], "welfare-check")
    plan(phone, office.ids["linden"], "viewing")
    phone.open("/today")
    walk.kept(phone, "/today")
    assert "7 Quay Street" in copies(phone)
    warn(boss, office.ids["quay"], "20-70")
    page = phone.open("/today")
    expect(page.locator("#day")).to_contain_text("7 Quay Street")
    until(lambda: "7 Quay Street" not in copies(phone))
    with phone.no_signal():
        page = phone.open("/today")
        expect(page.locator("#day")).to_contain_text("Linden Court")
        expect(page.locator("#day")).to_contain_text("not kept on this phone. Open it with signal.")
        expect(page.locator("body")).not_to_contain_text("7 Quay Street")


def copies(phone: Device) -> str:
    """Every list this phone keeps a copy of."""
    return str(phone.page.evaluate(LISTS))


LISTS = """async () => {
  const found = [];
  for (const name of await caches.keys()) {
    if (!/^(kept|pack)-/.test(name)) continue;
    const cache = await caches.open(name);
    for (const { url } of await cache.keys()) {
      if (!/\\/(today|visits)(\\/tomorrow)?(\\?|$)/.test(url)) continue;
      found.push(await (await cache.match(url, { ignoreVary: true })).text());
    }
  }
  return found.join('');
}"""


def warn(boss: Device, home: str, code: str) -> None:
    page = boss.open(f"/properties/{home}/warnings")
    before = page.locator("#warnings li.card").count()
    page.select_option("select[name='code']", code)
    page.locator("textarea[name='text']").first.fill("Said so by the office")
    page.fill("input[name='review_on']", (datetime.now(LONDON).date() + timedelta(days=60)).isoformat())
    page.get_by_role("button", name="Add the warning").click()
    expect(page.locator("#warnings li.card")).to_have_count(before + 1)


def test_left_half_way_it_is_resumed_on_another_phone_where_it_stood(
    new_phone: NewPhone, office: Doorstep
) -> None:
    phone = new_phone("asha")
    walk.worker_ready(phone)
    visit = plan(phone, office.ids["linden"])
    page = phone.page
    phone.saved(lambda: page.get_by_role("button", name="Start visit").click())
    inspection = begin(page)
    phone.saved(lambda: walk.satisfactory(page, "hall"))
    with phone.no_signal():
        phone.saved(lambda: walk.read(page, HOB, "P"))
    phone.all_sent()
    other = new_phone("asha")
    page = other.open(f"/visits/{visit}")
    assert standing(page) == ["Before", "Here", "now Inspect"]
    expect(page.locator("#work")).to_contain_text(re.compile(r"1 of \d rooms"))
    page.locator("#act").get_by_role("link", name="Carry on inspecting").click()
    page.wait_for_url(f"**/inspections/{inspection}")
    expect(page.locator(f"#state-{HOB}")).to_contain_text("Poor")


def test_handed_over_with_no_signal_it_is_on_the_colleagues_today_and_late_work_is_added(
    new_phone: NewPhone, office: Doorstep
) -> None:
    phone = new_phone("asha")
    walk.worker_ready(phone)
    visit = plan(phone, office.ids["quay"])
    page = phone.page
    phone.saved(lambda: page.get_by_role("button", name="Start visit").click())
    inspection = begin(page)
    phone.saved(lambda: walk.satisfactory(page, "hall"))
    phone.all_sent()
    with phone.no_signal():
        page.locator("#pills a[href='#finish']").click()
        unfold(page, "hand-over")
        form = page.locator("#hand-over form")
        form.locator("select[name='officer']").select_option(office.ids["ben"])
        form.locator("textarea[name='note']").fill("Both bedrooms")
        phone.saved(lambda: form.get_by_role("button", name="Hand it over").click())
        expect(page.locator("#handed")).to_contain_text("Handed over.")
        phone.saved(lambda: walk.read(page, HOB, "V"))
    phone.all_sent()
    everything_once(phone, office)
    ben = new_phone("ben")
    page = ben.open("/today")
    expect(page.locator("main")).to_contain_text("Both bedrooms")
    page = ben.open(f"/visits/{visit}")
    expect(page.locator("#work")).to_contain_text("Handed to you by Asha Test")
    page.locator("#work").get_by_role("link", name="Carry on with the inspection").click()
    page.wait_for_url(f"**/inspections/{inspection}")
    expect(page.locator(f"#state-{HOB}")).to_contain_text("Very poor")
    rows = office.rows("SELECT person FROM reading WHERE inspection = ? AND item = ?", inspection, HOB)
    assert [row["person"] for row in rows] == [office.ids["asha"]]
    events = office.rows("SELECT what FROM visit_event WHERE visit = ? ORDER BY received_at", visit)
    assert [row["what"] for row in events] == ["started", "handed-over"]


def test_a_home_for_two_asks_who_is_there_with_no_signal_too(new_phone: NewPhone, office: Doorstep) -> None:
    boss = new_phone("dina")
    warn(boss, office.ids["linden"], "10")
    phone = new_phone()
    phone.sign_in("asha")
    with_worker(phone)
    visit = plan(phone, office.ids["linden"], "welfare-check")
    packed(phone)
    phone.offline()
    page = phone.open(f"/visits/{visit}")
    expect(page.locator("#act").get_by_role("button")).to_have_count(0)
    page.get_by_role("link", name="Say who is with you").click()
    form = page.locator("#with-me form")
    form.get_by_role("button", name="Start visit").click()
    assert page.evaluate("document.querySelector('#company').matches(':invalid')")
    form.locator("select").select_option(office.ids["ben"])
    phone.saved(lambda: form.get_by_role("button", name="Start visit").click())
    expect(page.locator("#here")).to_contain_text("With Ben Test")
    page = phone.open(f"/visits/{visit}")
    expect(page.locator("#here")).to_contain_text("With Ben Test")
    phone.offline(False)
    phone.all_sent()
    (event,) = office.rows("SELECT company, alone FROM visit_event WHERE visit = ?", visit)
    assert (event["company"], event["alone"]) == (office.ids["ben"], 0)
    expect(phone.open(f"/visits/{visit}").locator("#here")).to_contain_text("With Ben Test")


def test_the_way_to_begin_is_above_the_bar_at_the_bottom_also_where_there_are_warnings(
    new_phone: NewPhone, office: Doorstep
) -> None:
    boss = new_phone("dina")
    for code in ("DOG", "30", "20-10"):
        warn(boss, office.ids["saltmarsh"], code)
    phone = new_phone("carol")
    for purpose in ("void-inspection", "move-out-inspection"):
        visit = plan(phone, office.ids["saltmarsh"], purpose)
    page = phone.open("/today")
    expect(page.locator("[data-pack] button")).to_be_visible()
    expect(page.locator(f"#visit-{visit}")).to_be_visible()
    start, bar = (
        page.get_by_role("button", name="Start visit").bounding_box(),
        page.locator("nav.places").bounding_box(),
    )
    assert start and bar
    assert start["y"] + start["height"] <= bar["y"]
