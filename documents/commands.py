"""Asking for a document, which is made in the background (due.py), and erasing those of a record."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from documents import rules
from documents.kinds import kind_of
from documents.queries import SHOWN, mine
from documents.tables import Document
from people.rules import SignedIn
from pwa.outbox import Sent

# Somebody may just be making it: their lease is over by then, and with it what they could still store.
REST = timedelta(hours=1)


@dataclass(frozen=True)
class Wanted:
    """A document of one edition of a record, what it is called, and who beside its asker may have it."""

    kind: str
    subject: UUID
    edition: str
    title: str
    record: str
    team: UUID | None


async def ask_for(sent: Sent, person: SignedIn, wanted: Wanted) -> None:
    """Have this record's document made, with the command's own id, unless the same edition is there already.

    The caller has found that the person may see the record; `existing` then says which document it is.
    """
    if await existing(person, wanted) is None:
        await Document.insert(
            Document(
                id=sent.id,
                kind=kind_of(wanted.kind).key,
                subject=wanted.subject,
                edition=wanted.edition,
                title=wanted.title[:200],
                record=wanted.record,
                person=person.id,
                team=wanted.team,
                step=rules.Step.asked.value,
                percent=rules.PERCENT[rules.Step.asked],
                asked_at=sent.received_at,
                try_after=sent.received_at,
            )
        )
    sent.note = f"asked for a document: {wanted.kind}"


async def erase(subject: UUID, at: datetime) -> None:
    """Forget what its documents say. In the transaction that erases the record; the files follow (due.py).

    What a sealed file is known by stays, so that whoever was given one can still have it checked.
    """
    empty: dict[Any, Any] = {
        Document.state: rules.State.erased.value,
        Document.title: "",
        Document.record: "",
        Document.leaving_at: at + REST,
    }
    await Document.update(empty).where(Document.subject == subject)


async def existing(person: SignedIn, wanted: Wanted) -> UUID | None:
    """The document of this edition that is ready or being made, of those this person may have."""
    same = (Document.kind == wanted.kind) & (Document.subject == wanted.subject)
    same = same & (Document.edition == wanted.edition)
    row = await (
        Document.select(Document.id)
        .where(same & mine(person) & Document.state.is_in(SHOWN))
        .order_by(Document.asked_at)
        .first()
    )
    return row["id"] if row else None
