"""Photographs as they were sent, what became of them, and what their files said about time and place."""

from piccolo.columns import DoublePrecision, Integer, Real, SmallInt, Text, Timestamptz, Varchar
from piccolo.columns.column_types import UUID
from piccolo.table import Table

from pwa.ids import uuid7


class Photo(Table):
    """One row for each person's sending of one file. Indexes over two columns are in the migration."""

    id = UUID(primary_key=True, default=uuid7)
    sha256 = Varchar(length=64, help_text="Of the bytes as sent; also their name in the store")
    person = UUID(help_text="Who sent it; unique together with sha256")
    bytes_size = Integer()
    mime = Varchar(length=20, help_text="media.rules.Kind, found from the bytes")
    width = Integer(help_text="Pixels: as stored until ready, then upright")
    height = Integer()
    captured_at = Timestamptz(default=None, help_text="By the phone's clock, when it was handed over")
    received_at = Timestamptz(default=None)
    state = Varchar(length=12, default="received", help_text="media.rules.State")
    problem = Text(default="", help_text="In words for its author, when it cannot be opened")
    taken_at = Timestamptz(null=True, default=None, help_text="From EXIF: a hint, never proof")
    taken_offset = Varchar(length=6, default="", help_text="As the camera gave it; empty: London was assumed")
    latitude = DoublePrecision(null=True, default=None, help_text="From EXIF, degrees")
    longitude = DoublePrecision(null=True, default=None)
    accuracy = Real(null=True, default=None, help_text="From EXIF, metres")
    large_bytes = Integer(default=0, help_text="Size of the clean 1600 px copy")
    small_bytes = Integer(default=0, help_text="Size of the clean 400 px copy")
    leaving_at = Timestamptz(
        null=True,
        default=None,
        help_text="Since then a record that named it is erased; it goes unless another does",
    )
    try_after = Timestamptz(default=None, help_text="Copies are due from then on; moved on by whoever is at it")
    tries = SmallInt(default=0, help_text="Times the decoder was stopped without an answer")
