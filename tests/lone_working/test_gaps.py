"""That nobody will be on duty is told days before, once as it comes nearer, and is over when somebody is."""

from collections import Counter
from datetime import UTC, datetime, time, timedelta

import pytest

from lone_working import ahead
from lone_working.rota import commands as rota_commands
from lone_working.rota import due as rota_due
from lone_working.rota import gap_queries
from lone_working.rota.rules import Duty, Each, Hours, Wish
from lone_working.rota.tables import DutyGap, DutyShift
from messages import sending, template_rules
from messages.tables import Message
from people.tables import Person
from pwa.ids import uuid7
from server.settings import settings
from tests.lone_working.conftest import NOW, Alone

SATURDAY = datetime(2026, 12, 5, 17, tzinfo=UTC)
WHOLE = Hours(tuple(range(7)), time(9), time(20))


async def rota(alone: Alone) -> list[DutyShift]:
    """Dina every day of two weeks from nine to eight, but for Saturday the fifth, when she goes off at five."""
    north = alone.world.teams["north"].id
    await alone.do("dina", rota_commands.set_hours, north, WHOLE)
    day = NOW.date()
    until = day + timedelta(days=13)
    wish = Wish(day, time(9), until, time(20), Each.DAILY)
    await alone.do("dina", rota_commands.put_on, north, alone.world.dina.id, Duty.MANAGER, wish)
    rows = await DutyShift.objects().order_by(DutyShift.starts_at)
    await DutyShift.update({DutyShift.ends_at: SATURDAY}).where(DutyShift.id == rows[5].id)
    return list(rows)


async def said() -> Counter[str]:
    rows = await Message.select(Message.template).where(Message.template.like("rota-gap%"))
    return Counter(row["template"] for row in rows)


async def test_nobody_on_saturday_from_five_is_told_by_message_and_on_the_page(alone: Alone) -> None:
    await rota(alone)
    assert await rota_due.look(alone.now) == 1
    (gap,) = await DutyGap.select()
    assert (gap["starts_at"], gap["ends_at"]) == (SATURDAY, SATURDAY + timedelta(hours=3))
    message = await Message.objects().where(Message.template == "rota-gap-email").first()
    assert message is not None
    assert "on Saturday from 17:00 to 20:00" in message.personalisation
    assert "TA north" in message.personalisation
    assert await said() == {"rota-gap-email": 3}, "Dina, Nia and the administrator; a week before by e-mail"
    (warning,) = await gap_queries.warnings(alone.who("nia"), alone.now)
    assert warning[1] == "on Saturday from 17:00 to 20:00"
    assert await gap_queries.warnings(alone.who("marek"), alone.now) == []
    assert await gap_queries.warnings(alone.who("asha"), alone.now) == []


async def test_once_and_again_three_days_and_one_day_before_however_often_it_is_looked_at(alone: Alone) -> None:
    await rota(alone)
    for hour in range(24 * 6):
        await rota_due.look(NOW + timedelta(hours=hour))
        await rota_due.look(NOW + timedelta(hours=hour))
    assert await DutyGap.count() == 1
    assert await said() == {"rota-gap-email": 3 + 3 + 3, "rota-gap-sms": 2}, "the day before by text too"
    (gap,) = await DutyGap.select()
    assert gap["resolved_at"] is not None, "it was over in the end"


async def test_it_is_over_when_it_is_filled_and_a_new_one_is_told_anew(alone: Alone) -> None:
    rows = await rota(alone)
    await rota_due.look(alone.now)
    wish = Wish(SATURDAY.date(), time(17), SATURDAY.date(), time(20))
    north, nia = alone.world.teams["north"].id, alone.world.people["nia"].id
    await alone.do("dina", rota_commands.put_on, north, nia, Duty.DEPUTY, wish)
    assert await rota_due.look(alone.now) == 1
    (gap,) = await DutyGap.select()
    assert gap["resolved_at"] == alone.now
    assert await gap_queries.warnings(alone.who("dina"), alone.now) == []
    await alone.do("dina", rota_commands.take_off, north, [rows[4].id])
    assert await rota_due.look(alone.now) == 1
    assert (await said())["rota-gap-email"] == 6


async def test_half_filled_it_is_still_the_same_one(alone: Alone) -> None:
    await rota(alone)
    await rota_due.look(alone.now)
    wish = Wish(SATURDAY.date(), time(17), SATURDAY.date(), time(18))
    north = alone.world.teams["north"].id
    await alone.do("dina", rota_commands.put_on, north, alone.world.people["nia"].id, Duty.DEPUTY, wish)
    assert await rota_due.look(alone.now) == 0
    assert await said() == {"rota-gap-email": 3}


async def test_whoever_leaves_leaves_a_gap_and_all_hear_of_the_first_and_how_many_more(
    alone: Alone,
) -> None:
    await rota(alone)
    await rota_due.look(alone.now)
    await Person.update({Person.disabled_at: alone.now}).where(Person.id == alone.world.dina.id)
    await rota_due.look(alone.now)
    assert await DutyGap.count() == 1 + 7, "each day of the week to come, and Saturday is one with its evening"
    texts = [row["personalisation"] for row in await Message.select() if "Nor at" in row["personalisation"]]
    assert texts and all("today from 10:00" in one and "Nor at 6 more times." in one for one in texts)


async def test_the_whole_councils_duty_fills_it_and_so_does_an_officer_who_acts(alone: Alone) -> None:
    await rota(alone)
    for who, team, acting in (("marek", None, False), ("ben", alone.world.teams["north"].id, True)):
        row = DutyShift(
            id=uuid7(), team=team, duty="manager", person=alone.world.people[who].id, acting=acting,
            starts_at=SATURDAY - timedelta(hours=1), ends_at=SATURDAY + timedelta(hours=5), made_at=NOW,
        )  # fmt: skip
        await DutyShift.insert(row)
        assert await rota_due.look(alone.now) == 0
        await DutyShift.delete().where(DutyShift.id == row.id)


@pytest.mark.parametrize("phone", ["", "none"])
async def test_somebody_nobody_can_reach_fills_nothing(alone: Alone, phone: str) -> None:
    await rota(alone)
    unreachable = {Person.phone: phone, Person.email: "no address"}
    await Person.update(unreachable).where(Person.id == alone.world.dina.id)
    assert await rota_due.look(alone.now) == 8, "each day until next Monday"


async def test_a_team_without_a_rota_has_no_gaps_and_a_quiet_minute_writes_nothing(alone: Alone) -> None:
    assert await rota_due.look(alone.now) == 0
    await rota(alone)
    await rota_due.look(alone.now)
    before = await DutyGap.select()
    assert await rota_due.look(alone.now + timedelta(minutes=1)) == 0
    assert await DutyGap.select() == before


async def test_where_no_message_can_be_sent_the_page_still_says_so(alone: Alone) -> None:
    await rota(alone)
    sending.use(settings.sending)
    await rota_due.look(alone.now)
    assert await Message.count() == 0
    assert len(await gap_queries.warnings(alone.who("dina"), alone.now)) == 1


async def test_the_engine_looks_once_a_minute(alone: Alone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead._Looked, "at", None)
    await rota(alone)
    assert await ahead.run_due(alone.now) == 1
    await Person.update({Person.disabled_at: alone.now}).where(Person.id == alone.world.dina.id)
    assert await ahead.run_due(alone.now + timedelta(seconds=30)) == 0
    assert await ahead.run_due(alone.now + timedelta(seconds=61)) > 0


def test_the_text_says_what_and_where_in_one_line() -> None:
    given = {
        "team": "TA north",
        "when": "on Saturday from 17:00 to 20:00",
        "more": "",
        "link": "https://d.example",
    }
    text = template_rules.rendered(template_rules.TEMPLATES["rota-gap-sms"].body, given)
    assert text == "Nobody is on duty for TA north on Saturday from 17:00 to 20:00. Open https://d.example"
