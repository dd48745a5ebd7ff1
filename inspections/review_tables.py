"""The review of completed inspections as rows that only add. None of them changes what was inspected."""

from piccolo.columns import Boolean, ForeignKey, Integer, Text, Timestamptz, Varchar
from piccolo.columns.column_types import UUID
from piccolo.table import Table

from inspections.tables import SKEW, Addendum, Inspection
from people.tables import Person
from pwa.ids import uuid7


class ReviewEvent(Table):
    """What somebody did with a completed inspection. Each follows one other, so that of two at once one stands."""

    id = UUID(primary_key=True, default=uuid7)
    inspection = ForeignKey(references=Inspection, index=True)
    after = UUID(unique=True, help_text="The event it follows; the first one the inspection's own id")
    what = Varchar(length=20, help_text="inspections.review_rules.What")
    together = Boolean(default=False, help_text="Approved with others, because nothing stood out")
    person = ForeignKey(references=Person, null=True, help_text="Null: from before there was a review")
    captured_at = Timestamptz()
    received_at = Timestamptz()
    skew_seconds = Integer(default=0, help_text=SKEW)


class ReviewNote(Table):
    """What a manager asks when sending back, of one place. With no item and no room it is of the whole."""

    id = UUID(primary_key=True, default=uuid7)
    inspection = ForeignKey(references=Inspection, index=True)
    event = ForeignKey(references=ReviewEvent, index=True)
    number = Integer(help_text="Its place among all notes of this inspection, from 1")
    room = Varchar(length=60, default="")
    item = Varchar(length=120, default="")
    finding = UUID(null=True, default=None, help_text="The lasting id of the finding it is about")
    place = Varchar(length=420, help_text="In words, as it was called then")
    text = Text()


class ReviewAnswer(Table):
    """That an addendum answers a note. The words and the photograph are the addendum's."""

    id = UUID(primary_key=True, default=uuid7)
    inspection = ForeignKey(references=Inspection, index=True)
    note = ForeignKey(references=ReviewNote, index=True)
    addendum = ForeignKey(references=Addendum, index=True)
