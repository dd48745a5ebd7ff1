"""Two households that were sent the inventory of their home: one answers, one says nothing."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from inspections import household_commands, inventory_commands, inventory_queries
from inspections.choices import Kind
from inspections.inventory_forms import LinkForm
from inspections.inventory_queries import Link
from inspections.inventory_rules import WHOLE
from inspections.queries import Opened, inspection_for
from inspections.tables import Inspection
from media.rules import Picture, look_at
from messages import commands as messages
from messages.rules import Channel
from pwa.outbox import once
from server.demo.calendar import moment
from server.demo.phone import Phone
from server.demo.scenes import Wanted

# Ofcom keeps these numbers for stories.
NUMBERS = ("07700 900 456", "07700 900 123")
SAID = (
    ("kitchen_hob", "The small ring at the back does not light. It did not on the first day."),
    ("living-room_walls", "There is a mark behind the door. It is not in your photo."),
    (WHOLE, "The bedroom is very cold at night. Can somebody look at the radiator?"),
)
SILENT = timedelta(days=2)


@dataclass
class Theirs:
    """The photograph that the one who answers adds."""

    wanted: Wanted
    data: bytes = b""


def theirs(now: datetime) -> Theirs:
    return Theirs(Wanted("hob", 1, "", 7_700, now - timedelta(days=3)))


async def ask_households(phone: Phone, photo: Theirs, now: datetime) -> None:
    """The officer's first move-in was sent and nobody answered; her last was, four days ago, and they did."""
    mine = (Inspection.kind == Kind.MOVE_IN.value) & (Inspection.started_by == phone.person.id)
    rows = (
        await Inspection.select(Inspection.id, Inspection.received_at).where(mine).order_by(Inspection.received_at)
    )
    await _send(phone, rows[0]["id"], NUMBERS[0], rows[0]["received_at"] + SILENT)
    at = moment(now, -4, "10:20")
    link = await _send(phone, rows[-1]["id"], NUMBERS[1], at)
    await _household(phone, link, at + timedelta(hours=5), household_commands.note_opened)
    for place, (item, words) in enumerate(SAID):
        when = at + timedelta(hours=5, minutes=4 + 3 * place)
        await _household(phone, link, when, household_commands.comment, item, words, data=words.encode())
    picture = look_at(photo.data)
    assert isinstance(picture, Picture)
    when = at + timedelta(hours=5, minutes=20)
    await _household(phone, link, when, household_commands.add_photo, SAID[0][0], picture, data=photo.data)


async def _send(phone: Phone, inspection: UUID, number: str, at: datetime) -> Link:
    opened: Opened = await inspection_for(phone.person, inspection)
    path, form = f"/inspections/{inspection}/inventory/links", LinkForm(channel=Channel.SMS, to=number)
    await phone.do(at, path, inventory_commands.send_link, opened, form=form)
    (link, *_) = await inventory_queries.links_of(opened, at)
    assert link.message is not None
    await messages.show(link.message.id, at + timedelta(seconds=3))
    return link


async def _household(phone: Phone, link: Link, at: datetime, command: Any, *args: Any, data: bytes = b"") -> None:
    sent = phone.sent(at, f"/inspections/{link.inspection}/inventory/{command.__name__}", data)
    by = replace(
        sent,
        person_id=link.id,
        person_name=inventory_queries.HOUSEHOLD,
        team_id=None,
        device_id=None,
        sequence=None,
    )
    await once(by, command, link, *args)
