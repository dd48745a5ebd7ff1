"""Random schedules of work and mishaps. Whatever the order, nothing called saved is lost and nothing is doubled.

A schedule is made from its seed, which a failure prints: SCHEDULE=<seed> runs that one again, SCHEDULES=1000
runs that many. I1: what was called saved is on the phone or in the office, at every step. I2 and I4: nothing
leaves the phone without a receipt. I3: each command has its one effect. I5: a photo is sent only if the store
holds it.
"""

import os
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Error, Page, Playwright

from tests.phone import link as net
from tests.phone import walk
from tests.phone.device import Device, until
from tests.phone.link import Link
from tests.phone.proof import Ledger, effects_once, everything_once, in_the_office
from tests.phone.shots import fresh
from tests.servers.doorstep import Doorstep

COUNT = int(os.environ.get("SCHEDULES", "100"))
SEEDS = [int(os.environ["SCHEDULE"])] if "SCHEDULE" in os.environ else range(COUNT)
STEPS = 5
ITEMS = ["kitchen_hob", "kitchen_sink", "hall_walls", "bathroom_bath"]
SMALL_PHOTO = (320, 240)
# The work comes oftener than the mishaps; a kill costs a second, so it is rare and every tenth schedule has one.
ACTS = [
    "reading",
    "reading",
    "finding",
    "finding",
    "photo",
    "caption",
    "flap",
    "server error",
    "lost",
    "reload",
    "tab",
]


@dataclass
class Run:
    """One schedule under way."""

    phone: Device
    office: Doorstep
    link: Link
    random: random.Random
    path: str
    seed: int
    ledger: Ledger = field(default_factory=Ledger)
    done: list[str] = field(default_factory=list)
    extra: Page | None = None

    @property
    def page(self) -> Page:
        return self.phone.page

    @property
    def inspection(self) -> str:
        return self.path.rsplit("/", 1)[-1]

    def reading(self) -> None:
        value = f"{self.seed}{len(self.ledger.values):03}"
        self.phone.saved(lambda: walk.meter(self.page, "meters_electric", value))
        self.ledger.values.append(value)

    def finding(self) -> None:
        note = f"Seen in {self.seed} as number {len(self.ledger.notes)}"
        key = self.random.choice(ITEMS)
        self.phone.saved(lambda: walk.finding(self.page, key, note, "repair"))
        self.ledger.notes.append(note)

    def photo(self) -> None:
        known = self.photos()
        walk.photos(self.page, self.random.choice(ITEMS), [fresh(*SMALL_PHOTO)])
        until(lambda: len(self.photos()) > len(known))
        self.ledger.photos += self.photos() - known

    def photos(self) -> set[str]:
        """Of this inspection: those attached by a command, waiting or sent."""
        ops = self.phone.rows("ops") + [row["op"] for row in self.phone.rows("sent")]
        return {op["photo"] for op in ops if op["photo"] and op["url"] == f"{self.path}/photos"}

    def caption(self) -> None:
        shown = [key for key in ITEMS if self.page.locator(f"#photos-{key} .shot details.shot__more").count()]
        if shown:
            self.phone.saved(lambda: walk.caption(self.page, shown[0], f"Caption in {self.seed}"))

    def flap(self) -> None:
        self.link.down = not self.link.down

    def server_error(self) -> None:
        self.link.fault = net.once(self.random.choice([net.broken_after, net.says(503, b"", Retry_After="1")]))

    def lost(self) -> None:
        self.link.fault = net.once(self.random.choice([net.lost_before, net.lost_after]))

    def reload(self) -> None:
        # A page under way may not be reached with the link down and nothing kept: then it comes back by itself.
        was, self.link.down = self.link.down, False
        self.phone.open(self.path)
        self.link.down = was

    def tab(self) -> None:
        if self.extra is None:
            was, self.link.down = self.link.down, False
            self.extra = self.phone.context.new_page()
            self.phone.open(self.path, self.extra)
            self.link.down = was
        else:
            self.extra.close()
            self.extra = None

    def kill(self) -> None:
        self.phone.kill()
        self.extra = None
        self.phone.switch_on()
        self.reload()

    def step(self, act: str) -> None:
        self.done.append(act)
        getattr(self, act.replace(" ", "_"))()
        self.nothing_lost()

    def nothing_lost(self) -> None:
        """What was called saved is on the phone still, or the office has it."""
        waiting = " ".join(str(op["body"]) for op in self.phone.rows("ops"))
        rows = self.office.rows("SELECT note FROM finding WHERE inspection = ?", self.inspection)
        here = {row["note"] for row in rows}
        for note in self.ledger.notes:
            assert note in here or note.replace(" ", "+") in waiting, f"lost: {note}"
        held = {row["key"] for row in self.phone.rows("blobs")}
        assert set(self.ledger.photos) <= held | set(self.office.stored()), "a photograph is nowhere"

    def settle(self) -> None:
        self.link.mend()
        self.phone.all_sent(60)
        everything_once(self.phone, self.office)
        effects_once(self.office, self.inspection)
        in_the_office(self.office, self.inspection, self.ledger)
        if self.extra:
            self.extra.close()


@pytest.fixture(scope="module")
def phone(playwright: Playwright, link: Link, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Device]:
    made = Device(playwright, link.url, tmp_path_factory.mktemp("phone") / "profile").switch_on()
    made.sign_in("asha")
    yield made
    made.switch_off()


@pytest.fixture(scope="module")
def path(phone: Device, office: Doorstep) -> Callable[[int], str]:
    """A fresh inspection now and then, so that no page grows long."""
    made: list[str] = []

    def choose(number: int) -> str:
        if number % 10 == 0 or not made:
            made.append(walk.start(phone, office.ids["saltmarsh"]))
        return made[-1]

    return choose


@pytest.mark.parametrize("seed", SEEDS)
def test_whatever_happens_in_whatever_order_nothing_is_lost_or_doubled(
    phone: Device, office: Doorstep, link: Link, path: Callable[[int], str], seed: int
) -> None:
    chance = random.Random(seed)
    run = Run(phone, office, link, chance, path(seed), seed)
    before = already(run)
    try:
        phone.open(run.path)
        for _ in range(STEPS):
            run.step(chance.choice(ACTS))
        if seed % 10 == 9:
            run.step("kill")
        run.step(chance.choice(ACTS))
        run.ledger = Ledger(*(old + new for old, new in zip(before, parts(run.ledger), strict=True)))
        run.settle()
    except (AssertionError, Error) as failure:
        raise AssertionError(f"SCHEDULE={seed}: {', '.join(run.done)}") from failure
    finally:
        link.mend()
        for page in phone.context.pages[1:]:
            page.close()


def parts(ledger: Ledger) -> tuple[list[str], list[str], list[str]]:
    return ledger.notes, ledger.values, ledger.photos


def already(run: Run) -> tuple[list[str], list[str], list[str]]:
    """What schedules before this one left in the same inspection."""
    of = run.inspection
    notes = run.office.rows("SELECT note AS one FROM finding WHERE inspection = ?", of)
    values = run.office.rows("SELECT value AS one FROM reading WHERE inspection = ? AND value != ''", of)
    photos = run.office.rows("SELECT sha256 AS one FROM inspection_photo WHERE inspection = ?", of)
    return tuple([row["one"] for row in rows] for rows in (notes, values, photos))  # type: ignore[return-value]
