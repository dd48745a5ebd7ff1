"""What was seen at an occupancy or welfare check. Ticks and counts alone: nothing here can tell of a person."""

from piccolo.columns import ForeignKey, Integer, Text, Timestamptz, Varchar
from piccolo.columns.column_types import UUID
from piccolo.table import Table

from people.tables import Person
from pwa.ids import uuid7
from visits.tables import SKEW, Visit


class OccupancyCheck(Table):
    """The last received of a visit counts; rows are added, never changed."""

    id = UUID(primary_key=True, default=uuid7)
    visit = ForeignKey(references=Visit, index=True)
    seen = Varchar(length=20, help_text="visits.occupancy_rules.Seen")
    spoken = Varchar(length=20, help_text="visits.occupancy_rules.Spoken")
    living = Varchar(length=20, help_text="visits.occupancy_rules.Living: the officer's own judgement")
    signs = Text(default="", help_text="visits.occupancy_rules.Sign, with spaces between")
    adults = Integer(null=True, default=None)
    children = Integer(null=True, default=None)
    concerns = Text(default="", help_text="visits.occupancy_rules.Concern, with spaces between")
    by = ForeignKey(references=Person)
    by_name = Varchar(length=200, default="", help_text="As it was then")
    captured_at = Timestamptz(default=None)
    received_at = Timestamptz(default=None, index=True)
    skew_seconds = Integer(default=0, help_text=SKEW)
