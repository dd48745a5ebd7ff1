"""What other packages ask about people."""

from datetime import UTC, datetime

from people import queries
from people.rules import Role, SignedIn
from people.tables import Person
from pwa.ids import uuid7
from tests.conftest import World


def signed_in(person: Person) -> SignedIn:
    return SignedIn(
        person.id, person.name, Role(person.role), person.team, person.firm, uuid7(), datetime.now(UTC)
    )


async def test_names_come_for_ids_also_of_those_who_left_and_not_of_strangers(world: World) -> None:
    await Person.update({Person.disabled_at: datetime.now(UTC)}).where(Person.id == world.ben.id)
    names = await queries.people_named([world.asha.id, world.ben.id, world.ben.id, uuid7()])
    assert names == {world.asha.id: "Asha Test", world.ben.id: "Ben Test"}
    assert await queries.people_named([]) == {}


async def test_visits_are_planned_for_people_of_the_own_team_me_first(world: World) -> None:
    assert [name for _, name in await queries.officers_of(signed_in(world.dina))] == [
        "Dina Test",
        "Asha Test",
        "Ben Test",
    ]
    assert [name for _, name in await queries.officers_of(signed_in(world.carol))] == ["Carol Test", "Marek Test"]


async def test_nobody_plans_for_somebody_who_left_and_contractors_plan_for_nobody(world: World) -> None:
    await Person.update({Person.disabled_at: datetime.now(UTC)}).where(Person.id == world.ben.id)
    assert world.ben.id not in dict(await queries.officers_of(signed_in(world.asha)))
    assert await queries.officers_of(signed_in(world.callum)) == []
    assert await queries.officers_of(signed_in(world.ade)) == []


async def test_a_contractor_has_no_team_even_when_one_looks_after_them(world: World) -> None:
    await Person.update({Person.looked_after_by: world.teams["north"].id}).where(Person.id == world.callum.id)
    assert await queries.team_of(world.callum.id) is None
    assert await queries.team_of(world.asha.id) == world.teams["north"].id
    assert await queries.team_of(uuid7()) is None
    names = dict(await queries.officers_of(signed_in(world.asha)))
    assert world.callum.id not in names
