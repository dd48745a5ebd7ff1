"""The first words of the letter to the household, for a manager to read, change and decide. Pure."""

from typing import Any

from inspections.recharge_queries import Proposed
from pwa.pages import pounds


def draft(council: str, address: str, proposal: Proposed) -> str:
    """Plain words: what it is about, the sum, the right to put it right, how to appeal. No reason not to charge
    is named in it, because a letter may be read by somebody from whom the household fled.
    """
    asked = [row for row in proposal.lines if row["amount"]]
    lines = [
        council,
        "",
        f"Your home: {address}",
        "",
        "We looked at the home and compared it with how it was before. We ask you to pay for this:",
        "",
        *map(_line, asked),
        "",
        f"Together: {pounds(proposal.row['total'])}",
    ]
    # Not for cleaning, which counts whole, nor where nobody knew the age.
    if any(row["fair"] is not None and row["fair"] < row["cost"] for row in asked):
        lines += [
            "",
            "Where a thing wears out and we know how old it was, we took off the years it was used, so that you "
            "do not pay for something new in place of something old.",
        ]
    if proposal.put_right_by:
        by = f"{proposal.put_right_by:%-d %B %Y}"
        lines += [
            "",
            f"You can put it right yourself by {by}. Tell us then. Once it is right, you owe nothing for it.",
        ]
    return "\n".join([*lines, "", "If you do not agree", proposal.row["appeal"]])


def _line(row: dict[str, Any]) -> str:
    before = f" It was: {row['before']}. It is now: {row['now']}." if row["before"] and row["now"] else ""
    return f"- {row['place']}: {pounds(row['amount'])}.{before}"
