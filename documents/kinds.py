"""The kinds of document there are: the package whose record it is says what one shows."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from people.rules import SignedIn


@dataclass(frozen=True)
class Content:
    """What a document says: `data` for the template (plain JSON), and pictures by the file names it uses.

    `receipts` are carried inside the file for machines, beside what the template prints of them.
    """

    data: dict[str, Any]
    pictures: dict[str, bytes] = field(default_factory=dict)
    receipts: list[dict[str, Any]] = field(default_factory=list)


Gather = Callable[[SignedIn, UUID], Awaitable[Content]]


@dataclass(frozen=True)
class Kind:
    """`gather(person, subject)` reads the record with the rights of who asked; raises NotFound when they have
    none any more, and Turned (503) when something is away and it is worth trying again."""

    key: str
    words: str
    template: Path
    gather: Gather


_used: dict[str, Kind] = {}


def use(*kinds: Kind) -> None:
    """Name the kinds of this process, once, at start-up."""
    _used.clear()
    _used.update({kind.key: kind for kind in kinds})


def kind_of(key: str) -> Kind:
    """KeyError for a kind that this build does not make."""
    return _used[key]
