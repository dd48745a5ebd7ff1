"""Documents that were asked for: how far each is, and what the sealed file is known by."""

from piccolo.columns import Boolean, ForeignKey, Integer, SmallInt, Text, Timestamptz, Varchar
from piccolo.columns.column_types import UUID
from piccolo.table import Table

from people.tables import Person, Team
from pwa.ids import uuid7


class Document(Table):
    """One PDF. Its bytes are in the store under its id, and never change once it is ready."""

    id = UUID(primary_key=True, default=uuid7, help_text="Made by whoever asked; also printed in it")
    kind = Varchar(length=40, help_text="documents.kinds: who gathers what it says")
    subject = UUID(index=True, help_text="The record it is about, like an inspection")
    edition = Varchar(length=100, help_text="What of the record it shows; the same edition is made once")
    title = Varchar(length=200)
    record = Varchar(length=200, help_text="Address of the record's own page")
    person = ForeignKey(references=Person, help_text="Who asked for it, and whose rights it was made with")
    team = ForeignKey(references=Team, null=True, index=True, help_text="Who else may have it")
    state = Varchar(length=12, default="waiting", help_text="documents.rules.State")
    step = Varchar(length=60, default="", help_text="What is being done, in words")
    percent = SmallInt(default=0)
    tries = SmallInt(default=0, help_text="Times its making ended without a file")
    try_after = Timestamptz(default=None, help_text="Due from then on; moved on by whoever is at it")
    problem = Text(default="", help_text="In words, when it could not be made")
    asked_at = Timestamptz(default=None)
    made_at = Timestamptz(null=True, default=None)
    leaving_at = Timestamptz(
        null=True, default=None, index=True, help_text="Its record was erased; its file goes from then on"
    )
    sha256 = Varchar(length=64, default="", index=True, help_text="Of the sealed file")
    size = Integer(default=0, help_text="Bytes of the sealed file")
    certificate = Varchar(length=64, default="", help_text="SHA-256 of the certificate it was sealed with")
    self_made = Boolean(default=False, help_text="Sealed with a certificate Doorstep made for itself")
