"""What the office has to decide about: what came too late, and what came again differently. For who reviews it."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from pwa import plain
from pwa.answers import NotFound
from pwa.held_homes import confidential
from pwa.owners import Came, Given, Owner, Picture, Said, action_of, owner_of
from pwa.tables import Conflict, Held, Receipt

MOST, MOST_DECIDED = 200, 20
NO_TEAM = UUID(int=0)
TWICE = "This came twice with different words. The first counts. This is the second."
OUT_OF_SIGHT = "Whoever sent it did not see what it is about any more when it came."
# What is said to the sender alone, at the end of why it is held.
TO_SENDER = re.compile(r"\s*What you sent is kept, and .*$")
NOTE, SEEN, NOT_NEEDED = "note", "seen", "not needed"
DECISIONS = {NOTE: "Keep it as a note", SEEN: "I have seen to it", NOT_NEEDED: "It is not needed"}


@dataclass(frozen=True)
class HeldItem:
    """One thing to decide about, with `row` as stored, and what it says in words.

    `first` is what the same command said before, when it came again differently.
    """

    row: dict[str, Any]
    table: type[Held] | type[Conflict]
    what: str
    record: str
    facts: Given = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    size: int = 0
    first: Given = field(default_factory=list)
    came: Came | None = None
    owner: Owner | None = None
    """Who puts a note on its record; None when there is no record to put it on."""

    @property
    def twice(self) -> bool:
        return self.table is Conflict

    @property
    def decisions(self) -> dict[str, str]:
        left_out = SEEN if self.owner else NOTE
        return {key: words for key, words in DECISIONS.items() if key != left_out}


async def _nobody() -> list[UUID]:
    return []


_managed: list[Callable[[], Awaitable[list[UUID]]]] = [_nobody]


def use_managed(teams: Callable[[], Awaitable[list[UUID]]]) -> None:
    """Where to ask which teams have a manager: people are not known here. Said once at the start."""
    _managed[:] = [teams]


Which = Callable[[type[Held] | type[Conflict]], Any]


async def _reviews(person: Any, which: Which = lambda table: table.decided_at.is_null()) -> Which:
    """Of what `which` finds that of their teams; of a confidential home only what they may know of."""
    of_teams, sorted_out = await _of_teams(person), await confidential(person, which)

    def theirs(table: Any) -> Any:
        kept, open_now = sorted_out[table]
        found = of_teams(table) & table.id.not_in(list(kept)) if kept else of_teams(table)
        return found | table.id.is_in(list(open_now)) if open_now else found

    return theirs


async def _of_teams(person: Any) -> Which:
    """A manager reviews their team's. What came from somebody with no team, or with one that has no manager
    just now, is an administrator's, or it would be nobody's."""
    if person.role != "administrator":
        return lambda table: table.team == (person.team_id or NO_TEAM)
    managed = await _managed[0]()
    if not managed:
        return lambda table: table.id.is_not_null()
    return lambda table: table.team.is_null() | table.team.not_in(managed)


async def undecided(person: Any) -> int:
    """How many things the person has to decide about."""
    theirs = await _reviews(person)
    tables = (Held, Conflict)
    return sum([await table.count().where(table.decided_at.is_null()).where(theirs(table)) for table in tables])


async def held_list(person: Any) -> tuple[list[HeldItem], list[HeldItem], list[HeldItem]]:
    """What came too late and what came twice, open, oldest first; and the last ones decided."""
    theirs = await _reviews(person, lambda table: table.id.is_not_null())
    late, late_decided = await _listed(Held, theirs(Held))
    twice, twice_decided = await _listed(Conflict, theirs(Conflict))
    decided = sorted([*late_decided, *twice_decided], key=lambda item: item.row["decided_at"], reverse=True)
    return late, twice, decided[:MOST_DECIDED]


async def waiting(person: Any, most: int) -> list[HeldItem]:
    """The first things the person has to decide about, of both kinds, the oldest first."""
    theirs = await _reviews(person)
    found = [item for table in (Held, Conflict) for item in await _waiting(table, theirs(table), most)]
    return sorted(found, key=lambda item: item.row["received_at"])[:most]


async def starts_of(person: Any, sender: UUID, since: datetime) -> list[HeldItem]:
    """Starts that somebody sent and that the person reviews, undecided, the newest first, each with what it says.
    None for whoever reviews nothing."""
    if person.role not in ("manager", "administrator"):
        return []
    mine = (Held.receipt.person == sender) & Held.receipt.path.like("%/start%") & Held.decided_at.is_null()
    theirs = await _reviews(person, lambda table: mine if table is Held else table.id == NO_TEAM)
    found = Held.select().where(mine & (Held.receipt.received_at >= since)).where(theirs(Held))
    rows = await found.order_by(Held.receipt.received_at, ascending=False)
    return [await _whole(row, Held) for row in await _with_receipts(Held, rows)]


async def _waiting(table: type[Held] | type[Conflict], theirs: Any, most: int) -> list[HeldItem]:
    mine = table.select(*table.all_columns(exclude=[table.body])).where(theirs).where(table.decided_at.is_null())
    rows = await _with_receipts(table, await mine.order_by(_arrival(table)).limit(most))
    return [_item(row, table) for row in rows]


def _arrival(table: type[Held] | type[Conflict]) -> Any:
    # An id is made when a thing comes, but for a conflict, which has a moment of its own.
    return Held.receipt.received_at if table is Held else Conflict.received_at


def _item(row: dict[str, Any], table: type[Held] | type[Conflict]) -> HeldItem:
    return HeldItem(row, table, _kind(row), plain.record_of(row["path"]))


async def _listed(table: type[Held] | type[Conflict], theirs: Any) -> tuple[list[HeldItem], list[HeldItem]]:
    columns = table.all_columns(exclude=[table.body])
    open_still = await _waiting(table, theirs, MOST)
    again = table.select(*columns).where(theirs).where(table.decided_at.is_not_null())
    decided = await again.order_by(table.decided_at, ascending=False).limit(MOST_DECIDED)
    return open_still, [_item(row, table) for row in await _with_receipts(table, decided)]


async def held_for(person: Any, held_id: UUID) -> HeldItem:
    """One thing the person reviews. NotFound for another team's, as for none."""
    theirs = await _reviews(person, lambda table: table.id == held_id)
    for table in (Held, Conflict):
        rows = await table.select().where(table.id == held_id).where(theirs(table))
        if rows:
            (row,) = await _with_receipts(table, rows)
            return await _whole(row, table)
    raise NotFound


async def _with_receipts(table: type[Held] | type[Conflict], rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each with what its own receipt says: of a conflict, that of the second copy, whose id it has."""
    ids = {row["receipt"] if table is Held else row["id"] for row in rows}
    found = await Receipt.select().where(Receipt.id.is_in(sorted(ids))) if ids else []
    receipts = {receipt["id"]: receipt for receipt in found}
    if table is Conflict:
        return [{**receipts[row["id"]], "reason": TWICE, **row} for row in rows]
    return [{**receipts[row["receipt"]], **row, "reason": _why(row)} for row in rows]


def _why(row: dict[str, Any]) -> str:
    """As it is said to who reviews it, who is not who sent it."""
    said = "" if row["home"] else TO_SENDER.sub("", row["reason"])
    return said or OUT_OF_SIGHT


async def _whole(row: dict[str, Any], table: type[Held] | type[Conflict]) -> HeldItem:
    body = bytes(row.pop("body"))
    came, owner = _came(row, plain.given(row["content_type"], body)), owner_of(row["path"])
    said = await owner.say(came) if owner else Said(_kind(row), plain.in_words(came.given))
    return HeldItem(
        row=row,
        table=table,
        what=said.what,
        record=plain.record_of(row["path"]) if said.notable or not owner else "",
        facts=said.facts,
        pictures=said.pictures,
        size=len(body),
        first=await _first(row["receipt"]) if table is Conflict else [],
        came=came,
        owner=owner if said.notable else None,
    )


async def _first(receipt_id: UUID) -> Given:
    """What the same command said when it came first: as it is stored in its record, or was held."""
    receipt = await Receipt.select().where(Receipt.id == receipt_id).first()
    assert receipt is not None, "a receipt is never deleted"
    who = ("Recorded by", receipt["person_name"])
    held = await Held.select(Held.body, Held.content_type).where(Held.receipt == receipt_id).first()
    owner = owner_of(receipt["path"])
    if held:
        given = plain.given(held["content_type"], bytes(held["body"]))
    else:
        given = await owner.stored(_came(receipt, [])) if owner else []
    said = await owner.say(_came(receipt, given)) if owner else Said("", plain.in_words(given))
    return [who, *said.facts]


def _came(row: dict[str, Any], given: Given) -> Came:
    record = plain.record_of(row["path"])
    return Came(
        action=action_of(row["path"]),
        record=UUID(record.rsplit("/", 1)[1]) if record else None,
        person=row["person"] or NO_TEAM,
        given=given,
        captured_at=row["captured_at"],
        received_at=row["received_at"],
        skew_seconds=row["skew_seconds"],
        home=row.get("home"),
    )


def _kind(row: dict[str, Any]) -> str:
    owner = owner_of(row["path"])
    return (owner.kinds.get(action_of(row["path"])) if owner else "") or plain.what_of(row["method"], row["path"])
