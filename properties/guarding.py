"""CSV cells that a spreadsheet would run as a formula: marked on the way out, unmarked on the way in."""

import csv
import io
from collections.abc import Iterable, Sequence

DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def guarded(cell: object) -> str:
    """Text that begins like a formula gets an apostrophe. A number of ours is a number, also below zero."""
    if cell is None:
        return ""
    if isinstance(cell, float | int):
        return str(cell)
    text = str(cell)
    return f"'{text}" if text.startswith(DANGEROUS) else text


def unguarded(cell: str) -> str:
    """Undo `guarded`, so that a file we wrote and read again changes nothing."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(DANGEROUS) else cell


def written(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A CSV file as spreadsheets like it: UTF-8 with its mark, CRLF."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(headings)
    writer.writerows([guarded(cell) for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode()
