"""Due work that somebody waits for in danger is told to look now, not at its next turn.

Within this process only: an engine elsewhere finds it by looking, a second later.
"""

from collections.abc import Callable

LEAVING = "leaving"
"""The process is about to end: what would keep a connection open for ever lets go of it."""
_sleepers: dict[str, list[Callable[[], None]]] = {}


def sleeps(name: str, wake_up: Callable[[], None]) -> Callable[[], None]:
    """`wake_up` is called whenever work of that name is asked for, until what this gives back is called."""
    ours = _sleepers.setdefault(name, [])
    ours.append(wake_up)
    return lambda: ours.remove(wake_up)


def wake(name: str) -> None:
    """After the transaction that gives it something to do."""
    for wake_up in list(_sleepers.get(name, ())):
        wake_up()
