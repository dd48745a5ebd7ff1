"""A little world that has been worked in, and everybody's own browser to look at it with."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

from playwright.sync_api import Page, Playwright

from inspections.rules import passing_of
from lone_working.alarms.link_rules import hash_of
from lone_working.alarms.tables import AlarmLink
from lone_working.ladders.rules import NORMAL
from lone_working.ladders.tables import Drill, DrillTold
from lone_working.rota.tables import DutyShift
from lone_working.rules import AlarmKind, SessionKind
from lone_working.tables import Alarm, LoneSession
from pwa.clock import LONDON
from pwa.ids import uuid7
from tests.phone import walk
from tests.phone.device import Device, until
from tests.phone.proof import hashes
from tests.phone.shots import fresh
from tests.servers.doorstep import Doorstep

HOB = "kitchen_hob"
ID = re.compile(r"/([0-9a-f]{8}-[0-9a-f-]{27})")
# One row that can be brought in and one that cannot.
TABLE = b"address,postcode\n9 Quay Street,HW1 1AA\nNowhere,not one\n"


@dataclass
class Lived:
    """A home with an inspection under way, one completed, a visit planned, and what the office has to look at."""

    playwright: Playwright
    url: str
    folder: Path
    ids: dict[str, str]
    devices: dict[str, Device] = field(default_factory=dict)

    @property
    def phone(self) -> Device:
        return self.device("asha")

    def device(self, name: str) -> Device:
        """Somebody's own browser, signed in once. Nobody's is signed in as nobody."""
        if name not in self.devices:
            made = Device(self.playwright, self.url, self.folder / name).switch_on()
            self.devices[name] = made
            if name != "nobody":
                made.sign_in(name)
        return self.devices[name]

    def path(self, pattern: str) -> str:
        return pattern.format(**self.ids)


@contextmanager
def lived_in(playwright: Playwright, url: str, office: Doorstep, folder: Path) -> Iterator[Lived]:
    world = Lived(playwright, url, folder, dict(office.ids))
    inspect(world)
    world.ids["visit"] = last_id(walk.plan_visit(world.phone, world.ids["saltmarsh"]))
    for home in ("linden", "quay"):
        plan_today(world, home)
    world.ids["begun"] = begin_a_walk(world)
    world.ids["task"] = raise_task(world)
    world.ids["document"] = ask_for_report(world, office)
    move_in(world, office)
    be_out(world, office)
    world.ids["device"] = str(office.rows("SELECT id FROM device")[0]["id"])
    world.ids |= {"held": hold(world, office), "run": bring_a_list(world, office), "token": invite(world)}
    yield world
    for device in world.devices.values():
        device.switch_off()


def inspect(world: Lived) -> None:
    phone, home = world.phone, world.ids["saltmarsh"]
    done = walk.start(phone, home)
    phone.saved(lambda: walk.satisfactory(phone.page, "kitchen"))
    walk.photos(phone.page, HOB, [fresh()])
    phone.saved(lambda: walk.complete(phone.page, "Enough for a test"))
    phone.all_sent()
    path = walk.start(phone, home)
    phone.saved(lambda: walk.read(phone.page, HOB, "P"))
    phone.saved(lambda: walk.finding(phone.page, HOB, "Ring does not light. Smells of gas when it is lit"))
    walk.photos(phone.page, HOB, [fresh(), fresh()])
    until(lambda: len(hashes(phone)) == 3)
    phone.all_sent()
    world.ids |= {"done": last_id(done), "open": last_id(path)}


def move_in(world: Lived, office: Doorstep) -> None:
    """Completed, and in the household's hands, who have said something."""
    phone = world.phone
    path = walk.start(phone, world.ids["linden"], "Move-in inspection")
    phone.saved(lambda: walk.satisfactory(phone.page, "kitchen"))
    walk.photos(phone.page, HOB, [fresh()])
    phone.saved(lambda: walk.complete(phone.page, "Enough for a test"))
    phone.all_sent()
    world.ids["moved_in"] = last_id(path)
    world.ids["inventory"] = office.put_in_their_hands(last_id(path), "The bedroom is cold at night")


def plan_today(world: Lived, home: str) -> None:
    """So that Today has cards, and one to be put before the other."""
    page = world.phone.open(f"/visits/new?property={world.ids[home]}")
    page.fill("input[name='day']", datetime.now(LONDON).date().isoformat())
    page.locator("label.pick:has(input[name='window'][value='any'])").click()
    page.get_by_role("button", name="Plan the visit").click()
    page.wait_for_url(re.compile("/visits/[0-9a-f-]{36}"))


def begin_a_walk(world: Lived) -> str:
    """A visit that is begun, with its inspection, something seen in passing, and another visit after it."""
    home, inspection = world.ids["quay"], str(uuid4())
    visit = last_id(walk.plan_visit(world.phone, home))
    page = world.phone.page
    post(page, f"/visits/{visit}/start", {})
    post(page, "/inspections", {"id": inspection, "property": home, "kind": "void", "visit": visit})
    seen = {"visit": visit, "what": "hazard", "hazard": "1", "severity": "minor", "note": "Stairs: damp"}
    post(page, f"/inspections/{passing_of(UUID(visit))}/seen", {"id": str(uuid4()), **seen})
    day = (datetime.now(LONDON).date() + timedelta(days=7)).isoformat()
    again = {"purpose": "welfare-check", "officer": world.ids["asha"], "day": day}
    post(page, f"/visits/{visit}/again", {"id": str(uuid4()), **again})
    return visit


def raise_task(world: Lived) -> str:
    id = str(uuid4())
    form = {"id": id, "property": world.ids["saltmarsh"], "kind": "welfare", "what": "Ring the household"}
    post(world.phone.page, "/tasks", {**form, "owner": world.ids["asha"], "due": "tomorrow"})
    return id


def ask_for_report(world: Lived, office: Doorstep) -> str:
    post(world.phone.page, f"/inspections/{world.ids['done']}/documents", {"kind": "inspection-report"})
    (row,) = office.rows("SELECT id FROM document")
    return str(row["id"])


def be_out(world: Lived, office: Doorstep) -> None:
    """Asha alone somewhere and well, and Ben, whose buddy she is, not heard of in time."""
    now = datetime.now(UTC)
    asha, ben = (
        LoneSession(
            number=number,
            kind=SessionKind.OWN.value,
            place="The landlord of Saltmarsh House",
            person=world.ids[name],
            person_name=f"{name.title()} Test",
            team=world.ids["north"],
            buddy=world.ids[buddy],
            buddy_name=f"{buddy.title()} Test",
            started_at=now,
            received_at=now,
            interval_minutes=600,
            due_at=now + timedelta(hours=10),
            ends_at=now + timedelta(hours=10),
            heard_at=now,
            alarmed=name == "ben",
        )
        for number, name, buddy in ((4821, "asha", "ben"), (4822, "ben", "asha"))
    )
    alarm = Alarm(
        session=ben.id,
        team=world.ids["north"],
        kind=AlarmKind.OVERDUE.value,
        opened_at=now,
        origin_at=now,
        policy=NORMAL.dumps(),
        next_fire_at=now + timedelta(hours=10),
    )
    drill = Drill(team=world.ids["north"], begun_at=now, begun_by_name="Dina Test")
    told = DrillTold(
        id=uuid7(), drill=drill.id, person=world.ids["asha"], person_name="Asha Test", channel="sms",
        steps="5 and 20 minutes", told_at=now,
    )  # fmt: skip
    shift = DutyShift(
        team=world.ids["north"], duty="manager", person=world.ids["dina"], starts_at=now - timedelta(hours=1),
        ends_at=now + timedelta(hours=20), made_at=now,
    )  # fmt: skip
    link = AlarmLink(
        id=uuid4(), token_sha256=hash_of("for-dina"), alarm=alarm.id, person=world.ids["dina"], made_at=now
    )
    office.insert(asha, ben, alarm, link, drill, told, shift)
    world.ids |= {
        "session": str(asha.id),
        "out": str(ben.id),
        "alarm": str(alarm.id),
        "drill": str(drill.id),
        "alarm_link": "for-dina",
    }


def hold(world: Lived, office: Doorstep) -> str:
    """A reading that came after the inspection was completed."""
    post(world.phone.page, f"/inspections/{world.ids['done']}/readings", {"item": HOB, "condition": "P"})
    (row,) = office.rows("SELECT id FROM held")
    return str(row["id"])


def bring_a_list(world: Lived, office: Doorstep) -> str:
    page = world.device("dina").open("/properties/import")
    page.set_input_files("#file", {"name": "homes.csv", "mimeType": "text/csv", "buffer": TABLE})
    page.get_by_role("button", name="Look at the file").click()
    page.get_by_role("heading", name="Rows with mistakes").wait_for()
    (row,) = office.rows("SELECT id FROM import_run")
    return str(row["id"])


def invite(world: Lived) -> str:
    """Somebody new; gives the secret in the link they are sent."""
    page = world.device("ade").open("/people/new")
    page.fill("#name", "Nia Test")
    page.fill("#email", "nia@harrowmere.example")
    page.get_by_label("Officer").check()
    page.select_option("#team", world.ids["north"])
    page.get_by_role("button", name="Make the invitation").click()
    return page.locator("#link").input_value().partition("token=")[2]


def post(page: Page, path: str, fields: dict[str, str]) -> None:
    """A plain form's own request."""
    own = {"Sec-Fetch-Site": "same-origin"}
    origin = page.url.partition("://")[2].partition("/")[0]
    answer = page.request.post(
        f"http://{origin}{path}", form={"_command": str(uuid4()), **fields}, headers=own, max_redirects=0
    )
    assert answer.status < 400, answer.text()


def last_id(address: str) -> str:
    return ID.findall(address)[-1]
