"""What the council itself says about visits: after how many tries it does something else, and its telephone."""

from dataclasses import dataclass

DEFAULT_TRIES = 3


@dataclass(frozen=True)
class Council:
    """`tries`: visits without access in a row after which it is not tried again in the same way. `phone` is the
    number on a card left at a door; empty: it is written by hand."""

    name: str = ""
    tries: int = DEFAULT_TRIES
    phone: str = ""


_used = [Council()]


def use(council: Council) -> None:
    """Name it once, at start-up."""
    _used[:] = [council]


def council() -> Council:
    return _used[0]
