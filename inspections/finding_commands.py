"""Findings of an inspection: each version is a row, and taking one back is a row too."""

from typing import Any
from uuid import UUID

from inspections import choices, reference, rules
from inspections.commands import item_known, still_open, times
from inspections.queries import Opened
from inspections.tables import Finding, Phrase, PhraseUse
from people.rules import SignedIn
from pwa.answers import Held, Refused
from pwa.ids import uuid7
from pwa.outbox import Sent

LONGEST_PHRASE = 80
HISTORY = ("item", "what", "severity", "liability", "cost", "note", "hazard", "urgency")


async def record_finding(sent: Sent, officer: SignedIn, inspection: Opened, data: Any) -> None:
    """Save a finding, or a new version of it under the same lasting id."""
    await still_open(inspection)
    await item_known(inspection, data.item)
    reasons = _finding_mistakes(data)
    if reasons:
        raise Refused(reasons)
    hazard = data.what is choices.What.HAZARD
    await Finding.insert(
        Finding(
            finding=data.id,
            inspection=inspection.id,
            item=data.item,
            what=data.what,
            severity=data.severity,
            liability=data.liability,
            cost=rules.pence(data.cost),
            note=data.note,
            hazard=data.hazard if hazard else None,
            urgency=data.severity if hazard else "",
            person=officer.id,
            **times(sent),
        )
    )
    await _learn(officer, inspection, data.what, data.note)
    sent.note = "finding"


def _finding_mistakes(data: Any) -> dict[str, str]:
    reasons = {}
    if data.what is choices.What.HAZARD and data.hazard not in reference.hazard_words():
        reasons["hazard"] = "Choose the hazard you suspect. It is a suspicion, not a score."
    if data.what is choices.What.HAZARD and not data.note:
        reasons["note"] = "Say what you saw, like: damp patch, 60 cm wide, black mould."
    try:
        rules.pence(data.cost)
    except ValueError as error:
        reasons["cost"] = str(error)
    return reasons


async def withdraw_finding(sent: Sent, officer: SignedIn, inspection: Opened, finding: UUID) -> None:
    """Take a finding back. It stays in the history."""
    await still_open(inspection)
    last = await (
        Finding.objects()
        .where((Finding.inspection == inspection.id) & (Finding.finding == finding))
        .order_by(Finding.received_at, ascending=False)
        .first()
    )
    if last is None:
        raise Held("The finding to take back is not here yet, so this is kept for the office.")
    again = {column: getattr(last, column) for column in HISTORY}
    await Finding.insert(
        Finding(
            finding=finding, inspection=inspection.id, withdrawn=True, person=officer.id, **again, **times(sent)
        )
    )
    sent.note = "finding withdrawn"


async def _learn(officer: SignedIn, inspection: Opened, what: str, note: str) -> None:
    """Count a short note, so that it is offered next time: whom to is for `phrase_queries.phrases_for` to say."""
    text = note.strip().split("\n")[0]
    if not 3 <= len(text) <= LONGEST_PHRASE:
        return
    if officer.team_id is None and text in reference.first_phrases().get(what, ()):
        return  # offered to everybody already, in the very row that would be counted
    same = (Phrase.what == what) & (Phrase.text == text) & (Phrase.team == officer.team_id)
    known = await Phrase.select(Phrase.id).where(same).first()
    phrase = known["id"] if known else uuid7()
    if not known:
        await Phrase.insert(Phrase(id=phrase, team=officer.team_id, what=what, text=text))
    await PhraseUse.insert(PhraseUse(phrase=phrase, inspection=inspection.id, person=officer.id))
    homes = await PhraseUse.select(PhraseUse.inspection.property).where(PhraseUse.phrase == phrase).distinct()
    await Phrase.update({Phrase.uses: Phrase.uses + 1, Phrase.homes: len(homes)}).where(Phrase.id == phrase)
