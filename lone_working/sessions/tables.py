"""What goes with a session: who looks out, what was in place before it, and what helps whoever comes.

Rows are added; the newest counts.
"""

from piccolo.columns import ForeignKey, Integer, Text, Timestamptz, Varchar
from piccolo.columns.column_types import UUID
from piccolo.table import Table

from lone_working.tables import Alarm
from people.tables import Firm, Person
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


class HelpCard(Table):
    """What helps whoever comes to look for somebody. A new row takes the place of the last, which is deleted.

    What car somebody had last year is nobody's business."""

    id = UUID(primary_key=True, default=uuid7)
    person = ForeignKey(references=Person, index=True)
    car = Varchar(length=200, default="", help_text="Make, colour, registration")
    looks = Text(default="", help_text="How to know them")
    contact_name = Varchar(length=200, default="", help_text="Whom to ring out of hours")
    contact_is = Varchar(length=200, default="", help_text="Who that is to them")
    contact_phone = Varchar(length=40, default="")
    said_at = Timestamptz(default=None, help_text="By our clock: what comes late undoes nothing later")


class HelpPhoto(Table):
    """A photograph to know them by; as HelpCard, with one at most."""

    id = UUID(primary_key=True, default=uuid7)
    person = ForeignKey(references=Person, index=True)
    sha256 = Varchar(length=64, default="", help_text="Empty: they took it away")
    said_at = Timestamptz(default=None)


class ContactRead(Table):
    """A manager read whom to ring out of hours. Its officer is told who did."""

    id = UUID(primary_key=True, help_text="The command's own id")
    person = ForeignKey(references=Person, index=True, help_text="Whose contact it is")
    alarm = ForeignKey(references=Alarm, index=True)
    by = UUID()
    by_name = Varchar(length=200)
    read_at = Timestamptz(default=None)


class FirmWatch(Table):
    """Whether the council looks out for the people of a contractor firm, as an administrator agreed with it."""

    id = UUID(primary_key=True, default=uuid7)
    firm = ForeignKey(references=Firm, index=True)
    supervisor = ForeignKey(references=Person, null=True, help_text="Of the firm, told first. None: we do not")
    set_by = UUID()
    set_by_name = Varchar(length=200)
    set_at = Timestamptz(default=None)
