"""The move-in inventory in the household's own hands, as rows that only add."""

from piccolo.columns import ForeignKey, Integer, Text, Timestamptz, Varchar
from piccolo.columns.column_types import UUID
from piccolo.table import Table

from inspections.tables import SKEW, Inspection
from people.tables import Person
from pwa.ids import uuid7


class InventoryLink(Table):
    """One secret address for one household. What sent it says when the seven days began; it knows no number."""

    id = UUID(primary_key=True, default=uuid7)
    inspection = ForeignKey(references=Inspection, index=True)
    token_sha256 = Varchar(length=64, unique=True)
    message = UUID(help_text="The message that carries it")
    person = ForeignKey(references=Person)
    captured_at = Timestamptz()
    received_at = Timestamptz()
    skew_seconds = Integer(default=0, help_text=SKEW)


class InventoryLinkEnd(Table):
    """Taken back, or another sent in its place."""

    link = ForeignKey(references=InventoryLink, unique=True)
    id = UUID(primary_key=True, default=uuid7)
    why = Varchar(length=12, help_text="inspections.inventory_rules.Ended")
    person = ForeignKey(references=Person)
    captured_at = Timestamptz()
    received_at = Timestamptz()
    skew_seconds = Integer(default=0, help_text=SKEW)


class InventoryOpened(Table):
    """That it was opened, the first time: by whoever had it, or by the mailbox that looked at it for them."""

    link = ForeignKey(references=InventoryLink, unique=True)
    id = UUID(primary_key=True, default=uuid7)
    opened_at = Timestamptz()


class InventoryComment(Table):
    """What the household says of an item, or of the whole."""

    id = UUID(primary_key=True, default=uuid7)
    link = ForeignKey(references=InventoryLink, index=True)
    item = Varchar(length=120, help_text="Or inspections.inventory_rules.WHOLE")
    text = Text()
    received_at = Timestamptz()


class InventoryPhoto(Table):
    """A photograph of the household's. In media its sender is the link."""

    id = UUID(primary_key=True, default=uuid7)
    link = ForeignKey(references=InventoryLink, index=True)
    item = Varchar(length=120)
    sha256 = Varchar(length=64, index=True)
    received_at = Timestamptz()


class InventoryReply(Table):
    """The household's own word that they looked and have nothing to add. Nothing else counts as that."""

    link = ForeignKey(references=InventoryLink, unique=True)
    id = UUID(primary_key=True, default=uuid7)
    received_at = Timestamptz()
