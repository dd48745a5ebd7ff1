"""Reads, each scoped to the person asking: what they asked for, and what is their team's."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from documents import rules
from documents.tables import Document
from media.store import StoreUnavailable, store
from people.rules import SignedIn
from pwa.answers import NotFound, Turned

AWAY = "Documents cannot be fetched just now. Nothing is lost. Try again in a minute."
MOST = 20
SHOWN = [rules.State.waiting.value, rules.State.ready.value]


@dataclass(frozen=True)
class Made:
    """A document as its page and its record's page show it."""

    id: UUID
    kind: str
    subject: UUID
    edition: str
    title: str
    record: str
    state: rules.State
    step: str
    percent: int
    problem: str
    asked_at: datetime
    made_at: datetime | None
    size: int
    self_made: bool
    sha256: str


_kept: list[Callable[[SignedIn], Any]] = []


def keep_documents(*subjects: Callable[[SignedIn], Any]) -> None:
    """Queries of the records whose documents somebody may not see: records are not known here. Said once."""
    _kept[:] = subjects


def mine(person: SignedIn) -> Any:
    """The condition that scopes every read."""
    own: Any = Document.person == person.id
    theirs = own | (Document.team == person.team_id) if person.team_id else own
    for subjects in _kept:
        theirs = theirs & Document.subject.not_in(subjects(person))
    return theirs


async def document_for(person: SignedIn, document_id: UUID) -> Made:
    """NotFound also for another team's."""
    row = await Document.select().where((Document.id == document_id) & mine(person)).first()
    if row is None or row["state"] == rules.State.erased.value:
        raise NotFound
    return _made(row)


async def documents_of(person: SignedIn, subject: UUID, kinds: Collection[str]) -> list[Made]:
    """Those made or being made of one record, the newest first."""
    rows = await (
        Document.select()
        .where((Document.subject == subject) & Document.kind.is_in(list(kinds)) & mine(person))
        .where(Document.state.is_in(SHOWN))
        .order_by(Document.asked_at, ascending=False)
        .limit(MOST)
    )
    return [_made(row) for row in rows]


async def sealed_file(person: SignedIn, document_id: UUID) -> tuple[Made, bytes]:
    """A document that is ready, and its bytes. NotFound while it is not; Turned when the store is away."""
    made = await document_for(person, document_id)
    if made.state is not rules.State.ready:
        raise NotFound
    try:
        data = await store().get(rules.key_of(made.id))
    except StoreUnavailable as wrong:
        raise Turned(503, AWAY, {"Retry-After": "30"}) from wrong
    if data is None:
        raise Turned(503, AWAY, {"Retry-After": "30"})
    return made, data


async def is_known(sha256: str) -> bool:
    """Whether this council made exactly this file. Open to everybody, and says nothing else."""
    return bool(sha256) and await Document.exists().where(Document.sha256 == sha256)


async def certificates() -> tuple[set[str], set[str]]:
    """Fingerprints of every certificate that was sealed with, and those of them that Doorstep made itself."""
    rows = await (
        Document.select(Document.certificate, Document.self_made)
        .where(Document.certificate != "")
        .group_by(Document.certificate, Document.self_made)
    )
    every = {row["certificate"] for row in rows}
    return every, {row["certificate"] for row in rows if row["self_made"]}


def _made(row: dict[str, Any]) -> Made:
    known = {name: row[name] for name in Made.__annotations__}
    return Made(**known | {"state": rules.State(row["state"])})
