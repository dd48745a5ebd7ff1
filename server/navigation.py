"""The places at the bottom of the phone and the top of the desktop: at most four for a role."""

from dataclasses import dataclass

from people.rules import Role, SignedIn


@dataclass(frozen=True)
class Place:
    label: str
    href: str
    icon: str
    also: tuple[str, ...] = ()


TODAY = Place("Today", "/today", "calendar", ("/visits", "/tasks", "/lone-working"))
PROPERTIES = Place("Properties", "/properties", "home")
INSPECTIONS = Place("Inspections", "/inspections", "list")
# The list of all inspections is one step further from here: a phone has room for four places.
REVIEW = Place("Review", "/review", "inspect", ("/inspections", "/recharges", "/held"))
PEOPLE = Place("People", "/people", "people")
ACCOUNT = Place("You", "/you", "person")

PLACES = {
    Role.OFFICER: (TODAY, PROPERTIES, INSPECTIONS, ACCOUNT),
    Role.MANAGER: (TODAY, PROPERTIES, REVIEW, ACCOUNT),
    Role.ADMINISTRATOR: (PEOPLE, PROPERTIES, ACCOUNT),
    Role.CONTRACTOR: (ACCOUNT,),
}


def places(me: SignedIn | None, path: str) -> list[dict[str, str | bool]]:
    """The person's places, with the one they are in marked."""
    if me is None:
        return []
    return [
        {"label": p.label, "href": p.href, "icon": p.icon, "current": path.startswith((p.href, *p.also))}
        for p in PLACES[me.role]
    ]
