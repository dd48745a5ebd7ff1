"""Whatever happens and in whatever order: the invariants of the design, checked after every step of a made-up day.

A fake clock, one to three engines at once, GOV.UK Notify on loopback. On the database the run is on;
`DAYS=1000 pytest tests/lone_working/test_invariants.py` before a release.
"""

import asyncio
import os
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as how
from hypothesis import strategies as st
from hypothesis.stateful import initialize, run_state_machine_as_test

from lone_working.answers import texts as replies
from lone_working.sessions import pins
from lone_working.sessions.pins import Judged
from messages import sending
from people.tables import Person
from server.settings import settings
from tests.lone_working.conftest import DURESS, SAFE, WRONG, Alone
from tests.lone_working.day import Day
from tests.lone_working.day_beside import Beside, Rota
from tests.lone_working.day_council import Council, Provider
from tests.lone_working.day_people import BUDDY, Calls, Officer, Responders
from tests.servers.notify import KEY, TEMPLATES, Notify

DAYS = int(os.environ.get("DAYS", "25"))
PINS = {SAFE: Judged.SAFE, DURESS: Judged.DURESS, WRONG: Judged.WRONG}

DAYS_BEGIN = st.fixed_dictionaries({"engines": st.integers(1, 3), "at_once": st.booleans()})
WAYS = st.sampled_from([{"sms"}, {"sms", "email"}])


class Everybody(Officer, Responders, Provider, Council, Beside):
    """On most days she is overdue already: of twenty steps by chance few would come so far."""

    @initialize(days=DAYS_BEGIN, overdue=st.sampled_from([None, 1, 4, 8, 14]), buddy=BUDDY)
    def engines_start(self, days: dict[str, Any], overdue: int | None, buddy: str | None) -> None:
        super().engines_start(**days)
        if overdue is not None:
            self.goes_in(5, buddy)
            self.time_passes(60 * (5 + overdue))


class NobodyHears(Calls, Responders, Provider, Council, Rota):
    """She is out already, and the provider is away: what comes seldom on a day on which all may happen (I13)."""

    @initialize(days=DAYS_BEGIN, minutes=st.sampled_from([5, 15]), buddy=BUDDY, kinds=WAYS)
    def engines_start(self, days: dict[str, Any], minutes: int, buddy: str | None, kinds: set[str]) -> None:
        super().engines_start(**days)
        self.goes_in(minutes, buddy)
        self.provider.refused = set(kinds)
        self.time_passes(60 * (minutes + 6))


async def judged(me: Any, pin: str) -> Judged:
    return PINS[pin]


@pytest.mark.parametrize(("day", "many"), [(Everybody, DAYS), (NobodyHears, max(DAYS // 3, 1))])
async def test_a_made_up_day_breaks_no_invariant(
    alone: Alone, monkeypatch: pytest.MonkeyPatch, day: type[Day], many: int
) -> None:
    monkeypatch.setattr(pins, "judge", judged)  # two argon2 hashes a PIN would be most of the time
    provider = Notify()
    replies.follow()
    more = {"token": "a token of twenty letters", "number": "07700 900 111"}
    sending.use(replace(settings.sending, key=KEY, url=provider.start(), templates=TEMPLATES, **more))
    staff = await Person.select()
    here = {"alone": alone, "loop": asyncio.get_running_loop(), "provider": provider, "staff": staff}
    chosen = how(
        max_examples=many, stateful_step_count=20, deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
    await asyncio.to_thread(run_state_machine_as_test, type("DayHere", (day,), here), settings=chosen)
    provider.stop()
