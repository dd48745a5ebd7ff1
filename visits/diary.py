"""The list of visits as it is shown: today first, what is done at the end, then the days to come."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from visits.rules import State
from visits.seen import Seen


@dataclass(frozen=True)
class Diary:
    day: date
    visits: list[Seen]
    left: list[Seen]

    @property
    def names_secret(self) -> bool:
        """Whether it names a household that no phone keeps."""
        return any(visit.home.confidential for visit in [*self.visits, *self.left])

    @property
    def today(self) -> list[Seen]:
        mine = [visit for visit in self.visits if visit.day == self.day]
        return sorted(mine, key=lambda visit: (visit.over, visit.planned_for, visit.id))

    @property
    def next(self) -> Seen | None:
        """The one thing to do: the visit that is under way, or else the first that is not over."""
        open_now = [visit for visit in self.today if not visit.over and visit.mine]
        return next((visit for visit in open_now if visit.state is State.STARTED), next(iter(open_now), None))

    @property
    def done(self) -> int:
        return sum(visit.over for visit in self.today)

    @property
    def coming(self) -> list[tuple[str, date, list[Seen]]]:
        """Days after today that have a visit, each with what it is called."""
        later = [visit for visit in self.visits if visit.day > self.day]
        return [(self._called(day), day, list(visits)) for day, visits in groupby(later, key=lambda v: v.day)]

    def _called(self, day: date) -> str:
        return "Tomorrow" if day == self.day + timedelta(days=1) else f"{day:%A} {day.day} {day:%B}"

    @property
    def heading(self) -> str:
        return f"{self.day:%A} {self.day.day} {self.day:%B}"
