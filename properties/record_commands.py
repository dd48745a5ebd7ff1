"""Warnings and certificates: each is a row of its own, ended or followed by a newer one, never changed."""

from uuid import UUID

from people.rules import SignedIn
from properties.certificates import expiry
from properties.changing import CertificateForm, WarningForm
from properties.commands import may_or_turn
from properties.reference import alert_codes, certificate_kinds
from properties.tables import Certificate, PersonAlert, Property
from pwa.answers import NotFound, Refused
from pwa.ids import uuid7
from pwa.outbox import Sent

NEEDS_WORDS = ("0", "1")  # the two "other" codes say nothing by themselves


async def add_warning(sent: Sent, person: SignedIn, found: Property, data: WarningForm) -> None:
    """A coded warning owned by whoever adds it, to be looked at again on its review day."""
    may_or_turn(person, found)
    reasons = {}
    if data.code not in alert_codes():
        reasons["code"] = "Choose what to warn about."
    if data.review_on <= sent.happened_at.date():
        reasons["review_on"] = "Choose a day after today, when you will look at this again."
    if data.code in NEEDS_WORDS and not data.text:
        reasons["text"] = "Write what an officer must know."
    if reasons:
        raise Refused(reasons)
    await PersonAlert.insert(
        PersonAlert(
            id=data.id or uuid7(),
            property=found.id,
            code=data.code,
            text=data.text,
            owner=person.id,
            review_on=data.review_on,
            added_at=sent.happened_at,
        )
    ).on_conflict(target=PersonAlert.id, action="DO NOTHING")
    sent.note = f"added a warning, code {data.code}"


async def end_warning(sent: Sent, person: SignedIn, found: Property, warning_id: UUID) -> None:
    """The warning no longer holds. It is kept, with who ended it."""
    row = await PersonAlert.objects().get((PersonAlert.id == warning_id) & (PersonAlert.property == found.id))
    if row is None:
        raise NotFound
    if row.owner != person.id:
        may_or_turn(person, found)
    await PersonAlert.update({PersonAlert.ended_at: sent.happened_at, PersonAlert.ended_by: person.id}).where(
        (PersonAlert.id == warning_id) & PersonAlert.ended_at.is_null()
    )
    sent.note = f"ended a warning, code {row.code}"


async def note_reading(sent: Sent, what: str) -> None:
    """The event that somebody read what only a few may read; nothing else is written."""
    sent.note = what


async def add_certificate(sent: Sent, person: SignedIn, found: Property, data: CertificateForm) -> None:
    """One more certificate. Without an end it lasts as long as the rule for its kind says, if there is one."""
    may_or_turn(person, found)
    reasons = {}
    kind = certificate_kinds().get(data.kind)
    if kind is None:
        reasons["kind"] = "Choose the certificate."
    if data.issued_on > sent.happened_at.date():
        reasons["issued_on"] = "It cannot be issued after today."
    if data.expires_on and data.expires_on < data.issued_on:
        reasons["expires_on"] = "Its last day is before the day it was issued."
    if reasons or kind is None:
        raise Refused(reasons)
    await Certificate.insert(
        Certificate(
            id=data.id or uuid7(),
            property=found.id,
            kind=kind.code,
            issued_on=data.issued_on,
            expires_on=data.expires_on or (expiry(data.issued_on, kind.months) if kind.months else None),
            reference=data.reference,
            added_at=sent.received_at,
            added_by=person.id,
        )
    ).on_conflict(target=Certificate.id, action="DO NOTHING")
    sent.note = f"added a certificate, {kind.code}"
