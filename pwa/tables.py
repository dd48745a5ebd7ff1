"""Receipts: the server's proof that it holds what a phone sent, which are also the audit events."""

from piccolo.columns import BigInt, Boolean, Bytea, ForeignKey, Integer, Serial, Text, Timestamptz, Varchar
from piccolo.columns.column_types import UUID
from piccolo.table import Table

from pwa.ids import uuid7


class Receipt(Table):
    """One row for each command that took effect or is held. Never changed, never deleted."""

    id = UUID(primary_key=True, default=uuid7, help_text="The command's own id, made at the tap")
    person = UUID(null=True, default=None, index=True, help_text="Who sent it; null before sign-in")
    person_name = Varchar(length=200, help_text="Their name as it was then")
    device = UUID(null=True, default=None, index=True)
    sequence = BigInt(null=True, help_text="The device's own count: order without clocks")
    method = Varchar(length=8)
    path = Varchar(length=500)
    body_sha256 = Varchar(length=64)
    captured_at = Timestamptz(default=None, help_text="By the device's clock, at the tap")
    received_at = Timestamptz(default=None, help_text="By the server's clock")
    skew_seconds = Integer(default=0, help_text="Server time less device time when it was sent")
    clock_wrong = Boolean(default=False, help_text="The device's clock was more than five minutes wrong")
    late = Boolean(default=False, help_text="Captured more than 90 days before it came")
    outcome = Varchar(length=10, default="done", help_text="done, held or conflict")
    note = Varchar(length=200, default="", help_text="What happened, in a few words, no personal data")
    brought_by = UUID(null=True, default=None, help_text="Who in the office took in a saved copy of it")


class Held(Table):
    """What came too late for its record, kept whole until somebody in the office has decided."""

    receipt = ForeignKey(references=Receipt, unique=True)
    id = UUID(primary_key=True, default=uuid7)
    reason = Text()
    content_type = Varchar(length=200)
    body = Bytea()
    team = UUID(null=True, default=None, index=True, help_text="The sender's team: whose task it is")
    decided_at = Timestamptz(null=True, default=None)
    decided_by = UUID(null=True, default=None)
    decided_by_name = Varchar(length=200, default="")
    decision = Varchar(length=20, default="", help_text="note, seen or not needed")
    decision_reason = Text(default="")
    home = UUID(null=True, default=None, help_text="Where it was seen, of what has no record to tell it")
    begins = UUID(null=True, default=None, index=True, help_text="The record it would have begun")


class Conflict(Table):
    """A command id that came again with other bytes or from somebody else: the second copy, kept."""

    id = UUID(primary_key=True, default=uuid7, help_text="Also that of the receipt of this copy")
    receipt = ForeignKey(references=Receipt)
    person = UUID(null=True, default=None)
    path = Varchar(length=500)
    content_type = Varchar(length=200)
    body = Bytea()
    body_sha256 = Varchar(length=64)
    received_at = Timestamptz(default=None)
    team = UUID(null=True, default=None, index=True, help_text="The team of who sent it: whose task it is")
    decided_at = Timestamptz(null=True, default=None)
    decided_by = UUID(null=True, default=None)
    decided_by_name = Varchar(length=200, default="")
    decision = Varchar(length=20, default="", help_text="note, seen or not needed")
    decision_reason = Text(default="")


class Seal(Table):
    """The hash chain over receipts, in the order the engine sealed them."""

    number = BigInt(primary_key=True)
    receipt = ForeignKey(references=Receipt, unique=True)
    hash = Varchar(length=64, help_text="SHA-256 of the previous hash and this receipt's facts")


class Unsealed(Table):
    """Receipts the engine has still to seal, so that it never looks through all of them."""

    receipt = ForeignKey(references=Receipt, unique=True)
    id = UUID(primary_key=True, default=uuid7)


class Device(Table):
    """A phone or desktop browser that has sent something, and what it says still waits on it."""

    id = UUID(primary_key=True, default=uuid7)
    person = UUID(null=True, default=None, index=True)
    person_name = Varchar(length=200)
    team = UUID(null=True, default=None, index=True, help_text="The team of whoever used it last")
    last_seen = Timestamptz(default=None)
    waiting_commands = Integer(default=0)
    waiting_photos = Integer(default=0)
    oldest_waiting = Timestamptz(null=True, default=None)
    skew_seconds = Integer(default=0)
    lost_at = Timestamptz(
        null=True, default=None, help_text="Since when the office calls it lost; null: it does not"
    )
    lost_by_name = Varchar(length=200, default="")
    lost_reason = Varchar(length=200, default="")


class Restoration(Table):
    """This database was put back to an earlier copy. The last row is the one phones are told of."""

    number = Serial(primary_key=True)
    mark = UUID(
        default=uuid7, unique=True, help_text="What phones know this restoration by, whatever the clock said"
    )
    restored_at = Timestamptz(default=None)
    holds_until = Timestamptz(default=None, help_text="What was received later is not in the earlier copy")
