"""Warnings and certificates of one property."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from properties import queries, record_commands
from properties.change_handlers import WRITERS, typed, wrong
from properties.changing import CertificateForm, Nothing, WarningForm
from properties.reference import alert_codes, certificate_kinds
from pwa.answers import Refused
from pwa.forms import form
from pwa.outbox import Sent, once
from pwa.pages import answer, page
from pwa.policy import RECORDS, may, queued

Asked = Request[Any, Any, Any]
FIELD = may("officer", "manager")
WARNINGS = "properties/warnings.html"
CERTIFICATES = "properties/certificates.html"


async def about_warnings(request: Asked, found: queries.Property, **more: Any) -> dict[str, Any]:
    return {
        "home": await queries.home_of_property(request.user, found),
        "warnings": await queries.warnings_for(request.user, found),
        "codes": [(one.code, one.label) for one in alert_codes().values()],
        "may_change": queries.may_change(request.user, found),
        "team": await queries.team_name(found),
        "today": queries.today(),
        "errors": {},
        "values": {},
        **more,
    }


# Not kept on the phone, and its forms not queued there: the words of a warning stay off it (docs/threat-model.md).
@get("/properties/{property_id:uuid}/warnings", opt=FIELD)
async def show_warnings(request: Asked, sent: NamedDependency[Sent], property_id: FromPath[UUID]) -> Response[str]:
    found = await queries.property_for(request.user, property_id)
    context = await about_warnings(request, found)
    if any(warning.text for warning in context["warnings"]):
        await once(sent, record_commands.note_reading, "read why there is a warning")
    return page(request, WARNINGS, **context)


@post("/properties/{property_id:uuid}/warnings", opt=FIELD)
async def add_warning(request: Asked, sent: NamedDependency[Sent], property_id: FromPath[UUID]) -> Response[Any]:
    found = await queries.property_to_change(request.user, property_id)
    try:
        data = await form(request, WarningForm)
        await once(sent, record_commands.add_warning, request.user, found, data)
    except Refused as refused:
        more = {"errors": refused.reasons, "values": await typed(request)}
        return wrong(request, WARNINGS, "warnings", **await about_warnings(request, found, **more))
    to = f"/properties/{property_id}/warnings"
    return answer(request, f"{WARNINGS}#warnings", to=to, **await about_warnings(request, found))


@post("/properties/{property_id:uuid}/warnings/{warning_id:uuid}/end", opt=FIELD)
async def end_warning(
    request: Asked, sent: NamedDependency[Sent], property_id: FromPath[UUID], warning_id: FromPath[UUID]
) -> Response[Any]:
    found = await queries.property_for(request.user, property_id)
    await form(request, Nothing)
    await once(sent, record_commands.end_warning, request.user, found, warning_id)
    to = f"/properties/{property_id}/warnings"
    return answer(request, f"{WARNINGS}#warnings", to=to, **await about_warnings(request, found))


async def about_certificates(request: Asked, found: queries.Property, **more: Any) -> dict[str, Any]:
    return {
        "home": await queries.home_of_property(request.user, found),
        "certificates": await queries.certificates_of(request.user, found, queries.today()),
        "certificate_kinds": [(kind.code, kind.name) for kind in certificate_kinds().values()],
        "may_change": queries.may_change(request.user, found),
        "errors": {},
        "values": {},
        **more,
    }


@get("/properties/{property_id:uuid}/certificates", opt=WRITERS)
async def show_certificates(request: Asked, property_id: FromPath[UUID]) -> Response[str]:
    found = await queries.property_for(request.user, property_id)
    return page(request, CERTIFICATES, **await about_certificates(request, found))


@post("/properties/{property_id:uuid}/certificates", opt=queued(WRITERS, RECORDS))
async def add_certificate(
    request: Asked, sent: NamedDependency[Sent], property_id: FromPath[UUID]
) -> Response[Any]:
    found = await queries.property_to_change(request.user, property_id)
    try:
        data = await form(request, CertificateForm)
        await once(sent, record_commands.add_certificate, request.user, found, data)
    except Refused as refused:
        more = {"errors": refused.reasons, "values": await typed(request)}
        return wrong(request, CERTIFICATES, "certificates", **await about_certificates(request, found, **more))
    to = f"/properties/{property_id}#certificates"
    return answer(request, f"{CERTIFICATES}#certificates", to=to, **await about_certificates(request, found))


handlers = [show_warnings, add_warning, end_warning, show_certificates, add_certificate]
