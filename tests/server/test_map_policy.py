"""Only the wall and an alarm may show pictures of another host, and only of the one that the council set."""

from server.app import create_app
from server.protection import CSP
from server.settings import read
from tests.conftest import browser

TILES = "https://tiles.example:8443/{z}/{x}/{y}.png?key=1"


async def policy(path: str, tiles: str = TILES) -> str:
    app = create_app(read({"DOORSTEP_MAP_TILES": tiles, "DOORSTEP_HOSTS": "doorstep.test"}))
    async with browser(app) as client:
        return str((await client.get(path)).headers["content-security-policy"])


async def test_the_wall_and_an_alarm_may_show_the_councils_map() -> None:
    for path in ("/lone-working", "/lone-working/alarms/01890000-0000-7000-8000-00000000dead"):
        theirs = await policy(path)
        assert "img-src 'self' blob: https://tiles.example:8443;" in theirs
        assert theirs.replace(" https://tiles.example:8443", "") == CSP, "and nothing else"


async def test_no_other_page_may() -> None:
    for path in ("/today", "/sign-in", "/lone-working/now", "/lone-working/new", "/lone-workings"):
        assert await policy(path) == CSP


async def test_without_a_map_of_the_councils_the_wall_is_like_every_page() -> None:
    assert await policy("/lone-working", tiles="") == CSP
