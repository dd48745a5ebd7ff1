"""The comparison report, from the button to the sealed file."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from properties.tables import Property
from tests.conftest import World
from tests.documents.making import asked, made, photographed, turn
from tests.documents.test_report import text_of, told
from tests.inspections.comparing import HOB, HOB_COST, PROPOSAL, ended
from tests.inspections.doing import home, post, start
from tests.media.files import photograph

__all__ = ["home"]
SOON = (datetime.now(UTC) + timedelta(days=14)).date().isoformat()
KIND = "comparison-report"


async def test_it_shows_both_photos_the_cost_the_reasons_the_decision_and_the_letter(
    world: World, home: Property, tmp_path: Path
) -> None:
    asha, dina = await world.sign_in("asha"), await world.sign_in("dina")
    for kind, condition, width in (("move-in", "G", 1000), ("move-out", "V", 1040)):
        id = await start(asha, home, kind)
        await post(asha, id, "readings", item=HOB, condition=condition)
        await photographed(asha, f"/inspections/{id}", photograph(width, 750), f"Hob at {kind}", HOB)
        await post(asha, id, "complete", reason="Enough for a test")
    await post(asha, id, "recharge/costs", **HOB_COST)
    await post(asha, id, "recharge/comments", text="It fell off the <shelf>.")
    crime = {"exemptions": "crime", "crime_reference": "42/1234/26", "put_right_by": SOON}
    proposal = await post(asha, id, "recharge", **PROPOSAL | crime)
    recharge = proposal.headers["receipt"].split("id=")[1][:36]
    early = await asked(asha, id, KIND)
    await turn()
    letter = {
        "outcome": "charge",
        "amount": "100",
        "reasons": "Seen twice.",
        "letter": "Please pay £100.\nDina Test",
    }
    await post(dina, id, f"recharge/{recharge}/decision", **letter)
    register = {"consequence": "review", "reference": "APP-7", "reasons": "As the scheme says."}
    await post(dina, id, "register", **register)
    assert await asked(asha, id, KIND) != early, "a decision makes another edition"
    pdf = await made(asha, id, KIND)
    said = text_of(pdf, tmp_path)
    for words in (
        "22 Saltmarsh Road", "Move-out inspection: comparison", "Kitchen: Cooker and hob", "Damaged", "Good",
        "Very poor", "Before: Hob at move-in", "Now: Hob at move-out", "It fell off the <shelf>.",
        "£189", "£132.30",
        "The list that comes with Doorstep", "A crime reference for this damage", "42/1234/26",
        "Write to us within 21 days.", "Charge: £100", "Seen twice.", "Please pay £100.", "APP-7",
    ):  # fmt: skip
        assert words in said, words
    assert told("pdfimages", pdf, tmp_path, "-list").count(" image ") == 2
    assert f"/documents/{await asked(asha, id, KIND)}" in (await asha.get(f"/inspections/{id}/comparison")).text


async def test_with_nothing_before_it_says_so(world: World, home: Property, tmp_path: Path) -> None:
    asha = await world.sign_in("asha")
    id = await start(asha, home, "move-out")
    await post(asha, id, "complete", reason="Enough for a test")
    said = text_of(await made(asha, id, KIND), tmp_path)
    assert "There is nothing to compare with" in said and "Nothing is proposed." in said


async def test_there_is_none_before_the_end_and_none_of_a_void(world: World, home: Property) -> None:
    made_here = await ended(world, home)
    for kind, sentence in (
        ("move-out", "Complete the inspection first."),
        ("void", "Only a move-out or an occupied"),
    ):
        id = await start(made_here.asha, home, kind)
        answer = await post(made_here.asha, id, "documents", kind=KIND)
        assert answer.status_code == 422 and sentence in answer.text
