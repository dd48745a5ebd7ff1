"""What a text that came in asks for, and the words it is answered with. Pure: text in, text out.

Whoever writes to us stands in a stairwell with one thumb: capitals, spaces, full stops and what a phone puts
underneath do not matter. What cannot be read is never guessed at, but for a cry for help.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pwa.clock import LONDON


class Verb(StrEnum):
    SAFE = "safe"
    """A check-in: worth what one without a PIN is."""
    OK = "ok"
    """Whoever was told takes the alarm on."""
    HELP = "help"


@dataclass(frozen=True)
class Wish:
    """`number`: of a visit. None where none was given, or one that is none."""

    verb: Verb | None
    number: int | None


_BETWEEN = r"[\s.,:;!#*_'\"()-]*"
_FIRST = re.compile(rf"{_BETWEEN}(safe|okay|ok|help)(?![a-z]){_BETWEEN}(?:(\d{{4}})(?!\d))?", re.IGNORECASE)
_SWAPPED = re.compile(rf"{_BETWEEN}(\d{{4}}){_BETWEEN}(safe|okay|ok|help)(?![a-z])", re.IGNORECASE)
_CRY = re.compile(r"(?<![a-z])help(?![a-z])", re.IGNORECASE)
_NUMBER = re.compile(r"(?<!\d)(\d{4})(?!\d)")
_VERBS = {"safe": Verb.SAFE, "ok": Verb.OK, "okay": Verb.OK, "help": Verb.HELP}


def read(text: str) -> Wish:
    """ "SAFE 4821", "ok4821", "4821 safe", "Help!"; and whatever else has the word help in its first line."""
    text = unicodedata.normalize("NFKC", text).strip()
    found, swapped = _FIRST.match(text), _SWAPPED.match(text)
    if found and found[2]:
        return Wish(_VERBS[found[1].lower()], int(found[2]))
    if swapped:
        return Wish(_VERBS[swapped[2].lower()], int(swapped[1]))
    line = text.split("\n", 1)[0]
    if _CRY.search(line):  # also after a word that without a number asks for nothing
        number = _NUMBER.search(line)
        return Wish(Verb.HELP, int(number[1]) if number else None)
    return Wish(_VERBS[found[1].lower()] if found else None, None)


def without_pins(text: str, number: int | None) -> str:
    """As it is kept: somebody may text their PIN, which nobody is to read. The number of the visit stays."""
    return _NUMBER.sub(lambda four: four[0] if four[0] == str(number) else "····", text)


class Heard(StrEnum):
    """What became of a text, in a word that is kept with it."""

    CHECKED_IN = "checked in"
    TOOK_IT_ON = "took it on"
    HELP = "asked for help"
    LATE = "after the time"
    ENDED = "ended"
    HAD_ALREADY = "had already"
    OVER = "over"
    NO_SUCH = "no such visit"
    SHARED = "shared number"
    UNREADABLE = "not read"
    STRANGER = "not known"


def clock(at: datetime) -> str:
    return f"{at.astimezone(LONDON):%H:%M}"


def heard(at: datetime, due: datetime | None) -> str:
    """The same for a check-in and a call for help: somebody may read over their shoulder."""
    return f"Heard at {clock(at)}." + (f" Check in by {clock(due)}." if due else "")


def late(number: int, link: str) -> str:
    return f"Visit {number}: the time has passed, and only your PIN stops it. Enter it: {link}"


def ended(number: int) -> str:
    return f"Visit {number} has ended. Nobody waits to hear from you about it."


def yours(number: int, name: str, until: datetime, link: str) -> str:
    return f"You have visit {number}, {name}, until {clock(until)}. Then say what you found: {link}"


def had_already(number: int, owner: str, until: datetime | None) -> str:
    return f"Visit {number}: {owner} has it" + (f" until {clock(until)}." if until else ".")


def over(number: int) -> str:
    return f"Visit {number}: that alarm is over."


WRITE = "Text SAFE and the four digits of your visit to check in, OK and the digits to take an alarm on, or HELP."
NO_SUCH = f"We know no visit with that number that is yours to answer for. {WRITE}"
UNREADABLE = f"We could not read that. {WRITE} In danger, call 999."
SHARED = (
    "More than one person has this number in Doorstep, so a text cannot tell who you are. Open Doorstep instead."
)


def offer(number: int, heard: bool) -> str:
    """What a text about an alarm adds where a reply to it is heard."""
    return f" or reply OK {number}" if heard else ""
