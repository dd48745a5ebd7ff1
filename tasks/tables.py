"""What is to be done about a home, by whom and by when, and rows for all that happened to it."""

from piccolo.columns import Date, ForeignKey, Integer, Text, Timestamptz, Varchar
from piccolo.columns.column_types import UUID
from piccolo.table import Table

from people.tables import Person, Team
from properties.tables import Property
from pwa.ids import uuid7

SKEW = "Server time less the phone's when it was sent: what its clock was wrong by"


class Task(Table):
    id = UUID(primary_key=True, default=uuid7, help_text="Made by whoever raised it, also offline")
    property = ForeignKey(references=Property, index=True)
    kind = Varchar(length=20, help_text="tasks.rules.Kind")
    what = Text(help_text="What is to be done, in words")
    owner = ForeignKey(references=Person, index=True, help_text="Now; how it came to be so is in the events")
    team = ForeignKey(references=Team, null=True, index=True, help_text="Of whoever raised it or gave it on")
    due = Date(default=None, index=True, help_text="Its last day, now; how it came to be so is in the events")
    # What they name is above this package, so that no foreign key can say so.
    visit = UUID(null=True, default=None, index=True, help_text="The visit it was raised from")
    inspection = UUID(null=True, default=None, index=True, help_text="The inspection it was raised from")
    raised_by = ForeignKey(references=Person)
    raised_by_name = Varchar(length=200, default="", help_text="As it was then")
    ended_at = Timestamptz(
        null=True, default=None, index=True, help_text="Done or cancelled, received then; by whom is in the events"
    )
    captured_at = Timestamptz(default=None)
    received_at = Timestamptz(default=None)
    skew_seconds = Integer(default=0, help_text=SKEW)


class TaskEvent(Table):
    """One thing that happened to a task. Rows are added, never changed."""

    id = UUID(primary_key=True, default=uuid7)
    task = ForeignKey(references=Task, index=True)
    what = Varchar(length=20, help_text="tasks.rules.Happening")
    note = Text(default="", help_text="What was done, or why")
    given_from = UUID(null=True, default=None, help_text="Whose it was, when it was given to somebody else")
    given_to = UUID(null=True, default=None)
    given_to_name = Varchar(length=200, default="", help_text="As it was then")
    due_before = Date(null=True, default=None, help_text="Its day, when it was moved to another")
    due_after = Date(null=True, default=None)
    by = ForeignKey(references=Person)
    by_name = Varchar(length=200, default="", help_text="As it was then")
    captured_at = Timestamptz(default=None)
    received_at = Timestamptz(default=None)
    skew_seconds = Integer(default=0, help_text=SKEW)
