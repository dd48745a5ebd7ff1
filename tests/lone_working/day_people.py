"""What Asha does while she is out on a made-up day, and what those do who look out for her."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from lone_working import commands
from lone_working.rules import ACK_LASTS, AlarmKind
from lone_working.tables import Alarm, LoneSession, SessionEvent
from messages.tables import Message
from pwa.ids import uuid7
from pwa.outbox import Sent, once
from tests.lone_working.conftest import DURESS, SAFE, WRONG
from tests.lone_working.day import Day

SOME = st.integers(0, 2)
LATE = st.sampled_from([0, 0, 0, 1, 10, 35, 90])


async def _begin(sent: Sent, *args: Any) -> None:
    await commands.begin_own(sent, *args)


class Officer(Day):
    sent_before: list[tuple[Sent, UUID]]

    def engines_start(self, engines: int) -> None:
        raise NotImplementedError

    @precondition(lambda self: len(self.ids) < 3)
    @rule(minutes=st.sampled_from([5, 15, 30]), buddy=st.sampled_from([None, "ben"]), late=st.integers(0, 40))
    def somebody_goes_in(self, minutes: int, buddy: str | None, late: int) -> None:
        chosen = self.alone.world.people[buddy].id if buddy else None
        sent = self.sent("asha", late)
        self.act(once(sent, _begin, self.alone.who("asha"), "The depot", minutes, chosen))
        if self.run(LoneSession.exists().where(LoneSession.id == sent.id)):
            self.ids.append(sent.id)
