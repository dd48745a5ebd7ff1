"""Somebody's visits for their own calendar app. What leaves this program is as little as makes it useful.

When, how long, what for and where. Never a name, a warning or a note: a calendar lives on other people's servers.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from visits.rules import State, Window, planned_moment
from visits.seen import Seen

if TYPE_CHECKING:
    from icalendar import Event

BACK, AHEAD = 7, 56
"""Days before and after today."""
AGAIN = timedelta(hours=1)
VISIT = "Visit"


def calendar(visits: Iterable[Seen], at: datetime) -> bytes:
    """As RFC 5545 has it. `at` is now: DTSTAMP, when this answer was made."""
    from icalendar import Calendar, Event  # slow to import; few starts need it

    whole = Calendar()
    whole.add("prodid", "-//Doorstep//Visits//EN")
    whole.add("version", "2.0")
    whole.add("method", "PUBLISH")
    whole.add("x-wr-calname", "Visits")
    whole.add("refresh-interval", AGAIN, parameters={"VALUE": "DURATION"})
    for visit in visits:
        whole.add_component(_filled(Event(), visit, at))
    return bytes(whole.to_ical())


def _filled(event: "Event", visit: Seen, at: datetime) -> "Event":
    event.add("uid", f"{visit.id}@doorstep")
    event.add("dtstamp", at)
    for name, value in _times(visit):
        event.add(name, value)
    event.add("summary", VISIT if visit.home.confidential else visit.purpose.words)
    if not visit.home.confidential:
        event.add("location", ", ".join(part for part in (visit.home.label, visit.home.where) if part))
    event.add("description", visit.duration if visit.window is Window.AT else f"{visit.clock}, {visit.duration}")
    event.add("status", "CANCELLED" if visit.state is State.CANCELLED else "CONFIRMED")
    return event


def _times(visit: Seen) -> list[tuple[str, object]]:
    """An appointment takes its minutes; a window is drawn whole and keeps nobody busy; any time is the day's."""
    if visit.window is Window.AT:
        return [("dtstart", visit.planned_for), ("dtend", visit.planned_for + timedelta(minutes=visit.minutes))]
    if visit.window is Window.ANY:
        return [("dtstart", visit.day), ("dtend", visit.day + timedelta(days=1)), ("transp", "TRANSPARENT")]
    ends = planned_moment(visit.day, visit.window.hours[1])
    return [("dtstart", visit.planned_for), ("dtend", ends), ("transp", "TRANSPARENT")]
