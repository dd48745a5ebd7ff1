"""The diary: a visit as it was planned, and rows for all that happened to it."""

from piccolo.columns import Boolean, DoublePrecision, ForeignKey, Integer, Text, Timestamptz, Varchar
from piccolo.columns.column_types import UUID
from piccolo.table import Table

from people.tables import Person, Team
from properties.tables import Property
from pwa.ids import uuid7

SKEW = "Server time less the phone's when it was sent: what its clock was wrong by"


class Visit(Table):
    id = UUID(primary_key=True, default=uuid7, help_text="Made by whoever planned it, also offline")
    property = ForeignKey(references=Property, index=True)
    purpose = Varchar(length=40, help_text="visits.rules.Purpose")
    officer = ForeignKey(
        references=Person, index=True, help_text="Who goes now; how it came to be so is in the events"
    )
    team = ForeignKey(references=Team, null=True, index=True, help_text="The officer's team when it was planned")
    planned_for = Timestamptz(default=None, index=True)
    expected_minutes = Integer()
    time_window = Varchar(
        length=10, default="at", help_text="visits.rules.Window; not `at`: planned_for is where it begins"
    )
    series = UUID(null=True, default=None, index=True, help_text="The first of the visits repeated every week")
    note = Text(default="", help_text="What to know before going; no words about people")
    follows = UUID(null=True, default=None, index=True, help_text="The visit on whose way out it was planned")
    created_by = ForeignKey(references=Person)
    captured_at = Timestamptz(default=None)
    received_at = Timestamptz(default=None)
    skew_seconds = Integer(default=0, help_text=SKEW)


class VisitEvent(Table):
    """One thing that happened to a visit. Rows are added, never changed."""

    id = UUID(primary_key=True, default=uuid7)
    visit = ForeignKey(references=Visit, index=True)
    what = Varchar(length=20, help_text="visits.rules.Happening")
    by = ForeignKey(references=Person)
    by_name = Varchar(length=200, default="", help_text="As it was then")
    outcome = Varchar(length=20, default="", help_text="visits.rules.Outcome, when finished")
    reason = Varchar(length=20, default="", help_text="visits.rules.NoAccessReason")
    door = Varchar(length=10, default="", help_text="visits.rules.Door: did they take a photo of it")
    note = Text(default="")
    given_from = UUID(null=True, default=None, help_text="Whose it was, when it was given to somebody else")
    given_to = UUID(null=True, default=None)
    given_to_name = Varchar(length=200, default="", help_text="As it was then")
    company = UUID(null=True, default=None, help_text="Who was there too, when it was started")
    company_name = Varchar(length=200, default="", help_text="As it was then")
    agreed_by = UUID(null=True, default=None, help_text="The manager who agreed to a start alone; `note` is why")
    agreed_name = Varchar(length=200, default="", help_text="As it was then")
    alone = Boolean(default=False, help_text="Started alone where two must go, and no manager was named")
    captured_at = Timestamptz(default=None)
    received_at = Timestamptz(default=None)
    skew_seconds = Integer(default=0, help_text=SKEW)


class VisitPhoto(Table):
    """A photograph of the door. The bytes may come before or after this row."""

    id = UUID(primary_key=True, default=uuid7)
    visit = ForeignKey(references=Visit, index=True)
    sha256 = Varchar(length=64, index=True)
    drawn_from = Varchar(length=64, default="", help_text="The photo this one was drawn on, if it was")
    caption = Text(default="")
    by = ForeignKey(references=Person)
    taken_at = Timestamptz(null=True, default=None)
    latitude = DoublePrecision(null=True, default=None)
    longitude = DoublePrecision(null=True, default=None)
    accuracy = DoublePrecision(null=True, default=None, help_text="Metres")
    doubt = Varchar(length=200, default="", help_text="What is odd about the position, in a sentence")
    erased_at = Timestamptz(null=True, default=None, help_text="Kept long enough: nothing else is left of it")
    captured_at = Timestamptz(default=None)
    received_at = Timestamptz(default=None)
    skew_seconds = Integer(default=0, help_text=SKEW)
