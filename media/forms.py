"""What a phone says of a photograph, whatever it is of."""

from datetime import datetime
from uuid import UUID

import msgspec

from pwa.forms import Name, Text


class PhotoForm(msgspec.Struct):
    """`sha256` is of its bytes, which come by themselves; `drawn_from` of the photo it is drawn on."""

    id: UUID
    sha256: Name
    caption: Text = ""
    drawn_from: Name = ""
    taken_at: datetime | None = None
    latitude: float | None = None
    longitude: float | None = None
    accuracy: float | None = None
