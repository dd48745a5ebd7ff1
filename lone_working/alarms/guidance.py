"""What whoever rings 999 reads out in half a minute, and what they are asked for after that."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from lone_working import party
from lone_working.alarms.queries import EVENT_WORDS
from lone_working.places import NOWHERE, Point
from lone_working.rules import AlarmKind, Happening
from people import queries as people
from people.rules import SignedIn
from properties import queries as properties
from pwa.direction import apart
from pwa.pages import time

Row = dict[str, Any]
Asked = tuple[str, tuple[str, ...]]
OWN = tuple(one.value for one in (Happening.STARTED, Happening.CHECKED_IN, Happening.EXTENDED, Happening.PIN))
FORCED = tuple(one.value for one in (Happening.DURESS, Happening.DURESS_ALONE, Happening.PANIC))
"""From the first of these on nothing is a sign that all is well."""


async def number_of(session: Row) -> str:
    """Their own mobile, for whoever may ring them."""
    all = await people.contacts([session["person"]])
    return next((one.phone for one in all if one.id == session["person"]), "")


async def read_out(session: Row, alarm: Row, number: str) -> list[str]:
    """To be read aloud in half a minute."""
    kind = AlarmKind(alarm["kind"])
    asked = "has asked for help" if kind is not AlarmKind.OVERDUE else "has not been heard of in time"
    lines = [
        f"An officer of the council is alone and {asked}: {apart(session['person_name'])}.",
        *_where(session, alarm),
    ]
    if number and not session["silent"]:
        lines.append(f"Their mobile: {apart(number)}.")
    if kind is AlarmKind.DURESS or session["silent"]:
        lines.append("Somebody may be with them and may be forcing them. Do not ring them.")
    if session["high_risk"]:
        lines.append("Nobody is to go in there alone.")
    lines += await party.said_of(session)
    if session["battery"] is not None:
        lines.append(f"Their phone had {session['battery']} % of its battery at {time(session['battery_at'])}.")
    return lines


def _where(session: Row, alarm: Row) -> list[str]:
    if session["place"] == NOWHERE:  # nobody heard of them before they called
        return [
            f"They pressed for help on their phone at {time(session['started_at'])}.",
            "Where they are is not known.",
        ]
    well = f"last known to be well at {time(session['heard_at'])}"
    if alarm["kind"] == AlarmKind.DURESS:  # the last that was heard was no sign that all is well
        well = f"and gave a secret sign for help at {time(alarm['origin_at'])}"
    return [
        f"Where: {apart(session['place'])}.",
        *_grid(session["point"]),
        f"Went in at {time(session['started_at'])}, {well}.",
    ]


def _grid(point: Point | None) -> list[str]:
    return [f"Grid reference: {apart(point.grid)}, which is {point.words}."] if point and point.grid else []


async def if_asked(me: SignedIn, session: Row, happened: Sequence[Row], where: bool) -> list[Asked]:
    """Question and answer, of what is known. `happened`: the session's chain, in its order. `where`: whoever asks
    may know which home it is; of a home that is kept from them nothing is told here either."""
    found: list[Asked] = [("How they were last heard of", _last(happened))]
    home = await properties.said_to_999(me, session["property"]) if where and session["property"] else None
    if home:
        found += [
            ("Its number (UPRN)", (home.uprn,) if home.uprn else ()),
            ("How to get in", tuple(home.getting_in)),
            ("Warnings about the home", tuple(home.warnings)),
        ]
    return [(question, answer) for question, answer in found if answer]


def _last(happened: Sequence[Row]) -> tuple[str, ...]:
    """The last that they did of their own will, however late it came, and when we heard of it. By the clock as it
    is now: what came before it was put back was so much earlier (events._by_this_clock)."""
    theirs: list[tuple[datetime, datetime, Row]] = []
    back, forced = timedelta(), datetime.max.replace(tzinfo=UTC)
    for one in reversed(happened):
        if one["what"] == Happening.CLOCK:
            back += one["happened_at"] - one["received_at"]
        elif one["what"] in FORCED:
            forced = min(forced, one["happened_at"] + back)
        elif one["what"] in OWN:
            theirs.append((one["happened_at"] + back, one["received_at"] + back, one))
    free = [one for one in theirs if one[0] < forced]
    if not free:
        return ()
    at, heard, last = max(free, key=lambda one: one[0])
    came = f", and we heard of it at {time(heard)}" if (heard - at).total_seconds() >= 60 else ""
    return (f"{EVENT_WORDS[Happening(last['what'])]} at {time(at)}{came}.",)
