"""The forms of a visit, field by field. What is not named here cannot be sent."""

from datetime import date
from uuid import UUID

import msgspec

from pwa.forms import Name, Text
from visits.commands import Plan
from visits.rules import Door, NoAccessReason, Outcome, Purpose, Window
from visits.seen import Seen
from visits.start_rules import Going


class PlanForm(msgspec.Struct):
    id: UUID
    property: UUID
    purpose: Purpose
    officer: UUID
    day: date
    minutes: int
    time: Name = ""
    note: Text = ""
    window: Window = Window.AT
    weeks: int = 1


class StartForm(msgspec.Struct):
    company: UUID | None = None
    agreed_by: UUID | None = None
    why: Text = ""

    def going(self) -> Going:
        return Going(self.company, self.agreed_by, self.why)


class FinishForm(msgspec.Struct):
    outcome: Outcome
    reason: NoAccessReason | None = None
    door: Door | None = None
    note: Text = ""


class CancelForm(msgspec.Struct):
    note: Text


class OfficerForm(msgspec.Struct):
    officer: UUID


class HandOverForm(msgspec.Struct):
    officer: UUID
    note: Text = ""


class AgainForm(msgspec.Struct):
    """Another visit to the same home, planned on the way out."""

    id: UUID
    purpose: Purpose
    officer: UUID
    day: date
    time: Name = ""
    note: Text = ""
    window: Window = Window.ANY

    def plan(self, visit: Seen) -> Plan:
        return Plan(
            self.id,
            visit.home.id,
            self.purpose,
            self.officer,
            self.day,
            self.time,
            visit.minutes,
            self.note,
            self.window,
            follows=visit.id,
        )
