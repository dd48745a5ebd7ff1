"""Who is told, by which way, and what goes out to them: rows for messages, made once however often it is asked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from lone_working import link_rules, links, reply_rules, rules
from lone_working.ladder_rules import Who
from lone_working.rules import AlarmKind, Told
from lone_working.tables import AlarmTold
from messages import commands as messages
from messages import queries as sending
from messages import rules as message_rules
from messages import subscriptions
from messages.rules import Channel
from people import queries as people
from people.queries import Contact
from people.rules import Role
from pwa.direction import apart

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

    @property
    def id(self) -> UUID:
        """The same whoever makes it. A stand-down is one a person, whichever way it goes."""
        if self.what is Told.STAND_DOWN:
            return uuid5(self.alarm, f"{self.to.id} stand down")
        return uuid5(self.step or self.alarm, f"{self.to.id} {self.channel.value} {self.what.value}")


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


async def reachable(ids: Iterable[UUID]) -> list[Contact]:
    """`people.contacts`, who know of themselves whether a phone of theirs shows notifications."""
    found = await people.contacts(ids)
    shown = await subscriptions.people_with(one.id for one in found)
    return [replace(one, push=one.id in shown) for one in found]


def told_by(
    who: Who | None, session: dict[str, Any], contacts: Sequence[Contact]
) -> list[tuple[Contact, Channel]]:
    """Whom a step tells, by which ways. With nobody to tell yet it is the officer's own phone that speaks."""
    if who is None:
        mine = [one for one in contacts if one.id == session["person"] and one.push]
        return [(one, Channel.PUSH) for one in mine if session["pin_given_at"] is None]
    told = audience(who, session, contacts)
    return [(one, channel) for one in told for channel in ([Channel.SMS] if who is Who.OFFICER else ways(one))]


def managers_for(session: dict[str, Any], contacts: Iterable[Contact]) -> list[Contact]:
    """Of the team; without one who can be told, of any team; then administrators. Never the officer."""
    others = [one for one in contacts if one.id != session["person"] and ways(one)]
    managers = [one for one in others if one.role is Role.MANAGER]
    return (
        [one for one in managers if session["team"] and one.team_id == session["team"]]
        or managers
        or [one for one in others if one.role is Role.ADMINISTRATOR]
    )


def audience(who: Who | None, session: dict[str, Any], contacts: Sequence[Contact]) -> list[Contact]:
    if who is None:
        return []
    if who is Who.OFFICER:
        return [one for one in contacts if one.id == session["person"] and mobile(one)]
    is_buddy = [one for one in contacts if one.id == session["buddy"] and one.id != session["person"]]
    buddy = [one for one in is_buddy if ways(one)]
    if who is Who.BUDDY:
        return buddy or managers_for(session, contacts)
    managers = managers_for(session, contacts)
    if who is Who.MANAGERS:
        return managers
    return [*buddy, *(one for one in managers if one not in buddy)]


def few(session: dict[str, Any], contacts: Sequence[Contact]) -> str:
    """What whoever is out must know of how many a call for help reaches by text; empty for two or more."""
    names = [one.name for one in audience(Who.EVERYBODY, session, contacts) if mobile(one)]
    if len(names) > 1:
        return ""
    return f"only {apart(names[0])} can be reached" if names else "nobody can be reached"


def template_of(kind: AlarmKind, who: Who | None, guidance: bool) -> str:
    if who in (None, Who.OFFICER):
        return "alarm-reminder"
    if guidance:
        return "alarm-police"
    return "alarm-overdue" if kind is AlarmKind.OVERDUE else "alarm-panic"


async def put_out(session: dict[str, Any], tellings: Sequence[Telling], at: datetime) -> None:
    await put_out_all([(session, one) for one in tellings], at)


async def put_out_all(many: Sequence[tuple[dict[str, Any], Telling]], at: datetime) -> None:
    """Whom it was sent to, and the messages, AT_ONCE in a statement. What is known by its id is left as it is."""
    for first in range(0, len(many), AT_ONCE):
        await _put_out(many[first : first + AT_ONCE], at)


async def _put_out(many: Sequence[tuple[dict[str, Any], Telling]], at: datetime) -> None:
    told = [
        AlarmTold(
            id=one.id, alarm=one.alarm, step=one.step, person=one.to.id, person_name=one.to.name,
            channel=one.channel.value, what=one.what.value, told_at=at,
        )
        for _, one in many
    ]  # fmt: skip
    await AlarmTold.insert(*told).on_conflict(target=AlarmTold.id, action="DO NOTHING")
    with_link = [(one.id, one.alarm, one.to.id) for _, one in many if _has_link(one)]
    tokens = await links.mint(with_link, at)
    wanted = [(_cause(session, at), _wanted(session, one, tokens.get(one.id, ""))) for session, one in many]
    await messages.put_out_all(wanted)


def _has_link(one: Telling) -> bool:
    """A notification is pressed on a phone that is signed in; who is stood down has nothing to do."""
    return one.what is Told.STEP and one.channel is not Channel.PUSH


async def tell_of_slips(session: dict[str, Any], at: datetime) -> None:
    """Quietly, one message each to the buddy or, without one, the managers. It may be nothing."""
    contacts = await people.contacts([session["buddy"]] if session["buddy"] else [])
    out = []
    for one in audience(Who.BUDDY, session, contacts):
        channel = ways(one)[0]
        wanted = messages.Wanted(
            id=uuid5(session["id"], f"slips {one.id}"),
            channel=channel,
            template=f"alarm-slips-{channel.value}",
            recipient=address(one, channel),
            personalisation=_says(session, rules.WALL),
            record=rules.WALL,
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


def _cause(session: dict[str, Any], at: datetime) -> messages.Cause:
    return messages.Cause(session["team"], session["person"], session["person_name"], at)


def _wanted(session: dict[str, Any], one: Telling, token: str) -> messages.Wanted:
    mine = one.what is Told.REMINDER
    record = rules.session_address(session["id"]) if mine else rules.alarm_address(one.alarm)
    return messages.Wanted(
        id=one.id,
        channel=one.channel,
        template=f"{one.template}-{one.channel.value}",
        recipient=address(one.to, one.channel),
        personalisation=_says(session, link_rules.address(token) if token else record, one.step)
        | ({"how": one.how} if one.how else {}),
        record=record,
    )
