"""What Dina is told of her team, and of nobody in it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from lone_working.sessions import commands
from lone_working.tables import Alarm, LoneSession
from lone_working.wall import figures as read
from lone_working.wall import figures_rules
from lone_working.wall.figures_rules import FEW, Called, Late, Share, figures, percent, seconds, within
from pwa.tables import Receipt
from tests.conftest import World
from tests.lone_working.conftest import NOW, SAFE, Alone
from tests.lone_working.going import begun, post


def answered(*took: float) -> list[Called]:
    return [Called(NOW, NOW + timedelta(seconds=one)) for one in took]


def of(calls: list[Called] = [], late: list[Late] = [], sessions: int = 0, visits: int = 0, timed: int = 0) -> Any:  # noqa: B006
    return figures(calls, late, sessions, visits, timed, NOW + timedelta(hours=1))


def test_a_share_is_the_nearest_rank() -> None:
    hundred = list(range(1, 101))
    assert within(hundred, 0.8) == 80
    assert within(hundred, 0.985) == 99
    assert within([5, 1, 4, 2, 3], 0.8) == 4


def test_of_fewer_than_five_nothing_is_said() -> None:
    few = of(answered(1, 2, 3, 4), [Late(True, True)] * 4, sessions=FEW - 1, visits=FEW - 1, timed=4)
    assert few.answered == (None, None) and few.floor_met is None
    assert few.false_alarms.share is None and few.with_timer.share is None
    assert percent(few.false_alarms) == seconds(few.answered[0]) == "too few to say"
    assert not few.too_many_false


def test_a_call_that_nobody_has_dealt_with_counts_as_answered_only_now() -> None:
    found = of([*answered(10, 10, 10, 10), Called(NOW, None)])
    assert found.unanswered == 1
    assert found.answered == (10, 3600)
    assert found.floor_met is False


def test_false_is_what_others_heard_of_though_all_was_well() -> None:
    late = [Late(True, True), Late(True, False), Late(False, True)]
    assert of(late=late, sessions=20).false_alarms == Share(1, 20)
    assert not of(late=late, sessions=20).too_many_false
    assert of(late=late, sessions=19).too_many_false


def test_times_are_said_in_words() -> None:
    assert (seconds(38.2), seconds(130.0), percent(Share(9, 10))) == ("39 s", "2 min 10 s", "90.0 %")


async def test_figures_count_the_team_and_leave_out_whoever_asks(alone: Alone) -> None:
    for who, buddy in (("asha", "ben"), ("dina", "ben")):
        session = await alone.begin(who, buddy=buddy)
        await alone.turn(60 * 60)  # overdue; others are told
        await alone_ends(alone, who, session)
    found = await read.figures(alone.who("dina"), alone.now)
    assert found.false_alarms == Share(1, 2)
    assert (await read.figures(alone.who("nia"), alone.now)).false_alarms == Share(2, 2)
    assert (await read.figures(alone.who("marek"), alone.now)).false_alarms == Share(0, 0)
    assert await read.happened(alone.who("marek"), alone.now) == ([], False)
    (mine,), more = await read.happened(alone.who("dina"), alone.now)
    assert (mine.person_name, more) == ("Asha Test", False)


async def alone_ends(alone: Alone, who: str, session: Any) -> None:
    await commands.end(alone.sent(who), alone.who(who), session, SAFE)


async def test_what_a_timer_was_set_for_is_counted_by_visit(alone: Alone) -> None:
    for _ in range(FEW):
        await alone.start()
    await LoneSession.delete().where(LoneSession.id == (await LoneSession.select())[0]["id"])
    found = await read.figures(alone.who("dina"), alone.now)
    assert found.with_timer == Share(FEW - 1, FEW)


async def test_what_is_older_than_a_year_is_not_counted(alone: Alone) -> None:
    session = await alone.begin()
    await alone.turn(60 * 60)
    await alone_ends(alone, "asha", session)
    later = alone.now + figures_rules.YEAR + timedelta(days=1)
    assert await read.happened(alone.who("dina"), later) == ([], False)
    assert (await read.figures(alone.who("dina"), later)).false_alarms == Share(0, 0)


# --- pages and files


async def test_what_happened_leads_to_the_alarm_and_is_for_managers_of_the_team(
    world: World, messages_go_out: None
) -> None:
    session = await begun(world, place="The old mill")
    await post(await world.sign_in("asha"), session, "panic")
    (alarm,) = await Alarm.select()
    shown = (await (await world.sign_in("dina")).get("/lone-working/history")).text
    assert f"/lone-working/alarms/{alarm['id']}" in shown and "The old mill" in shown and "Not over yet" in shown
    assert "The old mill" not in (await (await world.sign_in("marek")).get("/lone-working/history")).text
    for name in ("asha", "ben", "ade"):
        for path in ("history", "figures", "history.csv", "figures.csv"):
            assert (await (await world.sign_in(name)).get(f"/lone-working/{path}")).status_code == 403


@pytest.mark.parametrize("page", ["0", "-1", "x", "99999999999", "9" * 4400, "²", ""])
async def test_a_page_that_there_is_none_of_is_the_first(world: World, page: str) -> None:
    dina = await world.sign_in("dina")
    assert "in the last twelve months" in (await dina.get(f"/lone-working/history?page={page}")).text


async def test_figures_say_too_few_instead_of_a_share_of_one(world: World, messages_go_out: None) -> None:
    session = await begun(world)
    await post(await world.sign_in("asha"), session, "panic")
    shown = (await (await world.sign_in("dina")).get("/lone-working/figures")).text
    assert shown.count("too few to say") >= 4
    assert "Asha" not in shown.split("<main")[1]


async def test_the_files_have_no_names_no_places_and_no_words_and_their_reading_a_receipt(
    world: World, messages_go_out: None
) -> None:
    session = await begun(world, place="=1+1")
    await post(await world.sign_in("asha"), session, "panic")
    (alarm,) = await Alarm.select()
    dina = await world.sign_in("dina")
    await dina.post(f"/lone-working/alarms/{alarm['id']}/acknowledge")
    history, of_team = await dina.get("/lone-working/history.csv"), await dina.get("/lone-working/figures.csv")
    for file in (history, of_team):
        assert file.headers["content-type"].startswith("text/csv")
        assert "attachment" in file.headers["content-disposition"]
        assert "Asha" not in file.text and "1+1" not in file.text
    lines = history.text.splitlines()
    assert lines[0] == "\ufeffvisit,kind,asked_or_due,opened,first_dealt_with,over"
    assert lines[1].split(",")[1] == "Asked for help"
    assert datetime.fromisoformat(lines[1].split(",")[4]).utcoffset() is not None
    notes = [row["note"] for row in await Receipt.select(Receipt.note)]
    assert "saved what happened in lone working as a file" in notes


def test_a_time_says_its_offset_so_that_no_hour_is_meant_twice() -> None:
    """The night the clocks go back has half past one twice."""
    first, second = datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert read._when(first) == "2026-10-25T01:30:00+01:00"
    assert read._when(second) == "2026-10-25T01:30:00+00:00"
