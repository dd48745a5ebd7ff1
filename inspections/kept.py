"""What others keep of inspections, at homes that somebody may not know of: for the lists of those packages."""

from typing import Any

from inspections.inventory_tables import InventoryLink
from inspections.tables import Inspection
from people.rules import SignedIn
from properties import queries as properties


def kept_inspections(person: SignedIn) -> Any:
    """A query of the inspections whose documents this person may not see."""
    return Inspection.select(Inspection.id).where(properties.closed_to(person, Inspection.property))


def kept_messages(person: SignedIn) -> Any:
    """A query of the messages that tell of such a home."""
    home = InventoryLink.inspection.property
    return InventoryLink.select(InventoryLink.message).where(properties.closed_to(person, home))
