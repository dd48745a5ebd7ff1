"""Which channels go just now: a provider that is away is not asked by everything that waits for it, but by one
message at a time until it answers again. In the database, so that a restart and a second process know it too."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from messages import rules
from messages.tables import ChannelState
from pwa.prepared import Prepared

_FAILING = Prepared(lambda none: ChannelState.select().where(ChannelState.failures > none))


@dataclass(frozen=True)
class Shut:
    """`failing`: the last call of each was in vain. `shut`: nothing is tried. `trying`: one message may."""

    failing: frozenset[str] = frozenset()
    shut: frozenset[str] = frozenset()
    trying: frozenset[str] = frozenset()

    @property
    def closed(self) -> frozenset[str]:
        return self.shut | self.trying


async def channels(at: datetime) -> Shut:
    rows = await _FAILING(0)
    broken = [row for row in rows if rules.shut_for(row["failures"])]
    shut = {row["channel"] for row in broken if row["shut_until"] > at}
    failing = frozenset(row["channel"] for row in rows)
    return Shut(
        failing, frozenset(shut), frozenset(row["channel"] for row in broken if row["channel"] not in shut)
    )


async def try_one(channel: str, at: datetime) -> None:
    """Inside a transaction, which has claimed the one message that tries: nobody else does until it has ended."""
    until: dict[Any, Any] = {ChannelState.shut_until: at + rules.LEASE}
    await ChannelState.update(until).where(ChannelState.channel == channel)


async def note(ended: Sequence[tuple[str, bool]], at: datetime) -> None:
    """Inside a transaction: channels of calls that ended, and whether the provider answered. One answer opens."""
    answered = {channel for channel, ok in ended if ok}
    vain = [channel for channel, ok in ended if not ok and channel not in answered]
    for channel in sorted(set(vain)):
        await _in_vain(channel, vain.count(channel), at)
    failing = answered & (await channels(at)).failing if answered else set()
    if failing:
        again: dict[Any, Any] = {ChannelState.failures: 0, ChannelState.shut_until: None}
        again |= {ChannelState.failing_since: None}
        await ChannelState.update(again).where(ChannelState.channel.is_in(sorted(failing)))


async def _in_vain(channel: str, more: int, at: datetime) -> None:
    await ChannelState.insert(ChannelState(channel=channel)).on_conflict(
        target=ChannelState.channel, action="DO NOTHING"
    )
    mine = ChannelState.channel == channel
    counted: dict[Any, Any] = {ChannelState.failures: ChannelState.failures + more}
    rows = await ChannelState.update(counted).where(mine).returning(ChannelState.failures)
    await ChannelState.update({ChannelState.failing_since: at}).where(mine & ChannelState.failing_since.is_null())
    if (pause := rules.shut_for(rows[0]["failures"])) is not None:
        await ChannelState.update({ChannelState.shut_until: at + pause}).where(mine)
