"""Ids inside forms: naming what is another team's, or taking its number, does nothing to it and tells nothing.

Every form that has a field for an id or a photograph's hash must be here; a new one is missed by the first test.
"""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pkgutil import walk_packages
from typing import Any, get_args, get_type_hints
from uuid import UUID

import msgspec
import pytest
from piccolo.conf.apps import Finder
from piccolo.table import Table

from inspections.review_tables import ReviewEvent, ReviewNote
from inspections.rules import passing_of
from inspections.tables import Finding, Inspection, InspectionPhoto, Room
from properties.tables import Certificate, PersonAlert
from pwa.ids import uuid7
from pwa.tables import Receipt
from tests.conftest import World
from tests.inspections.objects import an_inspection
from tests.inspections.objects import attach as attach_to_inspection
from tests.properties.homes import home
from tests.server.policies import ABSENT
from tests.tasks.objects import a_task
from tests.visits.objects import a_visit
from tests.visits.objects import attach as attach_to_visit
from visits.tables import Visit, VisitPhoto

PACKAGES = (
    "pwa",
    "people",
    "messages",
    "properties",
    "media",
    "tasks",
    "visits",
    "lone_working",
    "inspections",
    "today",
    "server",
)
HASHES = ("sha256", "drawn_from", "photos")
IDS_AS_TEXT = ("order",)
SHA = "5" * 64
TOMORROW = (datetime.now(UTC) + timedelta(days=1)).date().isoformat()

# Fields whose ids are nobody's secret, or are proved elsewhere, each with its reason.
ELSEWHERE = {
    "inspections.forms.StartForm.property": "every officer sees every home",
    "visits.forms.PlanForm.property": "every officer sees every home",
    "tasks.forms.NewForm.property": "every officer sees every home",
    "inspections.forms.SeenPhotoForm.finding": "may come before its finding; looked up in its own inspection only",
    "inspections.forms.PhotoForm.finding": "may come before its finding; looked up in its own inspection only",
    "inspections.review_forms.AnswerPhotoForm.id": "held when another has it (tests/inspections/test_review.py)",
    **dict.fromkeys(
        [f"inspections.review_forms.AnswerPhotoForm.{name}" for name in ("finding", "replaces", "taken_over")],
        "not looked at: the note says where the photo belongs",
    ),
    **dict.fromkeys(
        ("inspections.review_forms.ApproveForm.seen", "inspections.review_forms.BackForm.seen"),
        "compared with what was done last, and never looked up",
    ),
    **dict.fromkeys(
        ("lone_working.forms.BeginForm.buddy", "lone_working.forms.BuddyForm.buddy"),
        "one of their own team (tests/lone_working/test_buddies.py)",
    ),
    "lone_working.rota.handlers.DutyForm.person": "one who may be on it (tests/lone_working/test_rota.py)",
    "lone_working.rota.handlers.OffForm.shift": "another team's is not touched (tests/lone_working/test_rota.py)",
    "lone_working.forms.FirmForm.supervisor": "one of the firm (tests/lone_working/test_contractors.py)",
    "lone_working.forms.HelpPhotoForm.id": "not looked at: whoever sends it has one photo",
    "messages.push_handlers.AnsweredForm.test": "somebody else's is not found (tests/messages/test_push.py)",
    "today.handlers.OrderForm.order": "what is not theirs is left out of it (tests/today/test_today.py)",
    "people.staff_handlers.PersonForm.team": "one list of teams for the council (tests/people/test_staff.py)",
    "people.staff_handlers.PersonForm.firm": "one list of firms for the council (tests/people/test_staff.py)",
    **dict.fromkeys(
        (
            "inspections.forms.PhotoForm.sha256",
            "inspections.forms.PhotoForm.drawn_from",
            "inspections.forms.SeenPhotoForm.sha256",
            "inspections.forms.SeenPhotoForm.drawn_from",
            "inspections.forms.CompleteForm.photos",
            "inspections.review_forms.AnswerPhotoForm.sha256",
            "inspections.review_forms.AnswerPhotoForm.drawn_from",
            "lone_working.forms.HelpPhotoForm.sha256",
            "lone_working.forms.HelpPhotoForm.drawn_from",
            "media.forms.PhotoForm.sha256",
            "media.forms.PhotoForm.drawn_from",
        ),
        "a hash opens nothing that its sender has not sent (test_photos_of_others.py)",
    ),
}

Make = Callable[[World], Awaitable[str]]


@dataclass(frozen=True)
class Case:
    """A form that Asha (or her manager) sends to `address`, where {inspection}, {visit} and {home} are hers."""

    address: str
    carols: Make
    fields: dict[str, str]
    actor: str = "asha"


async def carols_inspection(world: World) -> str:
    return await an_inspection(world, "carol")


async def carols_visit(world: World) -> str:
    return await a_visit(world, "carol")


async def carols_task(world: World) -> str:
    return await a_task(world, "carol")


async def carol(world: World) -> str:
    return str(world.carol.id)


async def her_team(world: World) -> str:
    return str(world.teams["south"].id)


async def carols_finding(world: World) -> str:
    id, now = uuid7(), datetime.now(UTC)
    row = Finding(
        finding=id,
        inspection=await an_inspection(world, "carol"),
        item="kitchen_hob",
        what="repair",
        severity="minor",
        liability="not-sure",
        person=world.carol.id,
        captured_at=now,
        received_at=now,
    )
    await Finding.insert(row)
    return str(id)


async def carols_photo(world: World) -> str:
    await attach_to_inspection(world, "carol", await an_inspection(world, "carol"), SHA)
    return await newest(InspectionPhoto)


async def carols_note(world: World) -> str:
    inspection, now = await an_inspection(world, "carol"), datetime.now(UTC)
    event = ReviewEvent(
        id=uuid7(),
        inspection=inspection,
        after=UUID(inspection),
        what="sent back",
        person=world.marek.id,
        captured_at=now,
        received_at=now,
    )
    await ReviewEvent.insert(event)
    await ReviewNote.insert(ReviewNote(inspection=inspection, event=event.id, number=1, place="Hers", text="Hers"))
    return await newest(ReviewNote)


async def carols_door_photo(world: World) -> str:
    await attach_to_visit(world, "carol", await a_visit(world, "carol"), SHA)
    return await newest(VisitPhoto)


async def carols_room(world: World) -> str:
    inspection, id = await an_inspection(world, "carol"), uuid7()
    await Room.insert(Room(inspection=inspection, key=f"room-{id}", kind="other", label="Shed", position=9))
    return str(id)


async def her_home(world: World) -> str:
    return str((await home("9 South Parade", team=world.teams["south"].id)).id)


async def her_warning(world: World) -> str:
    day, now = datetime.now(UTC).date(), datetime.now(UTC)
    row = PersonAlert(
        id=uuid7(),
        property=await her_home(world),
        code="10",
        text="Hers",
        owner=world.carol.id,
        review_on=day,
        added_at=now,
    )
    await PersonAlert.insert(row)
    return str(row.id)


async def her_certificate(world: World) -> str:
    row = Certificate(
        id=uuid7(),
        property=await her_home(world),
        kind="LGSR",
        issued_on=datetime.now(UTC).date(),
        added_at=datetime.now(UTC),
        added_by=world.carol.id,
    )
    await Certificate.insert(row)
    return str(row.id)


async def newest(table: type[Table]) -> str:
    rows = await table.select()
    return str(rows[-1]["id"])


GONE = {"withdrawn": "1"}
ROOM = {"kind": "other", "label": "Mine"}
BEGIN = {"id": str(uuid7()), "property": "{home}", "kind": "void"}
PLAN = {
    "id": str(uuid7()),
    "property": "{home}",
    "purpose": "void-inspection",
    "officer": "{asha}",
    "day": TOMORROW,
    "time": "10:00",
    "minutes": "45",
}
FINDING = {"item": "kitchen_hob", "what": "repair", "severity": "minor"}
PHOTO = {"id": str(uuid7()), "sha256": "6" * 64, "item": "kitchen_hob"}
SEEN = {"what": "repair", "severity": "minor"}
AT = {"visit": "{planned}"}
AGAIN = {"purpose": "void-inspection", "day": TOMORROW}
TASK = {"id": str(uuid7()), "kind": "other", "what": "Ring", "due": "week"}
HOME = {"address": "1 New Road", "postcode": "HW2 7LT", "kind": "house", "use": "temporary"}
WARNING = {"code": "10", "text": "A dog", "review_on": TOMORROW}
CERTIFICATE = {"kind": "LGSR", "issued_on": "2026-01-01"}

# An id that names something: Carol's is answered like one that does not exist, and nothing new refers to it.
NAMES = {
    "inspections.forms.StartForm.visit": Case("/inspections", carols_visit, BEGIN),
    "inspections.forms.FindingIdForm.finding": Case("{inspection}/findings/withdraw", carols_finding, {}),
    "inspections.forms.PhotoForm.replaces": Case("{inspection}/photos", carols_photo, PHOTO),
    "inspections.forms.PhotoForm.taken_over": Case("{inspection}/photos", carols_photo, PHOTO),
    "inspections.forms.PhotoChangeForm.photo": Case(
        "{inspection}/photos/change", carols_photo, {"withdrawn": "1"}
    ),
    "inspections.forms.SeenForm.visit": Case("{inspection}/seen", carols_visit, SEEN | {"id": str(uuid7())}),
    "inspections.forms.SeenPhotoForm.visit": Case("{inspection}/seen/photos", carols_visit, PHOTO),
    "inspections.forms.SeenPhotoForm.replaces": Case("{passing}/seen/photos", carols_photo, PHOTO | AT),
    "inspections.forms.SeenPhotoForm.taken_over": Case("{passing}/seen/photos", carols_photo, PHOTO | AT),
    "inspections.forms.HandOverForm.officer": Case("{inspection}/hand-over", carol, {}),
    "visits.forms.HandOverForm.officer": Case("{visit}/hand-over", carol, {}),
    "visits.forms.StartForm.company": Case("{visit}/start", carol, {}),
    "visits.forms.StartForm.agreed_by": Case("{visit}/start", carol, {"why": "Empty home"}),
    "visits.forms.AgainForm.officer": Case("{visit}/again", carol, AGAIN | {"id": str(uuid7())}),
    "inspections.review_forms.AnswerForm.note": Case("{inspection}/review/answers", carols_note, {"text": "Mine"}),
    "inspections.review_forms.AnswerPhotoForm.note": Case("{inspection}/review/photos", carols_note, PHOTO),
    "inspections.review_forms.CleanForm.ids": Case("/review/approve", carols_inspection, {}, "dina"),
    "inspections.forms.AddendumForm.about": Case("{inspection}/addenda", carols_photo, {"text": "Too dark"}),
    "visits.forms.PlanForm.officer": Case("/visits", carol, PLAN),
    "visits.forms.OfficerForm.officer": Case("{visit}/officer", carol, {}),
    "tasks.forms.RaiseForm.owner": Case("{visit}/tasks", carol, TASK),
    "tasks.forms.NewForm.owner": Case("/tasks", carol, TASK | {"property": "{home}"}),
    "tasks.forms.GiveForm.owner": Case("{task}/owner", carol, {}),
    "visits.several_handlers.SeveralForm.visit": Case(
        "/visits/several", carols_visit, {"act": "cancel", "note": "Not needed"}
    ),
    "visits.several_handlers.SeveralForm.officer": Case(
        "/visits/several", carol, {"act": "give", "visit": "{planned}"}
    ),
    "properties.changing.PropertyForm.team": Case("/properties/{home}/edit", her_team, HOME),
}
# The number of something new, made on the phone: Carol's, which has it already, stays as it is.
TAKES = {
    "inspections.forms.StartForm.id": Case("/inspections", carols_inspection, BEGIN),
    "inspections.forms.NewRoomForm.id": Case(
        "{inspection}/rooms", carols_room, {"kind": "other", "label": "Mine"}
    ),
    "inspections.forms.FindingForm.id": Case("{inspection}/findings", carols_finding, FINDING),
    "inspections.forms.PhotoForm.id": Case("{inspection}/photos", carols_photo, PHOTO),
    "inspections.forms.SeenForm.id": Case("{passing}/seen", carols_finding, SEEN | AT),
    "inspections.forms.SeenPhotoForm.id": Case("{passing}/seen/photos", carols_photo, PHOTO | AT),
    "visits.forms.AgainForm.id": Case("{visit}/again", carols_visit, AGAIN | {"officer": "{asha}"}),
    "visits.forms.PlanForm.id": Case("/visits", carols_visit, PLAN),
    "tasks.forms.RaiseForm.id": Case("{visit}/tasks", carols_task, TASK | {"owner": "{asha}"}),
    "tasks.forms.NewForm.id": Case("/tasks", carols_task, TASK | {"property": "{home}", "owner": "{asha}"}),
    "media.forms.PhotoForm.id": Case("{visit}/photos", carols_door_photo, {"sha256": "6" * 64}),
    "properties.changing.PropertyForm.id": Case("/properties/new", her_home, HOME, "dina"),
    "properties.changing.WarningForm.id": Case("/properties/{home}/warnings", her_warning, WARNING),
    "properties.changing.CertificateForm.id": Case(
        "/properties/{home}/certificates", her_certificate, CERTIFICATE
    ),
}
VISIT = "inspections.forms.StartForm.visit"
# What every command leaves, and what signing in does.
LEFT = {"receipt", "unsealed", "held", "conflict", "session", "device"}


def fields_for_ids() -> Iterator[str]:
    for package in PACKAGES:
        for module in walk_packages(import_module(package).__path__, f"{package}."):
            if "migrations" in module.name or module.name == "server.__main__":
                continue
            for kind in vars(import_module(module.name)).values():
                if isinstance(kind, type) and issubclass(kind, msgspec.Struct) and kind.__module__ == module.name:
                    for name, hint in get_type_hints(kind).items():
                        if hint is UUID or UUID in get_args(hint) or name in (*HASHES, *IDS_AS_TEXT):
                            yield f"{module.name}.{kind.__name__}.{name}"


def test_every_field_for_an_id_is_asked_about_here() -> None:
    assert set(fields_for_ids()) == {*NAMES, *TAKES, *ELSEWHERE}


async def everything() -> dict[str, dict[str, dict[str, Any]]]:
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for table in Finder().get_table_classes():
        name, key = table._meta.tablename, table._meta.primary_key._meta.name
        if name not in LEFT:
            found[name] = {str(row[key]): row for row in await table.select()}
    return found


async def ashas(world: World) -> dict[str, str]:
    mine = await home("1 North Lane", team=world.teams["north"].id)
    planned = await a_visit(world, "asha")
    return {
        "home": str(mine.id),
        "inspection": f"/inspections/{await an_inspection(world, 'asha')}",
        "visit": f"/visits/{planned}",
        "task": f"/tasks/{await a_task(world, 'asha')}",
        "planned": planned,
        "passing": f"/inspections/{passing_of(UUID(planned))}",
        "asha": str(world.asha.id),
    }


async def send(world: World, case: Case, field: str, mine: dict[str, str], value: str) -> tuple[int, str]:
    """The answer, without what differs between any two."""
    client = await world.sign_in(case.actor, **{"HX-Request": "true"})
    data = {name: text.format(**mine) for name, text in case.fields.items()} | {field.rsplit(".", 1)[1]: value}
    answer = await client.post(case.address.format(**mine), data=data)
    return answer.status_code, answer.headers.get("receipt", "").rpartition("outcome=")[2]


@pytest.mark.parametrize("field", NAMES)
async def test_naming_what_is_another_teams_is_like_naming_nothing(world: World, field: str) -> None:
    case, mine = NAMES[field], await ashas(world)
    theirs = await case.carols(world)
    before = await everything()
    got = await send(world, case, field, mine, theirs)
    after = await everything()
    assert [row for name, rows in before.items() for key, row in rows.items() if after[name].get(key) != row] == []
    new = [row for name, rows in after.items() for key, row in rows.items() if key not in before[name]]
    assert [row for row in new if UUID(theirs) in row.values()] == []
    # The same once more, with an id of nothing; a number that is made on the phone is a new one each time.
    again = {name: str(uuid7()) if name == "id" else text for name, text in case.fields.items()}
    assert await send(world, Case(case.address, case.carols, again, case.actor), field, mine, ABSENT) == got
    assert got[0] < 500


@pytest.mark.parametrize("field", TAKES)
async def test_a_number_that_another_teams_thing_has_leaves_that_thing_as_it_is(world: World, field: str) -> None:
    case, mine = TAKES[field], await ashas(world)
    theirs = await case.carols(world)
    before = await everything()
    status, _ = await send(world, case, field, mine, theirs)
    after = await everything()
    assert status < 500
    assert [row for name, rows in before.items() for key, row in rows.items() if after[name].get(key) != row] == []
    assert (await send(world, case, field, mine, str(uuid7())))[0] < 400, "with a number of its own it is taken"


@pytest.mark.parametrize("which", ["nobody's", "another team's", "another home's"])
async def test_an_inspection_that_names_a_visit_not_theirs_is_kept_without_it(world: World, which: str) -> None:
    mine = await ashas(world)
    visits = {"nobody's": ABSENT, "another team's": await carols_visit(world), "another home's": mine["visit"][8:]}
    case = NAMES[VISIT]
    assert await send(world, case, VISIT, mine, visits[which]) == (200, "done")
    kept = await Inspection.select(Inspection.visit).where(Inspection.id == BEGIN["id"]).first()
    assert kept == {"visit": None}
    assert await Receipt.exists().where(Receipt.note == "inspection started, without the visit it named")


async def test_an_inspection_of_ones_own_visit_names_it(world: World) -> None:
    mine = await ashas(world)
    visit = mine["visit"][8:]
    row = await Visit.select(Visit.property).where(Visit.id == visit).first()
    assert row is not None
    case = NAMES[VISIT]
    assert await send(world, case, VISIT, mine | {"home": str(row["property"])}, visit) == (200, "done")
    kept = await Inspection.select(Inspection.visit).where(Inspection.id == BEGIN["id"]).first()
    assert kept == {"visit": UUID(visit)}
