"""Asha chooses who looks out for her, before she goes and while she is out."""

from dataclasses import replace
from datetime import timedelta

import pytest

from lone_working.sessions import buddies, commands, queries
from lone_working.tables import LoneSession, SessionEvent
from pwa.answers import Refused
from pwa.outbox import once
from tests.conftest import World
from tests.lone_working.conftest import DURESS, SAFE, Alone, messages
from tests.lone_working.going import HTMX, reachable


async def test_a_buddy_chosen_before_is_theirs_in_the_next_session(alone: Alone) -> None:
    await alone.do("asha", buddies.choose, alone.world.ben.id)
    await alone.start()
    (session,) = await LoneSession.select()
    assert session["buddy_name"] == "Ben Test"
    await alone.do("asha", buddies.choose, None)
    assert await buddies.buddy_of(alone.who("asha")) is None


async def test_a_buddy_chosen_while_out_is_told_instead(alone: Alone) -> None:
    id = await alone.begin(buddy=None)
    assert "buddy" in (await alone.session(id))["missing"].split()
    alone.now += timedelta(minutes=1)
    await alone.do("asha", buddies.choose, alone.world.dina.id)
    session = await alone.session(id)
    assert session["buddy_name"] == "Dina Test" and "buddy" not in session["missing"].split()
    assert [row["what"] for row in await SessionEvent.select().order_by(SessionEvent.seq)] == ["started", "buddy"]
    await alone.turn(37 * 60)
    assert await alone.told() == ["dina", "dina"], "by text and by e-mail"


async def test_nobody_is_texted_for_being_chosen(alone: Alone) -> None:
    await alone.do("asha", buddies.choose, alone.world.ben.id)
    assert await messages() == []


async def test_a_choice_that_waited_on_a_phone_undoes_no_later_one(alone: Alone) -> None:
    id = await alone.begin(buddy="ben")
    made = alone.now + timedelta(minutes=1)
    alone.now += timedelta(minutes=10)
    await alone.do("asha", buddies.choose, alone.world.dina.id)
    sent = alone.sent("asha", captured=made)
    await once(sent, buddies.choose, alone.who("asha"), None)
    assert (await alone.session(id))["buddy_name"] == "Dina Test"
    assert await buddies.buddy_of(alone.who("asha")) == alone.world.dina.id


async def test_a_choice_after_the_clock_was_put_back_is_newer_than_one_before(alone: Alone) -> None:
    id = await alone.begin(buddy="ben")
    kept = alone.now - timedelta(minutes=5)
    alone.now -= timedelta(hours=1)
    for chosen in (alone.world.dina.id, None, alone.world.dina.id):
        alone.now += timedelta(minutes=1)
        await alone.do("asha", buddies.choose, chosen)
        assert await buddies.buddy_of(alone.who("asha")) == chosen
        assert (await alone.session(id))["buddy"] == chosen
    sent = alone.sent("asha", captured=kept - timedelta(hours=1))
    await once(sent, buddies.choose, alone.who("asha"), None)
    assert await buddies.buddy_of(alone.who("asha")) == alone.world.dina.id, "what waited on a phone is not"
    alone.now += timedelta(hours=2)
    await alone.do("asha", buddies.choose, alone.world.ben.id)
    assert await buddies.buddy_of(alone.who("asha")) == alone.world.ben.id


async def test_somebody_of_another_team_is_no_buddy(alone: Alone) -> None:
    for who in (alone.world.carol.id, alone.world.asha.id):
        with pytest.raises(Refused):
            await alone.do("asha", buddies.choose, who)


async def test_the_same_choice_twice_is_one(alone: Alone) -> None:
    await alone.begin(buddy="ben")
    sent = alone.sent("asha")
    for _ in range(2):
        await once(replace(sent), buddies.choose, alone.who("asha"), None)
    assert await SessionEvent.count() == 2


async def test_whoever_is_called_already_is_not_taken_off_by_a_choice(alone: Alone) -> None:
    id = await alone.begin(buddy="ben")
    await alone.do("asha", commands.panic, id)
    await alone.do("asha", buddies.choose, None)
    assert (await alone.session(id))["buddy"] == alone.world.ben.id


async def test_what_she_sees_of_a_choice_is_the_same_whether_or_not_an_alarm_is_open(alone: Alone) -> None:
    seen = []
    for pin in (SAFE, DURESS):
        id = await alone.begin(buddy="ben")
        await commands.check_in(alone.sent("asha"), alone.who("asha"), id, pin)
        await alone.do("asha", buddies.choose, alone.world.dina.id)
        shown = await queries.own_session(alone.who("asha"), id, alone.now)
        seen.append((shown.buddy_name, shown.buddy_phone, shown.few, shown.missing))
        await commands.end(alone.sent("asha"), alone.who("asha"), id, SAFE)
        alone.now += timedelta(minutes=1)
    assert seen[0] == seen[1] and seen[0][0] == "Dina Test"
    (session,) = await LoneSession.select().where(LoneSession.alarmed.eq(True))
    assert session["buddy"] == alone.world.ben.id, "he is called all the same"


async def test_a_session_that_was_ended_with_the_other_pin_is_left_as_it_is(alone: Alone) -> None:
    id = await alone.begin(buddy="ben")
    await commands.end(alone.sent("asha"), alone.who("asha"), id, DURESS)
    await alone.do("asha", buddies.choose, None)
    assert (await alone.session(id))["buddy"] == alone.world.ben.id


async def test_the_page_offers_who_can_be_reached_and_says_what_was_saved(world: World) -> None:
    await reachable(world)
    asha = await world.sign_in("asha")
    shown = (await asha.get("/lone-working/buddy")).text
    assert "Ben Test" in shown and "Carol Test" not in shown
    answer = await asha.post("/lone-working/buddy", data={"buddy": str(world.ben.id)}, headers=HTMX)
    assert answer.status_code == 200 and "From now on" in answer.text
    refused = await asha.post("/lone-working/buddy", data={"buddy": str(world.carol.id)}, headers=HTMX)
    assert refused.status_code == 422 and "Choose somebody else" in refused.text
    assert (await asha.post("/lone-working/buddy", data={"buddy": "ben"}, headers=HTMX)).status_code == 422
    callum = await world.sign_in("callum")
    assert (await callum.get("/lone-working/buddy")).status_code == 403
