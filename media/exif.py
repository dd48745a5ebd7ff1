"""What a camera wrote about a photograph, kept apart from the picture: which way is up, when, and where.

EXIF is often damaged and never proof: nothing here refuses a photograph, and what cannot be read or cannot
be true is simply not there.
"""

import struct
from dataclasses import asdict, dataclass
from datetime import datetime
from math import isfinite
from typing import Any

from PIL import ExifTags, Image

_DAMAGE = (
    ValueError, TypeError, KeyError, IndexError, OSError, SyntaxError, EOFError, AttributeError,
    ZeroDivisionError, OverflowError, RecursionError, struct.error,
)  # fmt: skip


@dataclass(frozen=True)
class Found:
    """Local time as the camera had it, its offset from UTC if it said (`+01:00`), degrees and metres."""

    orientation: int = 1
    taken_at: str | None = None
    offset: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    accuracy: float | None = None

    def as_dict(self) -> dict[str, object]:
        """For the journey between the two processes."""
        return asdict(self)


def _when(details: dict[int, Any]) -> tuple[str | None, str | None]:
    said = str(details.get(ExifTags.Base.DateTimeOriginal, "")).strip("\0 ")
    taken = datetime.strptime(said, "%Y:%m:%d %H:%M:%S")
    offset = str(details.get(ExifTags.Base.OffsetTimeOriginal, "")).strip("\0 ") or None
    if offset:
        datetime.strptime(offset, "%z")
    return taken.isoformat(), offset


def _degrees(parts: Any, reference: Any, most: float) -> float | None:
    whole, minutes, seconds = (float(part) for part in parts)
    degrees = whole + minutes / 60 + seconds / 3600
    if not isfinite(degrees) or not 0 <= degrees <= most:
        return None
    return round(-degrees if str(reference).strip("\0 ").upper() in ("S", "W") else degrees, 7)


def _where(gps: dict[int, Any]) -> dict[str, float | None]:
    latitude = _degrees(gps[ExifTags.GPS.GPSLatitude], gps.get(ExifTags.GPS.GPSLatitudeRef), 90)
    longitude = _degrees(gps[ExifTags.GPS.GPSLongitude], gps.get(ExifTags.GPS.GPSLongitudeRef), 180)
    # 0, 0 is what phones without a fix write; it is in the sea.
    if latitude is None or longitude is None or (latitude == 0 and longitude == 0):
        return {}
    error = float(gps.get(ExifTags.GPS.GPSHPositioningError, "nan"))
    accuracy = round(error, 1) if isfinite(error) and 0 <= error < 100_000 else None
    return {"latitude": latitude, "longitude": longitude, "accuracy": accuracy}


def found_in(picture: Image.Image) -> Found:
    """Read what can be read; every part on its own, so that a broken position does not cost the time."""
    parts: dict[str, Any] = {}
    try:
        everything = picture.getexif()
        orientation = everything.get(ExifTags.Base.Orientation, 1)
        parts["orientation"] = orientation if orientation in range(1, 9) else 1
    except _DAMAGE:
        return Found()
    try:
        parts["taken_at"], parts["offset"] = _when(everything.get_ifd(ExifTags.IFD.Exif))
    except _DAMAGE:
        parts.pop("offset", None)
    try:
        parts |= _where(everything.get_ifd(ExifTags.IFD.GPSInfo))
    except _DAMAGE:
        parts.pop("latitude", None)
    return Found(**parts)
