"""What the database is asked by a test's own requests, statement by statement.

Not by what the program does by itself meanwhile, however busy the machine is: a session is renewed once a minute,
and which phones are lost, and whether an earlier copy was put back, is looked up again beside all requests.
"""

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

import pytest
from piccolo.engine import engine_finder

_OURS: ContextVar[bool] = ContextVar("ours", default=False)


def heard(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every question from now on. Called inside a test: what was begun before it, beside it, is not heard."""
    _OURS.set(True)
    found: list[str] = []
    kind = type(engine_finder())

    def listened(run: Callable[..., Any]) -> Callable[..., Any]:
        async def asked(self: Any, query: Any, *more: Any, **named: Any) -> Any:
            if _OURS.get() and str(query).lstrip().upper().startswith("SELECT"):
                found.append(str(query))
            return await run(self, query, *more, **named)

        return asked

    for name in ("run_querystring", "run_prepared"):
        monkeypatch.setattr(kind, name, listened(getattr(kind, name)))
    return found
