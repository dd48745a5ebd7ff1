"""Who was told of an alarm, one entry for each person: by which way, how often, and what came of it. Pure."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from lone_working.rules import Told
from messages.rules import CHANNEL_WORDS, STATE_WORDS, Channel, State

TOLD_WORDS = {Told.STEP: "told", Told.STAND_DOWN: "stood down", Told.REMINDER: "reminded"}


@dataclass(frozen=True)
class OneTold:
    """One message. `step`: its place on the ladder, from 1; none for a stand-down. `state`: none once erased."""

    person: UUID
    person_name: str
    channel: Channel
    what: Told
    told_at: datetime
    step: int | None = None
    state: State | None = None

    @property
    def channel_words(self) -> str:
        return CHANNEL_WORDS[self.channel]

    @property
    def what_words(self) -> str:
        return TOLD_WORDS[self.what]

    @property
    def step_words(self) -> str:
        return f"step {self.step}" if self.step else ""

    @property
    def outcome(self) -> str:
        return STATE_WORDS[self.state] if self.state else ""


@dataclass(frozen=True)
class Way:
    """All of one kind that went to one person by one way, the oldest first."""

    tellings: tuple[OneTold, ...]

    @property
    def first(self) -> OneTold:
        return self.tellings[0]

    @property
    def last(self) -> OneTold:
        return self.tellings[-1]

    @property
    def times(self) -> str:
        often = len(self.tellings)
        return f"{self.last.what_words} {'once' if often == 1 else f'{often} times'}"

    @property
    def steps(self) -> str:
        """A ladder that began anew counts from 1 again, so the lowest and the highest."""
        taken = [one.step for one in self.tellings if one.step]
        if not taken or min(taken) == max(taken):
            return f"step {taken[0]}" if taken else ""
        return f"steps {min(taken)} to {max(taken)}"

    @property
    def outcome(self) -> str:
        """Of the newest."""
        return self.last.outcome

    @property
    def failed(self) -> bool:
        return self.last.state is State.FAILED

    @property
    def vain(self) -> int:
        """How many did not arrive. One that did says nothing of those before it."""
        return sum(one.state is State.FAILED for one in self.tellings)


@dataclass(frozen=True)
class Answer:
    words: str
    at: datetime


@dataclass(frozen=True)
class PersonTold:
    name: str
    ways: tuple[Way, ...]
    answer: Answer | None
    """The newest thing they did about it."""


@dataclass(frozen=True)
class WhoTold:
    people: tuple[PersonTold, ...] = ()
    each: tuple[OneTold, ...] = ()
    """One by one, the oldest first: all, or the newest of very many."""
    count: int = 0
    """Of all."""


def by_person(tellings: Sequence[OneTold], answers: dict[UUID, Answer]) -> tuple[PersonTold, ...]:
    """`tellings`: the oldest first. Whoever was told first stands first, and so does the way that went first."""
    found: defaultdict[UUID, defaultdict[tuple[Told, Channel], list[OneTold]]]
    found = defaultdict(lambda: defaultdict(list))
    for one in tellings:
        found[one.person][one.what, one.channel].append(one)
    return tuple(
        PersonTold(
            name=max((some[-1] for some in ways.values()), key=lambda one: one.told_at).person_name,
            ways=tuple(Way(tuple(some)) for some in ways.values()),
            answer=answers.get(person),
        )
        for person, ways in found.items()
    )
