"""A file beside what we hold: which rows are new, which change something, which are already so, which cannot be.

Values to values, so that it may run in a thread beside the server and again for each chunk that is applied.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from people.rules import Role
from properties import rules, wording
from properties.facts import Facts, facts_of, placed, settled
from properties.sheet import Line, Mistake, Sheet
from pwa.direction import apart

TWICE = "The same home is in row {number}."
SAME_ADDRESS = "Row {number} has the same address and another UPRN. Check both."
OTHER_UPRN = "We hold this address with another UPRN, {uprn}. Check both."
NO_TEAM = "There is no team of this name."
OTHER_TEAM = "This home belongs to another team. Ask an administrator to import it."
NOT_YOUR_TEAM = "Only an administrator gives a home to another team."

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Reader:
    """Who is importing; on the command line an administrator without a name."""

    role: Role
    team: UUID | None
    person: UUID | None = None


@dataclass
class Held:
    """What we hold, to be found by UPRN or else by address. `closed`: what of it the reader may not know of."""

    by_uprn: dict[str, Row] = field(default_factory=dict)
    by_address: dict[str, Row] = field(default_factory=dict)
    teams: dict[str, UUID] = field(default_factory=dict)  # lower-case name to id
    closed: set[UUID] = field(default_factory=set)

    def add(self, row: Row) -> None:
        if row["uprn"]:
            self.by_uprn[row["uprn"]] = row
        self.by_address[address_key(row)] = row

    def team_name(self, team: UUID | None) -> str:
        return next((name for name, one in self.teams.items() if one == team), "")


@dataclass(frozen=True)
class Outcome:
    """One row decided. `before` is none for a new home."""

    line: Line
    state: str  # new | changed | same | wrong
    property_id: UUID | None = None
    before: Facts | None = None
    after: Facts | None = None

    @property
    def changes(self) -> list[tuple[str, Any, Any]]:
        if self.before is None or self.after is None:
            return []
        pairs = ((name, getattr(self.before, name), getattr(self.after, name)) for name in SHOWN)
        return [(name, old, new) for name, old, new in pairs if old != new]


SHOWN = (
    "uprn", "address", "street", "town", "postcode", "kind", "bedrooms", "use", "owner", "access_notes", "team",
    "latitude", "longitude",
)  # fmt: skip


def address_key(row: Row) -> str:
    words = wording.words(f"{row['address']} {row.get('street') or ''}")
    return f"{' '.join(words)} {row['postcode']}"


def compared(sheet: Sheet, held: Held, reader: Reader) -> list[Outcome]:
    """Every row of the file decided, in its order."""
    seen: dict[str, int] = {}
    return [_decided(line, held, reader, seen) for line in sheet.lines]


def _decided(line: Line, held: Held, reader: Reader, seen: dict[str, int]) -> Outcome:
    if not line.mistakes:
        _note_repeat(line, seen)
    if line.mistakes:
        return Outcome(line, "wrong")
    outcome = decide(line, held, reader)
    first = seen.setdefault(f"id {outcome.property_id}", line.number) if outcome.property_id else line.number
    if first != line.number:
        line.mistakes.append(Mistake("address", TWICE.format(number=first)))
    return replace(outcome, state="wrong") if line.mistakes else outcome


def _note_repeat(line: Line, seen: dict[str, int]) -> None:
    """Two rows are one home if they share a UPRN or an address; two UPRNs at one address cannot both be right."""
    uprn, address = line.values.get("uprn"), f"at {address_key(line.values)}"
    if uprn and f"uprn {uprn}" in seen:
        line.mistakes.append(Mistake("uprn", TWICE.format(number=seen[f"uprn {uprn}"])))
    elif address in seen:
        both = uprn and f"bare {address}" not in seen
        line.mistakes.append(Mistake("address", (SAME_ADDRESS if both else TWICE).format(number=seen[address])))
    seen.setdefault(address, line.number)
    seen.setdefault(f"uprn {uprn}" if uprn else f"bare {address}", line.number)


def decide(line: Line, held: Held, reader: Reader) -> Outcome:
    """One good row beside what we hold; mistakes that only show now are added to the line."""
    team = _team(line, held, reader)
    row = _held_row(line, held)
    if line.mistakes:
        return Outcome(line, "wrong")
    if row is None:
        blank = Facts(uprn=None, address="", street="", town="", postcode="", team=reader.team)
        return Outcome(line, "new", after=merged(blank, line.values, team))
    before = facts_of(row)
    if not rules.may_change(reader.role, reader.team, before.team):
        line.mistakes.append(Mistake("", OTHER_TEAM))
        return Outcome(line, "wrong")
    after = settled(before, merged(before, line.values, team))
    return Outcome(line, "same" if after == before else "changed", row["id"], before, after)


def _team(line: Line, held: Held, reader: Reader) -> UUID | None:
    if "team" not in line.values:
        return None
    team = held.teams.get(line.values["team"].lower())
    if team is None:
        line.mistakes.append(Mistake("team", f"{NO_TEAM} It says “{apart(line.values['team'][:40])}”."))
    elif reader.role is not Role.ADMINISTRATOR and team != reader.team:
        line.mistakes.append(Mistake("team", NOT_YOUR_TEAM))
    return team


def _held_row(line: Line, held: Held) -> Row | None:
    uprn = line.values.get("uprn")
    if uprn and uprn in held.by_uprn:
        return held.by_uprn[uprn]
    row = held.by_address.get(address_key(line.values))
    if row is not None and uprn and row["uprn"]:
        line.mistakes.append(Mistake("uprn", OTHER_UPRN.format(uprn=row["uprn"])))
    return row


def merged(before: Facts, values: Mapping[str, str], team: UUID | None) -> Facts:
    """What the file says over what we hold: an empty cell leaves it, and so does a position given by hand."""
    plain: dict[str, Any] = {name: value for name, value in values.items() if name not in ("team", *_PLACES)}
    if "bedrooms" in plain:
        plain["bedrooms"] = int(plain["bedrooms"])
    after = replace(before, **plain, team=team or before.team)
    if "latitude" in values and before.position_source != rules.PositionSource.HAND:
        latitude, longitude = float(values["latitude"]), float(values["longitude"])
        after = placed(after, latitude, longitude, rules.PositionSource.IMPORT)
    return after


_PLACES = ("latitude", "longitude")
