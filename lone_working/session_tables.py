"""What goes with a session: who looks out, what was in place before it, and what helps whoever comes.

Rows are added; the newest counts.
"""

from piccolo.columns import ForeignKey, Integer, Timestamptz, Varchar
from piccolo.columns.column_types import UUID
from piccolo.table import Table

from people.tables import Person
from pwa.ids import uuid7
from visits.tables import Visit


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




class WarningsRead(Table):
    """Somebody said, before they went in, that they had read what is known of this home."""

    id = UUID(primary_key=True, default=uuid7)
    person = ForeignKey(references=Person, index=True)
    visit = ForeignKey(references=Visit, index=True)
    shown = Varchar(length=64, help_text="SHA-256 of the warnings as they were: others are not read yet")
    read_at = Timestamptz(default=None)


class PhoneCode(Table):
    """A code that was texted, to be entered on the phone that is tried out."""

    id = UUID(primary_key=True, default=uuid7)
    person = ForeignKey(references=Person, index=True)
    phone = Varchar(length=20, help_text="As it was texted: +447700900123")
    code = Varchar(length=6, secret=True)
    made_at = Timestamptz(default=None)
    slips = Integer(default=0, help_text="Wrong codes that were entered for it")


class PhoneProved(Table):
    """A message was answered on this phone: its number is theirs, and it shows what it is sent."""

    id = UUID(primary_key=True, default=uuid7)
    person = ForeignKey(references=Person, index=True)
    phone = Varchar(length=20, default="", help_text="The number that the text went to; empty for another way")
    device = UUID(null=True, default=None, help_text="The phone it was answered on")
    at = Timestamptz(default=None)
