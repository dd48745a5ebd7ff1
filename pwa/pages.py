"""Pages and fragments. A fragment is a `{% block %}` of its page, so both are one file."""

import json
import logging
from contextvars import ContextVar
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import FileSystemLoader, PrefixLoader, StrictUndefined
from jinja2_fragments import render_block
from litestar import Request, Response
from litestar.response import Redirect
from markupsafe import Markup, escape

from pwa import clock, restored
from pwa.answers import NotFound
from pwa.clock import LONDON
from pwa.directed import Directed, own
from pwa.ids import uuid7

log = logging.getLogger("doorstep.pages")
HERE = Path(__file__).parent
STATIC = HERE / "static"


@cache
def built() -> dict[str, str]:
    """What `make assets` made: plain name to hashed name. Empty when nothing was built yet."""
    index = STATIC / "assets.json"
    return dict(json.loads(index.read_text())) if index.exists() else {}


def asset(name: str) -> str:
    return f"/static/{built().get(name, name)}"


PACK = "doorstep-pack"
"""The request header of a phone that packs its day, and of the list it packs by."""

_packing: ContextVar[bool] = ContextVar("packing", default=False)


def is_packing(request: Request[Any, Any, Any]) -> bool:
    """Is this page asked for to be put in a pack? Then it is the same to the byte while nothing changed."""
    return PACK in request.headers


def new_id() -> str:
    """An id for a browser without our script. A page of a pack has none: it would give out the same one twice."""
    return "" if _packing.get() else str(uuid7())


def _local(moment: datetime) -> datetime:
    return moment.astimezone(LONDON)


def day(moment: datetime | date) -> str:
    """Tue 24 Nov, with the year when it is not this one."""
    local = _local(moment) if isinstance(moment, datetime) else moment
    year = "" if local.year == datetime.now(LONDON).year else f" {local.year}"
    return f"{local:%a} {local.day} {local:%b}{year}"


def time(moment: datetime) -> str:
    return f"{_local(moment):%H:%M}"


def when(moment: datetime) -> str:
    return f"{day(moment)}, {time(moment)}"


def recorded(captured: datetime, received: datetime, skew_seconds: int = 0, later: bool = False) -> str:
    """A time a phone gave, put right and said to be so when its clock was wrong.

    With `later`, also when it was received if that was a while after.
    """
    at = when(clock.happened(captured, received, skew_seconds))
    came = f"received {when(received)}"
    if clock.wrong(captured, received, skew_seconds):
        return f"about {at} (the phone said {when(captured)}: phone’s clock was wrong, {came})"
    return f"{at}, {came}" if later and clock.came_later(captured, received) else at


def recorded_on(captured: datetime, received: datetime, skew_seconds: int = 0) -> str:
    """As `recorded`, the day alone."""
    flag = ", phone’s clock was wrong" if clock.wrong(captured, received, skew_seconds) else ""
    return day(clock.happened(captured, received, skew_seconds)) + flag


def pounds(pence: int | None) -> str:
    if pence is None:
        return ""
    whole, rest = divmod(abs(pence), 100)
    return f"{'−' if pence < 0 else ''}£{whole:,}" + (f".{rest:02d}" if rest else "")


def address(email: str) -> Markup:
    """An e-mail address that a narrow page breaks before its @ or a full stop, and not inside a word."""
    broken = escape(own(email))
    for mark in ("@", "."):
        broken = broken.replace(mark, Markup("<wbr>") + mark)
    return broken


environment = Directed(
    loader=PrefixLoader({}), autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined
)
environment.filters.update(
    address=address, day=day, time=time, when=when, recorded=recorded, recorded_on=recorded_on, pounds=pounds
)
environment.tests["clock_wrong"] = clock.wrong
environment.globals.update(asset=asset, built=built, new_id=new_id, packing=_packing.get)


def places(me: Any, path: str) -> list[dict[str, Any]]:
    find = environment.globals.get("places_for")
    return find(me, path) if callable(find) else []


def furnish(packages: list[Path], **shared: Any) -> None:
    """Called once by the app: where templates live, and what every page is given."""
    environment.loader = PrefixLoader({p.name: FileSystemLoader(p / "templates") for p in packages})
    environment.globals.update(shared)
    # A fragment is rendered without the imports at the top of its page, so `ui` must be there by itself.
    environment.globals["ui"] = environment.get_template("pwa/macros.html").module


def page(request: Request[Any, Any, Any], template: str, status: int = 200, **context: Any) -> Response[str]:
    """A whole page, or the block named after `#`."""
    name, _, block = template.partition("#")
    me, path = request.scope.get("user"), request.url.path
    shared = {
        "me": me,
        "now": datetime.now(UTC),
        "path": path,
        "places": places(me, path),
        "restored": restored.told(),
        # Not in a pack: what it says changes by the minute, and the phone itself knows the last of it. Nor on what
        # tells of a failure: all that is not somebody's looks the same to the byte.
        "safety": None if is_packing(request) or status >= 400 else request.scope.get("safety"),
    }
    packing = _packing.set(is_packing(request))
    try:
        if block:
            body = render_block(environment, name, block, **shared, **context)
        else:
            body = environment.get_template(name).render(**shared, **context)
    finally:
        _packing.reset(packing)
    return Response(body, status_code=status, media_type="text/html")


def fragment(template: str, **context: Any) -> str:
    """The block named after `#`, for what no request asked for just now."""
    name, _, block = template.partition("#")
    return render_block(environment, name, block, now=datetime.now(UTC), **context)


def answer(
    request: Request[Any, Any, Any],
    template: str,
    to: str,
    headers: dict[str, str] | None = None,
    **context: Any,
) -> Response[Any]:
    """After a write: the block that shows what is now true, or without our script the page itself."""
    if request.headers.get("hx-request") != "true":
        return Redirect(to, status_code=303)
    response = page(request, template, **context)
    response.headers.update(headers or {})
    return response


def go(request: Request[Any, Any, Any], to: str) -> Response[Any]:
    """After a write: another page."""
    if request.headers.get("hx-request") != "true":
        return Redirect(to, status_code=303)
    return Response("", status_code=200, headers={"HX-Redirect": to}, media_type="text/html")


def keep(response: Response[Any], as_packed: bool = False) -> Response[Any]:
    """Let the phone keep this page for a place with no signal, for a day at most.

    `as_packed`: not this answer, which names what no phone keeps, but the one that is given to a pack.
    """
    response.headers["Doorstep-Keep"] = "as packed" if as_packed else "24h"
    return response


def static_file(name: str) -> bytes:
    """A built file by its plain name. NotFound also for anything that is not directly in the folder."""
    file = STATIC / Path(name).name
    if not file.is_file() or file.name != name:
        raise NotFound
    return file.read_bytes()
