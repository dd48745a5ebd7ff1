"""What the page of a visit shows that other packages hold. This one may not look up to them, so it is told.

The walk is put together by today (today/walk.py), said once at the start (server/app.py). It gives the page one
value, and the name of the template whose macros draw it.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from people.rules import SignedIn
from visits.seen import Seen

Fill = Callable[[SignedIn, Seen, bool], Awaitable[Any]]
_filled_by: list[Fill] = []


def fill_walks(fill: Fill) -> None:
    _filled_by[:] = [fill]


async def walk_of(person: SignedIn, visit: Seen, checked: bool) -> Any:
    """today.walk.Walk. `checked`: this is an occupancy or welfare check, and it was recorded."""
    (fill,) = _filled_by
    return await fill(person, visit, checked)
