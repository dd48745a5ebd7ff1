"""Who is told, by which way, and what goes out to them: rows for messages, made once however often it is asked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from lone_working import duty, link_rules, links, reply_rules, rota_rules, rules
from lone_working.beside import with_beside
from lone_working.ladder_rules import Step, Who
from lone_working.rota_rules import Duty, Shift
from lone_working.rules import AlarmKind, Told
from lone_working.tables import AlarmTold
from messages import commands as messages
from messages import queries as sending
from messages import rules as message_rules
from messages.rules import Channel, Rank
from people.queries import Contact
from people.rules import Role
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


def mobile(contact: Contact) -> str:
    try:
        return message_rules.recipient(Channel.SMS, contact.phone) if contact.phone else ""
    except ValueError:
        return ""


def email(contact: Contact) -> str:
    try:
        return message_rules.recipient(Channel.EMAIL, contact.email)
    except ValueError:
        return ""


def address(contact: Contact, channel: Channel) -> str:
    if channel is Channel.PUSH:
        return message_rules.phones_of(contact.id)
    return mobile(contact) if channel is Channel.SMS else email(contact)


def ways(contact: Contact) -> list[Channel]:
    """A text first; a manager also by e-mail, and whoever has no mobile. A notification only comes on top."""
    found = [Channel.SMS] if mobile(contact) else []
    if email(contact) and (not found or contact.role in (Role.MANAGER, Role.ADMINISTRATOR)):
        found.append(Channel.EMAIL)
    return [*found, Channel.PUSH] if found and contact.push else found


def told_by(
    who: Who | None, session: dict[str, Any], contacts: Sequence[Contact], shifts: Sequence[Shift] = ()
) -> list[tuple[Contact, Channel]]:
    """Whom a step tells, by which ways. With nobody to tell yet it is the officer's own phone that speaks."""
    if who is None:
        mine = [one for one in contacts if one.id == session["person"] and one.push]
        return [(one, Channel.PUSH) for one in mine if session["pin_given_at"] is None]
    told = audience(who, session, contacts, shifts)
    return [(one, channel) for one in told for channel in ([Channel.SMS] if who is Who.OFFICER else ways(one))]


def every_way(contact: Contact) -> list[Channel]:
    """All by which they can be told, in the order in which one takes the place of another."""
    able = {Channel.SMS: mobile(contact), Channel.EMAIL: email(contact)}
    return [channel for channel, address in able.items() if address]


def managers_for(session: dict[str, Any], contacts: Iterable[Contact]) -> list[Contact]:
    """Of the team; without one who can be told, of any team; then administrators. Never the officer."""
    others = [one for one in contacts if one.id != session["person"] and ways(one)]
    managers = [one for one in others if one.role is Role.MANAGER]
    return (
        [one for one in managers if session["team"] and one.team_id == session["team"]]
        or managers
        or [one for one in others if one.role is Role.ADMINISTRATOR]
    )


def rostered(
    session: dict[str, Any], contacts: Iterable[Contact], shifts: Iterable[Shift], *kinds: Duty
) -> list[Contact]:
    """Who is on duty in these shifts and can be told, once each. Never the officer, and nobody who left."""
    known = {one.id: one for one in contacts if one.id != session["person"] and ways(one)}
    found: dict[UUID, Contact] = {}
    for shift in shifts:
        one = known.get(shift.person)
        if one and (not kinds or shift.duty in kinds) and rota_rules.counts(shift, one.role, one.team_id):
            found[one.id] = one
    return list(found.values())


def audience(
    who: Who | None, session: dict[str, Any], contacts: Sequence[Contact], shifts: Sequence[Shift] = ()
) -> list[Contact]:
    """`shifts`: those of every team that are on then; duty.reach gives both. Not who is in there with them
    (beside.with_beside), unless there is nobody else."""
    if who is None:
        return []
    if who is Who.OFFICER:
        return [one for one in contacts if one.id == session["person"] and mobile(one)]
    if beside := session.get("beside"):
        alone, away = {**session, "beside": ()}, [one for one in contacts if one.id not in beside]
        return audience(who, alone, away, shifts) or audience(who, alone, contacts, shifts)
    is_buddy = [one for one in contacts if one.id == session["buddy"] and one.id != session["person"]]
    buddy = [one for one in is_buddy if ways(one)]
    mine = rota_rules.for_team(shifts, session["team"])
    here, managers = rostered(session, contacts, mine), managers_for(session, contacts)
    if who is Who.BUDDY:
        return buddy or here or managers
    if who in (Who.DUTY_MANAGER, Who.DEPUTY):
        kind = Duty.DEPUTY if who is Who.DEPUTY else Duty.MANAGER
        return rostered(session, contacts, mine, kind) or here or managers
    if who is Who.DUTY:
        return here or managers
    if who is Who.MANAGERS:
        return _once_each(here or managers, rostered(session, contacts, shifts))
    return _once_each(buddy, here, managers)


def _once_each(*lists: Sequence[Contact]) -> list[Contact]:
    return list({one.id: one for some in lists for one in some}.values())


def few(session: dict[str, Any], contacts: Sequence[Contact], shifts: Sequence[Shift] = ()) -> str:
    """What whoever is out must know of how many a call for help reaches by text; empty for two or more.
    Who is in there with them comes to nobody's help."""
    inside = session.get("beside", ())
    told = audience(Who.EVERYBODY, session, contacts, shifts)
    names = [one.name for one in told if mobile(one) and one.id not in inside]
    if len(names) > 1:
        return ""
    return f"only {apart(names[0])} can be reached" if names else "nobody can be reached"


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
    for one in audience(Who.BUDDY, session, *reach):
        channel = ways(one)[0]
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


def notice(
    about: UUID, what: str, to: Contact, channel: Channel, template: str, given: dict[str, str], record: str
) -> messages.Wanted:
    """A message that tells of no alarm: the same whoever makes it."""
    id = uuid5(about, f"{template} {what} {to.id} {channel.value}")
    return messages.Wanted(id, channel, f"{template}-{channel.value}", address(to, channel), given, record)


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
    """One that no step of an alarm's own ladder makes (lone_working/reminding.py)."""
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
