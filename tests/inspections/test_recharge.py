"""A recharge from its cost to the manager's decision, by requests: an officer proposes, another decides."""

from datetime import UTC, datetime, timedelta

import pytest

from inspections import recharge_queries
from inspections.recharge_tables import CostLine, HouseholdComment, Recharge, RechargeDecision, RegisterDecision
from inspections.tables import Inspection
from properties.tables import Property
from tests.conftest import World
from tests.inspections.comparing import HOB, HOB_COST, PROPOSAL, WALLS, ended, move_in, move_out, proposed
from tests.inspections.doing import home, post, start
from tests.properties.homes import home as another_home

__all__ = ["home"]
SOON = (datetime.now(UTC) + timedelta(days=14)).date().isoformat()
CHARGE = {"outcome": "charge", "reasons": "Both photos show it.", "letter": "Please pay £132.30."}
REGISTER = {"consequence": "review", "reference": "=HYPERLINK(1)", "reasons": "As the scheme says."}


async def test_a_hob_of_three_years_that_lasts_ten_costs_seven_tenths(world: World, home: Property) -> None:
    made = await ended(world, home)
    await post(made.asha, made.id, "recharge/costs", **HOB_COST)
    line = await CostLine.objects().first()
    assert line is not None
    assert (line.cost, line.fair, line.amount, line.life_months) == (18900, 13230, 13230, 120)
    assert (line.before, line.now) == ("Good", "Very poor")
    page = (await made.asha.get(made.page)).text
    assert "£132.30" in page
    assert "Expected life by: The list that comes with Doorstep" in page


async def test_how_long_a_thing_lasts_is_said_with_whose_list_says_so(world: World, home: Property) -> None:
    made = await ended(world, home)
    page = (await made.asha.get(f"{made.page}/{HOB}")).text
    assert "Cooker and hob: lasts 10 years. Expected life by: The list that comes with Doorstep." in page


async def test_with_no_age_nothing_is_proposed_by_itself_and_it_says_so(world: World, home: Property) -> None:
    made = await ended(world, home)
    await post(made.asha, made.id, "recharge/costs", **HOB_COST | {"years": "", "months": ""})
    line = await CostLine.objects().first()
    assert line is not None
    assert (line.fair, line.amount) == (None, 0)
    assert "Nobody knows how old it was, so no sum can be made." in (await made.asha.get(made.page)).text
    assert "There is nothing to propose yet" in (await post(made.asha, made.id, "recharge", **PROPOSAL)).text


@pytest.mark.parametrize("liability", ["council", "third party", "fair wear", "not sure"])
async def test_only_the_households_part_is_asked_of_it(world: World, home: Property, liability: str) -> None:
    made = await ended(world, home)
    await post(made.asha, made.id, "recharge/costs", **HOB_COST | {"liability": liability})
    line = await CostLine.objects().first()
    assert line is not None and line.amount == 0


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"item": "kitchen_worktop"}, "Nothing says that this is worse than it was"),
        ({"work": ""}, "Choose what puts it right."),
        ({"liability": ""}, "Choose who is to pay for it."),
        ({"cost": ""}, "Enter what it costs, from £0.01 to £100,000."),
        ({"cost": "lots"}, "Enter an amount in pounds"),
        ({"cost": "0"}, "Enter what it costs, from £0.01 to £100,000."),
        ({"cost": "100001"}, "Enter what it costs, from £0.01 to £100,000."),
        ({"years": "101"}, "Enter an age from 0 to 100 years"),
        ({"years": "3", "months": "-1"}, "Enter an age from 0 to 100 years"),
        ({"amount": "132.31"}, "Ask for no more than the fair cost."),
        ({"years": "", "months": "", "amount": "40"}, "Say why this amount is fair."),
    ],
)
async def test_a_cost_that_is_not_fair_is_refused(
    world: World, home: Property, wrong: dict[str, str], sentence: str
) -> None:
    made = await ended(world, home)
    answer = await post(made.asha, made.id, "recharge/costs", **HOB_COST | wrong)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert not await CostLine.exists()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"exemptions": ""}, "Say whether there is a reason not to charge"),
        ({"exemptions": "made up"}, "Say whether there is a reason not to charge"),
        ({"exemptions": "crime"}, "Enter the crime reference"),
        ({"put_right_by": ""}, "Choose the day by which"),
        ({"put_right_by": "2020-01-01"}, "Choose a day from tomorrow"),
        ({"appeal": ""}, "Say how the household can appeal."),
    ],
)
async def test_a_proposal_that_is_not_whole_is_refused(
    world: World, home: Property, wrong: dict[str, str], sentence: str
) -> None:
    made = await ended(world, home)
    await post(made.asha, made.id, "recharge/costs", **HOB_COST)
    answer = await post(made.asha, made.id, "recharge", **PROPOSAL | {"put_right_by": SOON} | wrong)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert not await Recharge.exists()


async def test_a_proposal_waits_for_a_manager_and_nobody_owes_anything(world: World, home: Property) -> None:
    made, _ = await proposed(world, home, SOON, exemptions="crime", crime_reference="42/1234/26")
    page = (await made.asha.get(made.page)).text
    assert "Until then nobody owes anything." in page
    assert "A crime reference for this damage" in page and "42/1234/26" in page
    dina = await world.sign_in("dina")
    assert "To decide" in (await dina.get("/recharges")).text
    assert not await RechargeDecision.exists()


@pytest.mark.parametrize("letter", ["Please pay £132.30.", "Please pay £1100.00.", "Please pay."])
async def test_a_letter_that_names_another_sum_than_the_one_decided_is_refused(
    world: World, home: Property, letter: str
) -> None:
    made, id = await proposed(world, home, SOON)
    dina = await world.sign_in("dina")
    less = CHARGE | {"amount": "100", "letter": letter}
    answer = await post(dina, made.id, f"recharge/{id}/decision", **less)
    assert answer.status_code == 422
    assert "The letter does not say £100" in answer.text
    assert not await RechargeDecision.exists()
    answer = await post(dina, made.id, f"recharge/{id}/decision", **less | {"letter": "Please pay £100.00."})
    assert answer.status_code == 200, answer.text


async def test_a_letter_with_a_second_sum_that_is_nobodys_is_refused(world: World, home: Property) -> None:
    made, id = await proposed(world, home, SOON)
    dina = await world.sign_in("dina")
    letter = "The hob costs £189, and £132.30 with its age. Please pay £100.00, and £45 for the visit."
    less = CHARGE | {"amount": "100", "letter": letter}
    answer = await post(dina, made.id, f"recharge/{id}/decision", **less)
    assert answer.status_code == 422
    assert "The letter also says £45. You decided £100" in answer.text
    assert not await RechargeDecision.exists()
    less["letter"] = letter.replace(", and £45 for the visit", "")
    answer = await post(dina, made.id, f"recharge/{id}/decision", **less)
    assert answer.status_code == 200, answer.text


async def test_a_proposal_stays_beside_the_inspection_it_was_made_beside(world: World, home: Property) -> None:
    asha, dina = await world.sign_in("asha"), await world.sign_in("dina")
    before = await move_in(asha, home)
    late = await start(asha, home, "move-in")
    id = await move_out(asha, home)
    await post(asha, id, "recharge/costs", **HOB_COST)
    await post(asha, id, "recharge", **PROPOSAL | {"put_right_by": SOON})
    # Begun before the move-out and completed only now: the software alone would take this newer one.
    await post(asha, late, "readings", item=HOB, condition="V", cleanliness="clean")
    await post(asha, late, "complete", reason="Found it on my phone")
    (proposal,) = await Recharge.select()
    assert proposal["compared_with"] == before
    for client in (asha, dina):
        page = (await client.get(f"/inspections/{id}/comparison")).text
        assert f'href="/inspections/{before}"' in page and f'href="/inspections/{late}"' not in page
        assert "Compared with: Move-in inspection" in page
    await post(dina, id, f"recharge/{proposal['id']}/decision", **CHARGE)
    assert f'href="/inspections/{before}"' in (await dina.get(f"/inspections/{id}/comparison")).text


async def test_what_was_sent_back_is_proposed_anew_beside_what_there_is_then(world: World, home: Property) -> None:
    made, id = await proposed(world, home, SOON)
    carols = {Inspection.team: world.teams["south"].id, Inspection.started_by: world.carol.id}
    await Inspection.update(carols).where(Inspection.id == made.before)
    dina = await world.sign_in("dina")
    await post(dina, made.id, f"recharge/{id}/decision", **CHARGE | {"outcome": "back"})
    assert "There is nothing to compare with." in (await made.asha.get(made.page)).text


async def test_a_manager_who_may_not_see_what_it_was_compared_with_is_told_so(
    world: World, home: Property
) -> None:
    made, id = await proposed(world, home, SOON)
    carols = {Inspection.team: world.teams["south"].id, Inspection.started_by: world.carol.id}
    await Inspection.update(carols).where(Inspection.id == made.before)
    dina = await world.sign_in("dina")
    page = (await dina.get(made.page)).text
    assert "You may not open what this was compared with." in page
    assert "Before: Good. Now: Very poor." in page
    assert str(made.before) not in page
    assert (await post(dina, made.id, f"recharge/{id}/decision", **CHARGE)).status_code == 200


async def test_what_waits_is_listed_however_much_was_decided_since(
    world: World, home: Property, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recharge_queries, "MOST", 2)
    waiting, _ = await proposed(world, home, SOON)
    dina = await world.sign_in("dina")
    for number in (1, 2):
        made, id = await proposed(world, await another_home(f"{number} Eel Row"), SOON)
        await post(dina, made.id, f"recharge/{id}/decision", **CHARGE)
    page = (await dina.get("/recharges")).text
    assert "To decide" in page and f"/inspections/{waiting.id}/comparison" in page


async def test_a_manager_decides_with_reasons_and_the_words_of_the_letter(world: World, home: Property) -> None:
    made, id = await proposed(world, home, SOON)
    dina = await world.sign_in("dina")
    page = (await dina.get(made.page)).text
    assert "What do you decide?" in page and "Together: £132.30" in page
    answer = await post(dina, made.id, f"recharge/{id}/decision", **CHARGE)
    assert answer.status_code == 200, answer.text
    decision = await RechargeDecision.objects().first()
    assert decision is not None
    assert (decision.amount, decision.letter) == (13230, "Please pay £132.30.")
    page = (await made.asha.get(made.page)).text
    assert "Decided by Dina Test" in page and "Both photos show it." in page


async def test_an_officer_never_decides(world: World, home: Property) -> None:
    made, id = await proposed(world, home, SOON)
    assert (await post(made.asha, made.id, f"recharge/{id}/decision", **CHARGE)).status_code == 403
    assert "What do you decide?" not in (await made.asha.get(made.page)).text


async def test_a_manager_never_decides_what_they_proposed(world: World, home: Property) -> None:
    made = await ended(world, home)
    dina = await world.sign_in("dina")
    await post(dina, made.id, "recharge/costs", **HOB_COST)
    await post(dina, made.id, "recharge", **PROPOSAL | {"put_right_by": SOON})
    row = await Recharge.objects().first()
    assert row is not None
    answer = await post(dina, made.id, f"recharge/{row.id}/decision", **CHARGE)
    assert answer.status_code == 422
    assert "You proposed this, so another manager has to decide it." in answer.text
    assert "another manager of your team decides" in (await dina.get(made.page)).text
    assert not await RechargeDecision.exists()


async def test_a_manager_of_another_team_finds_nothing(world: World, home: Property) -> None:
    made, id = await proposed(world, home, SOON)
    marek = await world.sign_in("marek")
    assert (await marek.get(made.page)).status_code == 404
    assert (await post(marek, made.id, f"recharge/{id}/decision", **CHARGE)).status_code == 404
    assert "22 Saltmarsh Road" not in (await marek.get("/recharges")).text


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"reasons": ""}, "Give your reasons."),
        ({"letter": ""}, "Write the letter."),
        ({"amount": "132.31"}, "Charge no more than was proposed."),
        ({"amount": "0"}, "Charge no more than was proposed."),
        ({"amount": "some"}, "Enter an amount in pounds"),
        ({"outcome": ""}, "Choose what you decide."),
        ({"outcome": "perhaps"}, "Choose one of the answers."),
    ],
)
async def test_a_decision_that_is_not_whole_is_refused(
    world: World, home: Property, wrong: dict[str, str], sentence: str
) -> None:
    made, id = await proposed(world, home, SOON)
    answer = await post(await world.sign_in("dina"), made.id, f"recharge/{id}/decision", **CHARGE | wrong)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert not await RechargeDecision.exists()


async def test_a_proposal_is_decided_once(world: World, home: Property) -> None:
    made, id = await proposed(world, home, SOON)
    dina = await world.sign_in("dina")
    await post(dina, made.id, f"recharge/{id}/decision", **CHARGE | {"outcome": "back"})
    answer = await post(dina, made.id, f"recharge/{id}/decision", **CHARGE)
    assert "Dina Test has decided this already." in answer.text
    assert [row["outcome"] for row in await RechargeDecision.select()] == ["back"]


async def test_an_older_proposal_is_not_decided_any_more_and_stays_in_the_history(
    world: World, home: Property
) -> None:
    made, id = await proposed(world, home, SOON)
    await post(made.asha, made.id, "recharge/costs", **HOB_COST | {"item": WALLS, "work": "clean", "cost": "20"})
    await post(made.asha, made.id, "recharge", **PROPOSAL | {"put_right_by": SOON})
    dina = await world.sign_in("dina")
    assert "There is a newer proposal." in (await post(dina, made.id, f"recharge/{id}/decision", **CHARGE)).text
    page = (await dina.get(made.page)).text
    assert "£152.30" in page and "An earlier proposal" in page
    assert [row["total"] for row in await Recharge.select().order_by(Recharge.received_at)] == [13230, 15230]


async def test_a_cost_worked_out_again_does_not_change_what_was_proposed(world: World, home: Property) -> None:
    made, _ = await proposed(world, home, SOON)
    await post(made.asha, made.id, "recharge/costs", **HOB_COST | {"cost": "100"})
    page = (await made.asha.get(made.page)).text
    assert "Kitchen: Cooker and hob: £132.30" in page
    assert await CostLine.count() == 2


async def test_what_the_household_says_is_kept_and_silence_is_no_yes(world: World, home: Property) -> None:
    made = await ended(world, home)
    assert "No reply so far. That is not a yes." in (await made.asha.get(made.page)).text
    assert (await post(made.asha, made.id, "recharge/comments", text="")).status_code == 422
    await post(made.asha, made.id, "recharge/comments", text="It was cracked in the summer & we rang.")
    assert "It was cracked in the summer &amp; we rang." in (await made.asha.get(made.page)).text


async def test_the_register_is_a_decision_of_its_own_and_a_row_for_the_allocations_system(
    world: World, home: Property
) -> None:
    made, id = await proposed(world, home, SOON)
    dina = await world.sign_in("dina")
    answer = await post(dina, made.id, "register", **REGISTER)
    assert "Only after a charge was decided" in answer.text
    await post(dina, made.id, f"recharge/{id}/decision", **CHARGE)
    assert not await RegisterDecision.exists()
    for wrong, sentence in (
        ({"consequence": "banished"}, "Choose one of the consequences."),
        ({"reference": ""}, "Enter the number of the application"),
        ({"reasons": ""}, "Give your reasons."),
    ):
        assert sentence in (await post(dina, made.id, "register", **REGISTER | wrong)).text
    assert (await post(dina, made.id, "register", **REGISTER)).status_code == 200
    file = await dina.get("/recharges/register.csv")
    assert file.headers["content-type"].startswith("text/csv")
    assert "'=HYPERLINK(1),900000000001,review,The application is looked at again,As the scheme says." in file.text
    assert "HYPERLINK" not in (await (await world.sign_in("marek")).get("/recharges/register.csv")).text


async def test_only_a_manager_decides_about_the_register_or_saves_its_decisions(
    world: World, home: Property
) -> None:
    made = await ended(world, home)
    assert (await post(made.asha, made.id, "register", **REGISTER)).status_code == 403
    assert (await made.asha.get("/recharges/register.csv")).status_code == 403


async def test_the_same_tap_twice_is_one_proposal(world: World, home: Property) -> None:
    made, _ = await proposed(world, home, SOON)
    command = "01890000-0000-7000-8000-0000000000aa"
    for _ in range(2):
        answer = await post(made.asha, made.id, "recharge", _command=command, **PROPOSAL | {"put_right_by": SOON})
        assert answer.status_code == 200
    assert await Recharge.count() == 2
    assert HOB in [row["item"] for row in await CostLine.select()]


async def test_a_proposal_of_another_inspection_is_not_found_under_this_one(world: World, home: Property) -> None:
    made, id = await proposed(world, home, SOON)
    dina = await world.sign_in("dina")
    assert (await post(dina, made.before, f"recharge/{id}/decision", **CHARGE)).status_code == 404
    assert not await RechargeDecision.exists()


async def test_all_of_it_is_erased_with_its_inspection(world: World, home: Property) -> None:
    made, id = await proposed(world, home, SOON)
    dina = await world.sign_in("dina")
    await post(dina, made.id, f"recharge/{id}/decision", **CHARGE)
    await post(dina, made.id, "register", **REGISTER)
    await post(made.asha, made.id, "recharge/comments", text="We are sorry.")
    tables = (CostLine, HouseholdComment, Recharge, RechargeDecision, RegisterDecision)
    assert [await table.count() for table in tables] == [1] * 5
    await Inspection.delete().where(Inspection.id == made.id)
    assert [await table.count() for table in tables] == [0] * 5
