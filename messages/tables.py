"""What goes out to somebody who has no account here: one row for each message, which is also its reference."""

from piccolo.columns import Boolean, Integer, Text, Timestamptz, Varchar
from piccolo.columns.column_types import UUID
from piccolo.table import Table

from pwa.ids import uuid7


class Message(Table):
    """Written in the transaction of the command that causes it; sent afterwards (due.py)."""

    id = UUID(primary_key=True, default=uuid7, help_text="Also the reference that the provider is given")
    channel = Varchar(length=10, help_text="messages.rules.Channel")
    template = Varchar(length=40, help_text="Its key in messages.rules.TEMPLATES")
    recipient = Varchar(length=254, help_text="Number or address; emptied after a time")
    personalisation = Text(help_text="JSON, for the provider's template; emptied once it is handed over")
    record = Varchar(length=200, help_text="The address of what it is about")
    team = UUID(null=True, default=None, index=True, help_text="Whose managers may read it")
    person = UUID(null=True, default=None, help_text="Who caused it")
    person_name = Varchar(length=200)
    made_at = Timestamptz(default=None)
    state = Varchar(length=12, default="waiting", help_text="messages.rules.State")
    said = Text(default="", help_text="What became of it, in words for the office")
    next_try_at = Timestamptz(
        null=True, default=None, index=True, help_text="Due from then on; moved on by whoever is at it"
    )
    tries = Integer(default=0, help_text="Times it was claimed; whoever holds the last number may mark it")
    doubt = Boolean(default=False, help_text="It was claimed and nobody said how that ended")
    urgent = Boolean(default=False, help_text="About somebody's safety: it waits behind nothing that is not")
    rank = Integer(default=2, help_text="messages.rules.Rank: of what is urgent, the lowest goes first")
    provider_id = Varchar(length=60, default="")
    sent_at = Timestamptz(null=True, default=None, help_text="When it was handed over")
    delivered_at = Timestamptz(null=True, default=None)


class ChannelState(Table):
    """How handing over goes by one channel, for every process. No row: nothing is known against it."""

    channel = Varchar(length=10, primary_key=True, help_text="messages.rules.Channel")
    failures = Integer(default=0, help_text="Calls in vain, in a row")
    shut_until = Timestamptz(null=True, default=None, help_text="Until then nothing is tried but calls for help")
    failing_since = Timestamptz(null=True, default=None)
