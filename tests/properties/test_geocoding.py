import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from geopy.extra.rate_limiter import RateLimiter  # type: ignore[import-untyped]

from properties import geocoding
from properties.due import run_due
from properties.tables import Property
from tests.conftest import World
from tests.properties.files import apply_all, row, table
from tests.properties.homes import home
from tests.servers.geocoder import Geocoder

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
WHOLE = "22 Saltmarsh Road, Harrowmere, HW2 7LT"


@pytest.fixture
def geocoder() -> Iterator[Geocoder]:
    server = Geocoder()
    geocoding.use(server.start(), "Doorstep tests (Harrowmêre)", seconds_between=0.01)
    yield server
    geocoding.use(None)
    server.stop()


async def settle(at: datetime = NOW) -> int:
    """One lookup begun, answered and stored."""
    await run_due(at)
    await geocoding.finish()
    return await run_due(at)


async def only() -> dict[str, object]:
    (stored,) = await Property.select()
    return dict(stored)


async def test_a_home_without_a_position_is_looked_up_by_its_address(world: World, geocoder: Geocoder) -> None:
    geocoder.places[WHOLE] = (51.3912345678, 0.5123)
    await home()
    assert await settle() == 1
    stored = await only()
    assert (stored["latitude"], stored["longitude"]) == (51.391235, 0.5123)
    assert (stored["position_source"], stored["position_problem"]) == ("geocoded", "")
    (asked,) = geocoder.asked
    assert (asked.query, asked.countries) == (WHOLE, "gb")
    assert asked.user_agent == "Doorstep tests (Harrowmre)"


async def test_the_postcode_alone_is_tried_next_and_the_page_says_so(world: World, geocoder: Geocoder) -> None:
    geocoder.places["HW2 7LT"] = (51.39, 0.51)
    it = await home()
    await settle()
    assert [one.query for one in geocoder.asked] == [WHOLE, "HW2 7LT"]
    page = await (await world.sign_in("asha")).get(f"/properties/{it.id}")
    assert "Found by its postcode only, so it may be some doors away." in page.text


async def test_an_address_that_is_not_found_is_flagged_and_not_asked_again(
    world: World, geocoder: Geocoder
) -> None:
    it = await home()
    await settle()
    await settle(NOW + timedelta(hours=1))
    assert len(geocoder.asked) == 2
    client = await world.sign_in("asha")
    assert "We could not find this address on the map." in (await client.get(f"/properties/{it.id}")).text
    assert "22 Saltmarsh Road" in (await client.get("/properties?show=no-position")).text


async def test_an_address_put_right_is_asked_again(world: World, geocoder: Geocoder) -> None:
    it = await home("22 Saltmash Road", team=world.dina.team)
    await settle()
    client = await world.sign_in("dina")
    geocoder.places[WHOLE] = (51.39, 0.51)
    fields = {"address": "22 Saltmarsh Road", "town": "Harrowmere", "postcode": "HW2 7LT"}
    assert (await client.post(f"/properties/{it.id}/edit", data=fields)).status_code == 303
    await settle(NOW + timedelta(hours=1))
    assert (await only())["latitude"] == 51.39


async def test_a_position_outside_the_country_is_kept_and_flagged(world: World, geocoder: Geocoder) -> None:
    geocoder.places[WHOLE] = (48.85, 2.35)
    await home()
    await settle()
    stored = await only()
    assert stored["latitude"] == 48.85
    assert stored["position_problem"] == "This position is outside the United Kingdom. Check it."


@pytest.mark.parametrize("fault", ["broken", "garbage"])
async def test_a_failing_geocoder_is_left_alone_for_a_while(world: World, geocoder: Geocoder, fault: str) -> None:
    setattr(geocoder, fault, True)
    geocoder.places[WHOLE] = (51.39, 0.51)
    await home()
    assert await settle() == 0
    await settle(NOW + timedelta(minutes=4))
    assert len(geocoder.asked) == 1
    setattr(geocoder, fault, False)
    assert await settle(NOW + timedelta(minutes=6)) == 1
    assert (await only())["latitude"] == 51.39


async def test_a_geocoder_that_hangs_holds_up_neither_the_engine_nor_an_import(
    world: World, geocoder: Geocoder
) -> None:
    geocoder.held = threading.Event()
    await home("1 Quarry Street")
    await run_due(NOW)
    client = await world.sign_in("ade")
    await apply_all(client, table(row()))
    assert await Property.count() == 2
    assert await run_due(NOW) == 0
    geocoder.held.set()
    await geocoding.finish()
    assert await run_due(NOW) == 1


async def test_a_position_given_meanwhile_is_not_overwritten(world: World, geocoder: Geocoder) -> None:
    geocoder.places[WHOLE] = (51.39, 0.51)
    it = await home()
    await run_due(NOW)
    await geocoding.finish()
    await Property.update({Property.latitude: 51.5, Property.longitude: 0.1}).where(Property.id == it.id)
    await run_due(NOW)
    assert (await only())["latitude"] == 51.5


class Clock:
    """The limiter's own: time passes only when it sleeps, or when the geocoder takes its time to answer."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def read(self, *_: object) -> float:
        return self.now

    def sleep(self, _: object, seconds: float) -> None:
        self.slept.append(seconds)
        assert len(self.slept) < 10, "it sleeps without getting on"
        self.now += seconds

    def answering(self) -> float:
        asked, self.now = self.now, self.now + 0.25
        return asked


async def test_questions_are_a_second_apart_unless_said_otherwise(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock()
    monkeypatch.setattr(RateLimiter, "_clock", clock.read)
    monkeypatch.setattr(RateLimiter, "_sleep", lambda *how: clock.sleep(*how))
    server = Geocoder(clock=clock.answering)
    geocoding.use(server.start(), "Doorstep tests")
    try:
        await home("22 Saltmarsh Road")
        await home("7 Quay Street")
        await settle()
        await geocoding.finish()
    finally:
        geocoding.use(None)
        server.stop()
    assert [one.at for one in server.asked] == [1000.0, 1001.0, 1002.0, 1003.0]
    assert clock.slept == [0.75, 0.75, 0.75]


async def test_without_a_geocoder_nothing_is_asked(world: World) -> None:
    geocoding.use(None)
    await home()
    assert await settle() == 0
    assert (await only())["latitude"] is None


async def test_when_every_home_has_a_position_the_database_is_not_asked_each_second(
    world: World, geocoder: Geocoder
) -> None:
    await settle(NOW)
    await home()
    await settle(NOW + timedelta(seconds=5))
    assert geocoder.asked == []
    await settle(NOW + timedelta(seconds=20))
    assert len(geocoder.asked) == 2


async def test_the_engine_does_this_packages_due_work(world: World) -> None:
    from server.engine import DUE

    assert run_due in [one.work for one in DUE]
