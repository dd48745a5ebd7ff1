"""What went out: for a manager their own team's; for an administrator how it went, and not what it said."""

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from messages import breaker, rules, sending, template_rules
from messages.rules import Channel, Reach, State
from messages.tables import Message, ReceivedText
from people.rules import Role, SignedIn

PAGE = 30
AT_ONCE = 1000


@dataclass(frozen=True)
class Standing:
    """How far one message is."""

    id: UUID
    channel: Channel
    state: State
    to: str
    made_at: datetime
    sent_at: datetime | None
    delivered_at: datetime | None
    said: str

    @property
    def words(self) -> str:
        return rules.STATE_WORDS[self.state]

    @property
    def channel_words(self) -> str:
        return rules.CHANNEL_WORDS[self.channel]


@dataclass(frozen=True)
class Shown:
    """A line of the page of messages. `body` is empty where it may not be read, or is not kept any more."""

    standing: Standing
    person_name: str
    record: str
    subject: str
    body: str
    link: str


_kept: list[Callable[[SignedIn], Any]] = []


def keep_messages(*messages: Callable[[SignedIn], Any]) -> None:
    """Queries of the messages somebody may not see: what they tell of is not known here. Said at the start."""
    _kept[:] = messages


_silent: list[Callable[[SignedIn], Any]] = []


def keep_texts_of(*people: Callable[[SignedIn], Any]) -> None:
    """Queries of the people whose texts somebody may not read now, nor what is urgent about them, as
    `keep_messages`. Said at the start."""
    _silent[:] = people


async def standings(ids: Collection[UUID]) -> dict[UUID, Standing]:
    """Of the messages that a record of the caller's names, which the caller has found they may see."""
    if not ids:
        return {}
    rows = await Message.select().where(Message.id.is_in(list(ids)))
    return {row["id"]: _standing(row) for row in rows}


async def reached(ids: Collection[UUID], at: datetime) -> dict[UUID, tuple[Reach, str]]:
    """How far each came, and its template without the channel. For due work: not scoped, and nobody is named."""
    closed = (await breaker.channels(at)).closed
    found: dict[UUID, tuple[Reach, str]] = {}
    wanted = list(ids)
    for first in range(0, len(wanted), AT_ONCE):
        some = Message.id.is_in(wanted[first : first + AT_ONCE])
        query = Message.select(Message.id, Message.state, Message.said, Message.channel, Message.template)
        for row in await query.where(some):
            how = rules.reach(State(row["state"]), row["said"], row["channel"] in closed)
            found[row["id"]] = how, row["template"].removesuffix(f"-{row['channel']}")
    return found


async def states(ids: Collection[UUID]) -> dict[UUID, State]:
    """Where each stands. For due work: not scoped, and nobody is named."""
    found: dict[UUID, State] = {}
    wanted = list(ids)
    for first in range(0, len(wanted), AT_ONCE):
        some = Message.id.is_in(wanted[first : first + AT_ONCE])
        for row in await Message.select(Message.id, Message.state).where(some):
            found[row["id"]] = State(row["state"])
    return found


async def texted(records: Collection[str], outcome: str) -> set[tuple[str, UUID]]:
    """Who sent a text about one of these of which that became, and which: where the answer to it arrived. For due
    work, as `states`."""
    which = ReceivedText.record.is_in(list(records)) & (ReceivedText.outcome == outcome)
    rows = await ReceivedText.select(ReceivedText.id, ReceivedText.record, ReceivedText.person).where(which)
    came = await states([rules.reply_to(row["id"]) for row in rows])
    return {
        (row["record"], row["person"])
        for row in rows
        if row["person"] and came.get(rules.reply_to(row["id"])) in (State.DELIVERED, State.SHOWN)
    }


async def sent_to_the_same(message: UUID, others: Collection[UUID]) -> set[UUID]:
    """Those of some messages that went to whom this one went to. None once the number or address is forgotten."""
    rows = await Message.select(Message.id, Message.recipient).where(Message.id.is_in([message, *others]))
    to = {row["id"]: row["recipient"].strip().lower() for row in rows}
    return {id for id in others if to.get(message) and to.get(id) == to[message]}


async def messages_of(person: SignedIn, page: int = 1) -> list[Shown]:
    """The newest first."""
    query = Message.select().order_by(Message.made_at, ascending=False)
    query = query.where(Message.template != template_rules.CANARY)
    if person.role != Role.ADMINISTRATOR:
        if person.team_id is None:
            return []
        # Not what is about their own safety: there may be somebody beside them (decision 0052).
        others = Message.person.is_null() | (Message.person != person.id) | Message.urgent.eq(False)
        query = query.where((Message.team == person.team_id) & others)
        for kept in _kept:
            query = query.where(Message.id.not_in(kept(person)))
        for silent in _silent:  # what answers their texts says the same as those
            about = Message.person.is_null() | Message.urgent.eq(False) | Message.person.not_in(silent(person))
            query = query.where(about)
    rows = await query.limit(PAGE).offset((page - 1) * PAGE)
    return [_shown(row, reads=person.role == Role.MANAGER) for row in rows]


@dataclass(frozen=True)
class CameIn:
    """A text that somebody sent. Whose, what it said and what it was about: for a manager only."""

    id: UUID
    received_at: datetime
    outcome: str
    person_name: str
    sender: str
    words: str
    record: str


async def texts_of(person: SignedIn, page: int = 1) -> list[CameIn]:
    """The newest first: of the own team, and of numbers that nobody has. Never one's own: see `messages_of`."""
    query = ReceivedText.select().order_by(ReceivedText.received_at, ascending=False)
    reads = person.role == Role.MANAGER
    if reads:
        theirs = (ReceivedText.team == person.team_id) & (ReceivedText.person != person.id)
        for silent in _silent:
            theirs &= ReceivedText.person.not_in(silent(person))
        query = query.where(theirs | ReceivedText.person.is_null())
    rows = await query.limit(PAGE).offset((page - 1) * PAGE)
    return [
        CameIn(
            row["id"],
            row["received_at"],
            row["outcome"],
            *((row["person_name"], row["sender"], row["words"], row["record"]) if reads else ("", "", "", "")),
        )
        for row in rows
    ]


def _standing(row: dict[str, Any]) -> Standing:
    return Standing(
        id=row["id"],
        channel=Channel(row["channel"]),
        state=State(row["state"]),
        to=rules.masked(row["recipient"]),
        made_at=row["made_at"],
        sent_at=row["sent_at"],
        delivered_at=row["delivered_at"],
        said=row["said"],
    )


def _shown(row: dict[str, Any], reads: bool) -> Shown:
    template, subject, body, link = template_rules.TEMPLATES.get(row["template"]), "", "", ""
    # Only the demo's: what really goes out is between the council and who it is sent to.
    if reads and template and row["state"] == State.SHOWN and row["personalisation"]:
        given = json.loads(row["personalisation"])
        subject, body = (template_rules.rendered(text, given) for text in (template.subject, template.body))
        link = given.get("link", "")
    record = row["record"] if reads else ""
    return Shown(_standing(row), row["person_name"] if reads else "", record, subject, body, link)


def ready() -> bool:
    """Whether anything can be sent from here, or be shown as in the demo."""
    return sending.settings().ready


def public_address() -> str:
    """Where people reach this server: what a link in a message begins with."""
    return sending.settings().address


def replies_to() -> str:
    """The number to which a text may be sent, as people dial it; empty where none is taken in."""
    chosen = sending.settings()
    return chosen.number if chosen.hears else ""
