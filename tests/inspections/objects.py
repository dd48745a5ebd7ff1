"""An inspection of each person, for the matrix."""

from datetime import UTC, datetime

from inspections.commands import seed_reference
from inspections.inventory_tables import InventoryLink, InventoryPhoto
from inspections.tables import Inspection, InspectionPhoto, Template
from media.tables import Photo
from properties.tables import Property
from pwa.ids import uuid7
from pwa.tables import Held, Receipt
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


async def a_household_sends(world: World, owner: str, inspection: str, sha: str) -> None:
    """By a link of this inspection, what `owner` sent: the sender in media is then the link."""
    now, person = datetime.now(UTC), world.people[owner].id
    when = {"captured_at": now, "received_at": now}
    link = InventoryLink(
        inspection=inspection, token_sha256=uuid7().hex, message=uuid7(), person=person, **when
    )  # fmt: skip
    await InventoryLink.insert(link)
    await InventoryPhoto.insert(InventoryPhoto(link=link.id, item="kitchen_hob", sha256=sha, received_at=now))
    for row in await Photo.select().where((Photo.sha256 == sha) & (Photo.person == person)):
        await Photo.insert(Photo(**{**row, "id": uuid7(), "person": link.id}))


register_photo("/inspections/{inspection_id:uuid}/inventory/photos/{sha256:str}", a_household_sends)


async def a_held_photo(world: World, owner: str) -> str:
    """A photo of this person's that came after their inspection was completed; what it names is attached later."""
    inspection, officer, now = await an_inspection(world, owner), world.people[owner], datetime.now(UTC)
    receipt = await Receipt.objects().create(
        person=officer.id, person_name=officer.name, method="POST", path=f"/inspections/{inspection}/photos",
        body_sha256="0" * 64, captured_at=now, received_at=now, outcome="held",
    )  # fmt: skip
    held = await Held.objects().create(
        receipt=receipt.id, reason="Completed", content_type=FORM, body=b"", team=officer.team
    )
    return str(held.id)


async def name_in_held(world: World, owner: str, held: str, sha: str) -> None:
    body = f"id={uuid7()}&item=kitchen_hob&sha256={sha}".encode()
    await Held.update({Held.body: body}).where(Held.id == held)


FORM = "application/x-www-form-urlencoded"
register("/held/{held_id:uuid}", a_held_photo, owners=("asha", "ben", "carol"), sees=same_team)
register_photo("/held/{held_id:uuid}/photos/{sha256:str}", name_in_held)
