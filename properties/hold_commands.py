"""Setting a legal hold and releasing it; and what whoever erases must ask and say, in the same transaction."""

from uuid import UUID

from people.rules import SignedIn
from properties import rules
from properties.commands import NOT_YOURS, act_of, keep_change
from properties.tables import LegalHold, Property
from pwa.answers import NotFound, Refused, Turned
from pwa.outbox import Sent, claim

ERASED = "erased"  # of rules.FIELD_WORDS
NO_REASON = "Say why, in a few words."
RELEASED = "Somebody has released this hold already."


def may_hold_or_turn(person: SignedIn, found: Property) -> None:
    """403 unless this person may set and release holds on this property."""
    if not rules.may_hold(person.role, person.team_id, found.team):
        raise Turned(403, NOT_YOURS)


async def set_hold(sent: Sent, person: SignedIn, found: Property, reason: str) -> None:
    """From now on nothing recorded about the home is erased. One of several holds is as good as each alone."""
    may_hold_or_turn(person, found)
    if not reason:
        raise Refused({"reason": NO_REASON})
    # It refers to the home's row, which whoever is erasing has to themselves (`may_erase`): before them or after.
    await LegalHold.insert(
        LegalHold(
            property=found.id,
            reason=reason,
            set_at=sent.received_at,
            set_by=sent.person_id,
            set_by_name=sent.person_name,
        )
    )
    sent.note = "set a legal hold"


async def release_hold(sent: Sent, person: SignedIn, found: Property, hold_id: UUID, reason: str) -> None:
    """This hold is over, with why; others on the same home stay. Refused if somebody was first."""
    may_hold_or_turn(person, found)
    this = (LegalHold.id == hold_id) & (LegalHold.property == found.id)
    if not await LegalHold.exists().where(this):
        raise NotFound
    if not reason:
        raise Refused({"reason": NO_REASON})
    over = await (
        LegalHold.update(
            {
                LegalHold.released_at: sent.received_at,
                LegalHold.released_by: sent.person_id,
                LegalHold.released_by_name: sent.person_name,
                LegalHold.release_reason: reason,
            }
        )
        .where(this & LegalHold.released_at.is_null())
        .returning(LegalHold.id)
    )
    if not over:
        raise Refused({"form": RELEASED})
    sent.note = "released a legal hold"


async def may_erase(home: UUID) -> bool:
    """Whether something of this home may be erased, in the transaction that erases it. False also while
    somebody is at the home's row, setting a hold perhaps: it is asked again within seconds."""
    if not await claim(Property.select(Property.id).where(Property.id == home)):
        return False
    # A statement of its own: on PostgreSQL it sees what was committed before the row was ours.
    held = (LegalHold.property == home) & LegalHold.released_at.is_null()
    return not await LegalHold.exists().where(held)


async def note_erased(sent: Sent, home: UUID, what: str) -> None:
    """A line in the home's history, so that a hold that came too late can say what it does not cover."""
    await keep_change(home, ERASED, what, "", act_of(sent))
