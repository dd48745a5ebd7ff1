import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import asyncpg
import httpx
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from people import limits
from people.due import run_due
from people.passwords import hasher
from people.rules import ACCOUNT, ADDRESS, EVERYBODY, WINDOW, Limit, recent, wait
from people.tables import Person, Session, Tally
from pwa.answers import Turned
from server import database
from server.piccolo_conf import DB
from tests.conftest import ON_POSTGRES, POSTGRES, World
from tests.people.outside import outside

PASSWORD = "kettle fjord umbrella"
AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@pytest.fixture
async def asha(world: World) -> AsyncIterator[Person]:
    await Person.update({Person.password_hash: hasher.hash(PASSWORD)}).where(Person.id == world.asha.id)
    yield world.asha


async def guess(world: World, password: str = "wrong wrong wrong", email: str = "") -> httpx.Response:
    data = {"email": email or world.asha.email, "password": password}
    return await world.browser().post("/sign-in", data=data)


async def test_the_eleventh_wrong_password_waits_and_says_no_more_than_the_tenth(
    world: World, asha: Person
) -> None:
    tenth = [await guess(world) for _ in range(10)][-1]
    eleventh = await guess(world)
    assert (tenth.status_code, eleventh.status_code) == (422, 429)
    assert 1 <= int(eleventh.headers["retry-after"]) <= 300
    assert eleventh.text == tenth.text


async def test_while_waiting_the_right_password_is_answered_like_a_wrong_one(world: World, asha: Person) -> None:
    for _ in range(10):
        await guess(world)
    right, wrong = await guess(world, PASSWORD), await guess(world)
    assert right.status_code == wrong.status_code == 429
    assert right.text == wrong.text
    assert await Session.count() == 0


async def test_a_wait_ends_by_itself_and_being_refused_does_not_lengthen_it(world: World, asha: Person) -> None:
    for _ in range(10):
        await guess(world)
    for _ in range(20):
        assert (await guess(world)).status_code == 429
    await move_tries_back(WINDOW)
    assert (await guess(world, PASSWORD)).status_code == 303


async def test_a_right_password_is_not_counted(world: World, asha: Person) -> None:
    for _ in range(9):
        await guess(world)
    for _ in range(5):
        assert (await guess(world, PASSWORD)).status_code == 303
    assert (await guess(world)).status_code == 422
    assert (await guess(world)).status_code == 429


async def test_fifty_guesses_at_once_are_ten(world: World, asha: Person) -> None:
    answers = await asyncio.gather(*(guess(world) for _ in range(50)))
    codes = [answer.status_code for answer in answers]
    assert codes.count(422) == 10
    assert codes.count(429) == 40


async def test_an_account_that_is_not_there_is_counted_too(world: World) -> None:
    codes = [(await guess(world, email="nobody@harrowmere.example")).status_code for _ in range(11)]
    assert codes == [422] * 10 + [429]


async def test_one_account_made_to_wait_leaves_the_others_alone(world: World, asha: Person) -> None:
    await Person.update({Person.password_hash: hasher.hash(PASSWORD)}).where(Person.id == world.ben.id)
    for _ in range(11):
        await guess(world)
    assert (await guess(world, PASSWORD, world.ben.email)).status_code == 303


async def test_an_address_has_two_hundred_tries_and_everybody_a_thousand(world: World) -> None:
    assert (ACCOUNT.most, ADDRESS.most, EVERYBODY.most, WINDOW) == (10, 200, 1000, timedelta(minutes=5))
    await fill(ADDRESS, "203.0.113.7", 199)
    await limits.count("a@b.example", "203.0.113.7", AT)
    with pytest.raises(Turned) as turned:
        await limits.count("c@d.example", "203.0.113.7", AT)
    assert turned.value.status == 429
    await limits.count("c@d.example", "203.0.113.8", AT)
    await fill(EVERYBODY, "", 1000)
    with pytest.raises(Turned):
        await limits.count("e@f.example", "198.51.100.1", AT)


async def test_a_refused_attempt_is_counted_nowhere(world: World) -> None:
    await fill(ACCOUNT, "a@b.example", 10)
    for _ in range(3):
        with pytest.raises(Turned):
            await limits.count("a@b.example", "203.0.113.7", AT)
    assert await tries(ADDRESS, "203.0.113.7") == []
    assert await tries(EVERYBODY, "") == []


async def test_a_subscriber_with_many_ipv6_addresses_is_one() -> None:
    assert limits.network("2001:db8::1") == limits.network("2001:db8::ffff:1")
    assert limits.network("2001:db8::1") != limits.network("2001:db8:0:1::1")
    assert limits.network("203.0.113.7") != limits.network("203.0.113.8")


async def test_nobody_signs_in_while_attempts_cannot_be_counted(
    world: World, asha: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    if ON_POSTGRES:
        assert POSTGRES is not None
        other = await asyncpg.connect(POSTGRES.url)
        async with other.transaction():
            await other.execute("LOCK TABLE tally IN ACCESS EXCLUSIVE MODE")
            answer = await guess(world, PASSWORD)
        await other.close()
    else:
        monkeypatch.setattr(database, "MAX_WAITING_SECONDS", 0.1)
        async with DB.transaction():
            answer = await asyncio.create_task(guess(world, PASSWORD), context=outside())
    assert answer.status_code == 503
    assert "set-cookie" not in answer.headers
    assert await Session.count() == 0


async def test_old_tallies_are_swept_and_fresh_ones_stay(world: World) -> None:
    await limits.count("old@b.example", "203.0.113.7", AT)
    await limits.count("new@b.example", "203.0.113.8", AT + timedelta(hours=2))
    await run_due(AT + timedelta(hours=2))
    kept = {row["id"] for row in await Tally.select(Tally.id)}
    assert limits._key(ACCOUNT, "old@b.example") not in kept
    assert limits._key(ACCOUNT, "new@b.example") in kept


async def fill(limit: Limit, name: str, times: int) -> None:
    moment = int(AT.timestamp() * 1000)
    row = Tally(id=limits._key(limit, name), tries=json.dumps([moment] * times), last_at=AT)
    await Tally.delete().where(Tally.id == row.id)
    await Tally.insert(row)


async def tries(limit: Limit, name: str) -> list[int]:
    row = await Tally.select(Tally.tries).where(Tally.id == limits._key(limit, name)).first()
    return list(json.loads(row["tries"])) if row else []


async def move_tries_back(by: timedelta) -> None:
    for row in await Tally.select():
        moved = [one - by // timedelta(milliseconds=1) for one in json.loads(row["tries"])]
        await Tally.update({Tally.tries: json.dumps(moved)}).where(Tally.id == row["id"])


class Guessing(RuleBasedStateMachine):
    """Whatever the pauses and however often the password was right: never more than the limit in any window."""

    limit = Limit("model", 4)

    @initialize()
    def start(self) -> None:
        self.now = 1_790_000_000_000
        self.tries: list[int] = []
        self.allowed: list[int] = []
        self.promised = 0

    @rule(seconds=st.one_of(st.integers(0, 30), st.integers(0, 700)))
    def time_passes(self, seconds: int) -> None:
        self.now += seconds * 1000

    @rule(right=st.booleans())
    def somebody_tries(self, right: bool) -> None:
        self.tries = recent(self.tries, self.now)
        seconds = wait(self.tries, self.limit, self.now)
        window = [one for one in self.allowed if one > self.now - 300_000]
        assert (seconds == 0) == (len(window) < self.limit.most)  # neither a guess too many nor too few
        if self.promised and self.now >= self.promised:
            assert seconds == 0
        if seconds:
            assert 1 <= seconds <= 300
            self.promised = self.now + seconds * 1000
            return
        self.promised = 0
        if not right:
            self.tries.append(self.now)
            self.allowed.append(self.now)


TestGuessing = Guessing.TestCase
TestGuessing.settings = settings(max_examples=200, stateful_step_count=40, deadline=None)


def test_a_clock_that_was_far_ahead_locks_nobody_out() -> None:
    now = 1_790_000_000_000
    assert recent([now + 86_400_000] * 10, now) == []
