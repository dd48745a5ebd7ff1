"""The forms of the review, field by field. What is not named here cannot be sent."""

from uuid import UUID

import msgspec

from inspections.forms import PhotoForm
from inspections.review_rules import Spot, spot_named
from pwa.answers import Unreadable
from pwa.forms import Text, bind, pairs

BOX = "note-"


class ApproveForm(msgspec.Struct):
    seen: UUID
    """The last that was done with it when the page was made; the inspection itself when nothing was."""


class Written(msgspec.Struct):
    """One note as it was typed into the box of its place."""

    spot: Spot
    text: str


class BackForm(msgspec.Struct):
    seen: UUID
    notes: list[Written] = []


class _Box(msgspec.Struct):
    text: Text = ""


class CleanForm(msgspec.Struct):
    ids: list[UUID] = []


class AnswerForm(msgspec.Struct):
    note: UUID
    text: Text = ""


class AnswerPhotoForm(PhotoForm, kw_only=True):
    note: UUID


def bind_back(body: bytes) -> BackForm:
    """Each note comes in a field of its own, named after its place: `note-item-kitchen_hob`."""
    fields = pairs(body)
    boxes = [(name, text) for name, text in fields if name.startswith(BOX)]
    if len({name for name, _ in boxes}) < len(boxes):
        raise Unreadable("That form has the same field twice. Reload the page and try again.")
    notes = []
    for name, typed in boxes:
        spot = spot_named(name.removeprefix(BOX))
        if spot is None:
            raise Unreadable("That form has a field this page does not know. Reload the page and try again.")
        if text := bind([("text", typed)], _Box).text:
            notes.append(Written(spot, text))
    found = bind([(name, text) for name, text in fields if not name.startswith(BOX)], ApproveForm)
    return BackForm(found.seen, notes)
