"""What an occupancy or welfare check asks, and which follow-up its answers suggest. Pure.

Everything is ticked, nothing is told: no names, and no words about anybody's health, beliefs or past. What does
not fit is said by telephone, not stored here.
"""

from dataclasses import dataclass
from enum import StrEnum

from tasks.rules import Due, Kind
from visits.follow_up import Suggestion

MOST_PEOPLE = 30


class Seen(StrEnum):
    HOUSEHOLD = "household"
    OTHERS = "others"
    NOBODY = "nobody"

    @property
    def words(self) -> str:
        return {"household": "Somebody of the household", "others": "Only other people", "nobody": "Nobody"}[self]


class Spoken(StrEnum):
    HOUSEHOLD = "household"
    OTHERS = "others"
    BY_PHONE = "by-phone"
    NOBODY = "nobody"

    @property
    def words(self) -> str:
        return {
            "household": "Somebody of the household",
            "others": "Only other people",
            "by-phone": "The household, by phone",
            "nobody": "Nobody",
        }[self]


class Living(StrEnum):
    """The officer's own judgement, which the software never makes."""

    YES = "yes"
    NO = "no"
    NOT_SURE = "not-sure"

    @property
    def words(self) -> str:
        return {"yes": "Yes", "no": "No", "not-sure": "Not sure"}[self]


class Sign(StrEnum):
    FOOD = "food"
    BEDS = "beds"
    CLOTHES = "clothes"
    WARM = "warm"
    POST_TAKEN = "post-taken"
    POST_PILED = "post-piled"
    EMPTIED = "emptied"
    UNUSED = "unused"

    @property
    def words(self) -> str:
        return _SIGNS[self]


_SIGNS = {
    Sign.FOOD: "Fresh food",
    Sign.BEDS: "Beds slept in",
    Sign.CLOTHES: "Clothes and washing things",
    Sign.WARM: "Lights or heating on",
    Sign.POST_TAKEN: "Post taken in",
    Sign.POST_PILED: "Post piled up",
    Sign.EMPTIED: "Belongings gone",
    Sign.UNUSED: "Looks unused for a while",
}


class Concern(StrEnum):
    """What somebody must do something about. None needs a word about a person."""

    HARM = "harm"
    CHILD_ALONE = "child-alone"
    NEEDS_HELP = "needs-help"
    HOME_UNSAFE = "home-unsafe"
    OTHERS_LIVE = "others-live"
    MORE_PEOPLE = "more-people"

    @property
    def words(self) -> str:
        return _CONCERNS[self]


_CONCERNS = {
    Concern.HARM: "Somebody may be at risk of harm",
    Concern.CHILD_ALONE: "A child with no adult",
    Concern.NEEDS_HELP: "Somebody may need help to manage",
    Concern.HOME_UNSAFE: "The home may not be safe",
    Concern.OTHERS_LIVE: "Somebody else seems to live there",
    Concern.MORE_PEOPLE: "More people than the licence names",
}


def choices(kind: type[Seen] | type[Spoken] | type[Living] | type[Sign] | type[Concern]) -> list[tuple[str, str]]:
    """Every value with its words, for a list to choose from."""
    return [(one.value, one.words) for one in kind]


@dataclass(frozen=True)
class Check:
    """What an officer saw. Counts are of who was there, as far as it could be seen; None: not counted."""

    seen: Seen
    spoken: Spoken
    living: Living
    signs: tuple[Sign, ...] = ()
    adults: int | None = None
    children: int | None = None
    concerns: tuple[Concern, ...] = ()


def wrong_with_check(check: Check) -> dict[str, str]:
    """Field to sentence: what contradicts itself."""
    wrong = {}
    if check.seen is Seen.NOBODY and check.spoken in (Spoken.HOUSEHOLD, Spoken.OTHERS):
        wrong["spoken"] = "You saw nobody, so you cannot have spoken to them at the door. Was it by phone?"
    for name, count in (("adults", check.adults), ("children", check.children)):
        if count is not None and not 0 <= count <= MOST_PEOPLE:
            wrong[name] = f"Enter a number from 0 to {MOST_PEOPLE}."
    if check.seen is Seen.NOBODY and (check.adults or check.children):
        wrong.setdefault("adults", "You saw nobody, so leave the numbers empty or 0.")
    return wrong


SAFEGUARDING = "Children Act 2004, section 11; Care Act 2014, section 42."
PRINCIPAL_HOME = "Housing Act 1996, section 193(6)(d): a duty may end when the home is no longer lived in."
OUR_RULE = "Doorstep’s own rule; the council may do otherwise."


def suggested(check: Check) -> list[Suggestion]:
    """What these answers suggest, the most urgent first. The officer decides; a suggestion is not a finding."""
    found = [*_welfare(check), *_home(check), *_licence(check), *_again(check)]
    order = list(Due)
    return sorted(found, key=lambda one: order.index(one.due))


def _welfare(check: Check) -> list[Suggestion]:
    worrying = [one for one in check.concerns if one in (Concern.HARM, Concern.CHILD_ALONE, Concern.NEEDS_HELP)]
    if not worrying:
        return []
    because = "; ".join(one.words for one in worrying) + "."
    if worrying == [Concern.NEEDS_HELP]:
        what, due = "Ask what help they would like, and arrange it.", Due.TOMORROW
    else:
        what, due = "Ring the council’s safeguarding team today.", Due.TODAY
    return [Suggestion("welfare", Kind.WELFARE, what, due, because, SAFEGUARDING)]


def _home(check: Check) -> list[Suggestion]:
    if Concern.HOME_UNSAFE not in check.concerns:
        return []
    what = "The home may not be safe: have it looked at and make it safe."
    return [Suggestion("home", Kind.OTHER, what, Due.TODAY, Concern.HOME_UNSAFE.words + ".", OUR_RULE)]


def _licence(check: Check) -> list[Suggestion]:
    if check.living is Living.NO:
        what = "Find out whether the household has left. Nothing is decided yet."
        because = "By the officer’s judgement nobody lives there."
        return [Suggestion("gone", Kind.LICENCE_BREACH, what, Due.THREE_DAYS, because, PRINCIPAL_HOME)]
    others = [one for one in check.concerns if one in (Concern.OTHERS_LIVE, Concern.MORE_PEOPLE)]
    if not others:
        return []
    what = "Find out who lives there and whether the licence allows it. Nothing is decided yet."
    because = "; ".join(one.words for one in others) + "."
    return [Suggestion("others", Kind.LICENCE_BREACH, what, Due.WEEK, because, OUR_RULE)]


def _again(check: Check) -> list[Suggestion]:
    if check.living is not Living.NOT_SURE:
        return []
    what = "Check again whether the household lives there, at another time of day."
    because = "It could not be told whether somebody lives there."
    return [Suggestion("again", Kind.FOLLOW_UP, what, Due.WEEK, because, OUR_RULE)]
