"""What the pages of the review are given."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from inspections import review_commands, review_queue, view
from inspections.queries import Opened
from inspections.review_facts import ended_of, facts_of
from inspections.review_queue import Place, Slice
from inspections.review_rules import State, in_a_few_words, why_not_clean
from people.rules import SignedIn
from pwa.direction import apart
from pwa.pages import pounds, when
from pwa.queries import undecided_records

KINDS = {
    "": "All",
    "inspections": "Inspections",
    "recharges": "Recharges",
    "held": "Held",
    "back": "With officers",
}
NOTHING = "Nothing stands out"


@dataclass(frozen=True)
class Row:
    """One thing in the queue, in words."""

    title: str
    href: str
    text: str
    bits: list[str]
    tag: str
    door: str
    kind: str


async def queue(person: SignedIn, kind: str, page: int) -> dict[str, Any]:
    """Everything review.html needs. A kind that is none shows all."""
    kind = kind if kind in KINDS else ""
    found = await review_queue.slice_of(person, kind, page)
    ended = await ended_of([one.row for one in found.places if one.kind == "inspections"])
    states = await review_queue.states_of([one.id for one in ended])
    facts = await facts_of(person, ended, states)
    seen = {one.id: (one, facts[one.id], states.get(one.id, State.WAITING)) for one in ended}
    clean = [id for id, (_, fact, state) in seen.items() if state is State.WAITING and not why_not_clean(fact)]
    return {
        "found": found,
        "rows": [_row(place, seen) for place in found.places],
        "clean": clean,
        "kinds": [_kind(found, key, words) for key, words in KINDS.items()],
        "view": view.VIEW,
    }


def _kind(found: Slice, key: str, words: str) -> tuple[str, str, bool]:
    n = found.counts[key] if key else found.total
    return f"{words} {n}", f"/review?kind={key}" if key else "/review", found.kind == key


def _row(place: Place, seen: dict[UUID, Any]) -> Row:
    row = place.row
    if place.kind == "recharges":
        words = f"{pounds(row['total'])}, {apart(row['officer'])}, {when(row['received_at'])}"
        href = f"/inspections/{row['inspection']}/comparison#h-proposal"
        return Row(
            row["address"], href, words, [], "Recharge to decide", view.VIEW.door(row["address"]), "recharge"
        )
    if place.kind == "held":
        words = f"{apart(row.row['person_name'])}, {when(row.row['received_at'])}"
        return Row(row.what, f"/held/{row.row['id']}", words, [row.row["reason"]], "Held", "", "held")
    one, facts, state = seen[row["inspection"]]
    words = f"{view.kind_words(one.kind)}, {apart(one.officer)}, {when(row['received_at'])}"
    bits = in_a_few_words(facts)
    clean = not why_not_clean(facts)
    tag = {State.BACK: "With the officer", State.ANSWERED: "Answered"}.get(
        state, "Ready to approve" if clean else ""
    )
    bits = [NOTHING, *bits] if clean else [bits[0][:1].upper() + bits[0][1:], *bits[1:]]
    href = f"/inspections/{one.id}/review"
    return Row(one.address, href, words, bits, tag, view.VIEW.door(one.address), "inspection")


async def show(person: SignedIn, inspection: Opened) -> dict[str, Any]:
    """Everything review-one.html needs. Of one that is not completed only what it is."""
    context = await view.show(person, inspection)
    if context["completion"] is None:
        return context
    review = context["review"]
    ended = await ended_of(await review_queue.ends_of(person, [inspection.id]))
    facts = (await facts_of(person, ended, {inspection.id: review.state}))[inspection.id]
    shown = {answer.addendum for note in review.open for answer in note.answers}
    context["addenda"] = [one for one in context["addenda"] if one["id"] not in shown]
    return {
        **context,
        "page": context,
        "why": why_not_clean(facts),
        "own": facts.own,
        "undecided": inspection.id in await undecided_records("/inspections/"),
        "seen": review.last["id"] if review.last else inspection.id,
    }


async def outcome(person: SignedIn, ids: list[UUID]) -> dict[str, Any]:
    """What became of those that were to be approved together, and why each of the others was left."""
    ended = await ended_of(await review_queue.ends_of(person, ids))
    states = await review_queue.states_of([one.id for one in ended])
    approved = {id for id, state in states.items() if state is State.APPROVED}
    by_id = {one.id: one for one in ended}
    left = [
        (by_id[id], why)
        for id, why in await review_commands.checked(person, ids)
        if id not in approved and id in by_id
    ]
    lost = len(set(ids) - set(by_id))
    return {"approved": len(approved), "left": left, "lost": lost, "view": view.VIEW}
