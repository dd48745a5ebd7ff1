"""What somebody may fairly be asked to pay, and who may decide it. Pure; money in pence, ages in months."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from inspections.choices import Liability
from people.rules import Role
from pwa.pages import pounds

MOST_COST = 10_000_000  # £100,000: beyond it a finger slipped
OLDEST_MONTHS = 100 * 12
LATEST_PUT_RIGHT = timedelta(days=365)
# As it is typed: also what is no sum of money in the end, like £1.5m or £45.5, and so never the right one.
_SUM = re.compile(r"£\s*([0-9][0-9,]*)(?:\.([0-9]+))?(\w*)")


class Work(StrEnum):
    REPLACE = "replace"
    REPAIR = "repair"
    CLEAN = "clean"


WORK_WORDS = {Work.REPLACE: "A new one", Work.REPAIR: "Repair", Work.CLEAN: "Cleaning"}


class Outcome(StrEnum):
    CHARGE = "charge"
    NO_CHARGE = "no charge"
    BACK = "back"


OUTCOME_WORDS = {
    Outcome.CHARGE: "Charge",
    Outcome.NO_CHARGE: "Do not charge",
    Outcome.BACK: "Send it back to the officer",
}


@dataclass(frozen=True)
class Life:
    """How long an item lasts by the list in use. `months` None: it does not wear out, like a key."""

    words: str
    months: int | None


def fair(cost: int, work: Work, life: Life | None, age_months: int | None) -> int | None:
    """What is left of a cost once fair wear and tear is taken off, in pence. None when it cannot be worked out.

    cost × (life − age) ÷ life, rounded down to a whole penny, so that rounding is always for the household; after
    the end of its life nothing. The same share for a repair and for fitting, because both make an old thing newer
    than it was: there is no betterment (TDS guide 2019: age, expected life, no betterment). Cleaning does not
    wear out, so it counts whole. With the age not known, or the item not in the list, there is no sum to make:
    the software then proposes nothing by itself.
    """
    if work is Work.CLEAN or (life and life.months is None):
        return cost
    if life is None or age_months is None:
        return None
    assert life.months is not None
    left = max(life.months - age_months, 0)
    return cost * left // life.months


def proposed(fair_pence: int | None, asked: int | None, liability: str) -> int:
    """What one line comes to, in pence: the fair cost, or less if the officer says so. Only the household's part.

    What nobody could work out is nothing until the officer names an amount.
    """
    if liability != Liability.HOUSEHOLD:
        return 0
    if asked is not None:
        return asked
    return fair_pence or 0


def amount_mistake(fair_pence: int | None, cost: int, asked: int | None, why: str) -> str:
    """What is wrong with an amount other than the fair cost, in a sentence, or nothing."""
    if asked is None:
        return ""
    if asked > (cost if fair_pence is None else fair_pence):
        return "Ask for no more than the fair cost."
    if fair_pence is None and asked and not why:
        return "Nobody can work out the fair cost of this. Say why this amount is fair."
    return ""


def put_right_mistake(by: date, today: date) -> str:
    """What is wrong with the day by which the household may put it right, or nothing."""
    return "" if today < by <= today + LATEST_PUT_RIGHT else "Choose a day from tomorrow to a year from now."


def letter_mistake(letter: str, amount: int, figures: Collection[int] = ()) -> str:
    """What is wrong with a letter about a charge of so many pence, in a sentence, or nothing.

    Its first words name what was proposed, and whoever decides on less may forget to change them. So each sum in
    it is the one decided, or one of `figures`: in pence, what its items themselves cost.
    """
    if not letter:
        return "Write the letter. Its words are kept with the decision."
    said = [(found[0].rstrip("., "), _pence_of(*found.groups())) for found in _SUM.finditer(letter)]
    if amount not in (pence for _, pence in said):
        return f"The letter does not say {pounds(amount)}, which is what you decided. Put that sum in it."
    other = next((words for words, pence in said if pence != amount and pence not in figures), "")
    if other:
        return (
            f"The letter also says {other}. You decided {pounds(amount)}, and none of the things costs that. "
            "Put it right."
        )
    return ""


def _pence_of(whole: str, rest: str | None, more: str) -> int | None:
    """None for what is no sum in pounds and pence."""
    if more or len(rest or "00") != 2:
        return None
    return int(f"{whole.replace(',', '')}{rest or '00'}")


def figures_of(lines: Iterable[Mapping[str, Any]]) -> set[int]:
    """Every sum that belongs to one of these cost lines itself, in pence."""
    return {line[name] for line in lines for name in ("cost", "fair", "amount") if line[name] is not None}


def may_decide(role: Role, person: UUID, proposer: UUID) -> bool:
    """A manager, and never who proposed it (security.md §3: officers propose, the team's leader approves)."""
    return role == Role.MANAGER and person != proposer


def age_in_words(months: int | None) -> str:
    if months is None:
        return "not known"
    counted = ((months // 12, "year"), (months % 12, "month"))
    return " and ".join(f"{n} {unit}{'' if n == 1 else 's'}" for n, unit in counted if n) or "new"


def sum_in_words(line: Mapping[str, Any]) -> str:
    """How the fair cost of a cost line came about, in one sentence."""
    if line["work"] == Work.CLEAN:
        return "Cleaning does not wear out, so it counts whole."
    if line["fair"] is None and line["life_months"] is None:
        return "The list does not say how long this lasts, so no sum can be made."
    if line["fair"] is None:
        return "Nobody knows how old it was, so no sum can be made."
    if line["life_months"] is None:
        return "This does not wear out, so it counts whole."
    age, life = line["age_months"], line["life_months"]
    if age >= life:
        return f"It was {age_in_words(age)} old and lasts {age_in_words(life)}, so nothing of it was left."
    return f"It was {age_in_words(age)} old and lasts {age_in_words(life)}: that share is taken off."
