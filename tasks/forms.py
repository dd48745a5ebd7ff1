"""The forms of a task, field by field. What is not named here cannot be sent."""

from datetime import date
from uuid import UUID

import msgspec

from pwa.forms import Text
from tasks.rules import Due, Kind


class RaiseForm(msgspec.Struct):
    """From a visit or an inspection, whose address it is sent to."""

    id: UUID
    kind: Kind
    what: Text
    owner: UUID
    due: Due | None = None
    day: date | None = None


class NewForm(RaiseForm, kw_only=True):
    """About a home, from nothing else."""

    property: UUID


class DoneForm(msgspec.Struct):
    note: Text = ""


class GiveForm(msgspec.Struct):
    owner: UUID
    note: Text = ""


class MoveForm(msgspec.Struct):
    day: date
    note: Text = ""


class DropForm(msgspec.Struct):
    note: Text = ""


class NoteForm(msgspec.Struct):
    note: Text = ""
