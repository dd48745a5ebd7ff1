"""Reference data that comes with the package: hazards, first templates, first phrases."""

import csv
import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from inspections.recharge_rules import Life
from inspections.rules import Item, ItemType

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


def at_the_door() -> frozenset[int]:
    """Hazards that may hurt somebody who only goes in: falls, fire, hot surfaces, collisions, collapse,
    electricity, radiation, carbon monoxide and other fumes, asbestos. The others tell of how a household lives."""
    return frozenset({1, 2, 3, 4, 5, 6, 7, 8, 10, 13, 15})


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


@dataclass(frozen=True)
class Charging:
    """What this council has published about charging: expected lives, reasons not to charge, how to appeal."""

    name: str
    own: bool
    """Whether the council put it in itself. What comes with Doorstep has no source and says so."""
    put_right_days: int
    appeal: str
    exemptions: dict[str, str]
    register: dict[str, str]
    lives: dict[str, Life]

    def life_of(self, item: Item) -> Life | None:
        """By the item's own name, whichever room it is in. None for what the list does not have."""
        if item.type not in (ItemType.CONDITION, ItemType.COUNT):
            return None
        return self.lives.get(item.key.partition("_")[2])


_charging: dict[str, Charging] = {}


def charging() -> Charging:
    """The list in use: this council's own, or the one that comes with Doorstep."""
    return _charging.get("used") or use_charging(None)


def use_charging(file: Path | None) -> Charging:
    """Load a list, once, at start-up. ValueError in one sentence when it is not one."""
    chosen = file or HERE / "recharges.json"
    try:
        data = json.loads(chosen.read_text("utf-8"))
        found = Charging(
            name=str(data["name"]),
            own=bool(data["own"]),
            put_right_days=int(data["put_right_days"]),
            appeal=str(data["appeal"]),
            exemptions={str(code): str(words) for code, words in data["exemptions"]},
            register={str(code): str(words) for code, words in data["register"]},
            lives={str(key): Life(str(words), months and int(months)) for key, words, months in data["lives"]},
        )
    except (OSError, ValueError, KeyError, TypeError) as wrong:
        raise ValueError(f"{chosen} is not a list for recharges ({wrong!r}); see docs/running.md.") from wrong
    _charging["used"] = found
    return found
