"""Holding the database in a test while a request comes from somebody else."""

import contextvars

from server.piccolo_conf import DB


def outside() -> contextvars.Context:
    """A context in which the test's own transaction is not the current one."""
    context = contextvars.copy_context()
    context.run(DB.current_transaction.set, None)
    return context
