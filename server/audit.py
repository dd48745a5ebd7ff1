"""`doorstep audit verify` and `audit head`: the chain over all receipts, looked at without the server."""

from typing import Any

from pwa.audit import Check, checked, head
from server.piccolo_conf import DB

INTACT = "The chain is whole: {sealed} sealed receipts, {unsealed} still to seal. Head {head}"
ADVICE = "Keep this line somewhere that the people who run this server cannot change."


async def show_head() -> int:
    await DB.open()
    print(await head() or "Nothing is sealed yet.")
    await DB.shut()
    return 0


async def verify(expected: str | None) -> int:
    """Prints what is wrong, a line each, and returns 1; or one line and 0."""
    await DB.open()
    check: Check = await checked(expected)
    await DB.shut()
    for fault in check.faults:
        print(fault)
    if check.faults:
        print(f"The chain is broken: {len(check.faults)} faults.")
        return 1
    facts: dict[str, Any] = {"sealed": check.sealed, "unsealed": check.unsealed, "head": check.head}
    print(INTACT.format(**facts))
    return 0
