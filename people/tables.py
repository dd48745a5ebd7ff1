"""Officers, teams, contractor firms, and who is signed in where."""

from piccolo.columns import Boolean, ForeignKey, Timestamptz, Varchar
from piccolo.columns.column_types import UUID
from piccolo.table import Table

from pwa.ids import uuid7


class Team(Table):
    id = UUID(primary_key=True, default=uuid7)
    name = Varchar(length=200, unique=True)


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
    team = ForeignKey(references=Team, null=True)
    firm = ForeignKey(references=Firm, null=True)
    password_hash = Varchar(length=200, default="", secret=True)
    disabled_at = Timestamptz(null=True, default=None)
    created_at = Timestamptz()


class Session(Table):
    """Somebody signed in on one browser. The cookie's value is stored only as its SHA-256."""

    id = UUID(primary_key=True, default=uuid7)
    token_sha256 = Varchar(length=64, unique=True, secret=True)
    person = ForeignKey(references=Person)
    started_at = Timestamptz()
    last_used_at = Timestamptz()
    browser = Varchar(length=200, default="", help_text="In a few words, for the list of sessions")
    revoked = Boolean(default=False)
    ended_at = Timestamptz(null=True, default=None)
