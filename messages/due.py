"""Due work: messages to hand over, and those whose provider never called back, looked up.

Claim in one transaction, call with none, mark in another. Killed between any two statements a message is due
again when its lease is over; it is then looked up by its reference first, so that it seldom goes out twice.
"""

import json
import logging
from datetime import datetime
from typing import Any

from messages import commands, lanes, rules, sending, template_rules
from messages.lanes import Ended, Lane, Row
from messages.rules import Outcome, Rank, State
from messages.sending import Notify, NoWord
from messages.tables import Message
from pwa.prepared import Prepared

log = logging.getLogger("doorstep.messages")
_STILL_OURS = Prepared(
    lambda id, tries, state: Message.select(Message.personalisation).where(
        (Message.id == id) & (Message.tries == tries) & (Message.state == state)
    )
)


async def run_due(at: datetime) -> int:
    """Deal with what is not urgent and due; how many there were."""
    return await _run(at, lanes.ORDINARY)


async def run_urgent(at: datetime) -> int:
    """The same for those about somebody's safety: calls for help, then who is overdue, then the rest."""
    return await _run(at, lanes.SAFETY)


async def run_help(at: datetime) -> int:
    """For calls for help alone, so that a place is always free for them."""
    return await _run(at, lanes.HELP)


async def _run(at: datetime, lane: Lane) -> int:
    return await lanes.pump(at, lane, _deal) if sending.settings().ready else 0


async def _deal(row: Row, at: datetime) -> Ended:
    try:
        notify = sending.notify()
        if row["template"] == template_rules.CANARY:
            return Ended(row, _taken("", at) | {Message.next_try_at: None})
        if row["state"] == State.SENT:
            return await _look(notify, row, at) if notify else Ended(row)
        if notify is None:
            await commands.show(row["id"], at)
            return Ended(row)
        return await _hand_over(notify, row, at)
    except Exception as wrong:
        # One that goes wrong in a way nobody thought of holds up no other. It is due again after its lease.
        log.error("a message could not be dealt with", exc_info=wrong)
        return Ended(row)


async def _hand_over(notify: Notify, row: Row, at: datetime) -> Ended:
    if row["doubt"] or at - row["made_at"] > rules.OLD:
        try:
            found = await notify.find(str(row["id"]), row["lane"])
        except NoWord as wrong:
            # It may have gone out, so it does not go out again before we know.
            return Ended(row, {Message.next_try_at: _again(row, at), Message.said: str(wrong)}, False)
        if found is not None:
            await lanes.mark([Ended(row, _taken(found[0], at), True)], at)
            await commands.became(row["id"], *found, at)
            return Ended(row)
    # It may have been taken back since it was claimed: whatever it is about is over.
    mine = await _STILL_OURS.one(row["id"], row["tries"], row["state"])
    if mine is None:
        return Ended(row)
    answer = await notify.send(row, json.loads(mine["personalisation"]))
    if answer.outcome is Outcome.TAKEN:
        return Ended(row, _taken(answer.provider_id, at), True)
    if answer.outcome is Outcome.REFUSED:
        gone: dict[Any, Any] = {Message.state: State.FAILED.value, Message.next_try_at: None, **_SAID_NOTHING}
        return Ended(row, gone | {Message.said: answer.said}, True)
    later: dict[Any, Any] = {Message.next_try_at: _again(row, at), Message.said: answer.said}
    return Ended(row, later | {Message.doubt: answer.outcome is Outcome.UNKNOWN}, False)


def _again(row: Row, at: datetime) -> datetime:
    return at + rules.pause(row["tries"], row["urgent"])


_SAID_NOTHING: dict[Any, Any] = {Message.personalisation: ""}


def _taken(provider_id: str, at: datetime) -> dict[Any, Any]:
    """From now on the link in it is nowhere but in the message itself."""
    return {
        Message.state: State.SENT.value,
        Message.sent_at: at,
        Message.said: "",
        Message.provider_id: provider_id,
        Message.doubt: False,
        Message.rank: Rank.LOOK.value,
        Message.next_try_at: at + rules.FIRST_LOOK,
        **_SAID_NOTHING,
    }


async def _look(notify: Notify, row: Row, at: datetime) -> Ended:
    """What became of it, when nobody called back."""
    try:
        found = await notify.find(str(row["id"]), row["lane"])
    except NoWord:
        found = None
    if found is not None and await commands.became(row["id"], *found, at):
        return Ended(row)
    later = at + rules.NEXT_LOOK if at < row["sent_at"] + rules.LAST_LOOK else None
    return Ended(row, {Message.next_try_at: later, Message.doubt: False})
