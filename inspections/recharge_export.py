"""Decisions about the housing register as rows for the allocations system."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from properties.guarding import written
from pwa.clock import LONDON

HEADINGS = ("decision", "reference", "uprn", "consequence", "words", "reasons", "decided_by", "decided_at")


def name(at: datetime) -> str:
    return f"housing-register-{at.astimezone(LONDON):%Y-%m-%d}.csv"


def written_rows(rows: Iterable[dict[str, Any]]) -> bytes:
    """One row for each decision: the last of a reference counts. No cell runs as a formula."""
    return written(HEADINGS, [_row(row) for row in rows])


def _row(row: dict[str, Any]) -> list[object]:
    at = row["received_at"].astimezone(LONDON)
    who = (row["reference"], row["uprn"], row["consequence"], row["words"], row["reasons"], row["manager"])
    return [str(row["id"]), *who, at.isoformat(timespec="seconds")]
