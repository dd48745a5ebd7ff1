"""Who is told, by which way, and what goes out to them: rows for messages, made once however often it is asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from lone_working import rules, ways
from lone_working.alarms import link_rules, links, reply_rules
from lone_working.beside import with_beside
from lone_working.ladders import audience
from lone_working.ladders.rules import Step, Who
from lone_working.rota import duty
from lone_working.rules import AlarmKind, Told
from lone_working.tables import AlarmTold
from lone_working.ways import address
from messages import commands as messages
from messages import queries as sending
from messages.rules import Channel, Rank
from people.queries import Contact
from pwa.adding import AddingMany
from pwa.direction import apart
from pwa.pages import time

_ADD_TOLD = AddingMany(AlarmTold, AlarmTold.id)
AT_ONCE = 500
"""Rows in one statement: both databases take some 32,000 values in one, and a message has twenty."""


@dataclass(frozen=True)
class Telling:
    """One message to somebody about an alarm."""

    alarm: UUID
    step: UUID | None
    what: Told
    to: Contact
    channel: Channel
    template: str
    how: str = ""
    owner: str = ""
    """Of a step: who has it, in words."""
    rank: Rank = Rank.OTHER
    again: bool = False
    """Of a stand-down: by another way, for one that was refused."""

    @property
    def id(self) -> UUID:
        """The same whoever makes it. A stand-down is one a person, whichever way it goes first."""
        if self.what is Told.STAND_DOWN:
            other = f" {self.channel.value}" if self.again else ""
            return uuid5(self.alarm, f"{self.to.id} stand down{other}")
        return uuid5(self.step or self.alarm, f"{self.to.id} {self.channel.value} {self.what.value}")


def step_id(alarm: UUID, step: Step) -> UUID:
    """The same whichever engine takes it."""
    return uuid5(alarm, f"{step.cycle} {step.n}")


def rank_of(kind: AlarmKind) -> Rank:
    return Rank.OVERDUE if kind is AlarmKind.OVERDUE else Rank.HELP


def template_of(kind: AlarmKind, who: Who | None, guidance: bool) -> str:
    if who in (None, Who.OFFICER):
        return "alarm-reminder"
    if guidance:
        return "alarm-police"
    return "alarm-overdue" if kind is AlarmKind.OVERDUE else "alarm-panic"


def owner_words(alarm: dict[str, Any]) -> str:
    """Who has it, also when their time ran out: "J. Smith has had it since 10:04."."""
    if not alarm["owner"] or alarm["owned_at"] is None:
        return "Nobody has it yet."
    return f"{apart(rules.short_name(alarm['owner_name']))} has had it since {time(alarm['owned_at'])}."


async def put_out(session: dict[str, Any], tellings: Sequence[Telling], at: datetime) -> None:
    await put_out_all([(session, one) for one in tellings], at)


async def put_out_all(many: Sequence[tuple[dict[str, Any], Telling]], at: datetime, again: bool = False) -> None:
    """Whom it was sent to, and the messages, AT_ONCE in a statement. What is known by its id is left as it is.

    `again`: an earlier step's message that still waits for the same person by the same way is not sent any more.
    """
    for first in range(0, len(many), AT_ONCE):
        await _put_out(many[first : first + AT_ONCE], at, again)


async def _put_out(many: Sequence[tuple[dict[str, Any], Telling]], at: datetime, again: bool) -> None:
    told = [
        {"id": one.id, "alarm": one.alarm, "step": one.step, "person": one.to.id, "person_name": one.to.name,
         "channel": one.channel, "what": one.what, "told_at": at}
        for _, one in many
    ]  # fmt: skip
    await _ADD_TOLD(told)
    with_link = [(one.id, one.alarm, one.to.id) for _, one in many if _has_link(one)]
    tokens = await links.mint(with_link, at)
    wanted = [(_cause(session, at), _wanted(session, one, tokens.get(one.id, ""))) for session, one in many]
    await messages.put_out_all(wanted, again)


def _has_link(one: Telling) -> bool:
    """A notification is pressed on a phone that is signed in; who is stood down has nothing to do."""
    return one.what is Told.STEP and one.channel is not Channel.PUSH


def slips_id(session: UUID, person: UUID) -> UUID:
    """Of the message that says so: whoever it was for may open that session."""
    return uuid5(session, f"slips {person}")


async def tell_of_slips(session: dict[str, Any], at: datetime) -> None:
    """Quietly, one message each to the buddy or, without one, the managers. It may be nothing."""
    (session,) = await with_beside([session])
    reach = await duty.reach([session["buddy"]] if session["buddy"] else [], at)
    out = []
    for one in audience.of(Who.BUDDY, session, *reach):
        channel = ways.of(one)[0]
        wanted = messages.Wanted(
            id=slips_id(session["id"], one.id),
            channel=channel,
            template=f"alarm-slips-{channel.value}",
            recipient=address(one, channel),
            personalisation=_says(session, rules.out_address(session["id"])),
            record=rules.out_address(session["id"]),
        )
        out.append((_cause(session, at), wanted))
    await messages.put_out_all(out)


def _says(session: dict[str, Any], record: str, step: UUID | None = None) -> dict[str, str]:
    """`tag`: a notification takes the place of one with the same, here and at the push service."""
    return {
        "tag": (step or session["id"]).hex,
        "number": str(session["number"]),
        "name": rules.short_name(session["person_name"]),
        "link": sending.public_address() + record,
        "reply": reply_rules.offer(session["number"], bool(sending.replies_to())),
    }


def reminder(
    session: dict[str, Any], id: UUID, officer: Contact, channel: Channel, at: datetime
) -> tuple[messages.Cause, messages.Wanted]:
    """One that no step of an alarm's own ladder makes (lone_working/alarms/reminding.py)."""
    record = rules.session_address(session["id"])
    return _cause(session, at), messages.Wanted(
        id=id,
        channel=channel,
        template=f"alarm-reminder-{channel.value}",
        recipient=address(officer, channel),
        personalisation=_says(session, record),
        record=record,
    )


def _cause(session: dict[str, Any], at: datetime) -> messages.Cause:
    return messages.Cause(session["team"], session["person"], session["person_name"], at)


def _wanted(session: dict[str, Any], one: Telling, token: str) -> messages.Wanted:
    mine = one.what is Told.REMINDER
    record = rules.session_address(session["id"]) if mine else rules.alarm_address(one.alarm)
    more = {name: words for name, words in (("how", one.how), ("owner", one.owner)) if words}
    return messages.Wanted(
        id=one.id,
        channel=one.channel,
        template=f"{one.template}-{one.channel.value}",
        recipient=address(one.to, one.channel),
        personalisation=_says(session, link_rules.address(token) if token else record, one.step) | more,
        record=record,
        rank=one.rank,
    )
