"""What a visit may lead to: tasks proposed to the officer, each with why. Pure; nothing is raised by itself.

The sources are named because an officer may be asked by whose rule somebody came to their door.
"""

from dataclasses import dataclass

from tasks.rules import Due, Kind
from visits.rules import Purpose


@dataclass(frozen=True)
class Suggestion:
    """A task as it stands in the form before the officer changes it, and in a sentence why it is proposed."""

    key: str
    kind: Kind
    what: str
    due: Due
    because: str
    source: str = ""


COUNCIL_NUMBER = "The council’s own number of tries."


def after_tries(purpose: Purpose, tries: int, over: bool = True) -> Suggestion:
    """Once nobody got in for so many tries in a row: somebody must do something else than knock again.

    While the last of them is not `over`, it is proposed for the case that it gets in no better.
    """
    because = f"Nobody let us in {tries} times in a row, which is as often as the council tries."
    if not over:
        because = f"If nobody lets you in now, that is {tries} times in a row, as often as the council tries."
    if purpose is Purpose.WELFARE_CHECK:
        what = "Welfare check: no access. Find out by other means that they are safe."
        return Suggestion("tries", Kind.WELFARE, what, Due.TODAY, because, COUNCIL_NUMBER)
    if purpose is Purpose.OCCUPANCY_CHECK:
        what = "Occupancy check: no access. Find out by other means whether the household lives there."
        return Suggestion("tries", Kind.LICENCE_BREACH, what, Due.THREE_DAYS, because, COUNCIL_NUMBER)
    what = f"{purpose.words}: no access. Write to the household and agree a time, or go in by notice."
    return Suggestion("tries", Kind.FOLLOW_UP, what, Due.THREE_DAYS, because, COUNCIL_NUMBER)
