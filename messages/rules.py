"""What goes out, to whom, where it stands and when it is tried again. Pure: values in, values out."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


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


@dataclass(frozen=True)
class Template:
    """Words with ((places)) in them. The council has the same words in GOV.UK Notify (docs/running.md)."""

    channel: Channel
    subject: str
    body: str
    urgent: bool = False


URGENT = "alarm messages"
"""What the loop that hands over urgent ones is called, for pwa.waking."""


def _alarms() -> dict[str, Template]:
    """About somebody alone. On a lock screen: no household, no warning, no reason, and no address."""
    said = {
        "alarm-overdue": "Visit ((number)) overdue: ((name)). Open ((link))",
        "alarm-panic": "Visit ((number)): ((name)) needs help now. Do not ring them first. Open ((link))",
        "alarm-police": "Visit ((number)): ((name)) not reached. Open ((link)) and read out what to say to 999.",
        "alarm-stand-down": "Visit ((number)), ((name)): stand down. ((how)) ((link))",
        "alarm-reminder": "Visit ((number)): you are overdue. Check in or enter your PIN: ((link))",
        "alarm-slips": "Visit ((number)): ((name)) entered three wrong PINs. No alarm is open. Look: ((link))",
        "alarm-outage": "Doorstep was not watching ((gap)). It is again: ((visits)) being checked. ((link))",
    }
    texts = {f"{key}-sms": Template(Channel.SMS, "", body + _reply(key), True) for key, body in said.items()}
    mails = {
        f"{key}-email": Template(Channel.EMAIL, "Doorstep: visit ((number))", f"{body}\n\n((council))", True)
        for key, body in said.items()
        if key != "alarm-outage"
    }
    outage = Template(Channel.EMAIL, "Doorstep was not watching", said["alarm-outage"] + "\n\n((council))", True)
    return {**texts, **mails, "alarm-outage-email": outage}


def _reply(key: str) -> str:
    """Where a text may be answered by one: filled in with how, or with nothing where no texts are taken in."""
    return "((reply))" if key in ("alarm-overdue", "alarm-panic", "alarm-police") else ""


_PUSHED = {
    # A title and a line, on a lock screen: no household, no address and no reason.
    "alarm-nudge-push": Template(
        Channel.PUSH, "Visit ((number)): check in by ((time))", "Are you safe? Nobody is told yet.", True
    ),
    "alarm-reminder-push": Template(
        Channel.PUSH, "Visit ((number)): your time is up", "Check in with your PIN. Your buddy is told next.", True
    ),
    "alarm-overdue-push": Template(Channel.PUSH, "Visit ((number)) overdue: ((name))", "Open it to answer.", True),
    "alarm-panic-push": Template(
        Channel.PUSH, "Visit ((number)): ((name)) needs help now", "Do not ring them first. Open it.", True
    ),
    "alarm-police-push": Template(
        Channel.PUSH, "Visit ((number)): ((name)) not reached", "Open it and read out what to say to 999.", True
    ),
    "try-push": Template(Channel.PUSH, "This is a test", "Press it, and Doorstep knows that it arrived.", True),
}
_LASTS = {"alarm-nudge-push": timedelta(minutes=5), "try-push": timedelta(minutes=10)}


def lasts(template: str) -> timedelta:
    """For how long a notification is worth showing to a phone that was switched off when it was sent."""
    return _LASTS.get(template, timedelta(hours=1))


_ANSWERS = {
    "reply-sms": Template(Channel.SMS, "", "Doorstep: ((said))", True),
    # Not urgent: whoever writes to us from anywhere holds up nobody in danger.
    "reply-stranger-sms": Template(
        Channel.SMS,
        "",
        "This number is for the staff of ((council)), and yours is not known here, so nobody acts on your "
        "message. In danger, call 999.",
    ),
}


TEMPLATES = {
    "inventory-sms": Template(
        Channel.SMS,
        "",
        "((council)): this is the list of what is in your home and how it is. Please look at it and tell us if "
        "something is different. You have 7 days. ((link))",
    ),
    "inventory-email": Template(
        Channel.EMAIL,
        "What is in your home: please look and tell us",
        "When you moved in, we wrote down what is in your home and how it is.\n\n"
        "Please look at the list. If something is different, tell us in your own words and add photos. You have "
        "7 days.\n\n((link))\n\n"
        "You need no password. Do not pass this link on: whoever has it can read the list.\n\n((council))",
    ),
    **_alarms(),
    **_ANSWERS,
    **_PUSHED,
}
AT_NOTIFY = tuple(key for key, one in TEMPLATES.items() if one.channel is not Channel.PUSH)
"""Those that the council has at GOV.UK Notify too."""


def rendered(text: str, personalisation: Mapping[str, str]) -> str:
    """As the provider would fill it in. A place nobody filled stays to be seen."""
    return re.sub(r"\(\(([a-z_]+)\)\)", lambda place: personalisation.get(place[1], place[0]), text)


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


# Somebody who is sending has this long; then anybody may. Longer than every call of one turn together.
LEASE = timedelta(seconds=60)
_PAUSES = (5, 15, 30, 60, 120, 300)


def pause(tries: int) -> timedelta:
    """How long after the so-manieth try in vain comes the next. It is never given up."""
    return timedelta(seconds=_PAUSES[min(max(tries, 1), len(_PAUSES)) - 1])


# GOV.UK Notify goes on trying for 72 hours; after that its word is final or will not come.
FIRST_LOOK = timedelta(minutes=10)
NEXT_LOOK = timedelta(hours=1)
LAST_LOOK = timedelta(hours=73)


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
