"""The words a team uses most, offered again when something is found."""

from typing import Any

from inspections.tables import Phrase, PhraseUse
from people.rules import SignedIn

HOMES_TO_OFFER = 3


async def phrases_for(person: SignedIn) -> dict[str, list[str]]:
    """The words a team uses most, per kind of finding; those everybody is offered come after their own.

    A note is one home's until it was used in HOMES_TO_OFFER different ones; before that only who wrote it is
    offered it again, since it may name somebody. Source: UK GDPR article 5(1)(c), data
    minimisation; the number is ours.
    """
    own = PhraseUse.select(PhraseUse.phrase).where(PhraseUse.person == person.id)
    mine: Any = Phrase.team.is_null() & (Phrase.uses == 0)
    mine = mine | Phrase.id.is_in(own)
    if person.team_id:
        mine = mine | ((Phrase.team == person.team_id) & (Phrase.homes >= HOMES_TO_OFFER))
    rows = await (
        Phrase.select(Phrase.what, Phrase.text).where(mine).order_by(Phrase.uses, ascending=False).limit(400)
    )
    found: dict[str, list[str]] = {}
    for row in rows:
        texts = found.setdefault(row["what"], [])
        if row["text"] not in texts and len(texts) < 6:
            texts.append(row["text"])
    return found
