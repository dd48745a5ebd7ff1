"""Where Asha's phone was: only while she is out or looked for, only for who looks out for her, not for long."""

import ast
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lone_working.alarms import responding
from lone_working.alarms.page import alarm_for
from lone_working.erasing import erase_older
from lone_working.phone import points
from lone_working.phone_tables import LoneLook, LonePoint
from lone_working.point_rules import Position, Why, ago, from_home, may_keep, position_in
from lone_working.sessions import commands
from lone_working.tables import Alarm, AlarmTold, LoneSession
from lone_working.wall.boards import wall
from properties.tables import PersonAlert, Property
from pwa.answers import NotFound
from pwa.ids import uuid7
from tests.conftest import World
from tests.lone_working.conftest import DURESS, NOW, SAFE, Alone
from tests.lone_working.going import HTMX, begun, post

pytestmark = pytest.mark.usefixtures("messages_go_out")
HERE = Position(52.945, 0.205, 12)
WHERE = {"latitude": "52.945", "longitude": "0.205", "accuracy": "12.4"}
ROOT = Path(__file__).parent.parent.parent


async def told(alone: Alone, id: UUID, why: Why = Why.CHECK_IN, ago: float = 0) -> None:
    captured = alone.now - timedelta(seconds=ago)
    await alone.do("asha", points.note, id, why, HERE, captured=captured)


# --- when (I15)

minutes = st.integers(-600, 600)


@given(
    why=st.sampled_from(Why),
    at=minutes,
    ended=st.none() | minutes,
    is_open=st.booleans(),
    over=st.none() | minutes,
)
def test_nothing_is_kept_from_outside_the_session_and_its_alarm(
    why: Why, at: int, ended: int | None, is_open: bool, over: int | None
) -> None:
    def moment(one: int | None) -> datetime | None:
        return None if one is None else NOW + timedelta(minutes=one)

    when = NOW + timedelta(minutes=at)
    if may_keep(why, when, NOW, moment(ended), is_open, moment(over)):
        assert when >= NOW
        assert is_open or ended is None or at <= max(one for one in (ended, over) if one is not None)
        assert is_open or why is not Why.TRAIL


async def test_a_point_from_before_the_end_is_kept_and_one_from_after_is_not(alone: Alone) -> None:
    id = await alone.begin()
    alone.now += timedelta(minutes=10)
    await commands.end(alone.sent("asha"), alone.who("asha"), id, SAFE)
    alone.now += timedelta(minutes=5)
    await told(alone, id, ago=600)
    await told(alone, id)
    await told(alone, id, Why.TRAIL, ago=600)
    (row,) = await LonePoint.select()
    assert row["at"] == NOW + timedelta(minutes=5)


async def test_a_trail_is_kept_only_while_an_alarm_is_open_and_till_it_is_over(alone: Alone) -> None:
    id = await alone.begin()
    await told(alone, id, Why.TRAIL)
    assert not await LonePoint.exists()
    await commands.end(alone.sent("asha"), alone.who("asha"), id, DURESS)
    for _ in range(3):
        alone.now += timedelta(minutes=1)
        await told(alone, id, Why.TRAIL)
    assert await LonePoint.count() == 3
    await alone.do("dina", responding.outcome, (await alone.alarm())["id"], "The police are with her", False, True)
    alone.now += timedelta(minutes=1)
    await told(alone, id, Why.TRAIL)
    await told(alone, id, Why.CHECK_IN)
    assert await LonePoint.count() == 3


# --- what


@pytest.mark.parametrize(
    ("given", "found"),
    [
        (WHERE, HERE),
        ({"latitude": "-90", "longitude": "180"}, Position(-90.0, 180.0, None)),
        ({"latitude": "90.1", "longitude": "0"}, None),
        ({"latitude": "NaN", "longitude": "0"}, None),
        ({"latitude": "1e3", "longitude": "0"}, None),
        ({"latitude": "٣", "longitude": "0"}, None),
        ({"latitude": "1", "longitude": ""}, None),
        ({"latitude": "1", "longitude": "1", "accuracy": "999999999"}, Position(1.0, 1.0, 100_000)),
        ({"latitude": "1", "longitude": "1", "accuracy": "-5"}, Position(1.0, 1.0, None)),
    ],
)
def test_what_is_no_place_on_earth_is_no_position(given: dict[str, str], found: Position | None) -> None:
    assert position_in(given) == found


async def test_it_comes_with_an_act_and_by_itself_and_is_answered_alike_when_it_is_not_kept(world: World) -> None:
    session, asha = await begun(world), await world.sign_in("asha")
    assert (await post(asha, session, "check-in", **WHERE)).status_code == 201
    kept = await post(asha, session, "point", why="start", **WHERE)
    nonsense = await post(asha, session, "point", why="start", latitude="north", longitude="x", accuracy="")
    trail = await post(asha, session, "point", why="trail", **WHERE)
    assert {(one.status_code, one.text) for one in (kept, nonsense, trail)} == {(201, "")}
    assert [row["why"] for row in await LonePoint.select().order_by(LonePoint.at)] == ["check-in", "start"]
    assert (await post(asha, session, "panic", **WHERE)).status_code == 201
    (last,) = await LonePoint.select().where(LonePoint.why == "panic")
    assert (last["latitude"], last["accuracy"]) == (52.945, 12)


async def test_nobody_says_where_somebody_else_is(world: World) -> None:
    session, ben = await begun(world), await world.sign_in("ben")
    assert (await post(ben, session, "point", why="start", **WHERE)).status_code == 404


# --- who


async def alarmed(world: World) -> tuple[UUID, str]:
    session, asha = await begun(world, buddy="ben"), await world.sign_in("asha")
    await post(asha, session, "panic", **WHERE)
    row = (await Alarm.select())[0]
    return session, f"/lone-working/alarms/{row['id']}"


async def test_only_buddy_and_managers_see_it_and_each_look_is_written_down(world: World) -> None:
    session, at = await alarmed(world)
    for name in ("asha", "carol", "marek", "ade"):
        assert (await (await world.sign_in(name)).post(f"{at}/where", headers=HTMX)).status_code == 404, name
    assert not await LoneLook.exists()
    for name in ("ben", "dina", "dina"):
        answer = await (await world.sign_in(name)).post(f"{at}/where", headers=HTMX)
        assert "TF 4825 4089" in answer.text and "52.94500 0.20500, to within 12 metres" in answer.text
    assert sorted(row["person_name"] for row in await LoneLook.select()) == ["Ben Test", "Dina Test", "Dina Test"]
    assert {row["why"] for row in await LoneLook.select()} == {"panic"}
    assert session


async def test_before_she_looks_neither_the_wall_nor_the_alarm_says_where_the_phone_was(world: World) -> None:
    _, at = await alarmed(world)
    dina, ben = await world.sign_in("dina"), await world.sign_in("ben")
    pages = ("/lone-working", "/lone-working/now", "/lone-working/events", at)
    for path in pages:
        assert "52.945" not in (await dina.get(path)).text, path
    board = await dina.post(f"{at}/where", headers={**HTMX, "HX-Target": "div#board"})
    assert board.text.lstrip().startswith('<div id="board">') and 'data-phone="52.945 0.205 12"' in board.text
    assert await LoneLook.count() == 1
    for path in pages:
        assert "52.945" in (await dina.get(path)).text, "until it is over, without looking anew"
        assert "52.945" not in (await ben.get(path)).text, "Ben has not looked"
    assert await LoneLook.count() == 1


async def test_it_goes_from_the_wall_with_the_alarm_and_another_alarm_needs_another_look(alone: Alone) -> None:
    id = await alone.begin()
    await told(alone, id)
    await alone.do("asha", commands.panic, id)
    await alone.do("dina", points.look, (await alone.alarm())["id"])
    (seen,) = (await wall(alone.who("dina"), alone.now)).alarms
    assert seen.phone and seen.looked
    alone.now += timedelta(minutes=5)
    over = ("Spoke to her", True, True)
    await alone.do("dina", responding.outcome, (await alone.alarm())["id"], *over)
    id = await alone.begin()
    await told(alone, id)
    await alone.do("asha", commands.panic, id)
    (seen,) = (await wall(alone.who("dina"), alone.now)).alarms
    assert not seen.looked and seen.phone is None and seen.may_look


async def test_the_way_since_the_alarm_is_a_line_and_what_was_before_it_is_none(alone: Alone) -> None:
    id = await alone.begin()
    await told(alone, id)
    alone.now += timedelta(minutes=5)
    await alone.do("asha", commands.panic, id)
    alarm = (await alone.alarm())["id"]
    for east in (0.206, 0.207):
        alone.now += timedelta(seconds=30)
        await alone.do("asha", points.note, id, Why.TRAIL, Position(52.945, east, 8))
    await alone.do("dina", points.look, alarm)
    alone.now += timedelta(minutes=3)
    (seen,) = (await wall(alone.who("dina"), alone.now)).alarms
    assert seen.phone
    assert seen.phone.trail == ((52.945, 0.206), (52.945, 0.207))
    assert (seen.phone.longitude, seen.phone.accuracy, seen.phone.ago(alone.now)) == (0.207, 8, "3 minutes ago")


async def test_who_is_in_there_with_her_may_not_look_though_they_were_told(alone: Alone) -> None:
    id, other = await alone.begin(), await alone.begin("ben", buddy=None)
    await LoneSession.update({LoneSession.party: id}).where(LoneSession.id.is_in([id, other]))
    await told(alone, id)
    await alone.do("asha", commands.panic, id)
    alarm = (await alone.alarm())["id"]
    ben = alone.world.people["ben"]
    row = AlarmTold(
        id=uuid7(), alarm=alarm, person=ben.id, person_name=ben.name, channel="sms", what="step", told_at=alone.now
    )
    await AlarmTold.insert(row)
    assert not (await alarm_for(alone.who("ben"), alarm, alone.now)).may_look
    with pytest.raises(NotFound):
        await alone.do("ben", points.look, alarm)
    assert not await LoneLook.exists()


HOME = (52.945, 0.205)


@pytest.mark.parametrize(
    ("here", "words"),
    [
        (Position(52.945, 0.2052, 5), "at the home, as near as the phone can tell"),
        (Position(52.945, 0.215, 2_000), "at the home, as near as the phone can tell"),
        (Position(52.9463, 0.205, 5), "140 metres north of the home"),
        (Position(52.945, 0.225, 5), "1.3 km east of the home"),
        (Position(52.935, 0.19, None), "1.5 km south-west of the home"),
    ],
)
def test_where_it_was_is_said_from_the_home(here: Position, words: str) -> None:
    assert from_home(HOME, here) == words
    assert from_home(None, here) == ""


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(-5, "less than a minute ago"), (59, "less than a minute ago"), (60, "1 minute ago"),
     (119 * 60, "119 minutes ago"), (150 * 60, "2 hours ago")],
)  # fmt: skip
def test_how_old_it_is_is_said_in_words(seconds: int, words: str) -> None:
    assert ago(NOW, NOW + timedelta(seconds=seconds)) == words


async def test_once_it_is_over_nobody_sees_it_and_she_reads_who_did(world: World) -> None:
    _, at = await alarmed(world)
    asha, dina = await world.sign_in("asha"), await world.sign_in("dina")
    await dina.post(f"{at}/where", headers=HTMX)
    assert "Dina Test" not in (await asha.get("/lone-working/looks")).text, "whoever is beside her would read it"
    await Alarm.update({Alarm.origin_at: datetime.now(UTC) - timedelta(minutes=5)}, force=True)
    over = {"words": "She is out", "spoken_to": "yes", "close_session": "yes"}
    assert (await dina.post(f"{at}/outcome", data=over, headers=HTMX)).status_code == 200
    assert (await dina.post(f"{at}/where", headers=HTMX)).status_code == 404
    assert "because help was asked for" in (await asha.get("/lone-working/looks")).text
    assert "Dina Test" in (await asha.get("/lone-working/looks")).text
    assert "Nobody has looked" in (await dina.get("/lone-working/looks")).text, "only of oneself"


async def test_the_place_of_a_confidential_home_is_for_the_cleared_and_for_who_calls_the_police(
    alone: Alone,
) -> None:
    await alone.start()
    id = (await LoneSession.select())[0]["id"]
    await Property.update({Property.team: alone.world.teams["south"].id}).where(Property.id == alone.home.id)
    alert = PersonAlert(
        property=alone.home.id, code="20-70", text="fled", owner=alone.world.people["marek"].id,
        review_on=alone.now.date(), added_at=alone.now,
    )  # fmt: skip
    await PersonAlert.insert(alert)
    await told(alone, id)
    await alone.do("asha", commands.panic, id)
    alarm = (await alone.alarm())["id"]

    async def seen() -> float | None:
        await alone.do("dina", points.look, alarm)
        phone = (await alarm_for(alone.who("dina"), alarm, alone.now)).phone
        return phone and phone.latitude

    assert await seen() is None and not await LoneLook.exists(), "nothing was shown"
    await alone.do("dina", responding.calling_999, alarm)
    assert await seen() == 52.945
    (row,) = (await wall(alone.who("dina"), alone.now)).alarms
    assert row.phone is None and not row.may_look, "on a wall others stand before it"


def test_nothing_else_reads_them_so_that_nothing_hands_them_out_by_person() -> None:
    """No list, no figures, no file, no report: whoever adds one meets this test, and docs/lone-working/dpia.md."""
    may = {"lone_working/phone/points.py", "lone_working/alarms/looked.py", "lone_working/phone_tables.py",
           "lone_working/erasing.py", "lone_working/piccolo_app.py", "server/demo/lone.py",
           "lone_working/alarms/put_back.py"}  # fmt: skip  # of when they were, and not of where
    readers = set()
    packages = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["root_packages"]
    for file in [one for name in packages for one in (ROOT / name).rglob("*.py")]:
        path = file.relative_to(ROOT).as_posix()
        if "migrations" in path:
            continue
        names = {n.id for n in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(n, ast.Name)}
        if "LonePoint" in names:
            readers.add(path)
    assert readers <= may


# --- for how long


async def left(alone: Alone, hours: float) -> int:
    at = alone.now + timedelta(hours=hours)
    while await erase_older(at):
        pass
    return int(await LonePoint.count())


async def test_a_day_after_she_came_home_safe_it_is_gone(alone: Alone) -> None:
    id = await alone.begin()
    await told(alone, id)
    await commands.end(alone.sent("asha"), alone.who("asha"), id, SAFE)
    assert await left(alone, 23.9) == 1
    assert await left(alone, 24.1) == 0
    assert await LoneSession.count() == 1, "her times are kept for a year"


async def test_what_belongs_to_an_alarm_stays_with_it_for_three_years(alone: Alone) -> None:
    id = await alone.begin()
    await told(alone, id)
    await alone.turn(40 * 60)
    await alone.do("dina", points.look, (await alone.alarm())["id"])
    await commands.end(alone.sent("asha"), alone.who("asha"), id, SAFE)
    assert await left(alone, 24 * 365 * 3) == 1
    assert await left(alone, 24 * 366 * 3 + 1) == 0
    assert not await LoneLook.exists()


async def test_while_she_is_out_nothing_is_forgotten(alone: Alone) -> None:
    id = await alone.begin()
    await told(alone, id)
    assert await left(alone, 24 * 30) == 1


async def test_with_nothing_to_forget_a_turn_writes_nothing_and_looks_for_nobody_elses(alone: Alone) -> None:
    mine, other = await alone.begin(), await alone.begin("ben", buddy=None)
    await told(alone, mine)
    await commands.end(alone.sent("asha"), alone.who("asha"), mine, SAFE)
    await alone.do("ben", points.note, other, Why.START, HERE)
    assert await left(alone, 25) == 1
    (row,) = await LonePoint.select()
    assert row["session"] == other


async def test_a_look_at_what_is_over_or_not_theirs_is_not_found(alone: Alone) -> None:
    id = await alone.begin(buddy="ben")
    await told(alone, id)
    await alone.turn(40 * 60)
    alarm = (await alone.alarm())["id"]
    for name in ("asha", "carol", "marek"):
        with pytest.raises(NotFound):
            await alone.do(name, points.look, alarm)
    await commands.end(alone.sent("asha"), alone.who("asha"), id, SAFE)
    with pytest.raises(NotFound):
        await alone.do("ben", points.look, alarm)


async def test_after_duress_she_reads_only_a_day_later_who_looked(world: World) -> None:
    _, at = await alarmed(world)
    asha, dina = await world.sign_in("asha"), await world.sign_in("dina")
    await dina.post(f"{at}/where", headers=HTMX)
    now = datetime.now(UTC)
    await Alarm.update({Alarm.origin_at: now - timedelta(minutes=5), Alarm.kind: "duress"}, force=True)
    over = {"words": "The police are with her", "close_session": "yes"}
    assert (await dina.post(f"{at}/outcome", data=over, headers=HTMX)).status_code == 200
    assert "Dina Test" not in (await asha.get("/lone-working/looks")).text, "somebody may look on"
    await Alarm.update({Alarm.resolved_at: now - timedelta(hours=25)}, force=True)
    assert "Dina Test" in (await asha.get("/lone-working/looks")).text
