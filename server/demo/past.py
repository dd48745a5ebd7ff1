"""Living the month again: each story's visit and inspection, through the commands a phone would have sent."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from inspections import commands, finding_commands, forms, handing, photo_commands, room_commands
from inspections.choices import Answer, Kind, Severity
from inspections.compare_rules import COMPARED
from inspections.queries import Opened, inspection_for, previous_of
from inspections.records import photos_of
from inspections.sheet import item_of, sheet_of
from pwa.ids import uuid7
from server.demo.calendar import moment
from server.demo.diary import Diary
from server.demo.homes import DemoHome
from server.demo.phone import Phone
from server.demo.scenes import Wanted
from server.demo.stories import Shot, Story, Wrong
from visits.rules import Outcome, Purpose

METERED = (Kind.VOID, Kind.MOVE_IN, Kind.MOVE_OUT, Kind.READY_TO_LET)
PURPOSES = {purpose.inspection: purpose for purpose in Purpose if purpose.inspection}
BETWEEN_SHOTS = timedelta(seconds=75)


@dataclass
class Taken:
    """A photograph of a story: what it is of, and its bytes once it has been taken."""

    shot: Shot
    wrong: Wrong | None
    wanted: Wanted
    data: bytes = b""


@dataclass
class Lived:
    story: Story
    home: DemoHome
    at: datetime
    taken: list[Taken] = field(default_factory=list)


def lived(stories: tuple[Story, ...], homes: dict[int, DemoHome], now: datetime) -> list[Lived]:
    """The stories with their moments, the oldest first, and the photographs each wants."""
    found = []
    for number, story in enumerate(stories):
        life = Lived(story, homes[story.home], moment(now, -story.days, story.clock))
        for place, (shot, wrong) in enumerate(_shots(story)):
            words = {"electric": story.electric, "gas": story.gas, "door": life.home.door}.get(shot.scene, "")
            if shot.scene == "keys":
                words = f"{'QXMTKRVZ'[number % 8]}{number % 7 + 2}{'HWPDFN'[number % 6]}{story.home % 10}"
            taken_at = life.at + timedelta(minutes=4) + place * BETWEEN_SHOTS
            wanted = Wanted(shot.scene, story.home % 2, words, number * 100 + place, taken_at)
            life.taken.append(Taken(shot, wrong, wanted))
        found.append(life)
    return sorted(found, key=lambda life: life.at)


def _shots(story: Story) -> Iterator[tuple[Shot, Wrong | None]]:
    if story.electric:
        yield Shot("meters_electric", "electric"), None
    if story.gas:
        yield Shot("meters_gas", "gas"), None
    for shot in story.shots:
        yield shot, None
    for wrong in story.wrong:
        for scene in wrong.scenes:
            yield Shot(wrong.item, scene), wrong


class Living:
    """One story, from the planned visit to the completed inspection."""

    def __init__(self, life: Lived, phone: Phone, diary: Diary) -> None:
        self.life, self.story, self.phone, self.diary = life, life.story, phone, diary
        self.at = life.at

    def later(self, seconds: int = 40) -> datetime:
        self.at += timedelta(seconds=seconds)
        return self.at

    async def live(self) -> None:
        story, ending = self.story, self.life.at + timedelta(minutes=40)
        self.phone.offline_until = ending + timedelta(minutes=story.offline) if story.offline else None
        visit = await self.diary.plan(
            story.officer, self.life.home, PURPOSES[story.kind.value], self.life.at - timedelta(minutes=5), 45
        )
        await self.diary.start(self.phone, visit, self.life.at, self.life.home)
        inspection = await self._begin(visit)
        await self._numbers(inspection)
        findings = {wrong: uuid7() for wrong in story.wrong}
        for wrong, finding in findings.items():
            await self._found(inspection, wrong, finding)
        for taken in self.life.taken:
            await self._photo(inspection, taken, findings)
        if story.complete:
            await self._finish(inspection)
            await self.diary.finish(self.phone, visit, self.later(60), Outcome.DONE)
        if story.handed_to:
            await self._hand_over(inspection)
        self.phone.offline_until = None

    async def _hand_over(self, inspection: Opened) -> None:
        to = self.diary.phones[self.story.handed_to].person.id
        form = forms.HandOverForm(officer=to, note=self.story.left, visit=True)
        await self._do(inspection, "hand-over", handing.hand_over, form)

    async def _do(self, inspection: Opened, path: str, command: object, form: object) -> None:
        where = f"/inspections/{inspection.id}/{path}"
        await self.phone.do(self.later(), where, command, inspection, form=form)  # type: ignore[arg-type]

    async def _begin(self, visit: UUID) -> Opened:
        form = forms.StartForm(id=uuid7(), property=self.life.home.id, kind=self.story.kind, visit=visit)
        await self.phone.do(self.later(), "/inspections", commands.start_inspection, form=form)
        return await inspection_for(self.phone.person, form.id)

    async def _read(self, inspection: Opened, **fields: object) -> None:
        form = forms.ReadingForm(**fields)  # type: ignore[arg-type]
        await self._do(inspection, "readings", room_commands.record_reading, form)

    async def _numbers(self, inspection: Opened) -> None:
        """Meters, keys and alarms: what cannot be satisfactory without having been read."""
        story, nothing = self.story, {"answer": Answer.NOT_HERE}
        if story.kind in METERED:
            for item, value in (("electric", story.electric), ("gas", story.gas), ("water", "")):
                await self._read(inspection, item=f"meters_{item}", **({"value": value} if value else nothing))
            await self._read(inspection, item="meters_keys", value=story.keys, note=story.which_keys)
        sounded = Answer.YES if story.sounded else Answer.NO
        await self._read(inspection, item="safety_smoke", answer=sounded, value="2")
        await self._read(
            inspection, item="safety_co", **({"answer": Answer.YES, "value": "1"} if story.gas else nothing)
        )
        if story.kind is not Kind.VOID or not story.gas:
            await self._read(inspection, item="safety_gas-capped", **nothing)

    async def _found(self, inspection: Opened, wrong: Wrong, finding: UUID) -> None:
        if not wrong.item.startswith("safety"):
            await self._read(
                inspection, item=wrong.item, condition=wrong.condition, cleanliness=wrong.cleanliness, note=""
            )
        form = forms.FindingForm(
            id=finding,
            item=wrong.item,
            what=wrong.what,
            severity=wrong.severity,
            liability=wrong.liability,
            cost=wrong.cost,
            note=wrong.note,
            hazard=wrong.hazard,
        )
        await self._do(inspection, "findings", finding_commands.record_finding, form)

    async def _photo(self, inspection: Opened, taken: Taken, findings: dict[Wrong, UUID]) -> None:
        """The bytes first, then what they are a photograph of, as a phone sends them."""
        sha, at = hashlib.sha256(taken.data).hexdigest(), taken.wanted.taken_at
        await self.phone.photograph(taken.data, at)
        form = forms.PhotoForm(
            id=uuid7(),
            sha256=sha,
            item=taken.shot.item,
            finding=findings[taken.wrong] if taken.wrong else None,
            caption=taken.shot.caption,
            taken_at=at,
            taken_over=await self._over(inspection, taken),
            latitude=self.life.home.facts.latitude,
            longitude=self.life.home.facts.longitude,
            accuracy=12.0,
        )
        where = f"/inspections/{inspection.id}/photos"
        await self.phone.do(at, where, photo_commands.attach_photo, inspection, form=form)

    async def _over(self, inspection: Opened, taken: Taken) -> UUID | None:
        """What has a photograph from before is taken over it, once."""
        found = await item_of(inspection, taken.shot.item)
        if inspection.kind not in COMPARED or (found and found[0].photos):
            return None
        home, at = self.life.home.id, inspection.received_at
        before = await previous_of(self.phone.person, home, at, inspection.kind)
        shots = (await photos_of(before))[taken.shot.item] if before else []
        return shots[-1].id if shots else None

    async def _finish(self, inspection: Opened) -> None:
        self.at = max(self.at, self.life.at + timedelta(minutes=28))
        rooms = [
            room for room in (await sheet_of(self.phone.person, inspection)).here if room.key != self.story.unseen
        ]
        for room in rooms:
            where = f"/inspections/{inspection.id}/rooms/satisfactory"
            at = self.later(20)
            await self.phone.do(at, where, room_commands.mark_room_satisfactory, inspection, form=room.key)
        hashes = " ".join(hashlib.sha256(taken.data).hexdigest() for taken in self.life.taken)
        form = forms.CompleteForm(reason=self.story.reason or self._why_incomplete(), photos=hashes)
        await self._do(inspection, "complete", commands.complete_inspection, form)

    def _why_incomplete(self) -> str:
        emergency = any(wrong.severity is Severity.EMERGENCY for wrong in self.story.wrong)
        return "Dealt with on the day, see the finding." if emergency else ""
