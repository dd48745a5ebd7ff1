"""Inspections as rows that only add: a correction, an undo or a completion is a new row, so history is free."""

from piccolo.columns import JSON, Boolean, Float, ForeignKey, Integer, Text, Timestamptz, Varchar
from piccolo.columns.column_types import UUID
from piccolo.table import Table

from people.tables import Person, Team
from properties.tables import Property
from pwa.ids import uuid7

SKEW = "Server time less the phone's when it was sent: what its clock was wrong by"


class Template(Table):
    """Which rooms and items a kind of inspection has. A change is a new version; old ones stay for old records."""

    id = UUID(primary_key=True, default=uuid7)
    kind = Varchar(length=30, index=True, help_text="inspections.rules.Kind")
    version = Integer()
    label = Varchar(length=200)
    content = JSON(help_text="{order: [room kinds], rooms: {kind: {label, items: [[key, label, …]]}}}")


class Inspection(Table):
    id = UUID(primary_key=True, default=uuid7, help_text="Made by the phone")
    kind = Varchar(length=30)
    template = ForeignKey(references=Template)
    property = ForeignKey(references=Property, index=True)
    visit = UUID(
        null=True, default=None, index=True, help_text="The planned visit it belongs to, if there was one"
    )
    team = ForeignKey(references=Team, null=True, index=True)
    started_by = ForeignKey(references=Person)
    bedrooms = Integer()
    furnished = Boolean(help_text="Whether the temporary-accommodation items are part of it")
    captured_at = Timestamptz(help_text="When it was started, by the phone")
    received_at = Timestamptz()
    skew_seconds = Integer(default=0, help_text=SKEW)


class Room(Table):
    id = UUID(primary_key=True, default=uuid7)
    inspection = ForeignKey(references=Inspection, index=True)
    key = Varchar(length=60)
    kind = Varchar(length=30, help_text="Which room of the template its items come from")
    label = Varchar(length=200)
    position = Integer()


class RoomChange(Table):
    """A room renamed, or said to be not there, or there after all."""

    id = UUID(primary_key=True, default=uuid7)
    inspection = ForeignKey(references=Inspection, index=True)
    room = Varchar(length=60)
    label = Varchar(length=200, default="")
    there = Boolean(default=True)
    person = ForeignKey(references=Person)
    captured_at = Timestamptz()
    received_at = Timestamptz()
    skew_seconds = Integer(default=0, help_text=SKEW)


class Reading(Table):
    """What one officer recorded about one item. Never changed: a second look is a second reading."""

    id = UUID(primary_key=True, default=uuid7)
    inspection = ForeignKey(references=Inspection, index=True)
    item = Varchar(length=120)
    person = ForeignKey(references=Person)
    condition = Varchar(length=1, default="")
    cleanliness = Varchar(length=30, default="")
    answer = Varchar(length=10, default="")
    value = Varchar(length=200, default="")
    note = Text(default="")
    captured_at = Timestamptz()
    received_at = Timestamptz()
    skew_seconds = Integer(default=0, help_text=SKEW)


class Finding(Table):
    """One version of a finding. `finding` is its lasting id, made by the phone; the last received counts."""

    id = UUID(primary_key=True, default=uuid7)
    finding = UUID(index=True)
    inspection = ForeignKey(references=Inspection, index=True)
    item = Varchar(length=120)
    what = Varchar(length=20, help_text="inspections.rules.What")
    severity = Varchar(length=20)
    liability = Varchar(length=20)
    cost = Integer(null=True, default=None, help_text="Estimate in pence")
    note = Text(default="")
    hazard = Integer(null=True, default=None, help_text="Suspected HHSRS hazard, 1 to 21; never a score")
    urgency = Varchar(length=20, default="")
    withdrawn = Boolean(default=False)
    person = ForeignKey(references=Person)
    captured_at = Timestamptz()
    received_at = Timestamptz()
    skew_seconds = Integer(default=0, help_text=SKEW)


class InspectionPhoto(Table):
    """A photograph attached to an item. Its bytes may come before or after: until then it is promised."""

    id = UUID(primary_key=True, default=uuid7, help_text="Made by the phone")
    inspection = ForeignKey(references=Inspection, index=True)
    item = Varchar(length=120)
    finding = UUID(null=True, default=None)
    sha256 = Varchar(length=64, index=True)
    drawn_from = Varchar(length=64, default="", help_text="The untouched photograph this one is drawn on")
    taken_over = UUID(
        null=True,
        default=None,
        help_text="The earlier photograph of the same thing that lay over the live picture: the two are a pair",
    )
    caption = Text(default="")
    taken_at = Timestamptz(null=True, default=None)
    latitude = Float(null=True, default=None)
    longitude = Float(null=True, default=None)
    accuracy = Float(null=True, default=None, help_text="Metres")
    position_doubt = Varchar(length=200, default="")
    same_as = UUID(
        null=True,
        default=None,
        help_text="The photograph this is too: the phone made it small after its original came in a saved copy",
    )
    addendum = UUID(
        null=True, default=None, help_text="The addendum it came with, after the inspection was completed"
    )
    person = ForeignKey(references=Person)
    captured_at = Timestamptz()
    received_at = Timestamptz()
    skew_seconds = Integer(default=0, help_text=SKEW)


class PhotoChange(Table):
    """A caption written later, or a photograph taken out of sight. The picture itself stays."""

    id = UUID(primary_key=True, default=uuid7)
    inspection = ForeignKey(references=Inspection, index=True)
    photo = ForeignKey(references=InspectionPhoto)
    caption = Text(default="")
    withdrawn = Boolean(default=False)
    person = ForeignKey(references=Person)
    captured_at = Timestamptz()
    received_at = Timestamptz()
    skew_seconds = Integer(default=0, help_text=SKEW)


class HandOver(Table):
    """A half-done inspection given to a colleague. The last received says whose it is; nothing else changes."""

    id = UUID(primary_key=True, default=uuid7)
    inspection = ForeignKey(references=Inspection, index=True)
    given_to = ForeignKey(references=Person, index=True)
    given_to_name = Varchar(length=200, default="", help_text="As it was then")
    note = Text(default="")
    person = ForeignKey(references=Person, help_text="Who handed it over")
    person_name = Varchar(length=200, default="", help_text="As it was then")
    captured_at = Timestamptz()
    received_at = Timestamptz()
    skew_seconds = Integer(default=0, help_text=SKEW)


class Completion(Table):
    """The end of an inspection: from here on it does not change."""

    inspection = ForeignKey(references=Inspection, unique=True)
    id = UUID(primary_key=True, default=uuid7)
    reason = Text(default="", help_text="Why it was completed with something missing")
    missing = Text(default="", help_text="What was missing then, a line each")
    promised = Text(default="", help_text="SHA-256 of every photograph the phone says belongs to it, a line each")
    person = ForeignKey(references=Person)
    captured_at = Timestamptz()
    received_at = Timestamptz()
    skew_seconds = Integer(default=0, help_text=SKEW)


class Addendum(Table):
    """Words, and with them photographs, added after completion."""

    id = UUID(primary_key=True, default=uuid7)
    inspection = ForeignKey(references=Inspection, index=True)
    text = Text()
    about = UUID(null=True, default=None, help_text="A photograph that cannot be opened, for which this answers")
    person = ForeignKey(references=Person)
    captured_at = Timestamptz()
    received_at = Timestamptz()
    skew_seconds = Integer(default=0, help_text=SKEW)


class Phrase(Table):
    """Words a team uses often. It learns: saving a finding counts its words."""

    id = UUID(primary_key=True, default=uuid7)
    team = UUID(null=True, default=None, index=True, help_text="Null: offered to every team")
    what = Varchar(length=20)
    text = Varchar(length=120)
    uses = Integer(default=0)
    homes = Integer(default=0, help_text="In how many different homes it had been used when it was last used")


class PhraseUse(Table):
    """That somebody used such words in an inspection: whether they may be offered to others hangs on it."""

    id = UUID(primary_key=True, default=uuid7)
    phrase = ForeignKey(references=Phrase, index=True)
    inspection = ForeignKey(references=Inspection, index=True)
    person = ForeignKey(references=Person, index=True)
