"""Visits of the demo council: a few that found nobody in, and what is planned around today."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from inspections import passing
from inspections.choices import Liability, Severity, What
from inspections.forms import SeenForm
from inspections.rules import passing_of
from media.forms import PhotoForm
from properties.rules import TWO_PEOPLE
from pwa.clock import LONDON
from pwa.ids import uuid7
from server.demo.calendar import moment
from server.demo.homes import WARNINGS, DemoHome
from server.demo.phone import Phone
from server.demo.scenes import Wanted
from visits import commands
from visits.rules import Door, Ending, NoAccessReason, Outcome, Purpose, Window
from visits.sessions import Followers, follow_visits
from visits.start_rules import Going

# Days from today, time, officer, home, what for, minutes.
PLANNED = (
    (0, "09:00", "asha", 12, Purpose.WELFARE_CHECK, 30),
    (0, "10:00", "asha", 3, Purpose.MOVE_OUT, 45),
    (0, "11:30", "asha", 21, Purpose.VOID, 60),
    (0, "13:30", "asha", 6, Purpose.SIGN_UP, 60),
    (0, "15:15", "asha", 14, Purpose.OCCUPANCY_CHECK, 30),
    (0, "09:30", "tom", 7, Purpose.OCCUPIED, 45),
    (0, "11:00", "tom", 20, Purpose.WELFARE_CHECK, 30),
    (0, "14:30", "tom", 8, Purpose.MOVE_IN, 60),
    (0, "10:15", "grace", 17, Purpose.OCCUPIED, 45),
    (0, "13:00", "grace", 16, Purpose.SIGN_UP, 60),
    (0, "09:15", "kieran", 9, Purpose.OCCUPANCY_CHECK, 20),
    (0, "09:45", "kieran", 11, Purpose.OCCUPANCY_CHECK, 20),
    (0, "15:00", "kieran", 15, Purpose.VOID, 60),
    (0, "09:30", "ben", 22, Purpose.READY_TO_LET, 45),
    (0, "11:00", "ben", 28, Purpose.VIEWING, 30),
    (0, "14:00", "ben", 27, Purpose.READY_TO_LET, 45),
    (0, "10:00", "mei", 33, Purpose.VOID, 90),
    (0, "13:15", "mei", 29, Purpose.VIEWING, 30),
    (0, "11:15", "lowri", 26, Purpose.VOID, 60),
    (0, "14:45", "lowri", 34, Purpose.MOVE_IN, 60),
    (0, "10:30", "joan", 38, Purpose.WELFARE_CHECK, 30),
    (0, "14:00", "joan", 40, Purpose.OCCUPIED, 45),
    (1, "09:30", "asha", 1, Purpose.WELFARE_CHECK, 30),
    (1, "11:00", "asha", 5, Purpose.OCCUPANCY_CHECK, 30),
    (1, "14:00", "asha", 2, Purpose.READY_TO_LET, 45),
    (1, "10:00", "tom", 19, Purpose.MOVE_OUT, 60),
    (1, "13:30", "grace", 18, Purpose.OCCUPIED, 45),
    (1, "09:45", "kieran", 13, Purpose.OCCUPANCY_CHECK, 20),
    (1, "10:30", "ben", 31, Purpose.READY_TO_LET, 45),
    (1, "13:00", "ben", 36, Purpose.VOID, 60),
    (1, "11:30", "mei", 25, Purpose.VOID, 60),
    (1, "14:15", "lowri", 24, Purpose.READY_TO_LET, 45),
    (1, "10:00", "joan", 39, Purpose.OCCUPIED, 45),
    (2, "10:00", "asha", 10, Purpose.WELFARE_CHECK, 30),
    (3, "11:00", "ben", 35, Purpose.VOID, 60),
    (4, "09:30", "mei", 32, Purpose.VOID, 60),
    (4, "13:00", "asha", 1, Purpose.OCCUPIED, 45),
)
# By day, officer and home: those without a time of their own.
LOOSE = {
    (0, "asha", 14): Window.AFTERNOON,
    (0, "tom", 20): Window.ANY,
    (0, "kieran", 11): Window.MORNING,
    (0, "ben", 27): Window.AFTERNOON,
    (0, "mei", 33): Window.MORNING,
    (1, "asha", 5): Window.ANY,
    (1, "ben", 36): Window.ANY,
    (1, "mei", 25): Window.AFTERNOON,
}
WEEKLY = {(2, "asha", 10): 4}
NOBODY_IN = (
    (
        18,
        "10:05",
        "asha",
        14,
        Purpose.OCCUPANCY_CHECK,
        NoAccessReason.NOBODY_IN,
        "Curtains drawn. No answer to the bell or a knock.",
    ),
    (
        11,
        "14:20",
        "asha",
        14,
        Purpose.OCCUPANCY_CHECK,
        NoAccessReason.NOBODY_IN,
        "Post in the box.",
    ),
    (5, "16:05", "tom", 20, Purpose.WELFARE_CHECK, NoAccessReason.NOBODY_IN, "Dog barking at the back."),
    (
        2,
        "11:10",
        "mei",
        29,
        Purpose.VOID,
        NoAccessReason.KEY_DOES_NOT_WORK,
        "Lock was changed. Key set back to hook 3.",
    ),
)
# What somebody saw who did not get in, by officer and home.
SEEN = {("tom", 20): "Front gate: top hinge is off, it falls into the path."}
FOR_TWO = {home for home, code, _, _ in WARNINGS if code in TWO_PEOPLE}
STILL_TO_DO = 2  # at whatever hour the demo starts, everybody's day still has this many visits in it


def done_by(now: datetime) -> set[int]:
    """Which of the planned visits have been made by now, by their place in PLANNED."""
    done = set()
    for officer in {planned[2] for planned in PLANNED}:
        today = [place for place, planned in enumerate(PLANNED) if planned[0] == 0 and planned[2] == officer]
        for place in today[:-STILL_TO_DO]:
            _, clock, _, _, _, minutes = PLANNED[place]
            if moment(now, 0, clock) + timedelta(minutes=minutes) < now:
                done.add(place)
    return done


@dataclass
class Attempt:
    """A visit that did not get in, with its photograph of the door once that has been taken."""

    at: datetime
    officer: str
    home: DemoHome
    purpose: Purpose
    reason: NoAccessReason
    note: str
    wanted: Wanted
    seen: str = ""
    data: bytes = b""


def attempts(homes: dict[int, DemoHome], now: datetime) -> list[Attempt]:
    found = []
    for place, (days, clock, officer, home, purpose, reason, note) in enumerate(NOBODY_IN):
        at = moment(now, -days, clock)
        wanted = Wanted("door", home, homes[home].door, 9000 + place, at + timedelta(minutes=6))
        seen = SEEN.get((officer, home), "")
        found.append(Attempt(at, officer, homes[home], purpose, reason, note, wanted, seen))
    return found


class Diary:
    def __init__(self, phones: dict[str, Phone], now: datetime) -> None:
        self.phones, self.now = phones, now
        follow_visits(passing=Followers(end=passing.end))

    async def plan(
        self, officer: str, home: DemoHome, purpose: Purpose, at: datetime, minutes: int, **more: Any
    ) -> UUID:
        """Put in by the officer, three days before."""
        phone, local = self.phones[officer], at.astimezone(LONDON)
        day, clock = local.date(), f"{local:%H:%M}"
        plan = commands.Plan(uuid7(), home.id, purpose, phone.person.id, day, clock, minutes, **more)
        planned_at = min(at, self.now) - timedelta(days=3)
        offline, phone.offline_until = phone.offline_until, None
        await phone.do(planned_at, "/visits", commands.plan_visit, form=plan)
        phone.offline_until = offline
        return plan.id

    async def start(self, phone: Phone, visit: UUID, at: datetime, home: DemoHome) -> None:
        """With a colleague, where nobody goes in alone."""
        team = phone.person.team_id
        others = [one.person.id for one in self.phones.values() if one.person.team_id == team and one is not phone]
        going = Going(company=others[0]) if home.key in FOR_TWO else Going()
        await phone.do(at, f"/visits/{visit}/start", commands.start_visit, visit, form=going)

    async def finish(self, phone: Phone, visit: UUID, at: datetime, outcome: Outcome) -> None:
        await self.end(phone, visit, at, Ending(outcome))

    async def end(self, phone: Phone, visit: UUID, at: datetime, ending: Ending) -> None:
        await phone.do(at, f"/visits/{visit}/finish", commands.finish_visit, visit, form=ending)

    async def fill(self, homes: dict[int, DemoHome]) -> None:
        """Today, tomorrow and the days after; what of today is past has been done."""
        over = done_by(self.now)
        for number, (days, clock, officer, home, purpose, minutes) in enumerate(PLANNED):
            at, phone = moment(self.now, days, clock), self.phones[officer]
            key = (days, officer, home)
            more = {"window": LOOSE.get(key, Window.AT), "weeks": WEEKLY.get(key, 1)}
            visit = await self.plan(officer, homes[home], purpose, at, minutes, **more)
            if number in over:
                await self.start(phone, visit, at + timedelta(minutes=2), homes[home])
                await self.finish(phone, visit, at + timedelta(minutes=minutes - 3), Outcome.DONE)

    async def nobody_in(self, attempt: Attempt) -> None:
        phone, at = self.phones[attempt.officer], attempt.at + timedelta(minutes=6)
        visit = await self.plan(attempt.officer, attempt.home, attempt.purpose, attempt.at, 30)
        ending = Ending(Outcome.NO_ACCESS, attempt.reason, Door.NONE, f"{attempt.note} No light for a photo.")
        if attempt.data:
            await phone.photograph(attempt.data, at)
            door = PhotoForm(uuid7(), sha256(attempt.data).hexdigest(), taken_at=at)
            await phone.do(at, f"/visits/{visit}/photos", commands.attach_door_photo, visit, form=door)
            ending = Ending(Outcome.NO_ACCESS, attempt.reason, Door.TAKEN, attempt.note)
        if attempt.seen:
            await self._see(phone, visit, at, attempt.seen)
        await self.end(phone, visit, at + timedelta(minutes=1), ending)

    async def _see(self, phone: Phone, visit: UUID, at: datetime, note: str) -> None:
        """Something from the pavement, without an inspection."""
        path = f"/inspections/{passing_of(visit)}/seen"
        severity, liability = Severity.MINOR, Liability.COUNCIL
        form = SeenForm(
            id=uuid7(), visit=visit, what=What.REPAIR, severity=severity, liability=liability, note=note
        )
        await phone.do(at, path, passing.see, form=form)
