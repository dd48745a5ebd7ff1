"""What is refused before any handler, with the exact answers of docs/bad-input.md."""

import httpx
import pytest

from pwa.ids import uuid7
from pwa.tables import Receipt
from tests.conftest import ORIGIN, World
from tests.saying import sentence

CROSS_SITE = "Reload the page and try again. Nothing is lost."
UNREADABLE = "Some of that could not be read."


@pytest.mark.parametrize("host", ["evil.example", "doorstep.test.evil.example", "", "doorstep.test@evil.example"])
async def test_another_host_name_is_not_answered(world: World, host: str) -> None:
    answer = await world.browser().get("/sign-in", headers={"Host": host})
    assert (answer.status_code, sentence(answer)) == (400, UNREADABLE)


async def test_two_host_names_are_not_answered(world: World) -> None:
    request = httpx.Request(
        "GET", f"{ORIGIN}/sign-in", headers=[("Host", "doorstep.test"), ("Host", "evil.example")]
    )
    assert (await world.browser().send(request)).status_code == 400


async def test_a_forwarded_host_from_outside_is_not_answered(world: World) -> None:
    answer = await world.browser().get("/you", headers={"X-Forwarded-Host": "evil.example"})
    assert (answer.status_code, sentence(answer)) == (400, UNREADABLE)
    # The proxy of a council names the host that was asked for, which is ours.
    ours = await world.browser().get("/you", headers={"X-Forwarded-Host": "doorstep.test:443"})
    assert ours.headers["location"].startswith("/sign-in")


@pytest.mark.parametrize("method", ["TRACE", "PUT", "DELETE", "PATCH"])
async def test_a_method_a_page_does_not_have_is_told_so_with_what_it_has(world: World, method: str) -> None:
    client = await world.sign_in("asha")
    answer = await client.request(method, "/sign-in")
    assert answer.status_code == 405
    assert "GET" in answer.headers["allow"]
    assert sentence(answer) == "That is not something this page does."


async def test_what_is_allowed_is_said_of_the_path_and_not_of_every_path(world: World) -> None:
    client = await world.sign_in("asha")
    allowed = {
        path: set((await client.request("TRACE", path)).headers["allow"].replace(" ", "").split(",")) - {"OPTIONS"}
        for path in ("/inspections", "/sign-out", "/offline")
    }
    assert allowed == {"/inspections": {"GET", "POST"}, "/sign-out": {"POST"}, "/offline": {"GET"}}


@pytest.mark.parametrize(
    "path", ["/inspections/not-any-more", "/keys/01a00000-0000-7000-8000-000000000001/hand-over"]
)
async def test_an_entry_no_route_knows_is_put_aside_on_the_phone(world: World, path: str) -> None:
    asha, command = await world.sign_in("asha"), {"Command-Id": str(uuid7())}
    kept = await asha.post(path, headers=command)
    assert kept.status_code == 409
    assert "It is kept on your phone." in sentence(kept)
    assert (await asha.post(path)).status_code in (404, 405)
    # With no session it waits for one, as everything else does.
    assert (await world.browser().post(path, headers=command)).status_code == 401


async def test_an_entry_of_a_newer_build_is_put_aside_on_the_phone(world: World) -> None:
    asha = await world.sign_in("asha")
    answer = await asha.post("/inspections", headers={"Command-Id": str(uuid7()), "Command-Version": "99"})
    assert answer.status_code == 409
    assert sentence(answer).startswith("A newer Doorstep recorded this")
    assert await Receipt.count() == 0


async def test_a_get_on_a_command_is_told_so(world: World) -> None:
    answer = await (await world.sign_in("asha")).get("/sign-out")
    assert (answer.status_code, "POST" in answer.headers["allow"]) == (405, True)


async def test_a_head_is_answered_as_the_get_would_be(world: World) -> None:
    answer = await world.browser().head("/sign-in")
    assert answer.status_code == 200


@pytest.mark.parametrize("path", ["/you%00", "/%ff%fe", "/%ed%a0%80", "/static/%00", "/%c3%28"])
async def test_a_path_that_is_not_text_is_not_found(world: World, path: str) -> None:
    answer = await world.browser().get(path)
    assert (answer.status_code, sentence(answer)) == (404, "We cannot find that.")


@pytest.mark.parametrize("query", ["a=%00", "a=%ff", "%ed%a0%80=1", "next=%c3%28"])
async def test_a_query_that_is_not_text_is_unreadable(world: World, query: str) -> None:
    answer = await world.browser().get(f"/sign-in?{query}")
    assert (answer.status_code, sentence(answer)) == (400, UNREADABLE)


@pytest.mark.parametrize("body", [b"email=%00", b"email=%ff", b"email=%ed%a0%80", b"email=\xff", b"%00=1"])
async def test_a_form_that_is_not_text_is_unreadable(world: World, body: bytes) -> None:
    answer = await world.browser().post("/sign-in", content=body, headers=FORM)
    assert (answer.status_code, sentence(answer)) == (400, UNREADABLE)


FORM = {"Content-Type": "application/x-www-form-urlencoded"}


async def test_an_unknown_field_is_refused(world: World) -> None:
    answer = await world.browser().post("/sign-in", data={"email": "a@b.example", "role": "administrator"})
    assert answer.status_code == 400
    assert sentence(answer) == "That form has a field this page does not know. Reload the page and try again."


async def test_a_repeated_field_is_refused(world: World) -> None:
    answer = await world.browser().post("/sign-in", content=b"email=a&email=b", headers=FORM)
    assert answer.status_code == 400
    assert "same field twice" in sentence(answer)


async def test_a_form_over_its_limit_is_refused_by_its_announced_length(world: World) -> None:
    answer = await world.browser().post("/sign-in", content=b"email=" + b"a" * 300_000, headers=FORM)
    assert (answer.status_code, sentence(answer)) == (
        413,
        "That is more than this page can take in one go. Shorten it and save again.",
    )


async def test_more_than_a_hundred_headers_are_refused(world: World) -> None:
    answer = await world.browser().get("/sign-in", headers={f"X-{n}": "1" for n in range(101)})
    assert answer.status_code == 431


async def test_a_header_over_eight_kilobytes_is_refused(world: World) -> None:
    answer = await world.browser().get("/sign-in", headers={"X-Long": "a" * 8200})
    assert answer.status_code == 431


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": "cross-site", "Origin": ORIGIN},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://doorstep.test.evil.example"},
        {},
    ],
)
async def test_a_post_from_another_site_or_from_nowhere_is_refused(world: World, headers: dict[str, str]) -> None:
    client = await world.sign_in("asha")
    del client.headers["Sec-Fetch-Site"]
    answer = await client.post("/sign-out", headers=headers)
    assert (answer.status_code, sentence(answer)) == (403, CROSS_SITE)


async def test_an_old_browser_without_fetch_metadata_is_known_by_its_origin(world: World) -> None:
    client = await world.sign_in("asha")
    del client.headers["Sec-Fetch-Site"]
    assert (await client.post("/sign-out", headers={"Origin": ORIGIN})).status_code == 303


async def test_no_session_leads_to_the_way_in_and_back(world: World) -> None:
    answer = await world.browser().get("/you?tab=2")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=%2Fyou%3Ftab%3D2")


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_no_session_answers_the_script_with_a_sentence_and_never_a_redirect(
    world: World, method: str
) -> None:
    path = "/you" if method == "GET" else f"/visits/{uuid7()}/start"
    answer = await world.browser().request(method, path, headers={"HX-Request": "true"})
    assert (answer.status_code, sentence(answer)) == (401, "Sign in to continue. Nothing is lost.")


@pytest.mark.parametrize("kind", ["application/csp-report", "application/reports+json"])
async def test_a_browser_may_report_what_the_policy_stopped(world: World, kind: str) -> None:
    client = world.browser()
    del client.headers["Sec-Fetch-Site"]
    answer = await client.post("/csp-report", content=b"{}", headers={"Content-Type": kind})
    assert answer.status_code == 204


async def test_a_report_that_is_a_flood_is_refused(world: World) -> None:
    answer = await world.browser().post("/csp-report", content=b"x" * 20_000)
    assert answer.status_code == 413


async def test_hashed_statics_are_kept_for_ever_and_everything_else_never(world: World) -> None:
    page = await world.browser().get("/sign-in")
    assert page.headers["cache-control"] == "no-store"
    worker = await world.browser().get("/sw.js")
    assert worker.headers["cache-control"] in ("no-cache", "no-store")


@pytest.mark.parametrize(
    "name", ["../pwa/pages.py", "..%2fpages.py", "%2e%2e/rules.py", "app.js%00", "nothing.js"]
)
async def test_nothing_outside_the_built_files_is_served(world: World, name: str) -> None:
    answer = await world.browser().get(f"/static/{name}")
    assert answer.status_code == 404
    assert "import" not in answer.text


@pytest.mark.parametrize("script", [{}, {"HX-Request": "true"}])
async def test_a_form_mistake_is_told_the_same_way_however_often_it_is_sent(
    world: World, script: dict[str, str]
) -> None:
    dina = await world.sign_in("dina")
    headers = {**script, "Command-Id": str(uuid7())}
    told = set()
    for _ in range(3):
        answer = await dina.post("/outbox/import", content=b"", headers=headers)
        told.add((answer.status_code, sentence(answer), 'data-field="file"' in answer.text))
    assert told == {(422, "Choose the file first.", True)}


async def test_an_error_of_ours_says_so_without_a_word_of_what_it_was(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("SELECT secret FROM person")

    dina = await world.sign_in("dina")
    monkeypatch.setattr("pwa.queries.phones_for", broken)
    answer = await dina.get("/devices")
    assert (answer.status_code, sentence(answer)) == (
        500,
        "Something went wrong at our end. Nothing is lost. Try again in a minute.",
    )
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text


@pytest.mark.parametrize(
    "error", [TimeoutError(), ConnectionRefusedError(), OSError(28, "No space left on device")]
)
async def test_while_the_database_is_away_a_page_and_a_write_each_say_what_is_true(
    world: World, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def away(*_: object) -> None:
        raise error

    dina = await world.sign_in("dina")
    monkeypatch.setattr("pwa.queries.phones_for", away)
    monkeypatch.setattr("pwa.held_queries.held_for", away)
    page = await dina.get("/devices")
    assert (page.status_code, page.headers["retry-after"], sentence(page)) == (503, "5", NOT_SHOWN)
    for headers in ({}, {"HX-Request": "true"}):
        write = await dina.post(f"/held/{uuid7()}", data={"decision": "note"}, headers=headers)
        assert (write.status_code, write.headers["retry-after"], sentence(write)) == (503, "5", NOT_SAVED)
    queued = {"HX-Request": "true", "Command-Id": str(uuid7())}
    write = await dina.post(f"/held/{uuid7()}", data={"decision": "note"}, headers=queued)
    assert (write.status_code, sentence(write)) == (503, KEPT)


@pytest.mark.parametrize("where", ["people.session_queries.signed_in", "people.guards.token_of"])
@pytest.mark.parametrize("queued", [False, True])
async def test_while_nobody_can_be_looked_up_each_is_told_what_is_true_of_it(
    world: World, monkeypatch: pytest.MonkeyPatch, where: str, queued: bool
) -> None:
    def away(*_: object) -> None:
        raise TimeoutError

    asha = await world.sign_in("asha")
    monkeypatch.setattr(where, away)
    headers = {"Command-Id": str(uuid7())} if queued else {}
    answers = [await asha.get("/visits"), await asha.post(f"/visits/{uuid7()}/start", headers=headers)]
    assert [answer.status_code for answer in answers] == [503, 503]
    assert [sentence(answer) for answer in answers] == [NOT_SHOWN, KEPT if queued else NOT_SAVED]


NOT_SHOWN = "This page cannot be shown just now. Try again in a minute."
NOT_SAVED = "Nothing was saved. Try again in a minute."
KEPT = "The office cannot save this just now. It is kept on your phone and will be sent again."
