"""Who may use a route. Every route declares one of these in `opt=`; the app refuses to start otherwise."""

from typing import Any

EVERYONE = "everyone"
POLLED = "polled"
QUEUED = "queued"
BY_TOKEN = "by token"  # noqa: S105 (a name)
FIELD, RECORDS = "field", "records"
ROLES = ("officer", "manager", "administrator", "contractor")


def may(*roles: str) -> dict[str, Any]:
    """The route is for people signed in with one of these roles."""
    unknown = set(roles) - set(ROLES)
    if unknown or not roles:
        raise ValueError(f"no such role: {', '.join(sorted(unknown)) or 'none given'}")
    return {"may": frozenset(roles)}


def anyone() -> dict[str, Any]:
    """The route is open before sign-in. Each use needs a reason beside it."""
    return {"may": frozenset({EVERYONE})}


def signed_in() -> dict[str, Any]:
    """The route is for everybody who is signed in, whatever their role."""
    return may(*ROLES)


def polled(policy: dict[str, Any]) -> dict[str, Any]:
    """The page asks for this by itself, so it does not count as use and keeps nobody signed in."""
    return {**policy, POLLED: True}


def queued(policy: dict[str, Any], kind: str = FIELD) -> dict[str, Any]:
    """A phone keeps this command in its outbox, so that a saved copy may bring it in; nothing else may come so.

    Field work, or a change of the records about homes, which only the sender's own manager may bring.
    """
    return {**policy, QUEUED: kind}


def by_token(policy: dict[str, Any]) -> dict[str, Any]:
    """Also for whoever shows the token that a phone was given for this one record, signed in or not
    (people/tokens.py). What it answers them shows nothing."""
    return {**policy, BY_TOKEN: True}
