"""What changed between two inspections of a home. Pure: values in, values out."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from inspections.choices import Answer, Cleanliness, Condition, Kind, What
from inspections.rules import ItemType, Read, complete_reading

# What ends with a result page: somebody lives there, or has just left.
COMPARED = (Kind.MOVE_OUT, Kind.OCCUPIED)
# Things, which may be gone, broken or dirty. A meter runs, and a check asks about the day.
THINGS = (ItemType.CONDITION, ItemType.COUNT, ItemType.TESTED)
# After one of these another household moves in.
_EMPTIED = (Kind.MOVE_OUT, Kind.VOID, Kind.READY_TO_LET)


class Changed(StrEnum):
    MISSING = "missing"
    DAMAGED = "damaged"
    WORSE = "worse"
    DIRTIER = "dirtier"


CHANGED_WORDS = {
    Changed.MISSING: "Missing",
    Changed.DAMAGED: "Damaged",
    Changed.WORSE: "Worse",
    Changed.DIRTIER: "Dirtier",
}
_NEW_FINDING = {What.MISSING: Changed.MISSING, What.DAMAGED: Changed.DAMAGED}
_CONDITIONS, _CLEAN = list(Condition), list(Cleanliness)


def base_of(kinds: Sequence[str]) -> int | None:
    """Which of the earlier completed inspections, the newest first, it is compared with. None: there is none.

    The move-in of the household that lives there, since "was that there when they moved in?" is what is asked
    (product.md, journey 4); without one whatever was recorded last.
    """
    for place, kind in enumerate(kinds):
        if kind == Kind.MOVE_IN:
            return place
        if kind in _EMPTIED:
            break
    return 0 if kinds else None


def changes(
    type: ItemType,
    before: Read | None,
    now: Read | None,
    found_before: Collection[What] = (),
    found_now: Collection[What] = (),
) -> tuple[Changed, ...] | None:
    """What is worse now than then, the gravest first; empty when nothing is. None when it cannot be told,
    because it was not seen then or not seen now.

    Damage that was found before as well is not a change, however it is photographed now.
    """
    if not (complete_reading(type, before) and complete_reading(type, now)):
        return None
    assert before is not None and now is not None
    new = {_NEW_FINDING[what] for what in found_now if what in _NEW_FINDING and what not in found_before}
    new |= _read_worse(type, before, now)
    if new & {Changed.MISSING, Changed.DAMAGED}:
        new.discard(Changed.WORSE)
    return tuple(one for one in Changed if one in new)


def _read_worse(type: ItemType, before: Read, now: Read) -> set[Changed]:
    if type is ItemType.CONDITION:
        return _condition_worse(before, now)
    worse = set()
    if _fewer(before.value, now.value) or (now.answer is Answer.NOT_HERE and before.answer is not Answer.NOT_HERE):
        worse.add(Changed.MISSING)
    if before.answer is Answer.YES and now.answer is Answer.NO:
        worse.add(Changed.WORSE)
    return worse


def _condition_worse(before: Read, now: Read) -> set[Changed]:
    assert before.condition and now.condition
    if now.condition is Condition.MISSING:
        return set() if before.condition is Condition.MISSING else {Changed.MISSING}
    worse = set()
    if _CONDITIONS.index(now.condition) > _CONDITIONS.index(before.condition):
        worse.add(Changed.DAMAGED if now.condition is Condition.VERY_POOR else Changed.WORSE)
    clean_before, clean_now = before.cleanliness or Cleanliness.CLEAN, now.cleanliness or Cleanliness.CLEAN
    if before.condition is not Condition.MISSING and _CLEAN.index(clean_now) > _CLEAN.index(clean_before):
        worse.add(Changed.DIRTIER)
    return worse


def _fewer(before: str, now: str) -> bool:
    return before.isdecimal() and now.isdecimal() and int(now) < int(before)


@dataclass(frozen=True)
class Shot:
    """A photograph of a thing in a home. `begun`: when the office heard that its inspection had begun."""

    inspection: UUID
    property: UUID
    item: str
    begun: datetime
    captured_at: datetime


def is_earlier(then: Shot, now: Shot) -> bool:
    """Whether one photograph is an earlier one of what another shows: the same thing in the same home.

    Earlier by the office's clock or by the phones': an office that was put back to a backup may hear of it last.
    """
    same = (then.property, then.item) == (now.property, now.item) and then.inspection != now.inspection
    return same and (then.begun < now.begun or then.captured_at < now.captured_at)
