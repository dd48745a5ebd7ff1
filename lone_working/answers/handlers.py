"""Routes of the links in messages about an alarm: no account is asked for, one alarm is shown, and nothing else.

A GET changes nothing: whatever looks at a link before its reader does must not use it up.
"""

import hashlib
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, Router, get, post
from litestar.params import FromPath

from lone_working import rules
from lone_working.alarms import link_rules, links
from lone_working.alarms import page as alarm_page
from lone_working.alarms.link_rules import Link
from lone_working.answers import commands as link_commands
from people import limits
from pwa.answers import NotFound, Turned, Unreadable
from pwa.forms import COMMAND_FIELD, form, pairs
from pwa.ids import uuid7
from pwa.outbox import Sent, once
from pwa.pages import go, page
from pwa.policy import anyone
from pwa.sent import from_rule, id_of

Asked = Request[Any, Any, Any]
# Open: it is in a text, to somebody who is not at their desk. What is in the address is all they need.
LINK = anyone()
BY_LINK = "by the link in a message"


class Nothing(msgspec.Struct):
    """A button: no fields."""


class PageForm(msgspec.Struct):
    """The secret of the page that the link opened."""

    page: str = ""


@get("/a/{token:str}", opt=LINK)
async def look(request: Asked, token: FromPath[str]) -> Response[Any]:
    link = await _looked_up(request, token)
    if request.user is not None and request.user.id == link.person:
        return go(request, rules.alarm_address(link.alarm))
    if not link.opens(datetime.now(UTC)):
        raise NotFound
    return page(request, "lone_working/link.html", token=token)


@post("/a/{token:str}", opt=LINK, status_code=200)
async def use(request: Asked, token: FromPath[str]) -> Response[Any]:
    """A second tap is the same press, and gets its answer too."""
    link, press = await _looked_up(request, token), await _press(request)
    await form(request, Nothing)
    opened: list[str] = []
    await once(_sent(link, uuid7()), link_commands.use, link, press, opened)
    return await _shown(request, link, token, opened[-1])


@post("/a/{token:str}/acknowledge", opt=LINK, status_code=200)
async def acknowledge(request: Asked, token: FromPath[str]) -> Response[Any]:
    link, press = await _looked_up(request, token), await _press(request)
    data = await form(request, PageForm)
    await once(_sent(link, press), link_commands.take_on, link, data.page)
    return await _shown(request, link, token, data.page)


async def _looked_up(request: Asked, token: str) -> Link:
    """Counted first: nobody guesses at them by the thousand."""
    now, address = datetime.now(UTC), limits.network(request.client.host if request.client else "")
    await limits.count_at([(link_rules.LOOKS, address)], now, link_rules.TOO_OFTEN)
    return await links.link_by(token, now)


async def _press(request: Asked) -> UUID:
    return id_of(dict(pairs(await request.body())).get(COMMAND_FIELD)) or uuid7()


def _sent(link: Link, id: UUID) -> Sent:
    """Its receipt names the alarm and never the secret in the address."""
    sent = from_rule(f"/lone-working/alarms/{link.alarm}/link", datetime.now(UTC))
    sent.id, sent.method, sent.person_id, sent.person_name = id, "POST", link.person, BY_LINK
    sent.body_sha256 = hashlib.sha256(str(link.id).encode()).hexdigest()
    return sent


async def _shown(request: Asked, link: Link, token: str, secret: str) -> Response[Any]:
    now = datetime.now(UTC)
    alarm = await alarm_page.alarm_for(await links.holder(link, now), link.alarm, now)
    return page(request, "lone_working/link_alarm.html", token=token, secret=secret, alarm=alarm)


def closed(request: Asked, _: NotFound) -> Response[Any]:
    """One page for a secret that never was, was used or is too old: the same bytes but for the way to sign in."""
    return page(request, "lone_working/link_closed.html", 404, next=request.url.path, sentence="")


def turned(request: Asked, wrong: Turned) -> Response[Any]:
    response = page(request, "lone_working/link_closed.html", wrong.status, next="/", sentence=wrong.sentence)
    response.headers.update(wrong.headers)
    return response


def unreadable(request: Asked, wrong: Unreadable) -> Response[Any]:
    return turned(request, Turned(400, wrong.sentence))


router = Router(
    "/",
    route_handlers=[look, use, acknowledge],
    exception_handlers={NotFound: closed, Turned: turned, Unreadable: unreadable},
)
