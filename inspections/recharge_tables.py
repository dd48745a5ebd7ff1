"""Recharges as rows that only add: what one item costs, what is proposed, what a manager decides."""

from piccolo.columns import Date, ForeignKey, Integer, Text, Timestamptz, Varchar
from piccolo.columns.column_types import UUID
from piccolo.table import Table

from inspections.tables import SKEW, Inspection
from people.tables import Person
from pwa.ids import uuid7


class CostLine(Table):
    """What one changed item costs. The last received of an item counts; a proposal names those it stands on."""

    id = UUID(primary_key=True, default=uuid7)
    inspection = ForeignKey(references=Inspection, index=True)
    item = Varchar(length=120)
    place = Varchar(length=420, help_text="Room and item in words, as they were called then")
    before = Varchar(
        length=200, help_text="How it was, in words: kept, because that inspection may be erased first"
    )
    now = Varchar(length=200)
    liability = Varchar(length=20)
    work = Varchar(length=20, help_text="inspections.recharge_rules.Work")
    cost = Integer(help_text="Pence, before anything is taken off")
    age_months = Integer(null=True, default=None, help_text="Null: nobody knows")
    life_months = Integer(null=True, default=None, help_text="By the list; null: not in it, or does not wear out")
    life_list = Varchar(length=200, default="", help_text="Which list that was")
    fair = Integer(null=True, default=None, help_text="Pence by the rule; null: it could not be worked out")
    amount = Integer(help_text="Pence that the household is asked for")
    why = Text(default="")
    person = ForeignKey(references=Person)
    captured_at = Timestamptz()
    received_at = Timestamptz()
    skew_seconds = Integer(default=0, help_text=SKEW)


class HouseholdComment(Table):
    """What the household says, written down by whoever heard it."""

    id = UUID(primary_key=True, default=uuid7)
    inspection = ForeignKey(references=Inspection, index=True)
    text = Text()
    person = ForeignKey(references=Person)
    captured_at = Timestamptz()
    received_at = Timestamptz()
    skew_seconds = Integer(default=0, help_text=SKEW)


class Recharge(Table):
    """One proposal. The last received of an inspection counts; nobody owes anything by it."""

    id = UUID(primary_key=True, default=uuid7)
    inspection = ForeignKey(references=Inspection, index=True)
    lines = Text(help_text="Ids of its cost lines, a line each")
    total = Integer(help_text="Pence")
    compared_with = UUID(
        null=True,
        default=None,
        help_text="The earlier inspection it was compared with; no reference, because that may be erased first",
    )
    compared_words = Varchar(length=420, default="", help_text="What that one was, when and whose, in words")
    exemptions = Text(
        default="", help_text="Reasons not to charge, in the words of the council's list, a line each"
    )
    crime_reference = Varchar(length=200, default="")
    exemption_note = Text(default="")
    put_right_by = Date(null=True, default=None)
    appeal = Text(default="")
    reasons = Text(default="")
    person = ForeignKey(references=Person)
    captured_at = Timestamptz()
    received_at = Timestamptz()
    skew_seconds = Integer(default=0, help_text=SKEW)


class RechargeDecision(Table):
    """A manager's, one for each proposal: another decision needs another proposal."""

    id = UUID(primary_key=True, default=uuid7)
    recharge = ForeignKey(references=Recharge, unique=True)
    outcome = Varchar(length=20, help_text="inspections.recharge_rules.Outcome")
    amount = Integer(help_text="Pence; 0 unless it is charged")
    reasons = Text()
    letter = Text(default="", help_text="The words of the letter, as they were decided")
    person = ForeignKey(references=Person)
    captured_at = Timestamptz()
    received_at = Timestamptz()
    skew_seconds = Integer(default=0, help_text=SKEW)


class RegisterDecision(Table):
    """A consequence for the housing register: a decision of its own. The last received of an inspection counts."""

    id = UUID(primary_key=True, default=uuid7)
    inspection = ForeignKey(references=Inspection, index=True)
    reference = Varchar(length=200, help_text="The application's number in the allocations system")
    consequence = Varchar(length=60, help_text="Its code in the council's list")
    words = Varchar(length=200, help_text="What the list called it then")
    reasons = Text()
    person = ForeignKey(references=Person)
    captured_at = Timestamptz()
    received_at = Timestamptz()
    skew_seconds = Integer(default=0, help_text=SKEW)
