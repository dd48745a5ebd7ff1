"""Routes of notifications: on and off on this phone, and whether a test arrived."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from messages import push, subscriptions
from people.browsers import in_words
from pwa.answers import Refused
from pwa.forms import form
from pwa.outbox import Sent, once
from pwa.pages import go, page
from pwa.policy import may

Asked = Request[Any, Any, Any]
Sending = NamedDependency[Sent]
# Whoever goes out, and whoever may be called.
TOLD = may("officer", "manager", "administrator", "contractor")
PAGE = "/you/notifications"


class Nothing(msgspec.Struct):
    """A button: no fields."""


class SubscribeForm(msgspec.Struct):
    """What the browser gives of its subscription; its script fills it in."""

    endpoint: str = ""
    p256dh: str = ""
    auth: str = ""


class AnsweredForm(msgspec.Struct):
    test: UUID


@get(PAGE, opt=TOLD)
async def notifications(request: Asked) -> Response[str]:
    return await _shown(request, 200, {})


async def _shown(request: Asked, status: int, reasons: dict[str, str]) -> Response[str]:
    used, phones, here = push.pushing(), await subscriptions.of(request.user), _here(request)
    return page(
        request,
        "messages/notifications.html",
        status,
        key=used.key.public if used else "",
        phones=phones,
        here=next((one for one in phones if one.device == here), None),
        reasons=reasons,
        asked="tried" in request.query_params,
    )


def _here(request: Asked) -> UUID | None:
    found: UUID | None = request.scope.get("device")  # type: ignore[assignment]
    return found


@post(PAGE, opt=TOLD)
async def subscribe(request: Asked, sent: Sending) -> Response[Any]:
    data = await form(request, SubscribeForm)
    browser = in_words(request.headers.get("user-agent", ""))
    given = (data.endpoint, data.p256dh, data.auth, browser)
    try:
        await once(sent, subscriptions.subscribe, request.user, _here(request), *given)
    except Refused as refused:
        return await _shown(request, 422, refused.reasons)
    return go(request, PAGE)


@post(f"{PAGE}/{{subscription_id:uuid}}/end", opt=TOLD)
async def end(request: Asked, subscription_id: FromPath[UUID], sent: Sending) -> Response[Any]:
    await form(request, Nothing)
    await once(sent, subscriptions.stop, request.user, subscription_id)
    return go(request, PAGE)


@post(f"{PAGE}/try", opt=TOLD)
async def try_here(request: Asked, sent: Sending) -> Response[Any]:
    await form(request, Nothing)
    try:
        await once(sent, subscriptions.try_here, request.user, _here(request))
    except Refused as refused:
        return await _shown(request, 422, refused.reasons)
    return go(request, f"{PAGE}?tried")


@post(f"{PAGE}/answered", opt=TOLD, status_code=200)
async def answered(request: Asked, sent: Sending) -> Response[Any]:
    """Sent by the phone's service worker when a test notification is pressed, and by nothing else."""
    data = await form(request, AnsweredForm)
    await once(sent, subscriptions.answered, request.user, data.test)
    return Response("", media_type="text/plain")


HANDLERS = [notifications, subscribe, end, try_here, answered]
