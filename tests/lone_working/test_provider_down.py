"""GOV.UK Notify takes nothing for an hour while people are overdue. When it is back, everybody hears, and once."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

from lone_working.rules import AlarmState
from lone_working.sessions import commands
from messages import due as messages_due
from messages import sending
from messages.rules import State
from messages.tables import Message
from server.settings import settings
from tests.lone_working import checks
from tests.lone_working.conftest import SAFE, Alone
from tests.servers.notify import KEY, TEMPLATES, Notify


async def pass_by(alone: Alone, minutes: int) -> None:
    for _ in range(minutes * 2):
        await alone.turn(30)
        while await messages_due.run_urgent(alone.now):
            pass


async def test_a_provider_that_is_down_for_an_hour_loses_nothing(alone: Alone) -> None:
    provider = Notify()
    sending.use(replace(settings.sending, key=KEY, url=provider.start(), templates=TEMPLATES))
    forgotten, ended = await alone.begin(minutes=30), await alone.begin(minutes=30)
    await pass_by(alone, 29)
    provider.answers, provider.looks = [500, "cut", 429] * 10_000, [500, 403] * 10_000
    await pass_by(alone, 40)
    await commands.end(alone.sent("asha"), alone.who("asha"), ended, SAFE)
    await pass_by(alone, 20)
    assert provider.notifications == [], "it was down all the time"
    provider.answers, provider.looks = [], []
    await pass_by(alone, 8)
    seen = await checks.look()
    await checks.whole(seen)
    calls = Counter(one["reference"] for one in provider.notifications)
    assert set(calls.values()) == {1}, "nothing twice"
    left = [row for row in seen.messages.values() if row["state"] == State.WAITING]
    assert all(alone.now - row["made_at"] < timedelta(minutes=1) for row in left), "nothing is left behind"
    (alarm,) = seen.open_of(forgotten)
    went_out = {id for id, row in seen.messages.items() if row["state"] == State.SENT}
    called = {row["person"] for row in seen.told[alarm["id"]] if row["what"] == "step"}
    heard = {row["person"] for row in seen.told[alarm["id"]] if row["what"] == "step" and row["id"] in went_out}
    assert heard == called and len(called) == 3, "Ben, Dina and Nia hear that somebody is missing"
    assert not seen.open_of(ended)
    over = next(row for row in seen.alarms.values() if row["session"] == ended)
    assert over["state"] == AlarmState.RESOLVED
    words = {row["template"] for row in await Message.select(Message.template, Message.state)
             if row["state"] == State.SENT}  # fmt: skip
    assert "alarm-stand-down-sms" in words
    provider.stop()
