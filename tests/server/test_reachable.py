"""Nobody types an address: what a role may open, it can come to from its first page by links alone."""

import re
from html import unescape
from urllib.parse import urljoin, urlsplit

import httpx
import pytest
from litestar import Litestar

from pwa.policy import EVERYONE
from tests.conftest import World
from tests.properties.homes import home
from tests.server.policies import Way, ways

LINK = re.compile(r"<a\b[^>]*?\bhref=\"([^\"]+)\"")
BY_OTHER_DOORS = {
    "/today/pack": "what pack.ts asks, and no page",
    "/favicon.ico": "the browser asks for it",
    "/lone-working/bar": "a page that stands open asks for it",
    "/lone-working/events": "the wall listens to it",
    "/lone-working/now": "the wall asks for it",
    "/lone-working/limits": "an administrator comes to it by the bar, if they were out when they became one",
    "/lone-working/looks": "from there",
    "/manifest.webmanifest": "the browser asks for it",
    "/sw.js": "the page's script asks for it",
    "/health/live": "for the watchdog",
    "/health/ready": "for the watchdog",
    "/invitation": "the address is in the invitation",
    "/offline": "the worker shows it when there is no signal",
    "/sign-in": "where somebody comes who is not signed in",
    "/styleguide": "for those who build Doorstep, off unless a setting says so",
}


def pages_for(app: Litestar, role: str) -> set[str]:
    def opens(way: Way) -> bool:
        return way.method == "GET" and not way.parameters and bool({EVERYONE, role} & way.may)

    return {way.path for way in ways(app) if opens(way)}


async def walked(client: httpx.AsyncClient) -> dict[str, int]:
    """Every path that links lead to from `/`, and what it answered."""
    found: dict[str, int] = {}
    ahead = ["/"]
    while ahead:
        address = ahead.pop()
        path = urlsplit(address).path
        if path in found:
            continue
        answer = await client.get(address, follow_redirects=True)
        found[path] = answer.status_code
        found.setdefault(answer.url.path, answer.status_code)
        if answer.headers["content-type"].startswith("text/html"):
            links = [urljoin(str(answer.url), unescape(href)) for href in LINK.findall(answer.text)]
            ahead += [link for link in links if urlsplit(link).netloc == "doorstep.test"]
    return found


@pytest.mark.parametrize("name", ["asha", "dina", "ade", "callum"])
async def test_every_page_of_a_role_can_be_come_to_by_links_and_no_link_is_broken(world: World, name: str) -> None:
    await home(team=world.teams["north"].id)
    found = await walked(await world.sign_in(name))
    wanted = pages_for(world.app, str(world.people[name].role)) - set(BY_OTHER_DOORS)
    assert wanted - set(found) == set()
    assert {path: status for path, status in found.items() if status != 200} == {}


def test_only_pages_that_exist_are_excused(app: Litestar) -> None:
    assert set(BY_OTHER_DOORS) <= {way.path for way in ways(app)}
