"""A PIN on its way through a phone's queue: sealed there to a key of ours, so that who has the phone reads none.

A seal is for one act of one session by one command: it opens nothing else, and not a second time.
"""

import asyncio
from base64 import b64decode, b64encode
from binascii import Error
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from lone_working.phone_tables import SealingKey
from pwa.answers import Refused
from pwa.outbox import Sent, writing

BITS = 2048
NEW_EVERY = timedelta(days=90)
KEPT = timedelta(days=365)
"""Since it was made, so for nine months more than a phone that is ever online seals with it."""
NOT_OPENED = "The PIN that came could not be opened here. Enter it again. Until then we still look out for you."


async def public_key(at: datetime) -> dict[str, str]:
    """The key that phones seal to now. One is made when there is none, or it has done its time."""
    newest = SealingKey.select(SealingKey.id, SealingKey.public_key, SealingKey.made_at)
    row = await newest.order_by(SealingKey.made_at, ascending=False).first()
    if row is None or at - row["made_at"] > NEW_EVERY:
        made = await asyncio.to_thread(_made, at)
        async with writing():  # two at once make two: either opens
            await SealingKey.insert(made)
        row = {"id": made.id, "public_key": made.public_key}
    return {"id": str(row["id"]), "public": row["public_key"]}


def _made(at: datetime) -> SealingKey:
    key = rsa.generate_private_key(public_exponent=65537, key_size=BITS)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return SealingKey(private_key=pem.decode(), public_key=b64encode(public).decode(), made_at=at)


def label_of(act: str, session_id: UUID, command: UUID) -> bytes:
    """What the phone names as it seals (pwa/src/seal.ts says the same)."""
    return f"{act} {session_id} {command}".encode()


async def opened(sent: Sent, act: str, session_id: UUID, sealed: str) -> str:
    """The PIN. Refused for a key that is not here any more, another act, another session or another command."""
    id, _, text = sealed.partition(".")
    try:
        row = await SealingKey.select().where(SealingKey.id == UUID(id)).first()
        data = b64decode(text, validate=True)
        if row is None:
            raise ValueError(id)
        return await asyncio.to_thread(_opened, row["private_key"], data, label_of(act, session_id, sent.id))
    except (ValueError, Error, UnsupportedAlgorithm) as error:
        raise Refused({"pin": NOT_OPENED}) from error


def _opened(pem: str, data: bytes, label: bytes) -> str:
    key: Any = serialization.load_pem_private_key(pem.encode(), password=None)
    how = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), label)
    return str(key.decrypt(data, how).decode())


async def forget_old(at: datetime) -> int:
    """Keys that no phone seals to any more. What still comes sealed with one is told so and asked for again."""
    old = SealingKey.made_at < at - KEPT
    if not await SealingKey.exists().where(old):
        return 0
    async with writing():
        return len(await SealingKey.delete().where(old).returning(SealingKey.id))
