"""How a transaction ends on either engine: whole, also when whoever asked for it has gone away."""

import asyncio
from typing import Any


class EndsWhole:
    """Beside Piccolo's transaction; the engine's own says in `_finish` how it ends and what it gives back."""

    __slots__ = ()
    engine: Any
    context: Any
    _parent: Any

    async def _finish(self, failed: bool) -> None:
        raise NotImplementedError

    async def __aexit__(self, exception_type: Any, exception: Any, traceback: Any) -> bool:
        if self._parent:
            return exception is None
        self.engine.current_transaction.reset(self.context)
        # Shielded: a client that goes away must not leave a transaction open behind it.
        await asyncio.shield(self._finish(failed=exception is not None))
        return exception is None
