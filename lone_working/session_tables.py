"""What goes with a session: who looks out, what was in place before it, and what helps whoever comes.

Rows are added; the newest counts.
"""

from piccolo.columns import ForeignKey, Timestamptz
from piccolo.columns.column_types import UUID
from piccolo.table import Table

from people.tables import Person
from pwa.ids import uuid7


class Unwatched(Table):
    """Somebody pressed Start and no session began: the visit had changed meanwhile. Red on their phone until they
    have dealt with it."""

    id = UUID(primary_key=True, help_text="Made of the command's, so that a replay makes the same one")
    person = ForeignKey(references=Person, index=True)
    started_at = Timestamptz(default=None, help_text="When they pressed, by our clock")
    received_at = Timestamptz(default=None)
    told_at = Timestamptz(null=True, default=None, help_text="When they said that somebody knows, or they are out")


class BuddyChoice(Table):
    """Whom somebody chose to look out for them, for the sessions that run and those to come."""

    id = UUID(primary_key=True, default=uuid7)
    person = ForeignKey(references=Person, index=True)
    buddy = ForeignKey(references=Person, null=True, help_text="None: the managers alone")
    chosen_at = Timestamptz(default=None, help_text="By our clock: a choice that comes late undoes no later one")


