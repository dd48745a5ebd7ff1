"""What goes out, to whom, where it stands and when it is tried again. Pure: values in, values out."""

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import IntEnum, StrEnum
from uuid import NAMESPACE_OID, UUID, uuid5


class Channel(StrEnum):
    SMS = "sms"
    EMAIL = "email"
    PUSH = "push"
    """A notification on whatever phones somebody has them switched on: beside a text, never instead of one."""


CHANNEL_WORDS = {Channel.SMS: "Text message", Channel.EMAIL: "E-mail", Channel.PUSH: "Notification"}


class State(StrEnum):
    """Where a message stands. `shown` is the demo's: it would have been sent."""

    WAITING = "waiting"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    SHOWN = "shown"
    STOPPED = "stopped"


STATE_WORDS = {
    State.WAITING: "Waiting to be sent",
    State.SENT: "Sent",
    State.DELIVERED: "Delivered",
    State.FAILED: "Did not arrive",
    State.SHOWN: "Would have been sent",
    State.STOPPED: "Taken back before it was sent",
}


URGENT = "alarm messages"
"""What the loop that hands over urgent ones is called, for pwa.waking."""
HELP = "calls for help"
"""And the one that is kept free for those."""


class Rank(IntEnum):
    """Of what is urgent, what goes first. What is behind waits for as long as anything before it is due."""

    HELP = 0
    OVERDUE = 1
    OTHER = 2
    LOOK = 3
    """It is handed over; what became of it is still asked."""


_UK_MOBILE = re.compile(r"(?:0|44)7[0-9]{9}")
_ABROAD = re.compile(r"\+[1-9][0-9]{7,14}")
_EMAIL = re.compile(r"[^\s@<>,;:\"()\[\]]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+")
NO_MOBILE = "Enter a mobile number, like 07700 900 123."
NO_EMAIL = "Enter an e-mail address, like name@example.com."


def recipient(channel: Channel, text: str) -> str:
    """A number as +447700900123, an address as it is. ValueError carries the sentence for the person."""
    if channel is Channel.EMAIL:
        if len(text) > 254 or not _EMAIL.fullmatch(text):
            raise ValueError(NO_EMAIL)
        return text
    number = re.sub(r"[\s().\-\u2010-\u2015]", "", text)
    if _UK_MOBILE.fullmatch(number.removeprefix("+")):
        return "+44" + number.removeprefix("+").removeprefix("44").removeprefix("0")
    if number.startswith("+44") or not number.isascii() or not _ABROAD.fullmatch(number):
        raise ValueError(NO_MOBILE)
    return number


def phones_of(person: object, device: object = "") -> str:
    """To whom a notification goes: all their phones that show them, or one."""
    return f"person {person} {device}".strip()


def masked(text: str) -> str:
    """Enough to know which of one's own it is, and too little to use."""
    if text.startswith("person "):
        return "their phones"
    name, at, domain = text.partition("@")
    if at:
        return f"{name[:1]}…@{domain}"
    return f"number ending {text[-3:]}" if text else "erased"


# Somebody who is sending has this long; then anybody may. Longer than a look and a call together.
LEASE = timedelta(seconds=30)
# One that is older may have gone out already: this database may have been put back to a copy from before it did.
OLD = timedelta(minutes=5)
_PAUSES = (5, 15, 30, 60, 120, 300)
_URGENT_PAUSES = (0, 5, 15, 30)


def pause(tries: int, urgent: bool = False) -> timedelta:
    """How long after the so-manieth try in vain comes the next. It is never given up."""
    pauses = _URGENT_PAUSES if urgent else _PAUSES
    return timedelta(seconds=pauses[min(max(tries, 1), len(pauses)) - 1])


BREAKS_AT = 5
"""So many calls in vain in a row, and a channel is shut for all but calls for help."""
_SHUT = (5, 15, 30)


def shut_for(failures: int) -> timedelta | None:
    """After so many in vain, how long until one message tries whether it goes again. None: nothing is shut."""
    if failures < BREAKS_AT:
        return None
    return timedelta(seconds=_SHUT[min(failures - BREAKS_AT, len(_SHUT) - 1)])


# GOV.UK Notify goes on trying for 72 hours; after that its word is final or will not come.
FIRST_LOOK = timedelta(minutes=10)
NEXT_LOOK = timedelta(hours=1)
LAST_LOOK = timedelta(hours=73)


class Reach(StrEnum):
    """How far a message came, for whoever asks whether somebody was reached. `waiting`: nobody has tried yet."""

    TAKEN = "taken"
    WAITING = "waiting"
    IN_VAIN = "in vain"


def reach(state: State, said: str, shut: bool) -> Reach:
    """`said`: why the last try was in vain. `shut`: nothing goes by its channel just now."""
    if state in (State.SENT, State.DELIVERED, State.SHOWN):
        return Reach.TAKEN
    return Reach.WAITING if state is State.WAITING and not said and not shut else Reach.IN_VAIN


class Outcome(StrEnum):
    """How a call to hand a message over ended. After `unknown` it may have been taken all the same."""

    TAKEN = "taken"
    REFUSED = "refused"
    NOT_NOW = "not now"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Answer:
    outcome: Outcome
    said: str = ""
    provider_id: str = ""


BAD_REQUEST = "GOV.UK Notify refused it: the number or address, or the template, is wrong."
NO_KEY = "GOV.UK Notify does not accept this council’s key. Tell your administrator. It is tried again by itself."
TOO_MANY = "GOV.UK Notify takes no more just now. It is tried again by itself."
NO_ANSWER = "GOV.UK Notify did not answer. It is tried again by itself."


def answer_to(status: int) -> Answer:
    """What a refusal means, by the status that GOV.UK Notify documents for it."""
    if status in (401, 403):
        return Answer(Outcome.NOT_NOW, NO_KEY)
    if status == 429:
        return Answer(Outcome.NOT_NOW, TOO_MANY)
    if 400 <= status < 500 and status != 408:
        return Answer(Outcome.REFUSED, BAD_REQUEST)
    return Answer(Outcome.UNKNOWN, NO_ANSWER)


# What GOV.UK Notify says became of it. A status that is not here, or on its way still, changes nothing.
FATES = {
    "delivered": (State.DELIVERED, ""),
    "permanent-failure": (State.FAILED, "There is no such number or address."),
    "temporary-failure": (State.FAILED, "The phone was off or the mailbox full for three days."),
    "technical-failure": (State.FAILED, "The network could not deliver it. Send it again."),
}


def reply_to(text: UUID) -> UUID:
    """The message that answers a text that came in."""
    return uuid5(NAMESPACE_OID, f"answer to {text}")
