"""What is logged: one line a request, and nobody's name, address, words or secrets."""

import io
import json
import logging
from collections.abc import Iterator

import pytest

from server.logs import JsonLine, PlainLine
from tests.conftest import World
from tests.server.asking import all_that_is_logged

CANARIES = ("Canary Wharfinger", "1 Canary Row", "canary@harrowmere.example", "canary-password", "CANARY-TOKEN")


@pytest.fixture(params=[JsonLine, PlainLine])
def written(request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    with all_that_is_logged(request.param()) as stream:
        yield stream


async def test_no_answer_of_any_kind_logs_what_somebody_typed(world: World, written: io.StringIO) -> None:
    asha = await world.sign_in("asha")
    name, address, email, password, token = CANARIES
    await asha.get(f"/properties?q={address}")
    await asha.get(f"/people/{token}")
    await asha.get(f"/{name}")
    await asha.post("/sign-in", data={"email": email, "password": password})
    await asha.post("/sign-in", data={"email": email, name: password})
    await asha.post("/csp-report", content=address.encode())
    await world.browser(token).get("/you", headers={"X-Secret": token})
    await asha.request("TRACE", f"/{token}", headers={"Referer": address})
    text = written.getvalue()
    assert text.count("doorstep.requests") >= 8
    for canary in CANARIES:
        assert canary not in text
        assert canary.replace(" ", "%20") not in text
    assert str(world.asha.id) not in text


async def test_a_request_is_one_line_with_the_route_and_not_the_path(world: World, written: io.StringIO) -> None:
    asha = await world.sign_in("asha")
    answer = await asha.get(f"/visits/{world.asha.id}")
    lines = [line for line in written.getvalue().splitlines() if answer.headers["request-id"] in line]
    assert len(lines) == 1
    assert "/visits/{visit_id" in lines[0]
    for words in ("404", "officer", "GET"):
        assert words in lines[0]


def test_an_error_is_logged_by_its_kind_and_place_and_never_by_its_words(written: io.StringIO) -> None:
    log = logging.getLogger("doorstep.test")
    try:
        raise ValueError("Key (email)=(canary@harrowmere.example) already exists.")
    except ValueError as error:
        log.error("unexpected", exc_info=error)
    text = written.getvalue()
    assert "canary" not in text
    assert "ValueError" in text
    assert "test_logs.py" in text
    assert len(text.splitlines()) == 1


def test_a_line_stays_one_line_whatever_is_in_it(written: io.StringIO) -> None:
    logging.getLogger("doorstep.test").info("first\r\n2026 info doorstep: forged\x1b[31m\u2028")
    (line,) = written.getvalue().split("\n")[:-1]
    assert "\x1b" not in line
    assert "\u2028" not in line


def test_json_lines_are_json() -> None:
    record = logging.LogRecord("doorstep", logging.INFO, "f", 1, 'say "%s"', ("hi\n",), None)
    assert json.loads(JsonLine().format(record))["message"] == 'say "hi\n"'


async def test_a_made_up_method_is_not_quoted(world: World, written: io.StringIO) -> None:
    await world.browser().request("CANARY", "/sign-in")
    assert "CANARY" not in written.getvalue()
