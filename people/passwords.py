"""argon2id, in a thread and a few at a time: a burst of sign-ins stops neither the loop nor the machine."""

import asyncio
import hashlib
import os
import secrets
from urllib.parse import urlencode

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from people.strength import plain
from pwa.forms import pairs
from pwa.outbox import Sent

# OWASP's second choice for argon2id: 19 MiB, two passes, one lane.
hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
NOBODY = hasher.hash(secrets.token_urlsafe(16))
_AT_ONCE = asyncio.Semaphore(max(2, (os.cpu_count() or 2)))


async def hashed(password: str) -> str:
    async with _AT_ONCE:
        return await asyncio.to_thread(hasher.hash, plain(password))


async def match(password_hash: str, password: str) -> bool:
    """Takes as long for an empty hash (nobody has that e-mail, or no password is set) as for a real one."""
    async with _AT_ONCE:
        right = await asyncio.to_thread(_verified, password_hash or NOBODY, plain(password))
    return right and bool(password_hash)


def _verified(password_hash: str, password: str) -> bool:
    try:
        return hasher.verify(password_hash, password)
    except (VerifyMismatchError, InvalidHashError):
        return False


def take(sent: Sent, *fields: str) -> list[str]:
    """The passwords exactly as typed (the form's own reading trims), taken out of what is kept of the command.

    A receipt keeps the hash of the body for ever, and a conflict the body: SHA-256 over a password is far
    quicker to guess than argon2, so neither may see it.
    """
    given = dict(pairs(sent.body))
    rest = [(name, value) for name, value in pairs(sent.body) if name not in fields]
    sent.body = urlencode(rest).encode()
    sent.body_sha256 = hashlib.sha256(sent.body).hexdigest()
    return [given.get(field, "") for field in fields]
