"""The protocol's headers, through the real app: whose command, by whose clock, whole or not."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pwa.ids import uuid7
from pwa.sent import NEWER
from pwa.tables import Conflict, Receipt
from tests.conftest import World
from tests.saying import sentence


def now() -> datetime:
    """At the moment of asking: a module is read long before its tests run."""
    return datetime.now(UTC)


def headers(**more: str) -> dict[str, str]:
    return {"Command-Id": str(uuid7()), "HX-Request": "true", **more}


async def sign_out(world: World, **more: str) -> Any:
    """The one command every signed-in person has, whatever packages there are."""
    client = await world.sign_in("asha")
    return await client.post("/sign-out", headers=headers(**more))


async def receipt() -> dict[str, Any]:
    (row,) = await Receipt.select()
    return row


async def test_an_answer_carries_the_proof_with_id_and_hash(world: World) -> None:
    given = headers()
    client = await world.sign_in("asha")
    answer = await client.post("/sign-out", headers=given)
    proof = answer.headers["receipt"]
    assert f"id={given['Command-Id']}; sha256={hashlib.sha256(b'').hexdigest()}" in proof
    assert "replayed=0; outcome=done" in proof


async def test_another_persons_command_waits_for_them(world: World) -> None:
    answer = await sign_out(world, **{"Command-Author": str(world.ben.id)})
    assert answer.status_code == 401
    assert sentence(answer) == (
        "Somebody else recorded this. It waits on this phone until they sign in. Nothing is lost."
    )
    assert "Ben" not in answer.text
    assert await Receipt.count() == 0


async def test_ones_own_command_is_taken(world: World) -> None:
    answer = await sign_out(world, **{"Command-Author": str(world.asha.id)})
    assert answer.status_code < 400
    assert (await receipt())["person"] == world.asha.id


async def test_a_body_that_does_not_match_its_hash_is_sent_again_and_not_put_aside(world: World) -> None:
    answer = await sign_out(world, **{"Command-Body": hashlib.sha256(b"other").hexdigest()})
    assert answer.status_code == 408
    assert sentence(answer) == "That did not arrive whole. It is still on your phone and will be sent again."


async def test_a_capture_in_the_future_is_taken_and_flagged(world: World) -> None:
    ahead = now() + timedelta(days=3)
    answer = await sign_out(world, **{"Command-Captured-At": ahead.isoformat()})
    assert answer.status_code < 400
    row = await receipt()
    assert (row["clock_wrong"], row["late"]) == (True, False)
    assert row["captured_at"] == ahead


async def test_a_phone_whose_clock_is_a_year_behind_is_taken_and_flagged(world: World) -> None:
    then = (now() - timedelta(days=365)).isoformat()
    await sign_out(world, **{"Command-Captured-At": then, "Command-Sent-At": then})
    row = await receipt()
    assert (row["clock_wrong"], row["late"]) == (True, True)
    assert row["skew_seconds"] == pytest.approx(365 * 86400, abs=60)


async def test_what_was_captured_three_months_ago_is_taken_and_flagged_late(world: World) -> None:
    await sign_out(
        world,
        **{
            "Command-Captured-At": (now() - timedelta(days=91)).isoformat(),
            "Command-Sent-At": datetime.now(UTC).isoformat(),
        },
    )
    row = await receipt()
    assert (row["clock_wrong"], row["late"]) == (False, True)


async def test_four_minutes_of_difference_are_nothing(world: World) -> None:
    await sign_out(world, **{"Command-Captured-At": (now() + timedelta(minutes=4)).isoformat()})
    assert not (await receipt())["clock_wrong"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Command-Id", "1"),
        ("Command-Device", "phone"),
        ("Command-Author", "me"),
        ("Command-Sequence", "-1"),
        ("Command-Sequence", "1e9"),
        ("Command-Sequence", "9" * 16),
        ("Command-Version", "0"),
        ("Command-Version", "two"),
        ("Command-Captured-At", "yesterday"),
        ("Command-Captured-At", "2026-11-22T10:00:00"),
        ("Command-Captured-At", "0001-01-01T00:00:00+14:00"),
        ("Command-Captured-At", "9999-12-31T23:59:59-12:00"),
        ("Command-Sent-At", "now"),
    ],
)
async def test_a_header_that_says_nothing_is_unreadable(world: World, name: str, value: str) -> None:
    answer = await sign_out(world, **{name: value})
    assert (answer.status_code, sentence(answer)) == (400, "Some of that could not be read.")
    assert await Receipt.count() == 0


async def test_a_post_of_a_newer_protocol_is_not_taken_for_one_of_ours(world: World) -> None:
    assert (await sign_out(world, **{"Command-Version": "1"})).status_code < 400
    answer = await sign_out(world, **{"Command-Version": "2"})
    assert (answer.status_code, sentence(answer)) == (409, NEWER)
    assert await Receipt.count() == 1


async def test_a_clock_two_centuries_off_does_not_break_the_receipt(world: World) -> None:
    await sign_out(world, **{"Command-Sent-At": "1900-01-01T00:00:00+00:00"})
    assert (await receipt())["clock_wrong"]


async def test_the_same_id_in_another_hand_is_refused_and_noted_once(world: World) -> None:
    given = headers()
    asha, ben = await world.sign_in("asha"), await world.sign_in("ben")
    await asha.post("/sign-out", headers=given)
    for _ in range(3):
        answer = await ben.post("/sign-out", headers=given)
        assert answer.status_code == 409
        assert sentence(answer) == "This was already saved differently. Both copies are kept."
        assert "receipt" not in answer.headers
    assert await Conflict.count() == 1
    assert sorted(row["outcome"] for row in await Receipt.select()) == ["conflict", "done"]
