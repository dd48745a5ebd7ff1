"""What ought to be in place before somebody goes in alone, and what is said of what is not. Pure: values in.

Nothing here holds anybody back: who goes in all the same is looked out for as well as can be, and it is said.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Missing(StrEnum):
    WARNINGS = "warnings"
    TWO = "two"
    BUDDY = "buddy"
    FEW = "few"
    NUMBER = "number"
    TEST = "test"
    PINS = "pins"
    BATTERY = "battery"


TESTED_FOR = timedelta(hours=24)
LOW = 20
"""Per cent. A phone with less may not last a visit in the cold."""


@dataclass(frozen=True)
class Line:
    """What is not in place, in one line, and the one thing to do."""

    missing: Missing
    says: str
    do: str
    href: str


SAYS: dict[Missing, tuple[str, str, str]] = {
    Missing.WARNINGS: ("Warnings not read.", "Read them", "#before"),
    Missing.TWO: ("Two people go in here.", "Say who", "#here"),
    Missing.BUDDY: ("", "Choose a buddy", "/lone-working/buddy"),
    Missing.FEW: ("", "Choose a buddy", "/lone-working/buddy"),
    Missing.NUMBER: ("Mobile number not checked.", "Check it", "/lone-working/test"),
    Missing.TEST: ("Phone not tested today.", "Test it", "/lone-working/test"),
    Missing.PINS: ("No PINs yet.", "Choose them", "/you/pin"),
    Missing.BATTERY: ("", "Charge it", ""),
}
WORDS = {
    Missing.WARNINGS: "warnings not read",
    Missing.TWO: "alone where two go",
    Missing.BUDDY: "no buddy to reach",
    Missing.FEW: "fewer than two to call",
    Missing.NUMBER: "number not checked",
    Missing.TEST: "phone not tested",
    Missing.PINS: "no PINs",
    Missing.BATTERY: "battery low",
}
"""For whoever watches."""


@dataclass(frozen=True)
class Facts:
    """`buddy`: why nobody can be reached as one; empty when somebody can. `few`: whom alone a call for help
    would reach. `tested`: when this phone last was."""

    warnings_read: bool = True
    two_met: bool = True
    buddy: str = ""
    few: str = ""
    number_checked: bool = True
    tested: datetime | None = None
    pins: bool = True
    battery: int | None = None


def missing(facts: Facts, at: datetime) -> tuple[Missing, ...]:
    found = {
        Missing.WARNINGS: not facts.warnings_read,
        Missing.TWO: not facts.two_met,
        Missing.BUDDY: bool(facts.buddy),
        Missing.FEW: bool(facts.few),
        Missing.NUMBER: not facts.number_checked,
        Missing.TEST: facts.tested is None or at - facts.tested > TESTED_FOR,
        Missing.PINS: not facts.pins,
        Missing.BATTERY: facts.battery is not None and facts.battery < LOW,
    }
    return tuple(one for one, is_missing in found.items() if is_missing)


def lines(facts: Facts, at: datetime) -> tuple[Line, ...]:
    few = f"A call for help should reach two people: {facts.few}."
    own = {Missing.BUDDY: facts.buddy, Missing.FEW: few, Missing.BATTERY: f"Battery: {facts.battery} % left."}
    return tuple(Line(one, own.get(one) or SAYS[one][0], *SAYS[one][1:]) for one in missing(facts, at))


def stored(found: Iterable[Missing]) -> str:
    return " ".join(found)


def words(text: str, besides: Missing | None = None) -> list[str]:
    """What a session's row says was not in place, besides what is said in another place. A word that is not known
    any more is left out."""
    known = {one.value: WORDS[one] for one in Missing if one is not besides}
    return [known[one] for one in text.split() if one in known]


def mark(warnings: Iterable[tuple[str, str]]) -> str:
    """Of the warnings as they are shown, tag and advice; empty where there are none."""
    text = "\n".join("\t".join(one) for one in warnings)
    return hashlib.sha256(text.encode()).hexdigest() if text else ""


def level(text: str) -> int | None:
    """What a phone says of its battery, in per cent. What is no such number is as if it had said nothing."""
    return int(text) if text.isascii() and text.isdigit() and int(text) <= 100 and len(text) <= 3 else None


# A code that was texted: for so long, so many wrong ones, and so many codes in an hour.
CODE_LASTS = timedelta(minutes=15)
MOST_SLIPS = 5
MOST_CODES = 5
WRONG_CODE = "That is not the code that was texted last. Look again, or have another one sent."
OLD_CODE = "That code is too old. Have another one sent."
TOO_MANY_CODES = "Five codes have been sent in the last hour. Wait a while, and look whether your texts arrive."
NO_MOBILE = "Doorstep has no mobile number of yours. Ask your administrator to put it in."


def wrong_with_code(typed: str, code: str, slips: int, age: timedelta) -> str:
    """Why a code proves nothing; empty when it does."""
    if age > CODE_LASTS or slips >= MOST_SLIPS:
        return OLD_CODE
    return "" if typed == code else WRONG_CODE
