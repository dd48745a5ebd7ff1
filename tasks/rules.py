"""What a task is for, by when it is to be done, and what can happen to one. Pure: days and values, no clock."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from pwa.answers import KEPT
from pwa.clock import LONDON, by_whom

SATURDAY = 5
FURTHEST = timedelta(days=366)


class Kind(StrEnum):
    LICENCE_BREACH = "licence-breach"
    WELFARE = "welfare"
    FOLLOW_UP = "follow-up-visit"
    OTHER = "other"

    @property
    def words(self) -> str:
        return {"follow-up-visit": "Another visit", "other": "Something else"}.get(
            self.value, self.value.replace("-", " ").capitalize()
        )


class Due(StrEnum):
    """By when, counted from the day it is raised: a page that was packed yesterday still means today by today."""

    TODAY = "today"
    TOMORROW = "tomorrow"
    THREE_DAYS = "three-days"
    WEEK = "week"
    FORTNIGHT = "fortnight"

    @property
    def words(self) -> str:
        return {
            "three-days": "In 3 working days",
            "week": "In a week",
            "fortnight": "In 2 weeks",
        }.get(self.value, self.value.capitalize())

    def after(self, raised: date) -> date:
        """The day itself. Working days are Monday to Friday: bank holidays are the council's own to know."""
        if self is Due.THREE_DAYS:
            return working_days_after(raised, 3)
        return raised + timedelta(days={"today": 0, "tomorrow": 1, "week": 7, "fortnight": 14}[self.value])


class State(StrEnum):
    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


class Happening(StrEnum):
    """What can happen to a task. Each is a row."""

    DONE = "done"
    DROPPED = "dropped"
    GIVEN = "given"  # to somebody else
    MOVED = "moved"  # to another day
    NOTED = "noted"
    REOPENED = "reopened"  # it was not done, or is needed, after all


ENDS = {Happening.DONE: State.DONE, Happening.DROPPED: State.DROPPED}


def choices(kind: type[Kind] | type[Due]) -> list[tuple[str, str]]:
    """Every value with its words, for a list to choose from."""
    return [(one.value, one.words) for one in kind]


def day_of(moment: datetime) -> date:
    return moment.astimezone(LONDON).date()


def working_days_after(day: date, count: int) -> date:
    """The `count`th day from Monday to Friday after this one."""
    while count > 0:
        day += timedelta(days=1)
        count -= day.weekday() < SATURDAY
    return day


def due_day(due: Due | None, day: date | None, raised: date) -> date | None:
    """A day that was chosen in the calendar counts before one of the quick choices."""
    return day or (due.after(raised) if due else None)


def wrong_with_due(due: date | None, at: date) -> str:
    """In a sentence, or nothing. `at` is the day it was said, so that what comes late is not refused for it."""
    if due is None:
        return "Choose by when it is to be done."
    if due < at:
        return "Choose today or a later day."
    return "Choose a day within a year." if due > at + FURTHEST else ""


def lateness(due: date, today: date) -> str:
    """`2 days overdue`, `Due today`, `Due tomorrow`; nothing for a day that its date says best."""
    days = (today - due).days
    if days > 0:
        return f"{days:,} day{'' if days == 1 else 's'} overdue"
    return {0: "Due today", -1: "Due tomorrow"}.get(days, "")


def is_nobodys(disabled: bool, role: str, owner_team: object | None, team: object | None) -> bool:
    """Its owner has left the council, or the team: somebody must be found for it."""
    return disabled or role not in ("officer", "manager") or owner_team != team


@dataclass(frozen=True)
class Last:
    """What ended a task, for the sentence to somebody whose news came after it."""

    happening: Happening
    by: str
    at: datetime

    @property
    def words(self) -> str:
        return by_whom(self.by, self.at)


THEIRS = "It is with whoever does the task now. You do not see it here any more."
NOT_YOURS = f"This task is another team’s now. {KEPT}"


def too_late(last: Last) -> str:
    """Why field data for this task is held: somebody else was quicker. Nothing is lost."""
    did = "done" if last.happening is Happening.DONE else "cancelled"
    return f"This task was already {did} {last.words}. {KEPT}"
