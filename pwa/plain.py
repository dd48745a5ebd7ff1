"""A queued command in plain words, for somebody in the office who has never seen a form body."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from pwa.answers import Unreadable
from pwa.forms import COMMAND_FIELD, pairs

Words = tuple[str, Callable[[str], str]]
_IDS = re.compile(r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$|^[0-9a-f]{64}$")
_ENDS = re.compile(r"_(pence|id|at|on)$")


def given(content_type: str, body: bytes) -> list[tuple[str, str]]:
    """The fields of a form as they were sent, without the empty ones. None for what is no form."""
    if not content_type.startswith("application/x-www-form-urlencoded"):
        return []
    try:
        return [(name, value) for name, value in pairs(body) if value.strip() and name != COMMAND_FIELD]
    except Unreadable:
        return []


def in_words(fields: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """What was typed or chosen, each beside its name as words. Ids mean nothing to a reader and stay out."""
    return [(name_in_words(name), value) for name, value in fields if not _IDS.match(value)]


def told(fields: list[tuple[str, str]], words: Mapping[str, Words]) -> list[tuple[str, str]]:
    """The fields that a package has words for, in the order of its words: heading and value."""
    values: dict[str, list[str]] = {}
    for name, value in fields:
        values.setdefault(name, []).append(value)
    return [
        (heading, ", ".join(say(value) for value in values[name]))
        for name, (heading, say) in words.items()
        if name in values
    ]


def chosen(kind: Any, words: Mapping[Any, str]) -> Callable[[str], str]:
    """A choice as its words. What no build of ours could choose is said as it was sent."""

    def say(value: str) -> str:
        try:
            return words[kind(value)]
        except (KeyError, ValueError):
            return value

    return say


def name_in_words(name: str) -> str:
    words = _ENDS.sub("", name).replace("_", " ").replace("-", " ").strip()
    return (words[:1].upper() + words[1:]) or "Value"


def what_of(method: str, path: str) -> str:
    """`POST /inspections/<id>/readings` as "Inspections: readings"."""
    parts = [part for part in path.split("/") if part and not _IDS.match(part)]
    if method == "PUT" and path.startswith("/media/photos/"):
        return "A photograph"
    named = [name_in_words(part).lower() for part in parts] or ["something"]
    return ": ".join([named[0].capitalize(), *named[1:]])


def record_of(path: str) -> str:
    """The page of the record a command was for, or nothing."""
    parts = path.split("/")
    if len(parts) < 3:
        return ""
    try:
        return f"/{parts[1]}/{UUID(parts[2])}"
    except ValueError:
        return ""


def ago(moment: datetime, now: datetime) -> str:
    """How long ago, in the one unit that matters."""
    for unit, length in (
        ("day", timedelta(days=1)),
        ("hour", timedelta(hours=1)),
        ("minute", timedelta(minutes=1)),
    ):
        count = int((now - moment) / length)
        if count >= 1:
            return f"{count} {unit}{'' if count == 1 else 's'} ago"
    return "just now"


def waiting(commands: int, photos: int) -> str:
    """3 entries and 2 photographs."""
    parts = [
        f"{count} {one if count == 1 else many}"
        for count, one, many in ((commands, "entry", "entries"), (photos, "photograph", "photographs"))
        if count
    ]
    return " and ".join(parts)
