"""Reference data this package reads from its own files; sources and dates are in data/README.md."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class AlertCode:
    """One coded warning: what the list calls it, the tag on a screen, and what to do about it."""

    code: str
    label: str
    tag: str
    icon: str
    advice: str


@dataclass(frozen=True)
class CertificateKind:
    code: str
    name: str
    months: int | None
    always_shown: bool
    basis: str


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def alert_codes() -> dict[str, AlertCode]:
    """In the order they are shown: what may hurt an officer first."""
    return {
        row["code"]: AlertCode(row["code"], row["label"], row["tag"], row["icon"], row["advice"])
        for row in _rows("person_alerts.csv")
    }


@cache
def certificate_kinds() -> dict[str, CertificateKind]:
    return {
        row["code"]: CertificateKind(
            row["code"],
            row["name"],
            int(row["months"]) if row["months"] else None,
            row["always shown"] == "yes",
            row["basis"],
        )
        for row in _rows("certificates.csv")
    }
