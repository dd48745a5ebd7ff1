"""A confidential household's home in every byte of every answer to whoever is not cleared for it.

Every GET route of the app is asked, whole and as a fragment, with the ids of all that belongs to the home. A new
route is asked from its first day; a new thing that belongs to a home is made in `lived` below.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote_plus

import httpx
import pytest
from piccolo.table import Table

from documents.rules import State, key_of
from documents.tables import Document
from inspections.commands import seed_reference
from inspections.inventory_tables import InventoryComment, InventoryLink
from inspections.recharge_tables import CostLine, Recharge, RegisterDecision
from inspections.tables import Completion, Finding, Inspection, InspectionPhoto, Template
from media.store import store
from messages.tables import Message
from properties.tables import LegalHold, PersonAlert, Property, PropertyChange
from pwa.ids import uuid7
from pwa.tables import Conflict, Held, Receipt
from server.piccolo_conf import DB
from server.words import NOT_FOUND
from tests.conftest import World
from tests.saying import sentence
from tests.server.policies import Way, ways
from visits.occupancy_tables import OccupancyCheck
from visits.tables import Visit, VisitEvent

STREET, UPRN, HOUSEHOLD = "77 Canaryhide Lane", "906090909091", "Canaryhide-Okonkwo"
NOW = datetime.now(UTC)
FORM = "application/x-www-form-urlencoded"
ASKED_ALSO = (
    "/properties?q=canaryhide", "/properties?q=canaryhied", "/properties?q=906090909091",
    "/properties?near=HW9+9XX",
    "/properties?show=team", "/properties?show=no-position", "/visits?whose=team", "/visits?whose=mine",
    "/today?whose=team", "/today?whose=mine", "/tasks?whose=team", "/review?kind=back", "/review?kind=inspections",
    "/review?kind=recharges", "/review?kind=held", "/inspections?page=2",
)  # fmt: skip
MOST_ASKED = {"/today": 28, "/inspections": 7}
# Who is not cleared: the team that worked there before, its manager, an administrator, a firm, and nobody.
UNCLEARED = ("nobody", "asha", "ben", "dina", "ade", "callum", "fred")


@dataclass(frozen=True)
class Lived:
    """The home, looked after by the south team now, and all ids of what the north team recorded there before."""

    home: Property
    visit: Any
    ids: dict[str, list[Any]]
    sha: str

    @property
    def words(self) -> tuple[str, ...]:
        found = [str(one) for name, ids in self.ids.items() if name != "item" for one in ids]
        return ("canaryhide", UPRN, "hw9 9xx", HOUSEHOLD.lower(), str(self.home.id), *found)


async def save(row: Table) -> Any:
    await type(row).insert(row)
    return row


@pytest.fixture
async def lived(world: World) -> Lived:
    """Asha, of the north team, worked there. Then somebody fled to it and the south team looks after it."""
    await seed_reference()
    asha, north = world.asha, world.teams["north"].id
    home = await save(
        Property(
            uprn=UPRN, address=STREET, street="Canaryhide Lane", town="Canaryhide", postcode="HW9 9XX",
            kind="house", use="temporary", team=world.teams["south"].id, created_at=NOW,
            latitude=52.9, longitude=0.2,
            search_text=f" 77 canaryhide lane hw99xx hw9 9xx {UPRN} ", place_words="canaryhide lane",
            sort_key="canaryhide",
        )
    )  # fmt: skip
    when: dict[str, Any] = {"captured_at": NOW - timedelta(days=20), "received_at": NOW - timedelta(days=20)}
    by: dict[str, Any] = {"by": asha.id, "by_name": asha.name, **when}
    places = {"property": home.id, "team": north}
    visits = [
        await save(Visit(purpose=purpose, officer=asha.id, planned_for=NOW - timedelta(days=days),
                         expected_minutes=30,
                         note=HOUSEHOLD, created_by=asha.id, **places, **when))
        for purpose, days in (("occupancy-check", 20), ("welfare-check", 9))
    ]  # fmt: skip
    visit = visits[0].id
    await save(VisitEvent(visit=visit, what="finished", outcome="no-access", reason="nobody-in", **by))
    await save(OccupancyCheck(visit=visit, seen="household", spoken="household", living="yes", **by))
    inspections = []
    for kind in ("move-in", "move-out", "void", "in-passing"):
        template = await Template.objects().where(Template.kind == kind).first()
        template = template or await Template.objects().first()
        assert template is not None
        inspections.append(
            await save(Inspection(kind=kind, template=template.id, started_by=asha.id, bedrooms=2, furnished=True,
                                  visit=visit, **places, **when))
        )  # fmt: skip
    sha = "c" * 64
    for one in inspections:
        mine: dict[str, Any] = {"inspection": one.id, "person": asha.id, **when}
        await save(Finding(finding=uuid7(), item="kitchen_hob", what="hazard", hazard=4, note=HOUSEHOLD, **mine))
        await save(InspectionPhoto(item="kitchen_hob", sha256=sha, **mine))
        if one.kind != "void":
            await save(Completion(reason="", missing="", promised="", **mine))
    moved_out = inspections[1].id
    said: dict[str, Any] = {"inspection": moved_out, "person": asha.id, **when}
    cost = await save(CostLine(
        item="kitchen_hob", place="a", before="a", now="a", liability="household", work="replace", cost=100,
        amount=100,
        life_list="a", why=HOUSEHOLD, **said,
    ))  # fmt: skip
    recharge = await save(Recharge(lines=str(cost.id), total=100, reasons=HOUSEHOLD, **said))
    await save(RegisterDecision(reference=HOUSEHOLD, consequence="a", words="a", reasons="a", **said))
    document = uuid7()
    await store().put(key_of(document), f"%PDF {STREET}".encode())
    await save(Document(
        id=document, kind="inspection-report", subject=moved_out, edition="1", title=f"Report {STREET}",
        record=f"/inspections/{moved_out}", person=asha.id, team=north, state=State.ready.value, asked_at=NOW,
        made_at=NOW, try_after=NOW, sha256="d" * 64, size=24,
    ))  # fmt: skip
    message = await save(Message(
        channel="sms", template="inventory-sms", recipient="07700900123",
        personalisation='{"link": "' + HOUSEHOLD + '"}',
        record=f"/inspections/{moved_out}", team=north, person_name=asha.name, made_at=NOW, sent_at=NOW,
        state="shown",
    ))  # fmt: skip
    link = await save(InventoryLink(token_sha256="e" * 64, message=message.id, **said))
    await save(InventoryComment(link=link.id, item="whole", text=HOUSEHOLD, received_at=NOW))
    await save(LegalHold(property=home.id, reason=HOUSEHOLD, set_at=NOW, set_by_name="a"))
    await save(PropertyChange(property=home.id, field="owner", before="a", after=HOUSEHOLD, **when))
    held = [
        await held_for(world, path) for path in (f"/inspections/{moved_out}/readings", f"/visits/{visit}/finish")
    ]
    await save(PersonAlert(
        property=home.id, code="20-70", text=HOUSEHOLD, owner=world.people["marek"].id,
        review_on=NOW.date(), added_at=NOW,
    ))  # fmt: skip
    ids: dict[str, list[Any]] = {
        "property_id": [home.id],
        "visit_id": [one.id for one in visits],
        "inspection_id": [one.id for one in inspections],
        "document_id": [document],
        "held_id": [one for pair in held for one in pair],
        "recharge_id": [recharge.id],
    }
    return Lived(home, visit, ids, sha)


async def held_for(world: World, path: str) -> list[Any]:
    """Something of Asha's that came too late, and something that came twice."""
    asha, made = world.asha, []
    for table in (Held, Conflict):
        receipt = await save(Receipt(
            person=asha.id, person_name=asha.name, method="POST", path=path, body_sha256="0" * 64, captured_at=NOW,
            received_at=NOW, outcome="held",
        ))  # fmt: skip
        more: dict[str, Any] = {"reason": "Too late"}
        if table is Conflict:
            more = {"id": receipt.id, "person": asha.id, "path": path, "body_sha256": "1" * 64, "received_at": NOW}
        body = f"note={HOUSEHOLD}&item=kitchen_hob&outcome=done".encode()
        row = await save(table(receipt=receipt.id, content_type=FORM, body=body, team=asha.team, **more))
        made.append(row.id)
    return made


def addresses(way: Way, lived: Lived) -> Iterable[str]:
    """A route with every id of the home's that can stand in it."""
    if not way.parameters:
        return [way.path]
    (first, kind), *rest = way.parameters
    found = []
    for id in lived.ids.get(first, []):
        path = way.path.replace(f"{{{first}:{kind}}}", str(id))
        for name, of in rest:
            stands = lived.sha if name == "sha256" else str((lived.ids.get(name) or ["kitchen_hob"])[0])
            path = path.replace(f"{{{name}:{of}}}", stands)
        found.append(path)
    return found


def gets(world: World) -> list[Way]:
    return [way for way in ways(world.app) if way.method == "GET"]


async def client_of(world: World, actor: str) -> httpx.AsyncClient:
    return world.browser() if actor == "nobody" else await world.sign_in(actor)


async def told_of(world: World, lived: Lived, actor: str) -> list[str]:
    """Where anything of the home is in an answer to this person, beyond the id they asked with."""
    client, found = await client_of(world, actor), []
    paths = [path for way in gets(world) for path in addresses(way, lived)]
    for path in [*paths, *ASKED_ALSO]:
        for headers in ({}, {"HX-Request": "true"}, {"Doorstep-Pack": "1"}):
            answer = await client.get(path, headers=headers)
            assert answer.status_code < 500 or path.startswith("/health"), path
            said = (answer.text + str(answer.headers)).lower()
            asked = unquote_plus(path).lower()
            words = [word for word in lived.words if word not in asked and word in said]
            found += [f"{path} {headers}: {word}" for word in words]
    return found


@pytest.mark.parametrize("actor", UNCLEARED)
async def test_no_byte_tells_of_a_confidential_home_to_who_is_not_cleared(
    world: World, lived: Lived, actor: str
) -> None:
    assert await told_of(world, lived, actor) == []


@pytest.mark.parametrize("actor", ["asha", "dina", "ade"])
async def test_its_pages_are_those_of_an_id_that_is_not_there(world: World, lived: Lived, actor: str) -> None:
    client, wrong = await client_of(world, actor), []
    for way in gets(world):
        role = world.people[actor].role
        if not way.parameters or str(role) not in way.may or way.parameters[0][0] not in lived.ids:
            continue
        absent = await client.get(way.address())
        for path in addresses(way, lived):
            answer = await client.get(path)
            same = (answer.status_code, answer.content) == (absent.status_code, absent.content)
            if not same or answer.status_code != 404 or sentence(answer) != NOT_FOUND:
                wrong.append(f"{path}: {answer.status_code}")
    assert wrong == []


async def test_whoever_is_cleared_is_told_all_of_it(world: World, lived: Lived) -> None:
    """So that the words looked for above are there to be seen, also by who looks after the home now."""
    marek = await told_of(world, lived, "marek")
    for word in ("canaryhide", UPRN, HOUSEHOLD.lower(), *map(str, lived.ids["held_id"])):
        assert any(found.endswith(word) for found in marek), word
    assert await open_to(world, lived, "carol", "property_id")


PAGES = {"property_id": "properties", "visit_id": "visits", "inspection_id": "inspections"}


async def open_to(world: World, lived: Lived, actor: str, what: str) -> bool:
    client = await client_of(world, actor)
    return (await client.get(f"/{PAGES[what]}/{lived.ids[what][0]}")).status_code == 200


async def test_without_the_flag_the_team_that_worked_there_sees_what_it_did(world: World, lived: Lived) -> None:
    await PersonAlert.update({PersonAlert.ended_at: NOW}).where(PersonAlert.property == lived.home.id)
    for words in ("canaryhide", UPRN, HOUSEHOLD.lower(), str(lived.ids["inspection_id"][0])):
        assert any(found.endswith(words) for found in await told_of(world, lived, "dina")), words


@pytest.mark.parametrize(
    ("days", "state", "sees"), [(1, "", True), (-6, "", True), (-8, "", False), (1, "cancelled", False)]
)
async def test_the_officer_who_is_sent_there_sees_where_and_nobody_else_of_their_team(
    world: World, lived: Lived, days: int, state: str, sees: bool
) -> None:
    when: dict[str, Any] = {"captured_at": NOW, "received_at": NOW}
    visit = await save(Visit(
        property=lived.home.id, team=world.teams["north"].id, purpose="welfare-check", officer=world.ben.id,
        planned_for=NOW + timedelta(days=days), expected_minutes=30, created_by=world.ben.id, **when,
    ))  # fmt: skip
    if state:
        await save(VisitEvent(visit=visit.id, what=state, by=world.ben.id, by_name="Ben", **when))
    assert await open_to(world, lived, "ben", "property_id") is sees
    assert not await open_to(world, lived, "asha", "property_id")
    assert not await open_to(world, lived, "dina", "property_id")


async def statements(client: httpx.AsyncClient, path: str, monkeypatch: pytest.MonkeyPatch) -> int:
    """How often a page asks the database, at its least: what is looked up again after a while is not counted."""
    asked, found = [0], []

    def counted(way: Any) -> Any:
        async def ask(*args: Any, **more: Any) -> Any:
            asked[0] += 1
            return await way(*args, **more)

        return ask

    with monkeypatch.context() as patched:
        for name in ("run_querystring", "run_prepared"):
            patched.setattr(type(DB), name, counted(getattr(type(DB), name)))
        for _ in range(4):
            asked[0] = 0
            assert (await client.get(path)).status_code == 200
            found.append(asked[0])
    return min(found)


@pytest.mark.parametrize("actor", ["asha", "dina", "marek"])
async def test_no_page_asks_more_often_for_more_confidential_homes(
    world: World, lived: Lived, actor: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, counts = await world.sign_in(actor), []
    when: dict[str, Any] = {"captured_at": NOW, "received_at": NOW}
    (template, *_) = await Template.select(Template.id)
    for homes in (2, 10):
        for place in range(homes):
            home = await Property.objects().create(
                uprn=f"{homes}{place}", address=f"{place} Alder Road", team=world.teams["south"].id, created_at=NOW
            )
            owner = world.people["marek" if actor == "marek" else "asha"]
            of: dict[str, Any] = {"property": home.id, "team": owner.team, **when}
            await Visit.objects().create(
                purpose="welfare-check", officer=owner.id, planned_for=NOW, expected_minutes=30,
                created_by=owner.id, **of,
            )  # fmt: skip
            await Inspection.objects().create(
                kind="void", template=template["id"], started_by=owner.id, bedrooms=1, furnished=True, **of
            )
            await PersonAlert.objects().create(
                property=home.id, code="20-70", text="a", owner=world.people["marek"].id, review_on=NOW.date(),
                added_at=NOW,
            )  # fmt: skip
        pages = ("/today", "/inspections", "/visits", "/tasks", "/properties")
        counts.append({path: await statements(client, path, monkeypatch) for path in pages})
    assert all(counts[1][path] <= asked for path, asked in counts[0].items()), counts
    assert all(counts[0][path] <= most for path, most in MOST_ASKED.items()), counts
