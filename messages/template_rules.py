"""The words that go out, for an inventory and about somebody alone. Pure: values in, values out."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from messages.rules import Channel


@dataclass(frozen=True)
class Template:
    """Words with ((places)) in them. The council has the same words in GOV.UK Notify (docs/running.md)."""

    channel: Channel
    subject: str
    body: str
    urgent: bool = False


def _alarms() -> dict[str, Template]:
    """About somebody alone. On a lock screen: no household, no warning, no reason, and no address."""
    said = {
        "alarm-overdue": "Visit ((number)) overdue: ((name)). ((owner)) Open ((link))",
        "alarm-panic": "Visit ((number)): ((name)) needs help now. Do not ring them first. ((owner)) "
        "Open ((link))",
        "alarm-police": "Visit ((number)): ((name)) not reached. ((owner)) Open ((link)) and read out what to "
        "say to 999.",
        "alarm-stand-down": "Visit ((number)), ((name)): stand down. ((how)) ((link))",
        "alarm-reminder": "Visit ((number)): you are overdue. Check in or enter your PIN: ((link))",
        "alarm-slips": "Visit ((number)): ((name)) entered three wrong PINs. This is no alarm. Look: ((link))",
        "alarm-server": "Doorstep: ((what)) Tell whoever looks after the server. ((link))",
        "alarm-outage": "Doorstep was not watching ((gap)). It is again: ((visits)) being checked. ((link))",
    }
    texts = {f"{key}-sms": Template(Channel.SMS, "", body + _reply(key), True) for key, body in said.items()}
    mails = {
        f"{key}-email": Template(Channel.EMAIL, "Doorstep: visit ((number))", f"{body}\n\n((council))", True)
        for key, body in said.items()
        if key not in ("alarm-outage", "alarm-server")
    }
    server = Template(Channel.EMAIL, "Doorstep: the server", said["alarm-server"] + "\n\n((council))", True)
    outage = Template(Channel.EMAIL, "Doorstep was not watching", said["alarm-outage"] + "\n\n((council))", True)
    return {**texts, **mails, "alarm-outage-email": outage, "alarm-server-email": server}


def _rota() -> dict[str, Template]:
    """Who is on duty, and tests of the ladder. A test says so in its first word, and is sent as an alarm is."""
    said = {
        "rota-gap": ("Nobody is on duty", "Nobody is on duty for ((team)) ((when)). ((more))Open ((link))"),
        "drill": (
            "TEST: no alarm",
            "TEST, no alarm. In a real one for ((team)) you would be called after ((steps)). Say that this came: "
            "((link))",
        ),
        "drill-due": (
            "Test who would be called",
            "((team)): nobody has tested for a month whether the people who would be called can be reached. "
            "It takes two minutes: ((link))",
        ),
    }
    texts = {f"{key}-sms": Template(Channel.SMS, "", body, key == "drill") for key, (_, body) in said.items()}
    mails = {
        f"{key}-email": Template(Channel.EMAIL, subject, f"{body}\n\n((council))", key == "drill")
        for key, (subject, body) in said.items()
    }
    return {**texts, **mails}


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
    "phone-test-sms": Template(
        Channel.SMS, "", "Doorstep: your code is ((code)). Enter it on the phone you test.", urgent=True
    ),
    "lone-with-sms": Template(
        Channel.SMS,
        "",
        "Visit ((number)): ((name)) says that you are with them. You have a session of your own. Open ((link))",
        urgent=True,
    ),
    **_alarms(),
    **_rota(),
    **_ANSWERS,
    **_PUSHED,
}
AT_NOTIFY = tuple(key for key, one in TEMPLATES.items() if one.channel is not Channel.PUSH)
"""Those that the council has at GOV.UK Notify too."""


CANARY = "canary-sms"
"""To nobody: it is taken without a call. So that we know that all up to the call works."""


def template(key: str) -> Template:
    return Template(Channel.SMS, "", "", True) if key == CANARY else TEMPLATES[key]


def rendered(text: str, personalisation: Mapping[str, str]) -> str:
    """As the provider would fill it in. A place nobody filled stays to be seen."""
    return re.sub(r"\(\(([a-z_]+)\)\)", lambda place: personalisation.get(place[1], place[0]), text)
