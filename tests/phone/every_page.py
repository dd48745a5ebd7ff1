"""Every page there is, found from the app's own routes, so that a new one is looked at from its first day."""

from dataclasses import dataclass
from functools import cache

from pwa.policy import EVERYONE
from server.app import create_app
from tests.server.policies import Way, ways

# Who opens a page: the first of these whose role may. Nobody is signed in where everybody may.
WHO = {"officer": "asha", "manager": "dina", "administrator": "ade", "contractor": "callum", EVERYONE: "nobody"}

# What stands for each part of an address: a name in tests/phone/lived.py, or the word itself.
STANDS = {
    "alarm_id": "alarm",
    "device_id": "device",
    "document_id": "document",
    "drill_id": "drill",
    "held_id": "held",
    "inspection_id": "open",
    "item": "kitchen_hob",
    "kind": "void",
    "person_id": "ben",
    "property_id": "saltmarsh",
    "run_id": "run",
    "session_id": "session",
    "task_id": "task",
    "team_id": "north",
    "token": "{inventory}",
    "visit_id": "visit",
}
ASKED = {
    "/invitation": "?token={token}",
    "/tasks/new": "?property={saltmarsh}",
    "/visits/new": "?property={saltmarsh}",
}
# What stands there instead on pages of some things only.
ELSEWHERE = {
    "/inspections/{inspection_id:uuid}/review": {"inspection_id": "done"},
    "/lone-working/out/{session_id:uuid}": {"session_id": "out"},
    "/a/{token:str}": {"token": "{alarm_link}"},
}

# What a GET answers that is no whole page.
NO_PAGE = {
    "/": "goes on to the first page of the role",
    "/calendar/{name:str}": "a file",
    "/documents/{document_id:uuid}/file": "a file",
    "/documents/{document_id:uuid}/progress": "a part of the document's page",
    "/favicon.ico": "a picture",
    "/health/live": "for a watchdog",
    "/health/ready": "for a watchdog",
    "/held/{held_id:uuid}/photos/{sha256:str}": "a picture",
    "/inspections/{inspection_id:uuid}/missing": "a part of the inspection's page",
    "/inspections/{inspection_id:uuid}/photos/{sha256:str}": "a picture",
    "/inspections/{inspection_id:uuid}/inventory/photos/{sha256:str}": "a picture",
    "/inventory/{token:str}/photos/{sha256:str}": "a picture",
    "/lone-working/alarms/{alarm_id:uuid}/photos/{sha256:str}": "a picture",
    "/lone-working/bar": "a part of every page",
    "/lone-working/events": "what the wall is told",
    "/lone-working/figures.csv": "a file",
    "/lone-working/history.csv": "a file",
    "/lone-working/now": "a part of the wall",
    "/lone-working/helpers/{photo_id:uuid}/photos/{sha256:str}": "a picture",
    "/manifest.webmanifest": "for the browser",
    "/properties/export.csv": "a file",
    "/static/{name:str}": "a file",
    "/recharges/register.csv": "a file",
    "/sw.js": "a script",
    "/today/pack": "a list for the phone",
    "/visits/cards.pdf": "a file",
    "/visits/{visit_id:uuid}/card.pdf": "a file",
    "/visits/{visit_id:uuid}/photos/{sha256:str}": "a picture",
}


@dataclass(frozen=True)
class Whole:
    """A page: who opens it, and where, with names in braces for what stands in its address."""

    who: str
    path: str


@cache
def gets() -> dict[str, Way]:
    return {way.path: way for way in ways(create_app()) if way.method == "GET"}


def wholes() -> list[str]:
    """The routes of all pages."""
    return [path for path in gets() if path not in NO_PAGE]


def whole(route: str) -> Whole:
    """How to open the page of a route."""
    way, path = gets()[route], route
    for name, kind in way.parameters:
        assert name in STANDS, f"{route}: say in STANDS what stands for {name}, or in NO_PAGE why it is no page"
        stands = ELSEWHERE.get(route, {}).get(name, STANDS[name])
        path = path.replace(f"{{{name}:{kind}}}", f"{{{stands}}}" if kind == "uuid" else stands)
    (who, *_) = (name for role, name in WHO.items() if role in way.may)
    return Whole(who, path + ASKED.get(route, ""))
