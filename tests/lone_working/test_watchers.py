"""What those see who look out for somebody: an alarm, one person who is out, and where that is."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from lone_working.tables import Alarm, LoneSession
from messages.tables import Message
from people.tables import Person
from properties.tables import PersonAlert, Property
from pwa.pages import time
from tests.conftest import World
from tests.lone_working.going import DURESS, HTMX, begun, let_pass, post, reachable, with_pins
from tests.properties import homes
from tests.visits.making import planned

pytestmark = pytest.mark.usefixtures("messages_go_out")
GRID = "Grid reference"


@pytest.fixture
async def home(world: World) -> Property:
    home = await homes.home("22 Saltmarsh Road", team=world.teams["north"].id)
    place = {Property.latitude: 52.75136687170, Property.longitude: 0.40153547065}
    await Property.update(place).where(Property.id == home.id)
    return home


async def at_the_home(world: World, home: Property, who: str = "asha") -> str:
    await reachable(world)
    visit, client = await planned(world, home, who), await world.sign_in(who)
    assert (await client.post(f"/visits/{visit}/start", headers=HTMX)).status_code == 200
    row = await LoneSession.select(LoneSession.id).where(LoneSession.visit == visit).first()
    assert row
    return str(row["id"])


async def alarm_of(session: str) -> str:
    (row,) = await Alarm.select(Alarm.id).where(Alarm.session == session)
    return str(row["id"])


async def test_whoever_rings_999_reads_out_the_grid_reference_too(world: World, home: Property) -> None:
    session = await at_the_home(world, home)
    await (await world.sign_in("asha")).post(f"/lone-working/{session}/panic", headers=HTMX)
    shown = (await (await world.sign_in("dina")).get(f"/lone-working/alarms/{await alarm_of(session)}")).text
    assert "TF 6218 1978" in shown.split("If you call 999")[0]
    assert "TF 6218 1978" in shown.split("If you call 999")[1]


async def test_a_confidential_homes_grid_reference_is_as_secret_as_its_address(
    world: World, home: Property
) -> None:
    session = await at_the_home(world, home)
    await LoneSession.update({LoneSession.buddy: world.carol.id}).where(LoneSession.id == session)
    carol = await world.sign_in("carol")
    pages = ("/lone-working", f"/lone-working/out/{session}")
    assert [(await carol.get(page)).text.count("22 Saltmarsh Road") > 0 for page in pages] == [True, True]
    await PersonAlert.insert(
        PersonAlert(
            property=home.id, code="1", owner=world.dina.id, added_at=datetime.now(UTC),
            review_on=datetime.now(UTC).date(),
        )
    )  # fmt: skip
    await (await world.sign_in("asha")).post(f"/lone-working/{session}/panic", headers=HTMX)
    at = f"/lone-working/alarms/{await alarm_of(session)}"
    for page in (*pages, at):
        shown = (await carol.get(page)).text
        assert "Saltmarsh" not in shown and "TF 6218" not in shown and "52.75" not in shown, page
    calls = await carol.post(f"{at}/calling", headers=HTMX)
    assert "22 Saltmarsh Road" in calls.text and "TF 6218 1978" in calls.text, "a life goes before an address"


async def test_after_duress_a_row_says_not_to_phone_and_no_page_offers_the_number(world: World) -> None:
    await with_pins(world)
    session, other = await begun(world), await begun(world, place="The old mill")
    await post(await world.sign_in("asha"), session, "end", pin=DURESS)
    dina = await world.sign_in("dina")
    assert "DO NOT PHONE" in (await dina.get(f"/lone-working/alarms/{await alarm_of(str(session))}")).text
    for one in (session, other):  # her phone is the same
        shown = (await dina.get(f"/lone-working/out/{one}")).text
        assert "DO NOT PHONE" in shown and "tel:" not in shown
    wall = (await dina.get("/lone-working")).text
    assert "The old mill" in wall and "tel:" not in wall


async def test_who_is_out_is_shown_to_those_who_look_out_for_them_and_never_to_themselves(world: World) -> None:
    session = await begun(world, "asha", "The old mill", buddy="ben")
    for name, status in {"dina": 200, "ben": 200, "asha": 404, "carol": 404, "marek": 404, "ade": 404}.items():
        assert (await (await world.sign_in(name)).get(f"/lone-working/out/{session}")).status_code == status, name


async def test_whoever_is_told_of_wrong_pins_can_open_what_the_message_leads_to(world: World) -> None:
    """Also an administrator, where nobody else is left."""
    await with_pins(world)
    session = await begun(world)
    managers = Person.role.is_in(["manager"])
    await Person.update({Person.disabled_at: datetime.now(UTC)}).where(managers)
    ade, asha = await world.sign_in("ade"), await world.sign_in("asha")
    assert (await ade.get(f"/lone-working/out/{session}")).status_code == 404
    for _ in range(3):
        await post(asha, session, "end", pin="1111")
    (told,) = await Message.select().where(Message.template == "alarm-slips-sms")
    assert told["record"] == f"/lone-working/out/{session}"
    shown = await ade.get(told["record"])
    assert shown.status_code == 200
    assert "Wrong PINs: 3" in shown.text and "Ring Asha Test" in shown.text


async def test_an_alarm_is_silenced_by_name_and_for_a_while(world: World) -> None:
    session = await begun(world, buddy="ben")
    await post(await world.sign_in("asha"), session, "panic")
    dina, ben = await world.sign_in("dina"), await world.sign_in("ben")
    at = f"/lone-working/alarms/{await alarm_of(str(session))}"
    assert "data-sounds" in (await dina.get("/lone-working/now")).text
    assert (await ben.post(f"{at}/silence")).status_code == 403, "only a manager’s wall makes a sound"
    assert (await (await world.sign_in("marek")).post(f"{at}/silence")).status_code == 404
    assert (await dina.post(f"{at}/silence")).status_code == 303
    shown = (await ben.get("/lone-working/now")).text
    assert "Silenced by Dina Test until" in shown and "data-sounds" not in shown
    assert "Nobody has this yet" in shown, "it tells nobody less"
    assert "Silenced it on the wall" in (await dina.get(at)).text
    (alarm,) = await Alarm.select()
    assert alarm["state"] == "open" and alarm["next_fire_at"] is not None


async def test_help_asked_for_anew_sounds_again(world: World) -> None:
    await with_pins(world)
    session = await begun(world)
    asha, dina = await world.sign_in("asha"), await world.sign_in("dina")
    await post(asha, session, "panic")
    await dina.post(f"/lone-working/alarms/{await alarm_of(str(session))}/silence")
    assert "data-sounds" not in (await dina.get("/lone-working/now")).text
    await post(asha, session, "end", pin=DURESS)
    assert "data-sounds" in (await dina.get("/lone-working/now")).text


async def test_a_second_call_for_help_on_the_same_alarm_sounds_again(world: World) -> None:
    session = await begun(world)
    asha, dina = await world.sign_in("asha"), await world.sign_in("dina")
    await post(asha, session, "panic")
    at = f"/lone-working/alarms/{await alarm_of(str(session))}/silence"
    for _ in range(2):
        await dina.post(at)
        assert "data-sounds" not in (await dina.get("/lone-working/now")).text
        await post(asha, session, "panic")
        assert "data-sounds" in (await dina.get("/lone-working/now")).text


async def test_who_looks_out_reads_when_she_was_last_known_to_be_well_and_not_what_she_was_made_to_say(
    world: World,
) -> None:
    """Her own screens say the same after either PIN."""
    await with_pins(world)
    session = await begun(world)
    (row,) = await LoneSession.select()
    before = row["started_at"]
    await let_pass(session, 20)
    asha = await world.sign_in("asha")
    await post(asha, session, "check-in", pin=DURESS)
    (row,) = await LoneSession.select()
    assert row["heard_at"] > row["started_at"] + timedelta(minutes=19), "what her phone and her companion read"
    await post(asha, session, "check-in")
    dina = await world.sign_in("dina")
    shown = re.search(
        r"<dt>Last confirmed</dt><dd>(.*?)</dd>", (await dina.get(f"/lone-working/out/{session}")).text
    )
    assert shown and time(before - timedelta(minutes=20)) in shown[1]


async def test_a_managers_first_page_says_how_many_are_out_and_leads_to_the_wall(world: World) -> None:
    dina, ben = await world.sign_in("dina"), await world.sign_in("ben")
    assert "next due" not in (await dina.get("/today")).text
    session = await begun(world, "asha", buddy="ben")
    await begun(world, "carol")
    for client, path in ((dina, "/today"), (ben, "/today?whose=team")):
        assert "1 out, next due" in (await client.get(path)).text
    assert "next due" not in (await dina.get("/today", headers={"Doorstep-Pack": "1"})).text, (
        "a pack stays the same"
    )
    assert "next due" not in (await (await world.sign_in("asha")).get("/today?whose=team")).text
    await post(await world.sign_in("asha"), session, "panic")
    assert "1 alarm, 1 out" in (await dina.get("/today")).text
    assert "alarm, 1 out" not in (await (await world.sign_in("asha")).get("/today?whose=team")).text
