"""An inspection of each person, for the matrix."""

from datetime import UTC, datetime

from inspections.commands import seed_reference
from inspections.tables import Inspection, InspectionPhoto, Template
from properties.tables import Property
from pwa.ids import uuid7
from tests.conftest import World
from tests.world_objects import register, register_photo, same_team


async def an_inspection(world: World, owner: str) -> str:
    await seed_reference()
    officer, now, id = world.people[owner], datetime.now(UTC), uuid7()
    template = await Template.objects().get(Template.kind == "void")
    assert template is not None
    home = await Property.objects().create(
        address="22 Saltmarsh Road", postcode="HW2 7LT", kind="house", bedrooms=2, use="temporary", created_at=now
    )
    await Inspection.objects().create(
        id=id,
        kind="void",
        template=template.id,
        property=home.id,
        team=officer.team,
        started_by=officer.id,
        bedrooms=2,
        furnished=True,
        captured_at=now,
        received_at=now,
    )
    return str(id)


register("/inspections/{inspection_id:uuid}", an_inspection, owners=("asha", "ben", "carol"), sees=same_team)


async def attach(world: World, owner: str, inspection: str, sha: str) -> None:
    now, person = datetime.now(UTC), world.people[owner].id
    photo = InspectionPhoto(
        inspection=inspection, item="kitchen_hob", sha256=sha, person=person, captured_at=now, received_at=now
    )
    await InspectionPhoto.insert(photo)


register_photo("/inspections/{inspection_id:uuid}/photos/{sha256:str}", attach)
