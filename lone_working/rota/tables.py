"""The rota: who is on duty for a team or for the whole council, when somebody must be, and when nobody is."""

from piccolo.columns import Boolean, ForeignKey, Integer, Timestamptz, Varchar
from piccolo.columns.column_types import UUID
from piccolo.table import Table

from people.tables import Person, Team
from pwa.ids import uuid7


class DutyShift(Table):
    """Somebody on duty from one moment to another. Taken off, it stays here with who did it."""

    id = UUID(primary_key=True, default=uuid7)
    team = ForeignKey(references=Team, null=True, index=True, help_text="None: the whole council")
    duty = Varchar(length=10, help_text="lone_working.rota.rules.Duty")
    person = ForeignKey(references=Person, index=True)
    acting = Boolean(default=False, help_text="Put there as an officer of the team, to act as its manager")
    starts_at = Timestamptz(default=None)
    ends_at = Timestamptz(default=None, index=True)
    made_at = Timestamptz(default=None)
    made_by = UUID(null=True, default=None)
    made_by_name = Varchar(length=200, default="")
    removed_at = Timestamptz(null=True, default=None)
    removed_by = UUID(null=True, default=None)
    removed_by_name = Varchar(length=200, default="")


class DutyHours(Table):
    """When somebody of a team must be on duty. A row for each change; the last one counts."""

    id = UUID(primary_key=True, default=uuid7)
    team = ForeignKey(references=Team, index=True)
    days = Varchar(length=7, help_text="0 is Monday: 01234")
    opens = Varchar(length=5, help_text="On the wall in London: 09:00")
    closes = Varchar(length=5, help_text="The same as `opens`: the whole day and night")
    made_at = Timestamptz(default=None)
    made_by = UUID(null=True, default=None)
    made_by_name = Varchar(length=200, default="")


class DutyGap(Table):
    """When nobody is on duty though somebody must be, and how near it was when it was told of."""

    id = UUID(primary_key=True, default=uuid7)
    team = ForeignKey(references=Team, index=True)
    starts_at = Timestamptz(default=None)
    ends_at = Timestamptz(default=None)
    near = Integer(help_text="Days before it began, of lone_working.rota_rules.NEAR")
    told_at = Timestamptz(default=None)
    resolved_at = Timestamptz(null=True, default=None, help_text="Filled, or over")
