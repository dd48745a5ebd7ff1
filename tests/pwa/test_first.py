"""A call for help goes before what can wait, and keeps nobody waiting for ever."""

import asyncio

import pytest

from pwa import first


async def began(done: list[str], name: str) -> None:
    await first.aside()
    done.append(name)


async def test_with_nobody_in_danger_nothing_waits() -> None:
    done: list[str] = []
    await began(done, "message")
    assert done == ["message"]


async def test_what_can_wait_begins_once_every_call_for_help_is_through() -> None:
    done: list[str] = []
    with first.first():
        with first.first():
            waiting = asyncio.create_task(began(done, "message"))
            await asyncio.sleep(0)
        await asyncio.sleep(0)
        done.append("help")
    await waiting
    assert done == ["help", "message"]


async def test_a_call_that_hangs_keeps_nobody_waiting_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(first, "MOST_SECONDS", 0.001)
    done: list[str] = []
    with first.first():
        await began(done, "message")
        assert done == ["message"]


async def test_one_that_failed_is_through_too() -> None:
    done: list[str] = []
    with pytest.raises(ValueError), first.first():
        waiting = asyncio.create_task(began(done, "message"))
        await asyncio.sleep(0)
        raise ValueError
    await waiting
    assert done == ["message"]
