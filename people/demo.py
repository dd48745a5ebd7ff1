"""The demo council's accounts, which the sign-in page offers in demo mode and nowhere else."""

from typing import Any

from people.rules import ROLE_WORDS, Role
from people.tables import Person

# Known to everybody who reads this, so it opens only accounts that the demo council made for itself.
DEMO_PASSWORD = "three gulls on the quay"  # noqa: S105
# What ends a lone-working session of theirs: all is well, and somebody makes me say so.
DEMO_PINS = ("2741", "8053")
DEMO_DOMAIN = ".example"
_ORDER = (Role.OFFICER, Role.MANAGER, Role.ADMINISTRATOR, Role.CONTRACTOR)


async def demo_accounts() -> list[dict[str, Any]]:
    """Who can sign in, officers first. Only addresses that cannot exist: a real council's are never listed."""
    rows = await (
        Person.select(
            Person.name,
            Person.email,
            Person.role,
            Person.team.name.as_alias("team"),
            Person.firm.name.as_alias("firm"),
        )
        .where(Person.email.like(f"%{DEMO_DOMAIN}"))
        .where(Person.disabled_at.is_null())
        .where(Person.password_hash != "")
        .order_by(Person.created_at, Person.id)
    )
    met: set[str] = set()
    for row in rows:
        row["does"] = ROLE_WORDS[Role(row["role"])]
        row["place"] = row["team"] or row["firm"] or ""
        row["first"] = row["role"] not in met  # one of each is offered at once, the others below
        met.add(row["role"])
    return sorted(rows, key=lambda row: _ORDER.index(Role(row["role"])))
