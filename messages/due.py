"""Due work: messages to hand over, and those whose provider never called back, looked up.

Claim in one transaction, call with none, mark in another. Killed between any two statements a message is due
again when its lease is over; it is then looked up by its reference first, so that it seldom goes out twice.
"""

import asyncio
import json
import logging
from datetime import datetime
from typing import Any

from messages import commands, rules, sending
from messages.rules import Channel, Outcome, State
from messages.sending import Notify, NoWord
from messages.tables import Message
from pwa.outbox import claim, writing

log = logging.getLogger("doorstep.messages")


async def run_due(at: datetime) -> int:
    """Deal with up to AT_ONCE messages that are not urgent; how many there were."""
    return await _run(at, urgent=False, most=sending.AT_ONCE)


async def run_urgent(at: datetime) -> int:
    """The same for those about somebody's safety: in a loop and in threads of their own."""
    return await _run(at, urgent=True, most=sending.URGENT_AT_ONCE)


async def _run(at: datetime, urgent: bool, most: int) -> int:
    ready = sending.settings().ready
    rows = await _claim(at, urgent, most) if ready else []
    await asyncio.gather(*(_deal(row, at) for row in rows))
    return len(rows)


async def _claim(at: datetime, urgent: bool, most: int) -> list[dict[str, Any]]:
    """Take some for ourselves. `tries` is our number: whoever claims them after us has another."""
    due = (Message.next_try_at <= at) & (Message.urgent == urgent) & (Message.channel != Channel.PUSH.value)
    if not await Message.exists().where(due):
        return []
    query = Message.select().where(due).order_by(Message.next_try_at).limit(most)
    async with writing():
        rows: list[dict[str, Any]] = await claim(query)
        if rows:
            taken: dict[Any, Any] = {
                Message.next_try_at: at + rules.LEASE,
                Message.tries: Message.tries + 1,
                Message.doubt: True,
            }
            await Message.update(taken).where(Message.id.is_in([row["id"] for row in rows]))
    return [{**row, "tries": row["tries"] + 1} for row in rows]


async def _deal(row: dict[str, Any], at: datetime) -> None:
    try:
        notify = sending.notify()
        if row["state"] == State.SENT:
            if notify:
                await _look(notify, row, at)
        elif notify is None:
            await commands.show(row["id"], at)
        else:
            await _hand_over(notify, row, at)
    except Exception as wrong:
        # One that goes wrong in a way nobody thought of holds up no other. It is due again after its lease.
        log.error("a message could not be dealt with", exc_info=wrong)


async def _hand_over(notify: Notify, row: dict[str, Any], at: datetime) -> None:
    # Also one that is old by now: this database may have been put back to a copy from before it went out.
    if row["doubt"] or at - row["made_at"] > rules.LEASE:
        try:
            found = await notify.find(str(row["id"]), row["urgent"])
        except NoWord as wrong:
            # It may have gone out, so it does not go out again before we know.
            again: dict[Any, Any] = {Message.next_try_at: at + rules.pause(row["tries"]), Message.said: str(wrong)}
            await _mark(row, again)
            return
        if found is not None:
            await _mark(row, _taken(found[0], at))
            await commands.became(row["id"], *found, at)
            return
    # It may have been taken back since it was claimed.
    mine = await Message.select(Message.personalisation).where(_ours(row)).first()
    if mine is None:
        return
    answer = await notify.send(row, json.loads(mine["personalisation"]))
    if answer.outcome is Outcome.TAKEN:
        await _mark(row, _taken(answer.provider_id, at))
    elif answer.outcome is Outcome.REFUSED:
        gone: dict[Any, Any] = {Message.state: State.FAILED.value, Message.next_try_at: None, **_SAID_NOTHING}
        await _mark(row, gone | {Message.said: answer.said})
    else:
        later: dict[Any, Any] = {Message.next_try_at: at + rules.pause(row["tries"]), Message.said: answer.said}
        await _mark(row, later | {Message.doubt: answer.outcome is Outcome.UNKNOWN})


_SAID_NOTHING: dict[Any, Any] = {Message.personalisation: ""}


def _taken(provider_id: str, at: datetime) -> dict[Any, Any]:
    """From now on the link in it is nowhere but in the message itself."""
    return {
        Message.state: State.SENT.value,
        Message.sent_at: at,
        Message.said: "",
        Message.provider_id: provider_id,
        Message.doubt: False,
        Message.next_try_at: at + rules.FIRST_LOOK,
        **_SAID_NOTHING,
    }


async def _look(notify: Notify, row: dict[str, Any], at: datetime) -> None:
    """What became of it, when nobody called back."""
    try:
        found = await notify.find(str(row["id"]), row["urgent"])
    except NoWord:
        found = None
    if found is not None and await commands.became(row["id"], *found, at):
        return
    later = at + rules.NEXT_LOOK if at < row["sent_at"] + rules.LAST_LOOK else None
    await _mark(row, {Message.next_try_at: later, Message.doubt: False})


def _ours(row: dict[str, Any]) -> Any:
    """Still as it was when we claimed it: nobody has claimed it since, or come to know more."""
    return (Message.id == row["id"]) & (Message.tries == row["tries"]) & (Message.state == row["state"])


async def _mark(row: dict[str, Any], values: dict[Any, Any]) -> None:
    await Message.update(values).where(_ours(row))
