"""Links in messages that open one alarm for one person, once, for a quarter of an hour."""

from piccolo.columns import ForeignKey, Timestamptz, Varchar
from piccolo.columns.column_types import UUID
from piccolo.table import Table

from lone_working.tables import Alarm


class AlarmLink(Table):
    """Both secrets are kept as their SHA-256: that in the message, and that of the page which it opened."""

    id = UUID(primary_key=True, help_text="That of the message which it stands in")
    token_sha256 = Varchar(length=64, unique=True, secret=True)
    alarm = ForeignKey(references=Alarm, index=True)
    person = UUID(help_text="Whom the message went to")
    made_at = Timestamptz(default=None)
    used_at = Timestamptz(null=True, default=None)
    used_with = UUID(null=True, default=None, help_text="The press that used it: a second tap is the same press")
    page_sha256 = Varchar(length=64, default="", index=True, secret=True)
