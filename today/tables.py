"""How somebody put a day in order by hand."""

from piccolo.columns import Date, ForeignKey, Text, Timestamptz
from piccolo.columns.column_types import UUID
from piccolo.table import Table

from people.tables import Person
from pwa.ids import uuid7


class DayOrder(Table):
    """The whole order after one move. The newest row of a day is the one in force; rows are never changed."""

    id = UUID(primary_key=True, default=uuid7)
    person = ForeignKey(references=Person, index=True, help_text="Whose day it is")
    day = Date(default=None, index=True)
    visits = Text(default="", help_text="The visits' ids in order, with spaces between")
    captured_at = Timestamptz(default=None)
    received_at = Timestamptz(default=None)
