"""A phone is tried out: a code is texted and entered on it. So the number is theirs, and texts are seen there."""

import secrets
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from lone_working import ways
from lone_working.sessions import ready_rules
from lone_working.sessions.tables import PhoneCode, PhoneProved
from messages import commands as messages
from messages import queries as sending
from messages.rules import Channel
from people import queries as people
from people.rules import SignedIn
from pwa.answers import Refused
from pwa.outbox import Sent

TEMPLATE = "phone-test-sms"
RECORD = "/lone-working/test"


async def mobile_of(person: UUID) -> str:
    """As a message would go to it; empty when they have none, or are not here any more."""
    found = [one for one in await people.contacts([person]) if one.id == person]
    return ways.mobile(found[0]) if found else ""


async def send_code(sent: Sent, me: SignedIn) -> None:
    phone, at = await mobile_of(me.id), sent.received_at
    if not phone or not sending.ready():
        raise Refused({"form": ready_rules.NO_MOBILE if not phone else messages.NOT_READY})
    recent = (PhoneCode.person == me.id) & (PhoneCode.made_at > at - timedelta(hours=1))
    if await PhoneCode.count().where(recent) >= ready_rules.MOST_CODES:
        raise Refused({"form": ready_rules.TOO_MANY_CODES})
    code = f"{secrets.randbelow(10**6):06}"
    await PhoneCode.insert(PhoneCode(person=me.id, phone=phone, code=code, made_at=at))
    id = uuid5(sent.id, "phone test")
    await messages.put_out(sent, messages.Wanted(id, Channel.SMS, TEMPLATE, phone, {"code": code}, RECORD))
    sent.note = "a code was texted"


async def code_waits(me: SignedIn, at: datetime) -> bool:
    """Whether a code was texted that can still be entered."""
    row = await _newest(me)
    return (
        row is not None and row["slips"] < ready_rules.MOST_SLIPS and at - row["made_at"] <= ready_rules.CODE_LASTS
    )


async def _newest(me: SignedIn) -> dict[str, Any] | None:
    codes = PhoneCode.select().where(PhoneCode.person == me.id)
    row = await codes.order_by(PhoneCode.made_at, ascending=False).first()
    return dict(row) if row else None


async def answer(sent: Sent, me: SignedIn, typed: str) -> None:
    """Run by `once`. A wrong one changes nothing; `slip` counts it, so that nobody guesses."""
    row, phone = await _newest(me), await mobile_of(me.id)
    if row is None or row["phone"] != phone:
        raise Refused({"code": ready_rules.OLD_CODE})
    age = sent.received_at - row["made_at"]
    if wrong := ready_rules.wrong_with_code(typed, row["code"], row["slips"], age):
        raise Refused({"code": wrong})
    await tested(me.id, me.device_id, sent.received_at, phone)
    sent.note = "a test text was answered"


async def slip(sent: Sent, me: SignedIn) -> None:
    row = await _newest(me)
    if row:
        await PhoneCode.update({PhoneCode.slips: PhoneCode.slips + 1}).where(PhoneCode.id == row["id"])
    sent.note = "a wrong code was entered"


async def tested(person: UUID, device: UUID | None, at: datetime, phone: str = "") -> None:
    """A message to this person was answered on this phone, by whatever way it went. Part of a transaction."""
    await PhoneProved.insert(PhoneProved(person=person, phone=phone, device=device, at=at))


async def tested_at(me: SignedIn) -> datetime | None:
    """When this phone last answered. A browser that has not said which phone it is on has never."""
    if me.device_id is None:
        return None
    here = (PhoneProved.person == me.id) & (PhoneProved.device == me.device_id)
    row = await PhoneProved.select(PhoneProved.at).where(here).order_by(PhoneProved.at, ascending=False).first()
    return row["at"] if row else None


async def number_checked(person: UUID) -> bool:
    """The number they have now was proved to be theirs. One that was changed is not, until it is."""
    phone = await mobile_of(person)
    mine = (PhoneProved.person == person) & (PhoneProved.phone == phone)
    return bool(phone) and await PhoneProved.exists().where(mine)
