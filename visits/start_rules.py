"""Who may begin a visit alone. Where a warning says "do not visit alone" two people go, or a manager has agreed.

The warning is HACT UKHDS 3.5, "do not visit alone"; that a manager's word is the only way round it is ours.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

AT_THE_DOOR = timedelta(minutes=2)
"""A start that reaches the office later than this was made without it. Ours: longer than a phone waits for an
answer before it says "saved on this phone", shorter than anybody stays outside."""

ASK = "Nobody goes in here alone. Say who is with you, or which manager agreed that you go alone."


@dataclass(frozen=True)
class Going:
    """How somebody goes in: with a colleague, or alone because a manager agreed, and why."""

    company: UUID | None = None
    agreed_by: UUID | None = None
    why: str = ""


def wrong_with_going(
    two: bool, going: Going, colleagues: Collection[UUID], managers: Collection[UUID]
) -> dict[str, str]:
    """Field to sentence. `two`: nobody goes in there alone. Nobody is their own company, nor their own manager."""
    if going.company is not None:
        return {} if going.company in colleagues else {"company": "Choose somebody else of your team."}
    if going.agreed_by is None:
        return {"company": ASK} if two else {}
    wrong = {}
    if going.agreed_by not in managers:
        wrong["agreed_by"] = "Choose another manager of your team."
    if not going.why:
        wrong["why"] = "Say in a few words why nobody is with you."
    return wrong


def still_at_the_door(happened: datetime, received: datetime) -> bool:
    """Whether somebody who pressed Start can still be asked. Later they have gone in: that is kept as it was."""
    return received - happened <= AT_THE_DOOR
