"""The code word: chosen once, sealed, read by whoever answers the alarm, and needed to end a call for help."""

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from lone_working.alarms import page as alarm_page
from lone_working.alarms import responding
from lone_working.code_word import commands as word_commands
from lone_working.code_word import rules as word_rules
from lone_working.code_word import sealed as words
from lone_working.code_word.sealed import WordKey
from lone_working.ladders.tables import CodeWord
from lone_working.rules import AlarmKind, AlarmState, wrong_with_outcome
from lone_working.sessions import commands, queries
from people import passwords
from people.tables import Person
from pwa.answers import NotFound, Refused
from pwa.ids import uuid7
from pwa.tables import Receipt
from server.settings import settings
from tests.conftest import World
from tests.lone_working.conftest import SAFE, Alone
from tests.lone_working.going import HTMX


@pytest.mark.parametrize("word", ["bluebell", "Blue  Folder", "l’heure", "Grün"])
def test_an_ordinary_word_is_a_code_word(word: str) -> None:
    assert word_rules.wrong_with_word(word, ["Asha", "Verma"]) == ""


@pytest.mark.parametrize(
    "word",
    [
        "",
        "ab",
        "x" * 31,
        "four words are many",
        "2580",
        "help me",
        "Police",
        "999",
        "Asha",
        "verma",
        "a<b>c",
        "Paper lantern",
    ],
)
def test_what_tells_a_listener_or_is_guessed_is_no_code_word(word: str) -> None:
    assert word_rules.wrong_with_word(word, ["Asha", "Verma"])


def test_the_script_alarms_nobody_who_listens() -> None:
    first, second, third = word_rules.script("Asha Verma", "Dina", "blue folder")
    spoken = first[first.index("“") :]
    assert not [one for one in word_rules.TELLING if one in spoken.lower()]
    assert "blue folder" in second and "blue folder" not in spoken
    assert "999" in third


@given(some.text(min_size=1, max_size=40), some.uuids(), some.uuids())
def test_a_word_opens_for_whom_it_was_sealed_and_with_the_key_it_was_sealed_with(word, mine, theirs) -> None:  # type: ignore[no-untyped-def]
    words.use(WordKey(Path("/nowhere"), b"k" * 32))
    text = words.sealed(word, mine)
    assert words.opened(text, mine) == word
    assert word.encode() not in text.encode() or len(word) < 3
    if mine != theirs:
        assert words.opened(text, theirs) == ""
    assert words.opened(text[:-4], mine) == "" and words.opened("é", mine) == ""
    words.use(WordKey(Path("/nowhere"), b"o" * 32))
    assert words.opened(text, mine) == ""
    words.use(settings.words)


def test_a_server_makes_its_key_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    for _ in range(2):
        words.use(WordKey(tmp_path / "keys"))
        words.sealed("bluebell", uuid7())
    (file,) = (tmp_path / "keys").iterdir()
    assert len(file.read_bytes()) == 32 and file.stat().st_mode & 0o777 == 0o600
    words.use(settings.words)


async def chosen(alone: Alone, who: str = "asha", word: str = "Blue  folder") -> None:
    await alone.do(who, word_commands.set_word, word)


async def test_the_word_stands_in_no_column_and_the_one_before_is_forgotten(alone: Alone) -> None:
    await chosen(alone, word="bluebell")
    await chosen(alone)
    (row,) = await CodeWord.select(*CodeWord._meta.columns, exclude_secrets=False)
    assert "folder" not in str(row)
    assert words.opened(row["sealed"], alone.world.asha.id) == "blue folder"


async def help_asked(alone: Alone) -> object:
    id = await alone.begin(minutes=30)
    await alone.do("asha", commands.panic, id)
    await alone.turn(130)
    await commands.end(alone.sent("asha"), alone.who("asha"), id, SAFE)
    return (await alone.alarm())["id"]


async def test_a_call_for_help_is_over_with_the_pin_and_the_word_and_not_with_one_of_them(alone: Alone) -> None:
    await chosen(alone)
    alarm = await help_asked(alone)
    with pytest.raises(Refused, match="code word"):
        await alone.do("dina", responding.outcome, alarm, "She is well.", True)
    assert (await alone.alarm())["state"] == AlarmState.OPEN
    await alone.do("dina", responding.outcome, alarm, "She is well.", True, False, True)
    assert (await alone.alarm())["state"] == AlarmState.RESOLVED


@pytest.mark.parametrize("pin", [True, False])
@pytest.mark.parametrize("word", [True, False])
def test_each_alone_is_not_enough(pin: bool, word: bool) -> None:
    age = timedelta(minutes=5)
    says = wrong_with_outcome(AlarmKind.PANIC, "x", True, False, pin, age, word)
    assert (says == "") == (pin and word)
    assert wrong_with_outcome(AlarmKind.OVERDUE, "x", True, False, False, age, word) == ""
    assert wrong_with_outcome(AlarmKind.DURESS, "x", True, False, True, age, True), "duress only when closed"


async def test_without_a_word_the_responder_is_told_to_ask_something_else(alone: Alone) -> None:
    alarm = await help_asked(alone)
    seen = await alarm_page.alarm_for(alone.who("dina"), alarm, alone.now)  # type: ignore[arg-type]
    assert seen.script == word_rules.NO_WORD_YET
    await alone.do("dina", responding.outcome, alarm, "She is well.", True)
    assert (await alone.alarm())["state"] == AlarmState.RESOLVED


async def test_the_word_is_shown_to_responders_while_it_is_open_and_to_nobody_else(alone: Alone) -> None:
    await chosen(alone)
    alarm = await help_asked(alone)
    for who in ("ben", "dina", "nia"):
        seen = await alarm_page.alarm_for(alone.who(who), alarm, alone.now)  # type: ignore[arg-type]
        assert "blue folder" in " ".join(seen.script)
    for who in ("asha", "carol", "marek", "ade"):
        with pytest.raises(NotFound):
            await alarm_page.alarm_for(alone.who(who), alarm, alone.now)  # type: ignore[arg-type]
    await alone.do("dina", responding.outcome, alarm, "She is well.", True, False, True)
    assert (await alarm_page.alarm_for(alone.who("dina"), alarm, alone.now)).script == ()  # type: ignore[arg-type]


async def test_duress_shows_no_word_and_says_do_not_phone(alone: Alone) -> None:
    await chosen(alone)
    id = await alone.begin(minutes=30)
    await commands.end(alone.sent("asha"), alone.who("asha"), id, "8053")
    seen = await alarm_page.alarm_for(alone.who("dina"), (await alone.alarm())["id"], alone.now)
    assert seen.do_not_phone and seen.script == word_rules.DO_NOT_PHONE
    assert "folder" not in " ".join(seen.script)


async def test_another_answer_makes_it_duress_and_tells_everybody_anew(alone: Alone) -> None:
    await chosen(alone)
    alarm = await help_asked(alone)
    before = await alone.told()
    await alone.do("dina", responding.not_the_word, alarm)
    await alone.turn(1)
    row = await alone.alarm()
    assert (row["kind"], row["state"], row["id"]) == (AlarmKind.DURESS, AlarmState.OPEN, alarm)
    assert len(await alone.told()) > len(before)
    seen = await alarm_page.alarm_for(alone.who("ben"), row["id"], alone.now)
    assert seen.do_not_phone and "code word" in seen.events[-1].words
    await alone.turn(130)
    with pytest.raises(Refused, match="out and safe"):
        await alone.do("dina", responding.outcome, alarm, "She is well.", True, False, True)
    assert (await queries.current(alone.who("asha"), alone.now)) is None, "and her phone shows what it showed"


async def test_asha_chooses_it_with_her_password_and_reads_it_nowhere(world: World) -> None:
    client = await world.sign_in("asha")
    assert "none yet" in (await client.get("/you/word")).text
    await Person.update({Person.password_hash: await passwords.hashed("three gulls")}).where(
        Person.id == world.asha.id
    )
    wrong = await client.post("/you/word", data={"word": "blue folder", "password": "no"})
    assert wrong.status_code == 422 and not await CodeWord.exists()
    assert "blue folder" not in wrong.text
    telling = await client.post("/you/word", data={"word": "help", "password": "three gulls"})
    assert telling.status_code == 422 and 'href="#word"' in telling.text
    done = await client.post("/you/word", data={"word": "blue folder", "password": "three gulls"})
    assert done.status_code == 303
    page = (await client.get("/you/word?saved")).text
    assert "You have one" in page and "blue folder" not in page
    receipts = await Receipt.select(Receipt.note, Receipt.path).where(Receipt.path == "/you/word")
    assert [row["note"] for row in receipts if row["note"] == "code word set"]
    assert (await client.post("/you/word", data={"word": "x", "z": "1"})).status_code == 400


async def test_on_the_page_of_an_alarm_the_button_says_they_did_not_say_it(alone: Alone) -> None:
    await chosen(alone)
    alarm = await help_asked(alone)
    client = await alone.world.sign_in("ben")
    page = (await client.get(f"/lone-working/alarms/{alarm}")).text
    assert "blue folder" in page and "They did not say it" in page
    answer = await client.post(f"/lone-working/alarms/{alarm}/not-the-word", headers=HTMX)
    assert answer.status_code == 200 and "DO NOT PHONE" in answer.text and "blue folder" not in answer.text
