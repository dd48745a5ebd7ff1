"""The forms of lone working, field by field. What is not named here cannot be sent."""

from typing import Annotated
from uuid import UUID

import msgspec

from lone_working.point_rules import Why
from media.forms import PhotoForm
from pwa.forms import Name, Text


class Nothing(msgspec.Struct):
    """A button: no fields."""


class HeardForm(msgspec.Struct):
    way: Annotated[str, msgspec.Meta(max_length=10)] = ""
    """messages.rules.Channel"""


class ReadForm(msgspec.Struct):
    shown: Annotated[str, msgspec.Meta(max_length=64)]


class CodeForm(msgspec.Struct):
    code: Annotated[str, msgspec.Meta(max_length=20)]


class PinForm(msgspec.Struct):
    """A PIN as it was typed, or sealed on the phone; and where that was, if it says so. A position that is
    nonsense refuses nothing (points.py)."""

    pin: str = ""
    sealed: str = ""
    latitude: str = ""
    longitude: str = ""
    accuracy: str = ""


class HereForm(PinForm):
    """A check-in: the PIN is by choice. `battery`: per cent, where the browser tells; junk there is no reason to
    doubt that somebody is well."""

    battery: str = ""


class PointForm(msgspec.Struct):
    why: Why
    latitude: str = ""
    longitude: str = ""
    accuracy: str = ""


class ExtendForm(msgspec.Struct):
    """The PIN is asked for once the session is overdue."""

    minutes: int
    pin: str = ""
    sealed: str = ""


class BeginForm(msgspec.Struct):
    place: Name
    minutes: int
    buddy: UUID | None = None
    battery: str = ""


class HomeForm(msgspec.Struct):
    minutes: int
    battery: str = ""


class BuddyForm(msgspec.Struct):
    buddy: UUID | None = None


class HelpForm(msgspec.Struct):
    car: Name = ""
    looks: Annotated[str, msgspec.Meta(max_length=500)] = ""
    contact_name: Name = ""
    contact_is: Name = ""
    contact_phone: Annotated[str, msgspec.Meta(max_length=40)] = ""


class HelpPhotoForm(PhotoForm):
    """Where it was taken is not kept."""


class FirmForm(msgspec.Struct):
    supervisor: UUID | None = None


class PinsForm(msgspec.Struct):
    """`again` because nobody sees what they type, and nobody can read a PIN back."""

    password: str = ""
    safe: str = ""
    safe_again: str = ""
    duress: str = ""
    duress_again: str = ""


class OutcomeForm(msgspec.Struct):
    words: Text
    spoken_to: bool = False
    close_session: bool = False
    said_word: bool = False
