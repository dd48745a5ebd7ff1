"""What goes out to somebody who has no account here: one row for each message, which is also its reference."""

from piccolo.columns import Boolean, Integer, Text, Timestamptz, Varchar
from piccolo.columns.column_types import UUID
from piccolo.table import Table

from pwa.ids import uuid7


class Message(Table):
    """Written in the transaction of the command that causes it; sent afterwards (due.py)."""

    id = UUID(primary_key=True, default=uuid7, help_text="Also the reference that the provider is given")
    channel = Varchar(length=10, help_text="messages.rules.Channel")
    template = Varchar(length=40, help_text="Its key in messages.template_rules.TEMPLATES")
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


class ReceivedText(Table):
    """A text somebody sent to the council's number. Kept before anything is done about it, and never changed but
    for what became of it; emptied after a time like what goes out."""

    id = UUID(primary_key=True, help_text="GOV.UK Notify's own for it: told twice, it is here once")
    sender = Varchar(length=40, help_text="The number it came from; emptied after a time")
    words = Text(help_text="As it came, without what may be a PIN; emptied after a time")
    person = UUID(null=True, default=None, help_text="Whose number that is")
    person_name = Varchar(length=200, default="")
    team = UUID(null=True, default=None, index=True, help_text="Whose managers may read it")
    sent_at = Timestamptz(default=None, help_text="When it reached GOV.UK Notify, by its clock")
    received_at = Timestamptz(default=None, index=True)
    outcome = Varchar(length=30, default="", help_text="What became of it, in a word or two; empty: nothing yet")
    record = Varchar(length=200, default="", help_text="The address of what it was about")


class PushSubscription(Table):
    """A browser that shows notifications to whoever is signed in on it. Deleted, never ended: it is worth nothing
    to anybody once it is over."""

    id = UUID(primary_key=True, default=uuid7)
    person = UUID(index=True)
    device = UUID(index=True, help_text="The phone as it says itself: who is signed in there now decides")
    endpoint = Text(secret=True, help_text="Where its maker's push service takes messages for it")
    endpoint_sha256 = Varchar(length=64, unique=True)
    p256dh = Varchar(length=120, secret=True, help_text="Its public key: only that browser can read what we send")
    auth = Varchar(length=60, secret=True)
    key_sha256 = Varchar(length=64, help_text="Our own key that it was made for: with another it takes nothing")
    browser = Varchar(length=200, default="", help_text="In a few words")
    made_at = Timestamptz(default=None)


class PushAnswer(Table):
    """Somebody pressed a notification that was sent to try whether they arrive."""

    id = UUID(primary_key=True, help_text="That of the message which it answers")
    person = UUID(index=True)
    device = UUID()
    answered_at = Timestamptz(default=None)
