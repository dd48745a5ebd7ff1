"""What stands where on the wall: what nobody has first, help before who is overdue, then the next due."""

from datetime import timedelta

from lone_working.alarms import responding
from lone_working.rules import AlarmKind
from lone_working.sessions import commands
from lone_working.tables import Alarm
from lone_working.wall import boards
from people.tables import Person
from tests.lone_working.conftest import DURESS, NOW, Alone


async def more_officers(alone: Alone) -> None:
    for n, name in enumerate(("olu", "pia", "rae")):
        alone.world.people[name] = await Person.objects().create(
            name=f"{name.title()} Test", email=f"{name}@harrowmere.example", role="officer",
            team=alone.world.teams["north"].id, phone=f"0770090020{n}", created_at=NOW,
        )  # fmt: skip


async def test_alarms_stand_by_who_has_them_then_by_kind_then_by_age(alone: Alone) -> None:
    await more_officers(alone)
    await alone.begin("olu", minutes=15, buddy=None)
    alone.now += timedelta(minutes=1)
    await alone.begin("pia", minutes=15, buddy=None)
    help, made_to = await alone.begin("ben", minutes=60, buddy=None), await alone.begin("asha", minutes=60)
    await alone.turn(20 * 60)
    taken = await Alarm.select(Alarm.id).where(Alarm.session.person == alone.world.people["olu"].id).first()
    await alone.do("dina", responding.acknowledge, (taken or {})["id"])
    await commands.call_for_help(alone.sent("ben"), alone.who("ben"), help)
    await commands.end(alone.sent("asha"), alone.who("asha"), made_to, DURESS)
    wall = await boards.wall(alone.who("dina"), alone.now)
    assert [(one.person_name.split()[0], one.owner_name) for one in wall.alarms] == [
        ("Asha", ""),
        ("Ben", ""),
        ("Pia", ""),
        ("Olu", "Dina Test"),
    ]
    assert [one.kind for one in wall.alarms][:3] == [AlarmKind.DURESS, AlarmKind.PANIC, AlarmKind.OVERDUE]
    assert wall.sessions == (), "whoever an alarm is about stands above, and not twice"


async def test_of_those_who_are_out_and_well_the_next_due_stands_first(alone: Alone) -> None:
    await more_officers(alone)
    for name, minutes in (("olu", 45), ("pia", 15), ("rae", 30)):
        await alone.begin(name, minutes=minutes, buddy=None)
    wall = await boards.wall(alone.who("dina"), alone.now)
    assert [one.person_name.split()[0] for one in wall.sessions] == ["Pia", "Rae", "Olu"]
    assert [one.due_at - alone.now for one in wall.sessions] == [timedelta(minutes=n) for n in (15, 30, 45)]
