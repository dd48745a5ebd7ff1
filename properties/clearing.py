"""Who may know of a confidential household's home: the one condition that every read of it is scoped by.

Somebody who is not cleared sees neither its address nor anything recorded there: it is in no list and no count,
and its pages are the same bytes as those of an id that is not there (docs/decisions/0051). A condition inside the
read's own statement, so that no page asks once more for it and none counts what it then leaves out.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from people.rules import Role, SignedIn
from properties import rules
from properties.reference import alert_codes
from properties.tables import PersonAlert

SENT_DAYS = 7
# A query of the homes somebody is sent to, said by the package that knows: (the person's id, planned since when).
Sent = Callable[[Any, Any], Any]
_sent: list[Sent] = []


def use_sent(*homes: Sent) -> None:
    """Where to ask to which homes somebody is sent: visits are not known here. Said once at the start."""
    _sent[:] = homes


def secret() -> Any:
    """Warnings that keep an address secret, also one whose code the list has lost: nobody knows what it says."""
    code: Any = PersonAlert.code
    return code.is_in(sorted(rules.CONFIDENTIAL)) | code.not_in(list(alert_codes()))


def open_to(person: SignedIn, home: Any) -> Any:
    """Of rows whose `home` is this column: those at homes this person may know of."""
    return open_for(person.role, person.id, person.team_id, sent_since(datetime.now(UTC)), home)


def sent_since(at: datetime) -> datetime:
    """Who was to go there a week ago may still write it down (security.md §3: assigned and open, + 7 days)."""
    return at - timedelta(days=SENT_DAYS)


def open_for(role: Role, person: Any, team: Any, since: Any, home: Any) -> Any:
    """The same from its parts, for statements that are put together once. `team` is None for somebody without;
    `since` is `sent_since`."""
    kept = kept_from(role, person, team)
    found = home.not_in(kept)
    if rules.sees_warnings(role):
        for homes in _sent:
            found = found | home.is_in(homes(person, since))
    return found


def secret_homes() -> Any:
    """A query of the confidential homes, whoever asks."""
    return PersonAlert.select(PersonAlert.property).where(PersonAlert.ended_at.is_null()).where(secret())


def closed_to(person: SignedIn, home: Any) -> Any:
    """Of the same rows the others: those at homes this person may not know of."""
    closed = home.is_in(kept_from(person.role, person.id, person.team_id))
    if rules.sees_warnings(person.role):
        for homes in _sent:
            closed = closed & home.not_in(homes(person.id, sent_since(datetime.now(UTC))))
    return closed


def kept_from(role: Role, person: Any, team: Any) -> Any:
    """A query of the confidential homes of others than this person's team (rules.is_cleared)."""
    query = secret_homes()
    if not rules.sees_warnings(role):
        return query
    theirs: Any = PersonAlert.property.team
    others = theirs.is_not_null() if role is Role.MANAGER else None
    if team is not None:
        another = theirs != team
        others = another if role is Role.MANAGER else theirs.is_null() | another
    return query if others is None else query.where(others)
