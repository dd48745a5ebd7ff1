from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from time import perf_counter

import httpx
import pytest
from argon2 import PasswordHasher

from people.commands import admit, sign_in
from people.demo import DEMO_PASSWORD
from people.guards import COOKIE
from people.passwords import hasher
from people.tables import Person, Session
from pwa.answers import Refused
from pwa.outbox import once
from pwa.pages import address, environment
from pwa.tables import Receipt
from tests.conftest import World
from tests.pwa.test_once import sent

PASSWORD = "kettle fjord umbrella 🚲"
WORDING = "We could not sign you in."


@pytest.fixture
async def asha(world: World) -> AsyncIterator[Person]:
    await Person.update({Person.password_hash: hasher.hash(PASSWORD)}).where(Person.id == world.asha.id)
    yield world.asha


async def try_in(
    world: World, password: str, email: str = "asha@harrowmere.example", **more: str
) -> httpx.Response:
    client = world.browser(more.pop("token", None))
    return await client.post("/sign-in", data={"email": email, "password": password, **more})


async def test_the_right_password_opens_a_session_with_a_strict_cookie(world: World, asha: Person) -> None:
    answer = await try_in(world, PASSWORD, next="/you")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/you"
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"{COOKIE}=")
    for part in ("Path=/", "Secure", "HttpOnly", "SameSite=lax"):
        assert part in cookie
    assert "Domain" not in cookie


async def test_the_e_mail_address_may_be_typed_in_capitals_and_with_spaces(world: World, asha: Person) -> None:
    answer = await try_in(world, PASSWORD, email="  Asha@Harrowmere.EXAMPLE ")
    assert answer.status_code == 303


async def test_a_password_is_the_same_from_a_keyboard_that_writes_accents_apart(
    world: World, asha: Person
) -> None:
    await Person.update({Person.password_hash: hasher.hash("caf\u00e9 kettle fjord")}).where(Person.id == asha.id)
    answer = await try_in(world, "cafe\u0301 kettle fjord")
    assert answer.status_code == 303


async def test_spaces_at_the_end_of_a_password_count(world: World, asha: Person) -> None:
    await Person.update({Person.password_hash: hasher.hash(PASSWORD + " ")}).where(Person.id == asha.id)
    assert (await try_in(world, PASSWORD)).status_code == 422
    assert (await try_in(world, PASSWORD + " ")).status_code == 303


async def test_unknown_wrong_disabled_and_invited_all_look_the_same(world: World, asha: Person) -> None:
    await Person.update(
        {Person.disabled_at: datetime.now(UTC), Person.password_hash: hasher.hash(PASSWORD)}
    ).where(Person.id == world.ben.id)
    tries = [
        ("asha@harrowmere.example", "wrong wrong wrong"),
        ("nobody@harrowmere.example", PASSWORD),
        ("ben@harrowmere.example", PASSWORD),
        ("carol@harrowmere.example", PASSWORD),
    ]
    pages = set()
    for email, password in tries:
        answer = await try_in(world, password, email=email)
        assert answer.status_code == 422
        assert "set-cookie" not in answer.headers
        pages.add(answer.text.replace(email, "EMAIL"))
    assert len(pages) == 1
    assert WORDING in pages.pop()


async def test_an_unknown_e_mail_address_takes_as_long_as_a_wrong_password(world: World, asha: Person) -> None:
    async def seconds(email: str) -> float:
        began = perf_counter()
        await try_in(world, "wrong wrong wrong", email=email)
        return perf_counter() - began

    known, unknown = [], []
    for _ in range(9):
        known.append(await seconds("asha@harrowmere.example"))
        unknown.append(await seconds("nobody@harrowmere.example"))
    # The quickest of each: a busy machine only adds. Without the hash for nobody this is a fifth.
    assert min(unknown) > min(known) / 2


async def test_a_refused_sign_in_keeps_the_e_mail_address_and_not_the_password(world: World, asha: Person) -> None:
    answer = await try_in(world, "my wrong secret 9", next="/you")
    assert 'value="asha@harrowmere.example"' in answer.text
    assert 'name="next" value="/you"' in answer.text
    assert "my wrong secret" not in answer.text


async def test_a_new_id_is_given_whatever_cookie_came_along(world: World, asha: Person) -> None:
    chosen = "attackerchosen"
    answer = await try_in(world, PASSWORD, token=chosen)
    assert answer.status_code == 303
    assert chosen not in answer.headers["set-cookie"]
    assert (await world.browser(chosen).get("/you")).status_code == 303


async def test_signing_in_again_ends_the_session_the_browser_had(world: World, asha: Person) -> None:
    first = (await try_in(world, PASSWORD)).cookies[COOKIE]
    second = (await try_in(world, PASSWORD, token=first)).cookies[COOKIE]
    assert first != second
    assert (await world.browser(first).get("/you")).status_code == 303
    assert (await world.browser(second).get("/you")).status_code == 200


async def test_only_the_hash_of_the_cookie_is_stored(world: World, asha: Person) -> None:
    token = (await try_in(world, PASSWORD)).cookies[COOKIE]
    (row,) = await Session.select()
    assert token not in str(row)


async def test_no_trace_of_the_password_reaches_the_receipt(world: World, asha: Person) -> None:
    await try_in(world, PASSWORD)
    (first,) = await Receipt.select(Receipt.body_sha256, Receipt.person)
    await Person.update({Person.password_hash: hasher.hash("another one altogether")}).where(Person.id == asha.id)
    await try_in(world, "another one altogether")
    bodies = {row["body_sha256"] for row in await Receipt.select(Receipt.body_sha256)}
    assert bodies == {first["body_sha256"]}  # the same form but for the password: the same hash
    assert first["person"] == asha.id


@pytest.mark.parametrize(
    "to",
    [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "%2F%2Fevil.example",
        "/%2Fevil.example",
        "/%252Fevil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/you\r\nSet-Cookie: a=b",
        "/x:y",
        "evil.example",
        "",
    ],
)
async def test_after_signing_in_only_a_page_of_ours_comes_next(world: World, asha: Person, to: str) -> None:
    answer = await try_in(world, PASSWORD, next=to)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/"
    shown = await world.browser().get("/sign-in", params={"next": to})
    assert 'name="next" value="/"' in shown.text


async def test_the_page_asked_for_comes_next_with_its_question(world: World, asha: Person) -> None:
    asked = await world.browser().get("/people?q=ben&off=1")
    door = await world.browser().get(asked.headers["location"])
    assert 'name="next" value="/people?q=ben&amp;off=1"' in door.text


async def test_the_demo_council_is_offered_in_demo_mode_only(world: World, asha: Person) -> None:
    plain = await world.browser().get("/sign-in")
    assert "demo council" not in plain.text
    assert asha.email not in plain.text
    environment.globals["demo"] = True
    try:
        shown = await world.browser().get("/sign-in")
    finally:
        environment.globals["demo"] = False
    assert DEMO_PASSWORD in shown.text
    assert asha.email in shown.text
    assert world.ben.email not in shown.text  # no password yet


async def test_the_sign_in_page_is_ready_for_password_managers_and_for_what_waits(world: World) -> None:
    page = (await world.browser().get("/sign-in")).text
    assert 'autocomplete="username"' in page
    assert 'autocomplete="current-password"' in page
    assert "data-waiting-others" in page
    assert "onpaste" not in page


async def test_signing_out_ends_the_session_and_keeps_what_waits(world: World) -> None:
    client = await world.sign_in("asha")
    answer = await client.post("/sign-out")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    assert answer.headers["clear-site-data"] == '"cache", "cookies"'
    assert "storage" not in answer.headers["clear-site-data"]
    (row,) = await Session.select()
    assert row["ended_at"] is not None
    assert (await client.get("/you")).status_code == 303


async def test_signing_out_works_when_the_session_has_already_ended(world: World) -> None:
    answer = await world.browser("long gone").post("/sign-out")
    assert answer.status_code == 303
    assert "clear-site-data" in answer.headers
    assert "max-age=0" in answer.headers["set-cookie"].lower()


async def test_an_account_switched_off_between_the_password_and_the_session_stays_out(
    world: World, asha: Person
) -> None:
    this = sent()
    this.received_at = datetime.now(UTC)
    who = await admit(this, asha.email, PASSWORD, "203.0.113.7")
    await Person.update({Person.disabled_at: datetime.now(UTC)}).where(Person.id == asha.id)
    with pytest.raises(Refused):
        await once(this, sign_in, who, None, "", [])
    assert await Session.count() == 0


async def test_an_old_hash_is_made_anew_at_sign_in(world: World, asha: Person) -> None:
    old = PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash(PASSWORD)
    await Person.update({Person.password_hash: old}).where(Person.id == asha.id)
    assert (await try_in(world, PASSWORD)).status_code == 303
    row = await Person.select(Person.password_hash).where(Person.id == asha.id).first()
    assert row is not None
    assert not hasher.check_needs_rehash(row["password_hash"])
    assert (await try_in(world, PASSWORD)).status_code == 303


async def test_a_leaver_is_out_at_the_next_request(world: World) -> None:
    client = await world.sign_in("asha")
    assert (await client.get("/you")).status_code == 200
    await Person.update({Person.disabled_at: datetime.now(UTC) - timedelta(seconds=1)}).where(
        Person.id == world.asha.id
    )
    assert (await client.get("/you")).status_code == 303
    assert (await client.post("/you/sessions/end-others")).status_code == 401


def test_an_address_is_broken_before_its_at_or_a_full_stop_and_is_still_escaped() -> None:
    shown = address("asha.rahman@harrowmere.example<b>")
    assert shown == "asha<wbr>.rahman<wbr>@harrowmere<wbr>.example&lt;b&gt;"
