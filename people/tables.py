"""Officers, teams, contractor firms, who is signed in where, and who has been invited."""

from piccolo.columns import DoublePrecision, ForeignKey, Text, Timestamptz, Varchar
from piccolo.columns.column_types import UUID
from piccolo.table import Table

from pwa.ids import uuid7


class Team(Table):
    id = UUID(primary_key=True, default=uuid7)
    name = Varchar(length=200, unique=True)
    latitude = DoublePrecision(
        null=True, default=None, help_text="Its office, where a day begins; degrees, WGS 84"
    )
    longitude = DoublePrecision(null=True, default=None)


class Firm(Table):
    """A contractor firm."""

    id = UUID(primary_key=True, default=uuid7)
    name = Varchar(length=200, unique=True)


class Person(Table):
    id = UUID(primary_key=True, default=uuid7)
    name = Varchar(length=200)
    email = Varchar(length=200, unique=True, help_text="Lower case")
    phone = Varchar(length=20, default="")
    role = Varchar(length=20, help_text="people.rules.Role")
    team = ForeignKey(references=Team, null=True, help_text="An officer's or a manager's team")
    firm = ForeignKey(references=Firm, null=True, help_text="A contractor's firm")
    # Apart from `team`, so that nothing a team may read is ever read by a contractor it looks after.
    looked_after_by = ForeignKey(references=Team, null=True, help_text="A contractor's team at the council")
    password_hash = Varchar(length=200, default="", secret=True)
    password_set_at = Timestamptz(null=True, default=None)
    disabled_at = Timestamptz(null=True, default=None)
    created_at = Timestamptz()


class Session(Table):
    """Somebody signed in on one browser. The cookie's value is stored only as its SHA-256."""

    id = UUID(primary_key=True, default=uuid7)
    token_sha256 = Varchar(length=64, unique=True, secret=True)
    person = ForeignKey(references=Person, index=True)
    started_at = Timestamptz()
    last_used_at = Timestamptz()
    browser = Varchar(length=200, default="", help_text="In a few words, for the list of sessions")
    ended_at = Timestamptz(null=True, default=None)
    device = UUID(null=True, default=None, index=True, help_text="The phone it said it is on, the first time")


class Invitation(Table):
    """A link with which somebody sets their password, once. The link's secret is kept as its SHA-256."""

    id = UUID(primary_key=True, default=uuid7)
    token_sha256 = Varchar(length=64, unique=True, secret=True)
    person = ForeignKey(references=Person, index=True)
    invited_by = UUID(null=True, default=None)
    made_at = Timestamptz()
    ended_at = Timestamptz(null=True, default=None, help_text="Used, replaced or withdrawn")


class CalendarAddress(Table):
    """A secret address at which a calendar app reads somebody's visits. Kept as the SHA-256 of its secret."""

    id = UUID(primary_key=True, default=uuid7)
    token_sha256 = Varchar(length=64, unique=True, secret=True)
    person = ForeignKey(references=Person, index=True)
    made_at = Timestamptz()
    ended_at = Timestamptz(null=True, default=None, help_text="Ended by its owner, replaced, or its owner left")


class Tally(Table):
    """Sign-in attempts of the last minutes, counted by account, by address and over all."""

    id = Varchar(length=64, primary_key=True, help_text="SHA-256 of what is counted, so nobody is named")
    tries = Text(default="[]", help_text="When, in whole milliseconds since 1970, as a JSON list")
    last_at = Timestamptz(index=True)
