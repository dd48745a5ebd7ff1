"""The council's homes, the warnings about them, their certificates, legal holds, and imports under way."""

from piccolo.columns import (
    BigInt,
    Date,
    DoublePrecision,
    ForeignKey,
    Integer,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.columns.column_types import UUID
from piccolo.columns.readable import Readable
from piccolo.table import Table

from people.tables import Person, Team
from pwa.ids import uuid7


class Property(Table):
    id = UUID(primary_key=True, default=uuid7)
    uprn = Varchar(length=12, null=True, default=None, unique=True, help_text="Digits without leading zeros")
    address = Varchar(length=200, help_text="Door and building or street: Flat 3, 14 Linden Court")
    street = Varchar(length=200, default="", help_text="Street or place, when the address line lacks it")
    town = Varchar(length=200, default="")
    postcode = Varchar(length=8, index=True, help_text="HW4 2QD")
    latitude = DoublePrecision(null=True, default=None)
    longitude = DoublePrecision(null=True, default=None)
    position_source = Varchar(length=10, default="", help_text="properties.rules.PositionSource")
    position_problem = Varchar(length=200, default="", help_text="What is doubtful about it, in a sentence")
    position_tried_at = Timestamptz(null=True, default=None, help_text="When a geocoder was last asked")
    kind = Varchar(length=20, default="", help_text="properties.rules.Kind")
    bedrooms = Integer(null=True, default=None)
    use = Varchar(length=20, default="", help_text="properties.rules.Use")
    owner = Varchar(length=200, default="", help_text="Who owns the building, when it is not the council")
    access_notes = Text(default="")
    team = ForeignKey(references=Team, null=True)
    created_at = Timestamptz()
    retired_at = Timestamptz(null=True, default=None, help_text="No longer the council's to look after")
    search_text = Text(default="", help_text="properties.wording.search_text")
    place_words = Varchar(length=600, default="", index=True, help_text="properties.wording.place_words")
    sort_key = Varchar(length=200, default="", index=True, help_text="properties.wording.sort_key")

    @classmethod
    def get_readable(cls) -> Readable:
        return Readable(template="%s", columns=[cls.address])


class PropertyChange(Table):
    """One field of one property, before and after. Rows are added, never changed."""

    id = UUID(primary_key=True, default=uuid7)
    property = ForeignKey(references=Property, index=True)
    receipt = UUID(null=True, default=None, help_text="The command it was part of")
    field = Varchar(length=40)
    before = Text(default="")
    after = Text(default="")
    by_name = Varchar(length=200, default="")
    captured_at = Timestamptz()
    received_at = Timestamptz()


class PersonAlert(Table):
    """A coded warning about the people at a property. The words in `text` are for two roles only."""

    id = UUID(primary_key=True, default=uuid7)
    property = ForeignKey(references=Property, index=True)
    code = Varchar(length=10, help_text="properties/data/person_alerts.csv")
    text = Text(default="", secret=True, help_text="Why; see rules.reads_warning_text")
    owner = ForeignKey(references=Person, help_text="Who looks at it again")
    review_on = Date(default=None)
    added_at = Timestamptz()
    ended_at = Timestamptz(null=True, default=None)
    ended_by = UUID(null=True, default=None)


class Certificate(Table):
    """One certificate as issued. A newer one is another row."""

    id = UUID(primary_key=True, default=uuid7)
    property = ForeignKey(references=Property, index=True)
    kind = Varchar(length=20, help_text="properties/data/certificates.csv")
    issued_on = Date(default=None)
    expires_on = Date(null=True, default=None, help_text="Its last day")
    reference = Varchar(length=200, default="")
    added_at = Timestamptz()
    added_by = UUID(null=True, default=None)


class LegalHold(Table):
    """Nothing recorded about a home is erased while one of its holds is not released. A row is never removed."""

    id = UUID(primary_key=True, default=uuid7)
    property = ForeignKey(references=Property, index=True)
    reason = Text()
    set_at = Timestamptz(default=None)
    set_by = UUID(null=True, default=None)
    set_by_name = Varchar(length=200, default="", help_text="As it was then")
    released_at = Timestamptz(null=True, default=None, index=True)
    released_by = UUID(null=True, default=None)
    released_by_name = Varchar(length=200, default="")
    release_reason = Text(default="")


class ImportRun(Table):
    """One file somebody gave us, from preview to done."""

    id = UUID(primary_key=True, default=uuid7)
    person = UUID(null=True, default=None, help_text="Who; null on the command line")
    person_name = Varchar(length=200, default="")
    receipt = UUID(null=True, default=None, help_text="The command that applied it")
    state = Varchar(length=10, default="preview", help_text="preview, applying or done")
    created_at = Timestamptz()
    captured_at = Timestamptz(null=True, default=None, help_text="When applying was asked for")
    started_at = Timestamptz(null=True, default=None)
    done_at = Timestamptz(null=True, default=None)
    new = Integer(default=0)
    changed = Integer(default=0)
    same = Integer(default=0)
    wrong = Integer(default=0)
    applied = Integer(default=0, help_text="Rows done so far, of new + changed")
    skipped = Integer(default=0, help_text="Rows that could not be applied any more when their turn came")
    shown = Text(default="{}", help_text="JSON for the preview: the first rows of each sort")
    turns = BigInt(default=0, help_text="Counted up by whoever applies the next chunk, which locks the run for it")


class ImportChunk(Table):
    """Some rows of a file that would do something. Deleted once they are applied."""

    id = UUID(primary_key=True, default=uuid7)
    run = ForeignKey(references=ImportRun, index=True)
    number = Integer()
    rows = Text(help_text="JSON: [{column: value}], normalised")
