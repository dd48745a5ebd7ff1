"""What is in place before Asha goes in, what she does about it, and who sees what was not."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import httpx
import pytest

from lone_working.sessions import phone_test, ready_rules
from lone_working.sessions.ready_rules import Facts, Missing
from lone_working.sessions.tables import PhoneCode, PhoneProved, WarningsRead
from lone_working.tables import Alarm, LoneSession
from messages.tables import Message
from people.tables import Person, Session
from properties.tables import PersonAlert, Property
from tests.conftest import World
from tests.lone_working.conftest import Alone
from tests.lone_working.going import HTMX, begun, post, reachable, with_pins
from tests.visits.making import planned

pytestmark = pytest.mark.usefixtures("messages_go_out")
AT = datetime(2026, 11, 30, 10, 0, tzinfo=UTC)
ALL_IN_PLACE = Facts(tested=AT)


@pytest.fixture
async def asha(world: World) -> httpx.AsyncClient:
    """On a phone that has said which it is."""
    await reachable(world)
    client = await world.sign_in("asha")
    await Session.update({Session.device: uuid4()}).where(Session.person == world.asha.id)
    return client


# --- the rules


@pytest.mark.parametrize(
    ("facts", "lacks"),
    [
        (ALL_IN_PLACE, ()),
        (Facts(tested=AT - timedelta(hours=24)), ()),
        (Facts(tested=AT - timedelta(hours=25)), (Missing.TEST,)),
        (Facts(), (Missing.TEST,)),
        (Facts(tested=AT, warnings_read=False), (Missing.WARNINGS,)),
        (Facts(tested=AT, two_met=False), (Missing.TWO,)),
        (Facts(tested=AT, buddy="Ben is out and overdue."), (Missing.BUDDY,)),
        (Facts(tested=AT, few="nobody can be reached"), (Missing.FEW,)),
        (Facts(tested=AT, number_checked=False), (Missing.NUMBER,)),
        (Facts(tested=AT, pins=False), (Missing.PINS,)),
        (Facts(tested=AT, battery=19), (Missing.BATTERY,)),
        (Facts(tested=AT, battery=20), ()),
    ],
)
def test_what_is_missing_is_named(facts: Facts, lacks: tuple[Missing, ...]) -> None:
    assert ready_rules.missing(facts, AT) == lacks
    for line in ready_rules.lines(facts, AT):
        assert line.says and line.do


def test_what_is_stored_of_it_is_read_back_in_words_and_an_unknown_word_is_left_out() -> None:
    assert ready_rules.words(ready_rules.stored([Missing.TEST, Missing.PINS])) == ["phone not tested", "no PINs"]
    assert ready_rules.words("test gone") == ["phone not tested"]
    assert ready_rules.words("") == []


@pytest.mark.parametrize("junk", ["", "101", "-1", "0.5", "²", "NaN", "1e2", "0000100"])
def test_what_is_no_level_of_a_battery_is_as_if_nothing_were_said(junk: str) -> None:
    assert ready_rules.level(junk) is None
    assert ready_rules.level("7") == 7


def test_warnings_that_changed_have_another_mark() -> None:
    assert ready_rules.mark([]) == ""
    assert ready_rules.mark([("a", "b")]) != ready_rules.mark([("a", "c")])


def test_a_code_is_good_for_a_quarter_of_an_hour_and_five_slips() -> None:
    minute = timedelta(minutes=1)
    assert ready_rules.wrong_with_code("1", "1", 0, minute) == ""
    assert ready_rules.wrong_with_code("2", "1", 0, minute) == ready_rules.WRONG_CODE
    assert ready_rules.wrong_with_code("1", "1", 5, minute) == ready_rules.OLD_CODE
    assert ready_rules.wrong_with_code("1", "1", 0, 16 * minute) == ready_rules.OLD_CODE


# --- test my phone


async def texted(client: httpx.AsyncClient) -> str:
    answer = await client.post("/lone-working/test", headers=HTMX)
    assert answer.status_code == 200, answer.text
    row = await PhoneCode.select().order_by(PhoneCode.made_at, ascending=False).first()
    assert row is not None
    code: str = row["code"]
    return code


async def test_a_code_that_is_texted_and_entered_here_checks_the_number_and_tests_the_phone(
    world: World, asha: httpx.AsyncClient
) -> None:
    code = await texted(asha)
    (message,) = await Message.select()
    assert (message["template"], message["recipient"]) == ("phone-test-sms", "+447700900123")
    assert code in message["personalisation"]
    assert code not in (await asha.get("/lone-working/test")).text, "it is read in the text alone"
    assert "not checked" in (await asha.get("/lone-working/ready")).text
    answer = await asha.post("/lone-working/test/answer", data={"code": f"{code[:3]} {code[3:]}"}, headers=HTMX)
    assert answer.headers["hx-redirect"] == "/lone-working/test?saved"
    shown = (await asha.get("/lone-working/ready")).text
    assert "not checked" not in shown and "not tested" not in shown


async def test_a_number_that_was_changed_is_unchecked_again(world: World, asha: httpx.AsyncClient) -> None:
    await asha.post("/lone-working/test/answer", data={"code": await texted(asha)})
    assert await phone_test.number_checked(world.asha.id)
    await Person.update({Person.phone: "07700 900 999"}).where(Person.id == world.asha.id)
    assert not await phone_test.number_checked(world.asha.id)
    await Person.update({Person.phone: "+44 7700 900123"}).where(Person.id == world.asha.id)
    assert await phone_test.number_checked(world.asha.id), "the same number, written otherwise"


async def test_a_code_for_the_number_of_before_proves_nothing(world: World, asha: httpx.AsyncClient) -> None:
    code = await texted(asha)
    await Person.update({Person.phone: "07700 900 999"}).where(Person.id == world.asha.id)
    assert (await asha.post("/lone-working/test/answer", data={"code": code}, headers=HTMX)).status_code == 422
    assert not await PhoneProved.exists()


async def test_another_phone_of_theirs_is_not_tested_by_it(world: World, asha: httpx.AsyncClient) -> None:
    await asha.post("/lone-working/test/answer", data={"code": await texted(asha)})
    await Session.update({Session.device: uuid4()}).where(Session.person == world.asha.id)
    shown = (await asha.get("/lone-working/ready")).text
    assert "not tested" in shown and "not checked" not in shown


async def test_whoever_guesses_five_times_needs_another_code(asha: httpx.AsyncClient) -> None:
    code = await texted(asha)
    wrong = "000000" if code != "000000" else "111111"
    for _ in range(5):
        answer = await asha.post("/lone-working/test/answer", data={"code": wrong}, headers=HTMX)
        assert answer.status_code == 422 and "not the code" in answer.text
    answer = await asha.post("/lone-working/test/answer", data={"code": code}, headers=HTMX)
    assert answer.status_code == 422 and "too old" in answer.text


async def test_five_codes_in_an_hour_are_enough(asha: httpx.AsyncClient) -> None:
    for _ in range(5):
        await texted(asha)
    answer = await asha.post("/lone-working/test", headers=HTMX)
    assert answer.status_code == 422 and "Five codes" in answer.text


async def test_nobody_answers_for_somebody_else(world: World, asha: httpx.AsyncClient) -> None:
    code = await texted(asha)
    ben = await world.sign_in("ben")
    assert (await ben.post("/lone-working/test/answer", data={"code": code}, headers=HTMX)).status_code == 422


async def test_who_has_no_mobile_is_told_whom_to_ask(world: World) -> None:
    asha = await world.sign_in("asha")
    answer = await asha.post("/lone-working/test", headers=HTMX)
    assert answer.status_code == 422 and "Ask your administrator" in answer.text
    assert not await Message.exists()


async def test_a_phone_that_answered_in_another_way_is_tested_too(alone: Alone) -> None:
    device = uuid4()
    await phone_test.tested(alone.world.asha.id, device, alone.now)
    (row,) = await PhoneProved.select()
    assert (row["device"], row["phone"]) == (device, "")
    assert not await phone_test.number_checked(alone.world.asha.id)


# --- the warnings of a home


async def test_a_start_before_the_warnings_are_read_goes_through_and_a_manager_sees_it(
    world: World, home: Property, asha: httpx.AsyncClient
) -> None:
    await warn(world, home)
    visit = await planned(world, home)
    shown = (await asha.get(f"/visits/{visit}")).text
    assert "Warnings not read." in shown and "I have read the warnings" in shown
    assert (await asha.post(f"/visits/{visit}/start", headers=HTMX)).status_code == 200
    assert "warnings" in (await LoneSession.select())[0]["missing"].split()
    assert "warnings not read" in (await asha.get(f"/visits/{visit}")).text
    assert "warnings not read" in (await (await world.sign_in("dina")).get("/lone-working")).text
    await read(asha, visit)
    assert "warnings" not in (await LoneSession.select())[0]["missing"].split(), "put right since"
    assert "You have read these warnings" in (await asha.get(f"/visits/{visit}")).text


async def read(client: httpx.AsyncClient, visit: UUID) -> httpx.Response:
    shown = (await client.get(f"/visits/{visit}")).text
    mark = shown.split('name="shown" value="')[1].split('"')[0]
    answer = await client.post(f"/lone-working/visits/{visit}/read", data={"shown": mark}, headers=HTMX)
    assert answer.status_code == 200
    return answer


async def warn(world: World, home: Property, code: str = "70-10") -> None:
    alert = PersonAlert(
        property=home.id, code=code, text="", owner=world.people["dina"].id,
        review_on=datetime.now(UTC).date() + timedelta(days=30), added_at=datetime.now(UTC),
    )  # fmt: skip
    await PersonAlert.insert(alert)


async def test_warnings_that_came_since_are_not_read(
    world: World, home: Property, asha: httpx.AsyncClient
) -> None:
    await warn(world, home)
    visit = await planned(world, home)
    await read(asha, visit)
    await asha.post(f"/visits/{visit}/start", headers=HTMX)
    assert "warnings" not in (await LoneSession.select())[0]["missing"].split()
    other = await planned(world, home)
    await read(asha, other)
    await warn(world, home, "10")
    await asha.post(f"/visits/{other}/start", headers=HTMX)
    assert "I have read the warnings" in (await asha.get(f"/visits/{other}")).text


async def test_the_warnings_of_a_visit_of_another_team_are_nobodys_to_read(world: World, home: Property) -> None:
    visit = await planned(world, home)
    carol = await world.sign_in("carol")
    for id in (visit, uuid4()):
        answer = await carol.post(f"/lone-working/visits/{id}/read", data={"shown": "a"}, headers=HTMX)
        assert answer.status_code == 404
    assert not await WarningsRead.exists()


async def test_a_home_without_warnings_asks_for_nothing(
    world: World, home: Property, asha: httpx.AsyncClient
) -> None:
    visit = await planned(world, home)
    assert "read the warnings" not in (await asha.get(f"/visits/{visit}")).text


# --- the buddy, the PINs and the battery


async def test_a_buddy_who_is_overdue_himself_is_no_buddy(world: World, asha: httpx.AsyncClient) -> None:
    await asha.post("/lone-working/buddy", data={"buddy": str(world.ben.id)})
    assert "Ben Test" not in (await asha.get("/lone-working/ready")).text
    session = await begun(world, "ben")
    late = datetime.now(UTC) - timedelta(minutes=1)
    await LoneSession.update({LoneSession.due_at: late}).where(LoneSession.id == session)
    assert "Ben Test is out and overdue" in (await asha.get("/lone-working/ready")).text
    await Person.update({Person.phone: ""}).where(Person.id == world.ben.id)
    assert "Ben Test has no mobile number" in (await asha.get("/lone-working/ready")).text


async def test_all_in_place_is_said(world: World, asha: httpx.AsyncClient) -> None:
    await with_pins(world)
    await asha.post("/lone-working/buddy", data={"buddy": str(world.ben.id)})
    await asha.post("/lone-working/test/answer", data={"code": await texted(asha)})
    assert "All is in place" in (await asha.get("/lone-working/ready")).text
    await asha.post("/lone-working", data={"place": "The depot", "minutes": "30", "battery": "12",
                                           "buddy": str(world.ben.id)})  # fmt: skip
    (session,) = await LoneSession.select()
    assert (session["missing"], session["battery"]) == ("battery", 12)


async def test_the_last_level_of_the_battery_is_kept_for_whoever_comes_to_help(
    world: World, asha: httpx.AsyncClient
) -> None:
    session = await begun(world)
    assert (await post(asha, session, "check-in", battery="41")).status_code == 201
    for junk in ("", "full", "900"):
        assert (await post(asha, session, "check-in", battery=junk)).status_code == 201
    await post(asha, session, "panic")
    dina = await world.sign_in("dina")
    (alarm,) = await Alarm.select()
    assert "41 % of its battery" in (await dina.get(f"/lone-working/alarms/{alarm['id']}")).text
