"""Texts that came in at the council's number, as GOV.UK Notify tells of them: kept first, then somebody says what
each of them means (`hear_with`), then it is answered by text where that can be done.

Told again, in another order or late, nothing happens twice: its id at Notify is the id of our receipt and our row.
"""

import hashlib
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import msgspec

from messages import commands, rules
from messages.rules import Channel
from messages.tables import ReceivedText
from people import queries as people
from people.queries import Contact
from pwa.answers import Mismatch, Unreadable
from pwa.outbox import Sent, once, writing
from pwa.sent import from_rule
from pwa.waking import wake

log = logging.getLogger("doorstep.messages")
PATH = "/messages/notify/received"
OURS, STRANGERS = 20, 1
"""Answers to one number, in an hour and in a day: two machines do not talk to each other for ever."""


class FromNotify(msgspec.Struct):
    """Its documented callback for a received text. The number it was sent to is the council's own."""

    id: str
    source_number: str = ""
    message: str = ""
    date_received: str = ""


@dataclass(frozen=True)
class Text:
    id: UUID
    number: str
    """As +447700900123; as it came where that is no mobile."""
    words: str
    sent_at: datetime
    owners: tuple[Contact, ...]
    """Whose number it is: one, or none, or all who share a telephone."""


@dataclass(frozen=True)
class Meaning:
    """What became of a text, and how it is answered; not at all without an answer."""

    outcome: str
    answer: str = ""
    record: str = ""
    wakes: str = ""
    """What loop has something to do by it (pwa.waking)."""


Hearing = Callable[[Sent, Text], Awaitable[Meaning]]
_hearing: list[tuple[Hearing, Callable[[str], str]]] = []


def hear_with(meaning: Hearing, keep: Callable[[str], str]) -> None:
    """Who says what a text of somebody known means, inside `once`; and what of its words may be kept."""
    _hearing[:] = [(meaning, keep)]


async def take(body: bytes, at: datetime) -> None:
    """Keep it, do what it asks and answer. Unreadable for what is no text of Notify's."""
    text = await _read(body, at)
    sent, meant = _sent(text, at), list[Meaning]()
    try:
        await once(sent, _keep, text)
        await once(replace(sent, id=uuid5(sent.id, "meant")), _act, text, meant)
    except Mismatch:
        # Told again after its sender's account changed: it was heard as it was then.
        log.info("a text came again differently")
    for one in meant:
        wake(one.wakes)
        wake(rules.URGENT)


async def _read(body: bytes, at: datetime) -> Text:
    try:
        said = msgspec.json.decode(body, type=FromNotify)
        id = UUID(said.id)
    except (msgspec.DecodeError, UnicodeDecodeError, ValueError) as wrong:
        raise Unreadable from wrong
    number = _number(said.source_number)
    return Text(id, number, _storable(said.message), _moment(said.date_received, at), await _owners(number))


def _storable(words: str) -> str:
    """PostgreSQL stores no NUL, and nobody texts four thousand letters."""
    return words.replace("\x00", "").encode("utf-8", "replace").decode()[:4000]


def _number(given: str) -> str:
    """Notify gives 447700900123; a word instead of a number, or a short code, is nobody's mobile."""
    try:
        return rules.recipient(Channel.SMS, given if given.startswith(("+", "0", "44")) else f"+{given}")
    except ValueError:
        return _storable(given)[:40]


def _moment(given: str, at: datetime) -> datetime:
    """When Notify received it. Never after now, nor believed when it has no time."""
    try:
        moment = datetime.fromisoformat(given)
    except ValueError:
        return at
    return min(moment, at) if moment.tzinfo else at


async def _owners(number: str) -> tuple[Contact, ...]:
    return tuple(one for one in await people.with_phones() if _mobile(one.phone) == number)


def _mobile(phone: str) -> str:
    try:
        return rules.recipient(Channel.SMS, phone)
    except ValueError:
        return ""


def _sent(text: Text, at: datetime) -> Sent:
    """Its words are not in the fingerprint: four digits under SHA-256 are no secret, and some may be a PIN."""
    who = text.owners[0] if len(text.owners) == 1 else None
    return replace(
        from_rule(PATH, at),
        id=text.id,
        method="POST",
        person_id=who.id if who else None,
        person_name=who.name if who else "a text message",
        team_id=who.team_id if who else None,
        body_sha256=hashlib.sha256(f"{text.id} {text.number}".encode()).hexdigest(),
        captured_at=text.sent_at,
    )


async def _keep(sent: Sent, text: Text) -> None:
    keep = _hearing[0][1] if _hearing else str
    row = ReceivedText(
        id=text.id,
        sender=text.number,
        words=keep(text.words),
        person=sent.person_id,
        person_name=sent.person_name if sent.person_id else "",
        team=sent.team_id,
        sent_at=text.sent_at,
        received_at=sent.received_at,
    )
    await ReceivedText.insert(row).on_conflict(target=ReceivedText.id, action="DO NOTHING")
    sent.note = "a text came in"


async def _act(sent: Sent, text: Text, meant: list[Meaning]) -> None:
    known = bool(text.owners and _hearing)
    meaning = await _hearing[0][0](sent, text) if known else Meaning("not known")
    became: dict[Any, Any] = {ReceivedText.outcome: meaning.outcome, ReceivedText.record: meaning.record}
    await ReceivedText.update(became).where(ReceivedText.id == text.id)
    await _answer(sent, text, meaning, known)
    meant.append(meaning)


async def _answer(sent: Sent, text: Text, meaning: Meaning, known: bool) -> None:
    """By text, if it came from a mobile and not too often: a stranger's once a day, and it tells them nothing."""
    if (known and not meaning.answer) or not _mobile(text.number):
        return
    hours, most = (1, OURS) if known else (24, STRANGERS)
    lately = ReceivedText.received_at > sent.received_at - timedelta(hours=hours)
    if await ReceivedText.count().where((ReceivedText.sender == text.number) & lately) > most:
        return
    wanted = commands.Wanted(
        id=rules.reply_to(text.id),
        channel=Channel.SMS,
        template="reply-sms" if known else "reply-stranger-sms",
        recipient=text.number,
        personalisation={"said": meaning.answer} if known else {},
        record=meaning.record,
    )
    await commands.put_out(sent, wanted)


async def erase_older(before: datetime) -> int:
    """Empty numbers and words of what came in before that; of how many."""
    old = (ReceivedText.received_at < before) & (ReceivedText.sender != "")
    if not await ReceivedText.exists().where(old):
        return 0
    nothing: dict[Any, Any] = {ReceivedText.sender: "", ReceivedText.words: ""}
    async with writing():
        return len(await ReceivedText.update(nothing).where(old).returning(ReceivedText.id))
