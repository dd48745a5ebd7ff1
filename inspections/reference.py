"""Reference data that comes with the package: hazards, first templates, first phrases."""

import csv
import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent / "data"

# SI 2026/571: the list of 21 applies to inspections begun on or after this day.
HAZARDS_IN_FORCE = date(2026, 6, 23)


@dataclass(frozen=True)
class Hazard:
    number: int
    words: str


@cache
def hazards() -> tuple[Hazard, ...]:
    with (HERE / "hazards_2026_england.csv").open(newline="", encoding="utf-8") as file:
        return tuple(Hazard(int(row["no"]), row["hazard"]) for row in csv.DictReader(file))


@cache
def hazard_words() -> dict[int, str]:
    return {hazard.number: hazard.words for hazard in hazards()}


@cache
def first_templates() -> dict[str, dict[str, Any]]:
    """Each kind's label, version and content as the database keeps it."""
    data = json.loads((HERE / "templates.json").read_text("utf-8"))
    return {
        kind: {
            "label": plan["label"],
            "version": data["version"],
            "content": {"order": plan["rooms"], "rooms": data["rooms"]},
        }
        for kind, plan in data["kinds"].items()
    }


@cache
def first_phrases() -> dict[str, list[str]]:
    return dict(json.loads((HERE / "phrases.json").read_text("utf-8")))
