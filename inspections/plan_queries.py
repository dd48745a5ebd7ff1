"""What is looked at: the rooms and items of the template an inspection was started with."""

import json
from typing import Any, Protocol
from uuid import UUID

from inspections.tables import Template
from pwa.answers import NotFound

_plans: dict[UUID, dict[str, Any]] = {}


class Planned(Protocol):
    """Whatever was started with a template."""

    @property
    def template(self) -> UUID: ...


async def plan_of(inspection: Planned) -> dict[str, Any]:
    """The template it was started with, as rooms and items. A version never changes, so it is kept."""
    if inspection.template not in _plans:
        row = await Template.select(Template.content).where(Template.id == inspection.template).first()
        assert row is not None, "a template is never deleted"
        _plans[inspection.template] = dict(json.loads(row["content"]))
    return _plans[inspection.template]


async def template_for(kind: str) -> dict[str, Any]:
    """The newest version for a kind. NotFound if there is no such kind."""
    row = await (
        Template.select(Template.id, Template.content, Template.label, Template.version)
        .where(Template.kind == kind)
        .order_by(Template.version, ascending=False)
        .first()
    )
    if row is None:
        raise NotFound
    return {**row, "content": json.loads(row["content"])}
