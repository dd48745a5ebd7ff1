"""Code words at rest: sealed with a key that is not in the database, nor in a backup of it."""

import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from secrets import token_bytes, token_hex
from uuid import UUID

BYTES, NONCE = 32, 12


@dataclass(frozen=True)
class WordKey:
    """The council's key for all its servers, or where this one makes its own."""

    folder: Path
    key: bytes = b""


_chosen: list[WordKey] = []


def use(chosen: WordKey) -> None:
    """Said once at the start. ValueError for a key that is none."""
    if chosen.key and len(chosen.key) != BYTES:
        raise ValueError(f"DOORSTEP_WORD_KEY must be {BYTES} bytes in URL-safe base64.")
    _chosen[:] = [chosen]


def _key() -> bytes:
    (chosen,) = _chosen
    return chosen.key or _kept(chosen.folder / "code-words.key")


@cache
def _kept(file: Path) -> bytes:
    """Whoever comes first makes it; nobody replaces it."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = file.with_name(f".{file.name}.{token_hex(8)}")
        with os.fdopen(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as out:
            out.write(token_bytes(BYTES))
            out.flush()
            os.fsync(out.fileno())
        with suppress(FileExistsError):
            os.link(part, file)
        part.unlink()
    return file.read_bytes()


def sealed(word: str, person: UUID) -> str:
    """For this person alone: moved to another one's row it does not open."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # 100 ms that only this needs

    nonce = token_bytes(NONCE)
    return urlsafe_b64encode(nonce + AESGCM(_key()).encrypt(nonce, word.encode(), person.bytes)).decode()


def opened(text: str, person: UUID) -> str:
    """Empty when it was sealed with another key, for somebody else, or is not whole."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        data = urlsafe_b64decode(text)
        return AESGCM(_key()).decrypt(data[:NONCE], data[NONCE:], person.bytes).decode()
    except (InvalidTag, ValueError):
        return ""
