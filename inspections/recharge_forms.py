"""The forms of a recharge, field by field. What is not named here cannot be sent."""

from datetime import date
from typing import Annotated

import msgspec

from inspections.choices import Liability
from inspections.recharge_rules import Outcome, Work
from pwa.forms import Name, Text

Letter = Annotated[str, msgspec.Meta(max_length=12_000)]


class CostForm(msgspec.Struct):
    item: Name
    liability: Liability | None = None
    work: Work | None = None
    cost: Name = ""
    years: int | None = None
    months: int | None = None
    amount: Name = ""
    why: Text = ""


class CommentForm(msgspec.Struct):
    text: Text


class RechargeForm(msgspec.Struct):
    exemptions: list[Name] = []
    crime_reference: Name = ""
    exemption_note: Text = ""
    put_right_by: date | None = None
    appeal: Text = ""
    reasons: Text = ""


class DecisionForm(msgspec.Struct):
    outcome: Outcome | None = None
    amount: Name = ""
    reasons: Text = ""
    letter: Letter = ""


class RegisterForm(msgspec.Struct):
    consequence: Name = ""
    reference: Name = ""
    reasons: Text = ""
