"""What the demo council has none of: a row in every other table that a page shows. And ids for addresses."""

from datetime import UTC, datetime, timedelta
from typing import Any, cast
from uuid import UUID

from piccolo.table import Table

from documents.tables import Document
from inspections.inventory_rules import hash_of
from inspections.inventory_tables import InventoryComment, InventoryLink, InventoryLinkEnd
from inspections.recharge_tables import CostLine, HouseholdComment, Recharge, RechargeDecision, RegisterDecision
from inspections.review_tables import ReviewAnswer, ReviewNote
from inspections.tables import (
    Addendum,
    Completion,
    Finding,
    HandOver,
    Inspection,
    InspectionPhoto,
    PhotoChange,
    Room,
    RoomChange,
)  # fmt: skip
from lone_working.alarms.link_rules import hash_of as link_hash
from lone_working.alarms.tables import AlarmLink
from lone_working.ladders.rules import NORMAL
from lone_working.ladders.tables import CodeWord, Drill, DrillTold, TeamLadder
from lone_working.phone_tables import LoneLook, LonePoint, SealingKey, VisitToken
from lone_working.rota.tables import DutyGap, DutyHours, DutyShift
from lone_working.sessions.tables import (
    BuddyChoice,
    ContactRead,
    FirmWatch,
    HelpCard,
    HelpPhoto,
    PhoneCode,
    PhoneProved,
    Unwatched,
    WarningsRead,
)
from lone_working.tables import (
    Alarm,
    AlarmStep,
    AlarmTold,
    Canary,
    EngineHeartbeat,
    LoneSession,
    PinFailure,
    SafePin,
    SessionEvent,
)  # fmt: skip
from media.tables import Photo
from messages.push import pushing
from messages.tables import ChannelState, Message, PushAnswer, PushSubscription, ReceivedText
from people.tables import Firm, Person, Session
from properties.tables import ImportRun, LegalHold, Property, PropertyChange
from pwa.ids import uuid7
from pwa.tables import Conflict, Device, Held, Receipt
from tasks.tables import Task, TaskEvent
from tests.phone.every_page import STANDS
from visits.occupancy_tables import OccupancyCheck
from visits.tables import Visit, VisitEvent, VisitPhoto

MOST = 2
FORM = "application/x-www-form-urlencoded"
# A row to bring in, one wrong by itself, one with a team that is not there, and a column we do not use.
LIST = "address,town,postcode,team,bedrooms,שלום0\nשלום0,שלום0,HW1 1AA,,,\n"
LIST += "שלום0,,HW1 1AB,,שלום0,\nשלום0,,HW1 1AC,שלום0,,\n"


async def person(name: str) -> Person:
    found = await Person.objects().where(Person.email.like(f"{name}@%")).first()
    assert found is not None
    return found


async def completed(team: Any) -> dict[str, Any]:
    """An inspection of the team that was completed and has a photograph."""
    photo = await (
        InspectionPhoto.select()
        .where(InspectionPhoto.inspection.is_in(Completion.select(Completion.inspection)))
        .where(InspectionPhoto.inspection.team == team)
        .first()
    )
    assert photo is not None
    return dict(photo)


async def one_of_each() -> None:
    asha, now = await person("asha"), datetime.now(UTC)
    photo = await completed(asha.team)
    inspection = await Inspection.objects().get(Inspection.id == photo["inspection"])
    room = await Room.objects().where(Room.inspection == photo["inspection"]).first()
    assert inspection is not None and room is not None
    when: dict[str, Any] = {"captured_at": now, "received_at": now}
    by: dict[str, Any] = {"inspection": inspection.id, "person": asha.id, **when}
    begun = {**inspection.to_dict(), "id": uuid7()}
    await save(Inspection(**begun))
    await save(Room(inspection=begun["id"], key=room.key, kind=room.kind, label="a", position=1))
    handed: dict[str, Any] = {"given_to": asha.id, "given_to_name": "a", "person": asha.id, "person_name": "a"}
    await save(HandOver(inspection=begun["id"], note="a", **handed, **when))
    await one_walk(asha, now)
    await save(PropertyChange(property=inspection.property, field="town", before="a", after="b", **when))
    await save(RoomChange(room=room.key, label="a", **by))
    await save(PhotoChange(photo=photo["id"], caption="a", **by))
    await save(Addendum(text="a", **by))
    gone: dict[str, Any] = {"lost_at": now, "lost_by_name": "a", "lost_reason": "a"}
    for more in ({}, gone):
        await save(Device(person=asha.id, person_name="a", team=asha.team, last_seen=now, **more))
    document = Document(
        kind="inspection-report", subject=inspection.id, person=asha.id, team=asha.team, title="a", state="failed",
        problem="a", record=f"/inspections/{inspection.id}", asked_at=now, try_after=now,
    )  # fmt: skip
    await save(document)
    await one_recharge(asha, now)
    await tasks(asha, inspection, now)
    await one_answer(asha, now)
    await one_inventory(asha, now)
    await one_alarm(asha, now)
    await save(LegalHold(property=inspection.property, reason="a", set_at=now, set_by_name="a"))
    ended = {"released_at": now, "released_by_name": "a", "release_reason": "a"}
    await save(LegalHold(property=inspection.property, reason="a", set_at=now, set_by_name="a", **ended))
    await one_phone(asha, now)
    await Photo.update({Photo.state: "unreadable", Photo.problem: "a"}).where(Photo.sha256 == photo["sha256"])
    body = f"item={photo['item']}&note=שלום0&caption=שלום0&photo={photo['id']}".encode()
    visit = await Visit.select(Visit.id).where(Visit.officer == asha.id).first()
    for path in (f"/inspections/{inspection.id}/photos/change", f"/visits/{(visit or {})['id']}/finish"):
        for table in (Held, Conflict):
            for decided in (None, now):
                await review(table, asha, path, body, decided)


async def one_phone(asha: Person, now: datetime) -> None:
    """Signed in on a phone that shows notifications, and a text from it."""
    since, device, used = {"started_at": now, "last_used_at": now}, uuid7(), pushing()
    await save(Session(person=asha.id, token_sha256="0" * 64, browser="a", device=device, **since))
    keys = {"p256dh": "a", "auth": "a", "endpoint": "a", "endpoint_sha256": "0" * 64}
    key = used.key.sha256 if used else ""
    await save(PushSubscription(person=asha.id, device=device, key_sha256=key, browser="a", made_at=now, **keys))
    await save(PushAnswer(id=uuid7(), person=asha.id, device=device, answered_at=now))
    whose: dict[str, Any] = {"person": asha.id, "person_name": "a", "team": asha.team}
    for who in (whose, {}):
        text = ReceivedText(id=uuid7(), sender="a", words="a", sent_at=now, received_at=now, record="a", **who)
        await save(text)


async def one_walk(asha: Person, now: datetime) -> None:
    """A visit begun alone with a manager's word, handed over, and begun again with a colleague."""
    newest = Visit.select(Visit.id).where(Visit.team == asha.team).order_by(Visit.planned_for, ascending=False)
    (visit,) = [row["id"] for row in await newest.limit(1)]
    by: dict[str, Any] = {"visit": visit, "by": asha.id, "by_name": "a", "captured_at": now}
    for place, more in enumerate(
        (
            {"what": "started", "agreed_by": asha.id, "agreed_name": "a", "note": "a"},
            {"what": "handed-over", "given_from": asha.id, "given_to": asha.id, "given_to_name": "a", "note": "a"},
            {"what": "started", "company": asha.id, "company_name": "a"},
        )
    ):
        await save(VisitEvent(**by, **more, received_at=now + timedelta(seconds=place)))


async def one_alarm(asha: Person, now: datetime) -> None:
    """Tom out alone and overdue, Asha out and well, Tom home again; all that can happen and be told."""
    tom = (await Person.objects().where((Person.team == asha.team) & (Person.id != asha.id)).first()) or asha
    for whose, alarmed, state in (
        (tom, True, "active"),
        (asha, False, "active"),
        (tom, False, "closed_by_responder"),
        (asha, False, "closed_safe"),
    ):
        session = LoneSession(
            number=1234, kind="own", place="a", person=whose.id, person_name="a", team=asha.team, buddy=asha.id,
            buddy_name="a", started_at=now, received_at=now, interval_minutes=30, due_at=now, ends_at=now,
            heard_at=now, alarmed=alarmed, state=state, closing="a", closed_by_name="a",
        )  # fmt: skip
        await save(session)
        event: dict[str, Any] = {"session": session.id, "person": asha.id, "person_name": "a", "happened_at": now}
        event |= {"received_at": now, "said": "a", "previous_sha256": "0", "sha256": "0"}
        for seq, what in enumerate(("started", "buddy", "calling_999")):
            await save(SessionEvent(id=uuid7(), seq=seq, what=what, **event))
        if whose is tom:
            over: dict[str, Any] = {"resolved_at": now, "resolved_by_name": "a", "outcome": "a"}
            alarm = Alarm(
                session=session.id, team=asha.team, kind="overdue", opened_at=now, origin_at=now,
                state="acknowledged" if alarmed else "resolved", policy=NORMAL.dumps(), owner=asha.id,
                owner_name="a", owned_until=now, next_fire_at=now + timedelta(days=999) if alarmed else None,
                **({} if alarmed else over),
            )  # fmt: skip
            await save(alarm)
            step = AlarmStep(id=uuid7(), alarm=alarm.id, cycle=0, n=0, due_at=now, fired_at=now)
            await save(step)
            told: dict[str, Any] = {"alarm": alarm.id, "step": step.id, "person": asha.id, "person_name": "a"}
            await save(AlarmTold(id=uuid7(), channel="sms", what="step", told_at=now, **told))
            secret = link_hash(STANDS["token"] if alarmed else "another")
            await save(AlarmLink(id=uuid7(), token_sha256=secret, alarm=alarm.id, person=asha.id, made_at=now))
        await save(PinFailure(session=session.id, at=now))
        mine: dict[str, Any] = {"session": session.id, "person": asha.id}
        await save(LoneLook(id=uuid7(), person_name="a", at=now, why="overdue", **mine))
        await save(VisitToken(token_sha256=str(session.id), device=uuid7(), made_at=now, **mine))
        where: dict[str, Any] = {"session": session.id, "why": "start", "latitude": 52.9, "longitude": 0.2}
        await save(LonePoint(id=uuid7(), at=now, received_at=now, **where))
    await save(SealingKey(private_key="", public_key="", made_at=now))
    await save(SafePin(person=asha.id, safe_hash="", duress_hash="", made_at=now))
    await what_goes_with_sessions(asha, tom, now)
    await one_rota(asha, now)
    await save(EngineHeartbeat(id=uuid7(), started_at=now, last_scan_at=now))
    await save(Canary(id=uuid7(), begun_at=now, answered_at=now))
    await save(ChannelState(channel="sms"))


async def what_goes_with_sessions(asha: Person, tom: Person, now: datetime) -> None:
    """Asha looked out for by Tom, her phone tried out, and her contact read at an alarm that is over."""
    await save(Unwatched(id=uuid7(), person=asha.id, started_at=now, received_at=now))
    await save(BuddyChoice(person=asha.id, buddy=tom.id, chosen_at=now))
    visit = await Visit.select(Visit.id).where(Visit.officer == asha.id).first()
    await save(WarningsRead(person=asha.id, visit=(visit or {})["id"], shown="a", read_at=now))
    await save(PhoneCode(person=asha.id, phone="a", code="a", made_at=now))
    await save(PhoneProved(person=asha.id, phone="a", at=now))
    for one in (asha, tom):
        said = {"car": "a", "looks": "a", "contact_name": "a", "contact_is": "a", "contact_phone": "a"}
        await save(HelpCard(person=one.id, said_at=now, **said))
        await save(HelpPhoto(person=one.id, sha256="", said_at=now))
    for over in (False, True):
        state = Alarm.state == "resolved" if over else Alarm.state != "resolved"
        alarm = await Alarm.select(Alarm.id).where(state & (Alarm.session.person == tom.id)).first()
        dina = await person("dina")
        read: dict[str, Any] = {"by": dina.id, "by_name": "a", "read_at": now}
        await save(ContactRead(id=uuid7(), person=asha.id, alarm=(alarm or {})["id"], **read))
    firm = await Firm.objects().first()
    assert firm is not None
    who = await Person.objects().where(Person.firm == firm.id).first()
    by: dict[str, Any] = {"set_by": asha.id, "set_by_name": "a", "set_at": now}
    await save(FirmWatch(firm=firm.id, supervisor=who, **by))


async def one_rota(asha: Person, now: datetime) -> None:
    """Asha on duty now, a time at which nobody is, a ladder of the team's own and a test of it."""
    by: dict[str, Any] = {"made_at": now, "made_by": asha.id, "made_by_name": "a"}
    ends = now + timedelta(days=3)
    for team, off in ((asha.team, {}), (None, {}), (asha.team, {"removed_at": now, "removed_by_name": "a"})):
        times = {"starts_at": now, "ends_at": ends}
        await save(DutyShift(team=team, duty="manager", person=asha.id, acting=True, **times, **by, **off))
    await save(DutyHours(team=asha.team, days="0123456", opens="09:00", closes="09:00", **by))
    await save(DutyGap(team=asha.team, starts_at=ends, ends_at=ends + timedelta(hours=3), near=7, told_at=now))
    await save(TeamLadder(team=asha.team, ladder="normal", policy=NORMAL.dumps(), **by))
    await save(CodeWord(person=asha.id, sealed="a", made_at=now))
    drill = Drill(team=asha.team, begun_at=now, begun_by=asha.id, begun_by_name="a", empty="a")
    await save(drill)
    told: dict[str, Any] = {"drill": drill.id, "channel": "sms", "told_at": now, "person_name": "a", "steps": "a"}
    await save(DrillTold(id=uuid7(), person=asha.id, **told))
    await save(DrillTold(id=uuid7(), person=uuid7(), heard_at=now, **told))


async def one_answer(asha: Person, now: datetime) -> None:
    """To the demo's note about an inspection that was sent back; and a note to a room and to the whole of it."""
    note = (await ReviewNote.select())[0]
    by: dict[str, Any] = {"person": asha.id, "captured_at": now, "received_at": now}
    for number, place in ((2, {"room": "kitchen"}), (3, {})):
        mine = {
            "inspection": note["inspection"],
            "event": note["event"],
            "number": number,
            "place": "a",
            "text": "a",
        }
        await save(ReviewNote(**mine, **place))
    added = Addendum(inspection=note["inspection"], text="a", **by)
    await save(added)
    await save(ReviewAnswer(inspection=note["inspection"], note=note["id"], addendum=added.id))


async def one_recharge(asha: Person, now: datetime) -> None:
    """Proposed, answered by the household and decided on, for the demo's move-out with a cracked hob."""
    moved = (await moved_out())["id"]
    by: dict[str, Any] = {"person": asha.id, "captured_at": now, "received_at": now}
    cost = CostLine(
        inspection=moved, item="kitchen_hob", place="a", before="a", now="a", liability="household",
        work="replace", cost=20000, amount=10000, life_list="a", why="a", **by,
    )  # fmt: skip
    await save(cost)
    await save(HouseholdComment(inspection=moved, text="a", **by))
    proposed = Recharge(
        inspection=moved, lines=str(cost.id), total=10000, exemptions="a", crime_reference="a", exemption_note="a",
        appeal="a", reasons="a", **by,
    )  # fmt: skip
    await save(proposed)
    await save(RechargeDecision(recharge=proposed.id, outcome="charge", amount=1, reasons="a", letter="a", **by))
    await save(RegisterDecision(inspection=moved, reference="a", consequence="a", words="a", reasons="a", **by))


async def tasks(asha: Person, inspection: Inspection, now: datetime) -> None:
    """One that everything happened to, one that is nobody's and one that is done."""
    by: dict[str, Any] = {"raised_by": asha.id, "raised_by_name": "a", "captured_at": now, "received_at": now}
    what: dict[str, Any] = {"property": inspection.property, "kind": "other", "what": "a", "due": now.date(), **by}
    somebody_elses = (await person("joan")).id
    for owner, ended in ((asha.id, None), (somebody_elses, None), (asha.id, now)):
        task = Task(owner=owner, team=asha.team, inspection=inspection.id, ended_at=ended, **what)
        await save(task)
        event: dict[str, Any] = {"task": task.id, "by": asha.id, "by_name": "a", "note": "a", **said(now)}
        await save(TaskEvent(what="given", given_from=asha.id, given_to=asha.id, given_to_name="a", **event))
        await save(TaskEvent(what="moved", due_before=now.date(), due_after=now.date(), **event))
        if ended:
            await save(TaskEvent(what="done", **event))


def said(now: datetime) -> dict[str, Any]:
    return {"captured_at": now, "received_at": now}


async def one_inventory(asha: Person, now: datetime) -> None:
    """In a household's hands, answered, and taken back once before. The secret is what stands in addresses."""
    moved = await Inspection.select(Inspection.id).where(
        (Inspection.kind == "move-in") & (Inspection.team == asha.team)
    )
    by: dict[str, Any] = {"person": asha.id, "captured_at": now, "received_at": now}
    for secret in ("another", STANDS["token"]):
        for row in moved:
            message = Message(
                channel="sms", template="inventory-sms", recipient="a", personalisation="{}", record="a",
                team=asha.team, person_name="a", made_at=now, sent_at=now, state="shown",
            )  # fmt: skip
            sha = hash_of(secret if row is moved[0] else secret + str(row["id"]))
            link = InventoryLink(inspection=row["id"], token_sha256=sha, message=message.id, **by)
            await save(message)
            await save(link)
            for item in ("whole", "kitchen_hob"):
                await save(InventoryComment(link=link.id, item=item, text="a", received_at=now))
        if secret == "another":
            await save(InventoryLinkEnd(link=link.id, why="revoked", **by))


async def moved_out() -> dict[str, Any]:
    found = Inspection.kind == "move-out"
    rows = await Inspection.select(Inspection.id).where(
        found & Inspection.id.is_in(Finding.select(Finding.inspection).where(Finding.item == "kitchen_hob"))
    )
    return dict(rows[0])


async def review(table: Any, asha: Person, path: str, body: bytes, decided: datetime | None) -> None:
    """Something for the office to look at, or looked at already."""
    now = datetime.now(UTC)
    receipt = Receipt(
        id=uuid7(), person=asha.id, person_name="a", method="POST", path=path, body_sha256="0" * 64,
        captured_at=now, received_at=now, outcome="held",
    )  # fmt: skip
    await save(receipt)
    more: dict[str, Any] = {"reason": "a"}
    if table is Conflict:
        more = {"id": receipt.id, "person": asha.id, "path": path, "body_sha256": "1" * 64, "received_at": now}
    if decided:
        more |= {"decided_at": decided, "decision": "seen", "decision_reason": "a", "decided_by_name": "a"}
    await save(table(receipt=receipt.id, content_type=FORM, body=body, team=asha.team, **more))


async def save(row: Table) -> None:
    await type(row).insert(row)


async def ids_by_part() -> dict[str, list[UUID]]:
    """For each part of an address a few that Dina's team has, with what is only on some."""
    dina = await person("dina")
    photo = await completed(dina.team)
    home = (await Inspection.select(Inspection.property).where(Inspection.id == photo["inspection"]))[0][
        "property"
    ]
    visits = Visit.select(Visit.id).where(Visit.team == dina.team)
    door = VisitPhoto.select(VisitPhoto.visit).where(VisitPhoto.visit.team == dina.team)
    checked = OccupancyCheck.select(OccupancyCheck.visit).where(OccupancyCheck.visit.team == dina.team)
    under_way, ours = Inspection.id.not_in(Completion.select(Completion.inspection)), Inspection.team == dina.team
    rows: dict[str, list[Any]] = {
        "alarm_id": await ids(Alarm),
        "device_id": await ids(Device),
        "document_id": await ids(Document),
        "drill_id": await ids(Drill),
        "held_id": [*await ids(Held), *await ids(Conflict)],
        "inspection_id": [
            photo["inspection"],
            (await moved_out())["id"],
            (await ReviewNote.select())[0]["inspection"],
            *await ids(Inspection, under_way),
            *await ids(Inspection, ours & (Inspection.kind == "move-in")),
            *await ids(Inspection, ours, MOST),
        ],
        "photo_id": await ids(HelpPhoto),
        "person_id": [dina.id, (await person("callum")).id],
        "property_id": [home, *await ids(Property, Property.team == dina.team, MOST)],
        "run_id": await ids(ImportRun),
        "session_id": await ids(LoneSession),
        "task_id": await ids(Task),
        "team_id": [dina.team],
        "visit_id": [
            *[row["id"] for row in await visits.order_by(Visit.planned_for, ascending=False).limit(MOST)],
            *[row["id"] for row in await visits.order_by(Visit.planned_for).limit(MOST)],
            *[row["visit"] for row in await door.limit(MOST)],
            *[row["visit"] for row in await checked.limit(MOST)],
        ],
    }
    return rows


async def ids(table: Any, where: Any = None, most: int = 100) -> list[UUID]:
    query = table.select(table.id).limit(most)
    return [cast("UUID", row["id"]) for row in await (query.where(where) if where is not None else query)]
