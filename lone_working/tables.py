"""Somebody alone, and when they are expected: the deadline is a row here from the moment they go in.

Nothing but a person ever closes a session, and nothing but a person ever ends an alarm.
"""

from piccolo.columns import Boolean, ForeignKey, Integer, Text, Timestamptz, Varchar
from piccolo.columns.column_types import UUID
from piccolo.table import Table

from people.tables import Person, Team
from properties.tables import Property
from pwa.ids import uuid7
from visits.tables import Visit


class LoneSession(Table):
    """An officer alone. Index `lone_session_due`: due_at of those active that no alarm is open for."""

    id = UUID(primary_key=True, default=uuid7)
    number = Integer(help_text="Four digits that a text message and a telephone call can say")
    kind = Varchar(length=10, help_text="lone_working.rules.SessionKind")
    visit = ForeignKey(references=Visit, null=True, index=True)
    property = ForeignKey(references=Property, null=True)
    place = Text(default="", help_text="Where, in words: the home's address, or their own")
    person = ForeignKey(references=Person, index=True)
    person_name = Varchar(length=200)
    team = ForeignKey(references=Team, null=True, index=True)
    high_risk = Boolean(default=False)
    buddy = ForeignKey(references=Person, null=True)
    buddy_name = Varchar(length=200, default="")
    started_at = Timestamptz(default=None, help_text="When they went in, by our clock")
    received_at = Timestamptz(default=None, help_text="When we came to know; no alarm counts from before that")
    interval_minutes = Integer(help_text="A check-in is good for so long")
    due_at = Timestamptz(default=None, help_text="By when we must have heard of them")
    ends_at = Timestamptz(default=None, help_text="When they meant to be out")
    heard_at = Timestamptz(default=None, help_text="When they were last well, by our clock")
    state = Varchar(length=20, default="active", help_text="lone_working.rules.SessionState")
    alarmed = Boolean(default=False, help_text="An alarm is open for it")
    nudged_for = Timestamptz(
        null=True, default=None, help_text="The deadline they were last reminded of beforehand"
    )
    pin_given_at = Timestamptz(
        null=True, default=None, help_text="They said by PIN that they are out; then they see it closed"
    )
    closed_at = Timestamptz(null=True, default=None)
    closed_by = UUID(null=True, default=None)
    closed_by_name = Varchar(length=200, default="")
    party = UUID(null=True, default=None, index=True, help_text="The same for those who went in together")
    missing = Varchar(length=200, default="", help_text="What was not in place: lone_working.ready_rules.Missing")
    battery = Integer(null=True, default=None, help_text="Per cent, as their phone last said")
    battery_at = Timestamptz(null=True, default=None)
    closing = Text(default="", help_text="How they are known to be safe, in the responder's words")


class SessionEvent(Table):
    """One thing somebody did, chained by hash to the one before. Rows are added, never changed."""

    id = UUID(primary_key=True, help_text="The command's own id: the same command is never here twice")
    session = ForeignKey(references=LoneSession, index=True)
    seq = Integer(help_text="From 1, without gaps; unique in its session")
    what = Varchar(length=20, help_text="lone_working.rules.Happening")
    happened_at = Timestamptz(default=None, help_text="By our clock, as near as can be told")
    received_at = Timestamptz(default=None)
    person = UUID(null=True, default=None)
    person_name = Varchar(length=200, default="")
    minutes = Integer(default=0, help_text="How much longer they asked for")
    pin = Boolean(default=False, help_text="It came with a PIN, or from a responder who spoke to them")
    said = Text(default="")
    previous_sha256 = Varchar(length=64)
    sha256 = Varchar(length=64)


class Alarm(Table):
    """Somebody is overdue or has asked for help. At most one for a session that is not resolved."""

    id = UUID(primary_key=True, default=uuid7)
    session = ForeignKey(references=LoneSession, index=True)
    team = ForeignKey(references=Team, null=True, index=True)
    kind = Varchar(length=10, help_text="lone_working.rules.AlarmKind")
    opened_at = Timestamptz(default=None)
    origin_at = Timestamptz(default=None, help_text="The deadline that passed, or when help was asked for")
    state = Varchar(length=15, default="open", help_text="lone_working.rules.AlarmState")
    policy = Text(help_text="The ladder as it was when this was opened (JSON, lone_working.ladder_rules.Ladder)")
    cycle = Integer(default=0)
    next_step = Integer(default=0)
    next_fire_at = Timestamptz(null=True, default=None, index=True, help_text="Null only when it is resolved")
    asked_at = Timestamptz(null=True, default=None, help_text="When the last step that tells somebody was taken")
    check_at = Timestamptz(null=True, default=None, help_text="When to look whether that reached them")
    climbs = Boolean(default=False, help_text="The step after that one is not only its repeat")
    owner = UUID(null=True, default=None, help_text="Who has taken it on")
    owner_name = Varchar(length=200, default="")
    owned_until = Timestamptz(null=True, default=None)
    owned_at = Timestamptz(null=True, default=None, help_text="Since when they had it")
    resolved_at = Timestamptz(null=True, default=None)
    resolved_by = UUID(null=True, default=None)
    resolved_by_name = Varchar(length=200, default="")
    outcome = Text(default="")


class AlarmStep(Table):
    """A step of the ladder that was taken. Unique: alarm, cycle, n."""

    id = UUID(primary_key=True, help_text="Made of alarm, cycle and n, so that two engines make the same one")
    alarm = ForeignKey(references=Alarm, index=True)
    cycle = Integer()
    n = Integer()
    due_at = Timestamptz(default=None)
    fired_at = Timestamptz(default=None)
    late = Boolean(default=False)


class AlarmTold(Table):
    """Whom something was sent to. Its id is that of the message, made of what it is about, person and channel."""

    id = UUID(primary_key=True)
    alarm = ForeignKey(references=Alarm, index=True)
    step = ForeignKey(references=AlarmStep, null=True, help_text="None for a stand-down")
    person = UUID(index=True)
    person_name = Varchar(length=200, default="")
    channel = Varchar(length=10, help_text="messages.rules.Channel")
    what = Varchar(length=10, help_text="lone_working.rules.Told")
    told_at = Timestamptz(default=None)


class SafePin(Table):
    """Somebody's two PINs. A row is added for each change; the last one counts."""

    id = UUID(primary_key=True, default=uuid7)
    person = ForeignKey(references=Person, index=True)
    safe_hash = Varchar(length=200, secret=True)
    duress_hash = Varchar(length=200, secret=True)
    made_at = Timestamptz(default=None)


class PinFailure(Table):
    """A PIN that was not recognised. Kept for thirty days, so it is no link of the chain."""

    id = UUID(primary_key=True, default=uuid7)
    session = ForeignKey(references=LoneSession, index=True)
    at = Timestamptz(default=None, index=True)


class EngineHeartbeat(Table):
    """One row for each process that looks for what is overdue."""

    id = UUID(primary_key=True)
    started_at = Timestamptz(default=None)
    last_scan_at = Timestamptz(default=None)
    resumed_at = Timestamptz(null=True, default=None, help_text="When it found that nobody had looked for a while")
    down_from = Timestamptz(null=True, default=None, help_text="Since when nobody had")


class Canary(Table):
    """One made-up session after another that must alarm nobody: whether all of it works. Kept for a day."""

    id = UUID(primary_key=True, help_text="Also that of its session, while there is one")
    begun_at = Timestamptz(default=None, index=True)
    answered_at = Timestamptz(null=True, default=None, help_text="When its message was handed over; null: not yet")
