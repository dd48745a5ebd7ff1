"""Telephone calls: what a provider would have to do. There is none, no setting for one, and nothing calls this.

None could be proved here against a documented interface, as GOV.UK Notify was. Until one is, Doorstep says on its
pages and in its documents that it rings nobody, and texts go out instead. Whoever adds one gives it a channel of
its own beside `push` (messages/push_due.py shows how: claimed, called, marked), and keeps two promises:

- a call is made under our own reference and asked about by it, so that after a crash nobody is rung twice;
- only a key that somebody presses is an answer. Neither "picked up" nor "left a message" is: a voicemail has
  acknowledged nothing.
"""

from dataclasses import dataclass
from typing import Protocol

from messages.rules import Answer


@dataclass(frozen=True)
class Called:
    """How a call ended. `pressed`: the key, or nothing."""

    answered: bool
    pressed: str = ""


class Voice(Protocol):
    """A provider of telephone calls."""

    async def call(self, reference: str, number: str, words: str) -> Answer:
        """Ring, read the words out twice and wait for a key. Never raises for what the provider does.

        `number` is as +447700900123. Within eight seconds in all: whoever waits behind it may be in danger.
        """
        ...

    async def find(self, reference: str) -> Called | None:
        """What became of a call; None: the provider knows of none under that reference.

        Raises messages.sending.NoWord when the provider does not say.
        """
        ...
