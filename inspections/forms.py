"""The forms of an inspection, field by field. What is not named here cannot be sent."""

from uuid import UUID

import msgspec

from inspections.choices import Answer, Cleanliness, Condition, Kind, Liability, Severity, What
from inspections.rules import PASSING_ITEM
from media import forms as media
from pwa.forms import Name, Text


class StartForm(msgspec.Struct):
    id: UUID
    property: UUID
    kind: Kind
    bedrooms: int | None = None
    visit: UUID | None = None


class ReadingForm(msgspec.Struct):
    item: Name
    condition: Condition | None = None
    cleanliness: Cleanliness | None = None
    answer: Answer | None = None
    value: Name = ""
    note: Text = ""


class RoomForm(msgspec.Struct):
    room: Name


class NewRoomForm(msgspec.Struct):
    id: UUID
    kind: Name
    label: Name


class RoomChangeForm(msgspec.Struct):
    room: Name
    label: Name = ""
    there: bool = True


class FindingForm(msgspec.Struct):
    id: UUID
    item: Name
    what: What
    severity: Severity
    liability: Liability = Liability.NOT_SURE
    cost: Name = ""
    note: Text = ""
    hazard: int | None = None


class SeenForm(FindingForm, kw_only=True):
    """A finding in passing: `visit` is where it was seen."""

    visit: UUID
    item: Name = PASSING_ITEM


class FindingIdForm(msgspec.Struct):
    finding: UUID


class PhotoForm(media.PhotoForm, kw_only=True):
    item: Name
    finding: UUID | None = None
    taken_over: UUID | None = None
    replaces: UUID | None = None


class SeenPhotoForm(PhotoForm, kw_only=True):
    visit: UUID
    item: Name = PASSING_ITEM


class HandOverForm(msgspec.Struct):
    officer: UUID
    note: Text = ""
    visit: bool = False


class PhotoChangeForm(msgspec.Struct):
    photo: UUID
    caption: Text = ""
    withdrawn: bool = False


class OriginalForm(msgspec.Struct):
    reason: Name = ""


class CompleteForm(msgspec.Struct):
    reason: Text = ""
    photos: Text = ""


class AddendumForm(msgspec.Struct):
    text: Text
    about: UUID | None = None


class DocumentForm(msgspec.Struct):
    kind: Name
