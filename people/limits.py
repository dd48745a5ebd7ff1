"""How often one may try to sign in, counted so that attempts made at the same moment are counted too.

An attempt is counted before the password is looked at, and given back when it was right. The counts are in
the database: if they cannot be written, nobody signs in (503). Only counted attempts hold others up, so a
flood that is being refused does not lengthen the wait, and nothing is ever locked for good.
"""

import hashlib
import ipaddress
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from people.rules import ACCOUNT, ADDRESS, CALENDAR, EVERYBODY, Limit, recent, wait
from people.tables import Tally
from pwa.answers import Turned
from pwa.outbox import writing

# One wording for a wrong password, an unknown or disabled account and too many tries.
REFUSED = (
    "We could not sign you in. Check the e-mail address and the password. "
    "After several tries, wait five minutes and try again."
)


TOO_OFTEN = "This calendar was asked for too often. Ask again in five minutes."


@dataclass(frozen=True)
class Attempt:
    """One counted attempt: on which tallies, and when."""

    keys: tuple[str, ...]
    at: int


def _key(limit: Limit, name: str) -> str:
    return hashlib.sha256(f"{limit.what}:{name}".encode()).hexdigest()


def network(address: str) -> str:
    """An IPv6 subscriber has a whole /64, so that is what counts as one address."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((ip, 64), strict=False)) if ip.version == 6 else address


async def count(account: str, address: str, at: datetime) -> Attempt:
    """Count one attempt to sign in, or raise Turned(429)."""
    # Always in this order, so that two attempts never wait for each other's rows.
    places = [(EVERYBODY, ""), (ADDRESS, network(address)), (ACCOUNT, account)]
    return await count_at(places, at, REFUSED)


async def count_at(places: Sequence[tuple[Limit, str]], at: datetime, sentence: str) -> Attempt:
    """Count one attempt at each of these, or raise Turned(429). All or nothing, whatever arrives at once."""
    moment = int(at.timestamp() * 1000)
    async with writing():
        for limit, name in places:
            tries = recent(await _held(_key(limit, name), at), moment)
            if seconds := wait(tries, limit, moment):
                raise Turned(429, sentence, {"Retry-After": str(seconds)})
            await _write(_key(limit, name), [*tries, moment])
    return Attempt(tuple(_key(limit, name) for limit, name in places), moment)


async def count_reading(token: str, at: datetime) -> None:
    """One reading at a calendar address, or Turned(429): an app that has gone wild costs nobody else anything."""
    key, moment = _key(CALENDAR, token), int(at.timestamp() * 1000)
    async with writing():
        tries = recent(await _held(key, at), moment)
        if seconds := wait(tries, CALENDAR, moment):
            raise Turned(429, TOO_OFTEN, {"Retry-After": str(seconds)})
        await _write(key, [*tries, moment])


async def give_back(attempt: Attempt, at: datetime) -> None:
    """The password was right: this attempt was no guess. Part of the caller's transaction."""
    for key in attempt.keys:
        tries = await _held(key, at)
        if attempt.at in tries:
            tries.remove(attempt.at)
        await _write(key, tries)


async def _held(key: str, at: datetime) -> list[int]:
    """The tally's attempts, with its row held until the transaction ends (PostgreSQL; SQLite has one writer)."""
    (row,) = await Tally.raw(
        "INSERT INTO tally (id, tries, last_at) VALUES ({}, '[]', {}) "
        "ON CONFLICT (id) DO UPDATE SET last_at = excluded.last_at RETURNING tries",
        key,
        at.astimezone(UTC),
    )
    return list(json.loads(row["tries"]))


async def _write(key: str, tries: list[int]) -> None:
    await Tally.update({Tally.tries: json.dumps(tries)}).where(Tally.id == key)
