"""Choosing one's code word, and what a responder is given of it."""

from typing import Any
from uuid import UUID

from lone_working.code_word import rules as word_rules
from lone_working.code_word import sealed as words
from lone_working.ladders.tables import CodeWord
from lone_working.rules import AlarmKind, AlarmState
from people.rules import SignedIn
from pwa.answers import Refused
from pwa.outbox import Sent


async def set_word(sent: Sent, me: SignedIn, word: str) -> None:
    """The one before is forgotten. Run by `once`."""
    said = word_rules.plain(word)
    if wrong := word_rules.wrong_with_word(said, me.name.split()):
        raise Refused({"word": wrong})
    await CodeWord.delete().where(CodeWord.person == me.id)
    await CodeWord.insert(CodeWord(person=me.id, sealed=words.sealed(said, me.id), made_at=sent.received_at))
    sent.note = "code word set"


async def has_word(person: UUID) -> bool:
    return await CodeWord.exists().where(CodeWord.person == person)


async def word_of(person: UUID) -> str:
    """Empty where there is none, or none that can be read here: then nobody is asked for it."""
    row = await CodeWord.select().where(CodeWord.person == person).order_by(CodeWord.id, ascending=False).first()
    return words.opened(row["sealed"], person) if row else ""


async def script_for(me: SignedIn, session: dict[str, Any], alarm: dict[str, Any]) -> tuple[str, ...]:
    """For whoever may see the alarm, while it is open: how to find out by telephone whether they can speak."""
    if alarm["state"] == AlarmState.RESOLVED:
        return ()
    if alarm["kind"] == AlarmKind.DURESS or session.get("silent"):
        return word_rules.DO_NOT_PHONE
    word = await word_of(session["person"])
    if not word:
        return word_rules.NO_WORD_YET
    return word_rules.script(session["person_name"], me.name.split()[0], word)
