"""The comparison report: what changed, both photographs, the cost, and what was decided, as one document."""

from typing import Any
from uuid import UUID

from documents.commands import Wanted
from documents.kinds import Content, Kind
from inspections import choices, recharge_queries, recharge_rules, report
from inspections import report_parts as parts
from inspections.comparison import Comparison, Difference, standing
from inspections.queries import Opened, inspection_for
from inspections.recharge_queries import Proposed
from inspections.records import PhotoView
from people.rules import SignedIn
from properties.rules import door_number
from pwa.answers import Refused
from pwa.clock import LONDON
from pwa.pages import pounds

KINDS = {"comparison-report": "Comparison report"}


async def wanted(person: SignedIn, inspection: Opened, kind: str) -> Wanted:
    """The edition that there would be now: each proposal, decision, comment and photograph makes another."""
    found = await standing(person, inspection)
    if not found.compared:
        raise Refused({"kind": "Only a move-out or an occupied inspection is compared with what was before."})
    if found.completion is None:
        raise Refused({"kind": "Complete the inspection first. Then its report can be made."})
    proposals = await recharge_queries.proposals_of(inspection)
    decided = sum(one.decision is not None for one in proposals)
    comments = len(await recharge_queries.comments_of(inspection))
    register = len(await recharge_queries.register_of(inspection))
    received = sum(photo.received_at is not None for photo in _photos(found))
    edition = (
        f"{received} photographs, {len(proposals)} proposals, {decided} decisions, {comments} comments, {register}"
        + report.edition_of([found.link] if found.link else [])
    )
    on = f"{inspection.captured_at.astimezone(LONDON):%-d %b %Y}"
    title = f"{KINDS[kind]}, {inspection.address}, {on}"
    record = f"/inspections/{inspection.id}/comparison"
    return Wanted(kind, inspection.id, edition, title, record, person.team_id)


async def gather(person: SignedIn, inspection_id: UUID) -> Content:
    """All of it, with the rights of who asked for it. NotFound when they have none any more."""
    inspection = await inspection_for(person, inspection_id)
    found = await standing(person, inspection)
    photos = _photos(found)
    numbers = {photo.id: number for number, photo in enumerate(photos, 1)}
    pictures, unseen = await parts.pictures_of(photos)
    proposals = await recharge_queries.proposals_of(inspection)
    data = {
        "title": choices.KIND_WORDS[choices.Kind(inspection.kind)] + ": comparison",
        "address": inspection.address,
        "postcode": inspection.postcode,
        "door": door_number(inspection.address),
        "now": _inspection(inspection),
        "before": _inspection(found.before) if found.before else None,
        "same": found.same,
        "unknown": found.unknown,
        "changes": [_change(one, numbers, unseen) for one in found.differences],
        "asked": {"words": found.link.words, "silent": found.link.silent} if found.link else None,
        "comments": [
            {"text": row["text"], "officer": row["officer"], "times": parts.times_of(row)}
            for row in await recharge_queries.comments_of(inspection)
        ],
        "proposals": [_proposal(one) for one in proposals],
        "register": [_register(row) for row in await recharge_queries.register_of(inspection)],
    }
    return Content(data, pictures)


def _photos(found: Comparison) -> list[PhotoView]:
    """Of each change the one from then and the last of now, as the page shows them."""
    pairs = [(one.item.previous_photo, one.photo) for one in found.differences]
    return [photo for pair in pairs for photo in pair if photo]


def _inspection(one: Opened) -> dict[str, Any]:
    return {
        "what": choices.KIND_WORDS[choices.Kind(one.kind)],
        "officer": one.officer,
        "times": parts.times_of(
            {name: getattr(one, name) for name in ("captured_at", "received_at", "skew_seconds")}
        ),
    }


def _change(one: Difference, numbers: dict[UUID, int], unseen: dict[UUID, str]) -> dict[str, Any]:
    before, now = one.item.previous, one.item.reading
    assert before is not None and now is not None, "without both there is no difference"
    shots = [photo for photo in (one.item.previous_photo, one.photo) if photo]
    return {
        "place": one.place,
        "words": one.words,
        "household": [c.text for c in one.item.household.comments] if one.item.household else [],
        "before": before.words,
        "now": now.words,
        "notes": [finding.note for finding in one.item.findings if finding.note],
        "photos": [_photo(photo, numbers, unseen, one) for photo in shots],
    }


def _photo(photo: PhotoView, numbers: dict[UUID, int], unseen: dict[UUID, str], one: Difference) -> dict[str, Any]:
    then = photo is one.item.previous_photo
    shown = parts.photo_shown(photo, numbers[photo.id], unseen, one.place)
    return shown | {"caption": f"{'Before' if then else one.now_words}: {shown['caption']}"}


def _proposal(one: Proposed) -> dict[str, Any]:
    row = one.row
    return {
        "officer": row["officer"],
        "times": parts.times_of(row),
        "total": pounds(row["total"]),
        "lines": [_line(line) for line in one.lines],
        "exemptions": one.exemptions,
        "crime_reference": row["crime_reference"],
        "exemption_note": row["exemption_note"],
        "put_right_by": f"{one.put_right_by:%-d %B %Y}" if one.put_right_by else "",
        "appeal": row["appeal"],
        "reasons": row["reasons"],
        "decision": _decision(one.decision) if one.decision else None,
    }


def _line(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "place": row["place"],
        "liability": choices.LIABILITY_WORDS[choices.Liability(row["liability"])],
        "work": recharge_rules.WORK_WORDS[recharge_rules.Work(row["work"])],
        "cost": pounds(row["cost"]),
        "sum": recharge_rules.sum_in_words(row),
        "list": row["life_list"],
        "fair": "Not known" if row["fair"] is None else pounds(row["fair"]),
        "amount": pounds(row["amount"]),
        "why": row["why"],
    }


def _decision(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "outcome": recharge_rules.OUTCOME_WORDS[recharge_rules.Outcome(row["outcome"])],
        "amount": pounds(row["amount"]),
        "reasons": row["reasons"],
        "letter": row["letter"],
        "manager": row["manager"],
        "times": parts.times_of(row),
    }


def _register(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "words": row["words"],
        "reference": row["reference"],
        "reasons": row["reasons"],
        "manager": row["manager"],
        "times": parts.times_of(row),
    }


COMPARISON = Kind("comparison-report", "Comparison report", report.TEMPLATES / "comparison.typ", gather)
