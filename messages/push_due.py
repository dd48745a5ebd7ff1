"""Due work: notifications to hand over, in a loop of their own so that no text waits behind a slow push service.

Claimed, sent and marked as texts are. There is nothing to look up afterwards: sent again under the same topic and
tag, a notification takes the place of the one before.
"""

import asyncio
import json
import logging
from datetime import datetime
from typing import Any
from uuid import UUID

from messages import commands, push, rules, subscriptions, template_rules
from messages.rules import Answer, Channel, Outcome, State
from messages.tables import Message, PushSubscription
from pwa.outbox import claim, writing

log = logging.getLogger("doorstep.messages")
AT_ONCE = 32
NO_PHONE = "No phone or computer of theirs shows notifications."
TOO_LATE = "It came too late to be of use."
Row = dict[str, Any]
Values = dict[Any, Any]


async def run_due(at: datetime) -> int:
    """Deal with up to AT_ONCE; how many there were."""
    rows = await _claim(at)
    await asyncio.gather(*(_deal(row, at) for row in rows))
    return len(rows)


async def _claim(at: datetime) -> list[Row]:
    due = (Message.next_try_at <= at) & (Message.channel == Channel.PUSH.value)
    if not await Message.exists().where(due):
        return []
    async with writing():
        first = Message.select().where(due).order_by(Message.rank, Message.next_try_at)
        rows: list[Row] = await claim(first.limit(AT_ONCE))
        if rows:
            taken: Values = {Message.next_try_at: at + rules.LEASE, Message.tries: Message.tries + 1}
            await Message.update(taken).where(Message.id.is_in([row["id"] for row in rows]))
    return [{**row, "tries": row["tries"] + 1} for row in rows]


async def _deal(row: Row, at: datetime) -> None:
    try:
        # It may have been taken back since it was claimed.
        mine = await Message.select(Message.personalisation).where(_ours(row)).first()
        if mine is None:
            return
        if push.pushing() is None:
            await commands.show(row["id"], at)
        else:
            await Message.update(await _handed_over(row, json.loads(mine["personalisation"]), at)).where(
                _ours(row)
            )
    except Exception as wrong:
        # It is due again after its lease.
        log.error("a notification could not be dealt with", exc_info=wrong)


def _ours(row: Row) -> Any:
    """Still as it was when we claimed it."""
    return (Message.id == row["id"]) & (Message.tries == row["tries"]) & (Message.state == State.WAITING.value)


async def _handed_over(row: Row, given: dict[str, str], at: datetime) -> Values:
    """What is now true of it."""
    lasts = template_rules.lasts(row["template"])
    if at - row["made_at"] > lasts:
        return _over(State.FAILED, TOO_LATE)
    person, _, device = row["recipient"].removeprefix("person ").partition(" ")
    which: Any = PushSubscription.person == UUID(person)
    if device:
        which = which & (PushSubscription.device == UUID(device))
    phones = await subscriptions.live(which)
    answers = await _to_all(phones, payload(row, given), given["tag"], lasts - (at - row["made_at"]))
    if any(one.outcome is Outcome.TAKEN for one in answers):
        return _over(State.SENT, "") | {Message.sent_at: at}
    again = [one for one in answers if one.outcome is not Outcome.REFUSED]
    if again:
        return {Message.next_try_at: at + rules.pause(row["tries"]), Message.said: again[0].said}
    return _over(State.FAILED, answers[0].said if answers else NO_PHONE)


async def _to_all(phones: list[Row], said: dict[str, Any], topic: str, ttl: Any) -> list[Answer]:
    """What each said that still takes any; the others are forgotten."""
    used = push.pushing()
    assert used is not None
    answers = await asyncio.gather(*(used.send(one, said, topic, ttl) for one in phones))
    await subscriptions.prune(one["id"] for one, answer in zip(phones, answers, strict=True) if answer is None)
    return [answer for answer in answers if answer is not None]


def payload(row: Row, given: dict[str, str]) -> dict[str, Any]:
    """What the service worker shows, and where a press leads (pwa/src/pushed.ts)."""
    template = template_rules.TEMPLATES[row["template"]]
    return {
        "id": str(row["id"]),
        "kind": row["template"].removesuffix("-push"),
        "title": template_rules.rendered(template.subject, given),
        "body": template_rules.rendered(template.body, given),
        "tag": given["tag"],
        "url": row["record"],
        "session": given.get("session", ""),
    }


def _over(state: State, said: str) -> Values:
    return {Message.state: state.value, Message.next_try_at: None, Message.said: said, Message.personalisation: ""}
