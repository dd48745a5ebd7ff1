"""Ladders of a team's own, words that prove who speaks, and tests of the ladder that are no alarms."""

from piccolo.columns import ForeignKey, Text, Timestamptz, Varchar
from piccolo.columns.column_types import UUID
from piccolo.table import Table

from people.tables import Person, Team
from pwa.ids import uuid7


class TeamLadder(Table):
    """A ladder of a team's own. A row for each change; the last one counts, for alarms opened after it."""

    id = UUID(primary_key=True, default=uuid7)
    team = ForeignKey(references=Team, index=True)
    ladder = Varchar(length=10, help_text="lone_working.ladders.rules.Which")
    policy = Text(help_text="JSON, lone_working.ladder_rules.Ladder")
    made_at = Timestamptz(default=None)
    made_by = UUID(null=True, default=None)
    made_by_name = Varchar(length=200, default="")


class CodeWord(Table):
    """What an officer says on the telephone when they are free to speak. The last one counts."""

    id = UUID(primary_key=True, default=uuid7)
    person = ForeignKey(references=Person, index=True)
    sealed = Text(secret=True, help_text="Sealed with a key that is not in the database")
    made_at = Timestamptz(default=None)


class Drill(Table):
    """A test of a team's ladder: real messages marked TEST. No alarm, and in no figure."""

    id = UUID(primary_key=True, default=uuid7)
    team = ForeignKey(references=Team, index=True)
    begun_at = Timestamptz(default=None)
    begun_by = UUID(null=True, default=None)
    begun_by_name = Varchar(length=200, default="")
    empty = Text(default="", help_text="Steps that reached nobody, in words")


class DrillTold(Table):
    """Whom a test told, by which way, of which steps, and when they said that it came."""

    id = UUID(primary_key=True, help_text="That of the message")
    drill = ForeignKey(references=Drill, index=True)
    person = UUID(index=True)
    person_name = Varchar(length=200, default="")
    channel = Varchar(length=10, help_text="messages.rules.Channel")
    steps = Varchar(length=200, default="", help_text="After how many minutes, in words")
    told_at = Timestamptz(default=None)
    heard_at = Timestamptz(null=True, default=None)
