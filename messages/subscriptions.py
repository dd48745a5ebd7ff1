"""On which phones and computers somebody wants notifications. Who was last to sign in on one decides: after they
signed out, lost it, or somebody else signed in there, it is shown nothing and soon forgotten here."""

import base64
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from messages import push, rules
from messages.commands import Wanted, put_out
from messages.rules import Channel
from messages.tables import Message, PushAnswer, PushSubscription
from people import session_queries
from people.rules import SignedIn
from pwa.answers import NotFound, Refused
from pwa.ids import uuid7
from pwa.outbox import Sent, writing

Row = dict[str, Any]
MOST = 10
NO_DEVICE = "This phone has not told which one it is. Reload the page and try again."
NOT_KNOWN = (
    "This browser’s notifications go through a service that Doorstep does not know. Ask your administrator."
)
NOT_ON = "Notifications are not sent from here."


@dataclass(frozen=True)
class Shows:
    """A phone or computer of somebody's that shows notifications."""

    id: UUID
    device: UUID
    browser: str
    made_at: datetime
    tried_at: datetime | None
    """When a test was last answered on it."""


async def live(which: Any) -> list[Row]:
    """Those of these that may be sent something."""
    used = push.pushing()
    if used is None or not await PushSubscription.exists().where(which):
        return []
    rows = await PushSubscription.select().where(which & (PushSubscription.key_sha256 == used.key.sha256))
    holders = await session_queries.on_devices({row["device"] for row in rows})
    return [row for row in rows if holders.get(row["device"]) == row["person"]]


async def people_with(ids: Iterable[UUID]) -> frozenset[UUID]:
    """Who of these has a phone that shows notifications."""
    wanted = list(set(ids))
    rows = await live(PushSubscription.person.is_in(wanted)) if wanted else []
    return frozenset(row["person"] for row in rows)


async def of(me: SignedIn) -> list[Shows]:
    """My own, the newest first."""
    rows = await live(PushSubscription.person == me.id)
    rows.sort(key=lambda row: row["made_at"], reverse=True)
    return [
        Shows(
            row["id"], row["device"], row["browser"], row["made_at"], await push_answered_at(me.id, row["device"])
        )
        for row in rows
    ]


async def push_answered_at(person: UUID, device: UUID) -> datetime | None:
    """When somebody last pressed a test notification on this phone; None: never."""
    theirs = (PushAnswer.person == person) & (PushAnswer.device == device)
    newest = PushAnswer.select(PushAnswer.answered_at).where(theirs)
    row = await newest.order_by(PushAnswer.answered_at, ascending=False).first()
    return row["answered_at"] if row else None


async def subscribe(
    sent: Sent, me: SignedIn, device: UUID | None, endpoint: str, p256dh: str, auth: str, browser: str
) -> None:
    """From now on this phone shows notifications to `me`; whoever it showed them to before sees none."""
    used = push.pushing()
    if wrong := _wrong(used, device, endpoint, p256dh, auth):
        raise Refused({"form": wrong})
    assert used is not None
    sha256 = hashlib.sha256(endpoint.encode()).hexdigest()
    await PushSubscription.delete().where(
        (PushSubscription.endpoint_sha256 == sha256) | (PushSubscription.device == device)
    )
    row = PushSubscription(
        id=uuid7(), person=me.id, device=device, endpoint=endpoint, endpoint_sha256=sha256, p256dh=p256dh,
        auth=auth, key_sha256=used.key.sha256, browser=browser[:200], made_at=sent.received_at,
    )  # fmt: skip
    await PushSubscription.insert(row)
    await _only_so_many(me)
    sent.note = "notifications on for a phone"


def _wrong(used: push.Pushing | None, device: UUID | None, endpoint: str, p256dh: str, auth: str) -> str:
    if used is None:
        return NOT_ON
    if device is None:
        return NO_DEVICE
    if not push.known(endpoint, used.settings.services) or len(endpoint) > 2000:
        return NOT_KNOWN
    if (len(_bytes(p256dh)), len(_bytes(auth))) != (65, 16):
        return NOT_KNOWN
    return ""


def _bytes(text: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)) if text.isascii() else b""
    except ValueError:
        return b""


async def _only_so_many(me: SignedIn) -> None:
    """The oldest go: nobody makes us post to a thousand places."""
    mine = PushSubscription.select(PushSubscription.id).where(PushSubscription.person == me.id)
    rows = await mine.order_by(PushSubscription.made_at, ascending=False)
    if old := [row["id"] for row in rows[MOST:]]:
        await PushSubscription.delete().where(PushSubscription.id.is_in(old))


async def stop(sent: Sent, me: SignedIn, subscription: UUID) -> None:
    """No more on that phone of mine. NotFound for everybody else's."""
    mine = (PushSubscription.person == me.id) & (PushSubscription.id == subscription)
    if not await PushSubscription.delete().where(mine).returning(PushSubscription.id):
        raise NotFound
    sent.note = "notifications off"


async def try_here(sent: Sent, me: SignedIn, device: UUID | None) -> None:
    """A test to this phone alone. Refused where it shows none."""
    if device is None or not await live((PushSubscription.person == me.id) & (PushSubscription.device == device)):
        raise Refused({"form": "This phone shows no notifications yet. Switch them on first."})
    to = rules.phones_of(me.id, device)
    said = {"tag": sent.id.hex, "link": ""}
    await put_out(sent, Wanted(sent.id, Channel.PUSH, "try-push", to, said, "/you/notifications"))
    sent.note = "tried notifications"


async def answered(sent: Sent, me: SignedIn, test: UUID) -> None:
    """They pressed it, on the phone to which it went. NotFound for everybody else's; pressed again, nothing."""
    row = await Message.select(Message.recipient, Message.template).where(Message.id == test).first()
    mine, _, device = (row["recipient"] if row else "").removeprefix("person ").partition(" ")
    if row is None or row["template"] != "try-push" or mine != str(me.id):
        raise NotFound
    answer = PushAnswer(id=test, person=me.id, device=UUID(device), answered_at=sent.received_at)
    await PushAnswer.insert(answer).on_conflict(target=PushAnswer.id, action="DO NOTHING")
    sent.note = "a test notification arrived"


async def prune(ids: Iterable[UUID]) -> None:
    """The push service says that these are over."""
    gone = list(ids)
    if gone:
        await PushSubscription.delete().where(PushSubscription.id.is_in(gone))


async def run_due(_: datetime) -> int:
    """Forget those whose person signed out there, lost the phone, left, or whose phone somebody else uses now."""
    rows = await PushSubscription.select(PushSubscription.id, PushSubscription.person, PushSubscription.device)
    holders = await session_queries.on_devices({row["device"] for row in rows}) if rows else {}
    over = [row["id"] for row in rows if holders.get(row["device"]) != row["person"]]
    if over:
        async with writing():
            await prune(over)
    return 0


async def forget_answers(before: datetime) -> int:
    """That tests arrived, so long ago: whether a phone shows notifications is asked again long before."""
    old = PushAnswer.answered_at < before
    if not await PushAnswer.exists().where(old):
        return 0
    async with writing():
        return len(await PushAnswer.delete().where(old).returning(PushAnswer.id))
