"""Positions for homes that have none, asked of the configured geocoder one at a time and a second apart.

The lookup runs beside the engine, in a thread, and its answer is stored on a later turn: a geocoder that hangs
holds up nothing. An import never waits for it.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from properties import position
from properties.rules import PositionSource
from properties.tables import Property
from pwa.outbox import writing

log = logging.getLogger("doorstep.geocoding")
SECONDS_BETWEEN = 1.0
TIMEOUT_SECONDS = 5
REST_AFTER_FAILURE = timedelta(minutes=5)
REST_WHEN_DONE = timedelta(seconds=15)

Ask = Callable[[str], Any]


@dataclass(frozen=True)
class Answer:
    property_id: UUID
    point: position.Point | None
    problem: str


@dataclass
class _State:
    ask: Ask | None = None
    lookup: "asyncio.Task[Answer] | None" = None
    resting_until: datetime | None = None


_state = _State()


def use(address: str | None, user_agent: str = "Doorstep", seconds_between: float = SECONDS_BETWEEN) -> None:
    """Look positions up at this Nominatim server, or nowhere. The server calls it once at the start."""
    _state.resting_until = None
    if address is None:
        _state.ask = None
        return
    # Here and not above: it brings every geocoder there is, a fifth of a second that most starts can do without.
    from geopy.extra.rate_limiter import RateLimiter  # type: ignore[import-untyped]
    from geopy.geocoders import Nominatim  # type: ignore[import-untyped]

    parts = urlsplit(address)
    geocoder = Nominatim(
        domain=f"{parts.netloc}{parts.path.rstrip('/')}",
        scheme=parts.scheme,
        user_agent=user_agent.encode("ascii", "ignore").decode(),  # a header holds nothing else
        timeout=TIMEOUT_SECONDS,
    )
    _state.ask = RateLimiter(
        lambda query: geocoder.geocode(query, country_codes="gb"),
        min_delay_seconds=seconds_between,
        max_retries=0,
        error_wait_seconds=seconds_between,
        swallow_exceptions=False,
    )


def failures() -> tuple[type[Exception], ...]:
    """What geopy raises by itself, and what it lets through when an answer is not what Nominatim documents."""
    from geopy.exc import GeopyError  # type: ignore[import-untyped]

    return (GeopyError, LookupError, TypeError, ValueError, OSError)


async def step(at: datetime) -> int:
    """Store the answer that has come, then begin the next lookup. 1 when an answer was stored."""
    if _state.lookup and not _state.lookup.done():
        return 0
    stored = 0
    if _state.lookup:
        lookup, _state.lookup = _state.lookup, None
        stored = await _store(lookup, at)
    if _state.ask and not (_state.resting_until and at < _state.resting_until):
        await _begin(_state.ask, at)
    return stored


async def finish() -> None:
    """Wait for the lookup under way, if there is one. For tests and for a calm stop."""
    if _state.lookup:
        await asyncio.wait([_state.lookup])


async def _begin(ask: Ask, at: datetime) -> None:
    row = await (
        Property.select(Property.id, Property.address, Property.street, Property.town, Property.postcode)
        .where(Property.latitude.is_null())
        .where(Property.position_problem == "")
        .where(Property.retired_at.is_null())
        .order_by(Property.created_at)
        .first()
    )
    if row is None:
        _state.resting_until = at + REST_WHEN_DONE
    else:
        _state.lookup = asyncio.create_task(asyncio.to_thread(_looked_up, ask, row))


def _looked_up(ask: Ask, row: dict[str, Any]) -> Answer:
    """The whole address, then the postcode alone, which is said. Raises GeopyError when the geocoder fails."""
    parts = [row["address"], row["street"], row["town"], row["postcode"]]
    if found := ask(", ".join(part for part in parts if part)):
        point = (found.latitude, found.longitude)
        return Answer(row["id"], point, "")
    if found := ask(row["postcode"]):
        point = (found.latitude, found.longitude)
        return Answer(row["id"], point, position.BY_POSTCODE)
    return Answer(row["id"], None, position.NOT_FOUND)


async def _store(lookup: "asyncio.Task[Answer]", at: datetime) -> int:
    try:
        answer = lookup.result()
    except failures() as error:
        log.warning("the geocoder did not answer (%s); resting for %s", type(error).__name__, REST_AFTER_FAILURE)
        _state.resting_until = at + REST_AFTER_FAILURE
        return 0
    changes: dict[Any, Any] = {Property.position_tried_at: at, Property.position_problem: answer.problem}
    if answer.point:
        latitude, longitude = answer.point
        changes |= {
            Property.latitude: round(latitude, 6),
            Property.longitude: round(longitude, 6),
            Property.position_source: PositionSource.GEOCODED.value,
            Property.position_problem: position.problem(latitude, longitude) or answer.problem,
        }
    async with writing():
        # Only where there is still none: a person or a file may have given one meanwhile.
        await Property.update(changes).where((Property.id == answer.property_id) & Property.latitude.is_null())
    return 1
