"""How long a household may answer its inventory, and what its answer or its silence is called. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from hashlib import sha256

from people.rules import Limit
from pwa.clock import LONDON

DAYS = 7
WHOLE = "whole"
# 256 bits.
TOKEN_BYTES = 32

# A page is asked for once or twice in a sitting; many homes of a council may be behind one address.
LOOKS = Limit("inventories looked at from an address", 300)
LOOKS_OF_LINK = Limit("looks at one inventory", 60)
# A page shows its pictures all at once, small, and each is opened large when it is pressed.
PICTURES = Limit("pictures of inventories from an address", 3000)
PICTURES_OF_LINK = Limit("pictures of one inventory", 600)
WRITES_OF_LINK = Limit("answers to one inventory", 60)
MOST_COMMENTS = 200
MOST_PHOTOS = 60
MOST_BYTES = 300 * 1024 * 1024

TOO_OFTEN = "That was a lot in a short time. Wait five minutes and try again. What you sent before is safe."
TOO_LONG = "That is more than this page can take in one go. Send it in parts."
TOO_MANY_COMMENTS = "This list has taken all the comments it can. Ring the council if there is more to say."
TOO_MANY_PHOTOS = "This list has taken all the photos it can. Ring the council if there is more to show."


class Ended(StrEnum):
    REVOKED = "revoked"
    REPLACED = "replaced"


class Standing(StrEnum):
    """Where a link stands."""

    WAITING = "waiting"
    FAILED = "failed"
    LOST = "lost"
    OPEN = "open"
    CLOSED = "closed"
    REVOKED = "revoked"
    REPLACED = "replaced"


def hash_of(token: str) -> str:
    """All that is kept of the secret in a link."""
    return sha256(token.encode()).hexdigest()


def last_day(handed_over: datetime) -> date:
    """The seventh day after the one in London on which the message was handed over."""
    return handed_over.astimezone(LONDON).date() + timedelta(days=DAYS)


def closes_at(handed_over: datetime) -> datetime:
    """The first moment that is too late: midnight in London at the end of the last day.

    So the last second in which somebody may answer is 23:59:59 by the clock on their wall, and nobody has less
    than seven times twenty-four hours for having been sent it late in the day. On the two nights when the clocks
    change the day is 23 or 25 hours long and still ends at its midnight.
    """
    return datetime.combine(last_day(handed_over) + timedelta(days=1), time(), LONDON)


def standing(
    handed_over: datetime | None, failed: bool, opened: bool, ended: Ended | None, at: datetime
) -> Standing:
    """By the message that carries it. Until that is handed over, the seven days have not begun.

    Lost is one that was handed over, did not arrive, and that nobody opened: nobody can have kept silent to it.
    """
    if ended is not None:
        return Standing(ended.value)
    if handed_over is None:
        return Standing.FAILED if failed else Standing.WAITING
    if failed and not opened:
        return Standing.LOST
    return Standing.OPEN if at < closes_at(handed_over) else Standing.CLOSED


def opens(state: Standing, handed_over: datetime | None, at: datetime) -> bool:
    """Whether the address shows anything. Also before we know that it was handed over: it may have been; and
    when the network says that it did not arrive: it may be wrong.
    """
    if state is Standing.LOST:
        return handed_over is not None and at < closes_at(handed_over)
    return state in (Standing.WAITING, Standing.OPEN)


@dataclass(frozen=True)
class Answered:
    """What came by one link, or by several."""

    opened_at: datetime | None = None
    comments: int = 0
    photos: int = 0
    nothing_to_add: bool = False

    @property
    def said(self) -> bool:
        """Whether they said anything in words or pictures."""
        return self.comments > 0 or self.photos > 0


def together(before: Answered, now: Answered) -> Answered:
    """What came by a link and by those before it: whoever answered the first did not keep silent at the second."""
    return Answered(
        opened_at=now.opened_at,
        comments=before.comments + now.comments,
        photos=before.photos + now.photos,
        nothing_to_add=now.nothing_to_add or (before.nothing_to_add and not now.said),
    )


def reply_in_words(answered: Answered, state: Standing) -> str:
    """What the household said. Silence is only ever silence: no state makes a yes of it."""
    said = [
        f"{count} {one}{'' if count == 1 else 's'}"
        for count, one in ((answered.comments, "comment"), (answered.photos, "photo"))
        if count
    ]
    if said:
        return ", ".join(said)
    if answered.nothing_to_add:
        return "They looked and have nothing to add"
    if state in (Standing.OPEN, Standing.WAITING):
        return "Opened, nothing said yet" if answered.opened_at else "Not opened yet"
    return "No reply"


def time_left(handed_over: datetime, at: datetime) -> str:
    """While it is open."""
    days = (last_day(handed_over) - at.astimezone(LONDON).date()).days
    return "last day" if days <= 0 else f"{days} day{'' if days == 1 else 's'} left"


def in_words(answered: Answered, state: Standing, handed_over: datetime | None, at: datetime) -> str:
    """One line for the office: what was said, and how long there is."""
    reply = reply_in_words(answered, state)
    if state is Standing.OPEN and handed_over:
        return f"{reply}, {time_left(handed_over, at)}"
    more = {
        Standing.WAITING: "Not sent yet",
        Standing.FAILED: "It could not be sent",
        Standing.LOST: "It did not reach them",
        Standing.CLOSED: "",
        Standing.REVOKED: "taken back",
        Standing.REPLACED: "sent again",
        Standing.OPEN: "",
    }[state]
    if state in (Standing.WAITING, Standing.FAILED, Standing.LOST) and not (answered.comments or answered.photos):
        return more
    return f"{reply}, {more[0].lower()}{more[1:]}" if more else reply
