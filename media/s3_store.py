"""Photographs in an S3-compatible service, which is believed only after its answer has been read back."""

import asyncio
import logging
import re
from base64 import b64encode
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from itertools import islice
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import parse_qs, urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from media.store import ORIGINALS, ORPHANS, Stored, StoreUnavailable, is_original, refuse_original

if TYPE_CHECKING:
    from types_boto3_s3.client import S3Client

Result = TypeVar("Result")
log = logging.getLogger("doorstep.media")
THREADS = 16
TRIES = 3
_ABSENT = {"404", "NoSuchKey", "NotFound"}
_THERE = {"412", "PreconditionFailed"}
_UNKNOWN = {"501", "NotImplemented", "InvalidArgument", "InvalidRequest"}
# One call may take two tries of this; a phone waits 60 s for its answer.
CONFIG = Config(
    connect_timeout=3,
    read_timeout=8,
    retries={"total_max_attempts": 2, "mode": "standard"},
    max_pool_connections=THREADS,
    # Services other than Amazon's refuse the checksums that boto3 adds by itself; ours is set by hand.
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
)


def _code(wrong: ClientError) -> str:
    return wrong.response.get("Error", {}).get("Code", "")


class S3Store:
    """One bucket, or a part of one, of a service that speaks S3."""

    def __init__(self, client: "S3Client", bucket: str, prefix: str = "") -> None:
        self.client, self.bucket = client, bucket
        self.prefix = prefix.strip("/") + "/" if prefix.strip("/") else ""
        self._extras = True
        self._threads = ThreadPoolExecutor(THREADS, "photo-s3")

    async def _run(self, work: Callable[..., Result], *args: object) -> Result:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work, *args)
        except (ClientError, BotoCoreError, OSError) as wrong:
            reason = _code(wrong) if isinstance(wrong, ClientError) else type(wrong).__name__
            log.warning("photo store unavailable: %s", reason)
            raise StoreUnavailable(reason) from wrong

    async def put(self, key: str, data: bytes) -> bool:
        """See Store."""
        return await self._run(self._put, key, data)

    def _put(self, key: str, data: bytes) -> bool:
        # Asked first because some services take If-None-Match and overwrite all the same.
        created = not self._exists(key) and self._send(key, data, create=True)
        kept = self._get(key)
        if kept == data or (kept is not None and not created and not is_original(key, data)):
            return created
        for _ in range(TRIES - 1):
            log.error("photo store kept other bytes than it was sent: %s", key)
            self._send(key, data, create=False)
            if self._get(key) == data:
                return created
        self.client.delete_object(Bucket=self.bucket, Key=self.prefix + key)
        raise StoreUnavailable("the store keeps other bytes than it is sent")

    def _send(self, key: str, data: bytes, *, create: bool) -> bool:
        """One PUT; False when the key turned out to be there."""
        extras: dict[str, str] = {}
        if self._extras:
            extras["ChecksumSHA256"] = b64encode(sha256(data).digest()).decode()
            if create:
                extras["IfNoneMatch"] = "*"
        try:
            self.client.put_object(
                Bucket=self.bucket,
                Key=self.prefix + key,
                Body=data,
                **extras,  # type: ignore[arg-type]
            )
        except ClientError as wrong:
            if _code(wrong) in _THERE:
                return False
            if not (self._extras and _code(wrong) in _UNKNOWN):
                raise
            self._extras = False  # an older service: the read-back guards alone
            return self._send(key, data, create=create)
        return True

    async def get(self, key: str) -> bytes | None:
        """See Store."""
        return await self._run(self._get, key)

    def _get(self, key: str) -> bytes | None:
        try:
            return self.client.get_object(Bucket=self.bucket, Key=self.prefix + key)["Body"].read()
        except ClientError as wrong:
            if _code(wrong) in _ABSENT:
                return None
            raise

    async def exists(self, key: str) -> bool:
        """See Store."""
        return await self._run(self._exists, key)

    def _exists(self, key: str) -> bool:
        try:
            self.client.head_object(Bucket=self.bucket, Key=self.prefix + key)
        except ClientError as wrong:
            if _code(wrong) in _ABSENT:
                return False
            raise
        return True

    async def delete(self, key: str) -> None:
        """See Store."""
        refuse_original(key)
        await self._run(self._delete, key)

    def _delete(self, key: str) -> None:
        self.client.delete_object(Bucket=self.bucket, Key=self.prefix + key)

    async def set_aside(self, key: str) -> None:
        """See Store."""
        await self._run(self._set_aside, key)

    def _set_aside(self, key: str) -> None:
        data = self._get(key)
        if data is not None:
            self._put(ORPHANS + key.removeprefix(ORIGINALS), data)
            self._delete(key)

    async def walk(self, prefix: str) -> AsyncIterator[Stored]:
        """See Store."""
        found = self._listed(prefix)
        while batch := await self._run(lambda: list(islice(found, 500))):
            for stored in batch:
                yield stored

    def _listed(self, prefix: str) -> Iterator[Stored]:
        pages = self.client.get_paginator("list_objects_v2")
        for page in pages.paginate(Bucket=self.bucket, Prefix=self.prefix + prefix):
            for item in page.get("Contents", ()):
                yield Stored(item["Key"].removeprefix(self.prefix), item["Size"], item["LastModified"])


def _options(query: str, url: str) -> dict[str, str]:
    options = parse_qs(query, keep_blank_values=True)
    for name, values in options.items():
        if name not in ("endpoint", "region") or len(values) > 1 or not values[0]:
            raise ValueError(
                f"DOORSTEP_STORAGE {url!r}: after the ? only one endpoint= and one region= may stand."
            )
    return {name: values[0] for name, values in options.items()}


def s3_store_from(url: str, key: str | None, secret: str | None) -> S3Store:
    """From `s3://bucket/prefix?endpoint=…&region=…`; raises ValueError with one sentence."""
    parts = urlsplit(url)
    if not re.fullmatch(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", parts.netloc):
        raise ValueError(f"DOORSTEP_STORAGE {url!r} names no bucket: write s3://bucket/prefix.")
    options = _options(parts.query, url)
    endpoint = options.get("endpoint")
    if endpoint and not re.fullmatch(r"https?://[^/?#\s]+/?", endpoint):
        raise ValueError(f"DOORSTEP_STORAGE {url!r}: the endpoint must be an http:// or https:// address.")
    if bool(key) != bool(secret):
        raise ValueError("DOORSTEP_S3_KEY and DOORSTEP_S3_SECRET must be given together.")
    session = boto3.Session(key or None, secret or None)
    if session.get_credentials() is None:
        raise ValueError(
            "The photo store needs DOORSTEP_S3_KEY and DOORSTEP_S3_SECRET (or Amazon's own variables)."
        )
    config = CONFIG.merge(Config(s3={"addressing_style": "path"})) if endpoint else CONFIG
    client = session.client(
        "s3",
        endpoint_url=endpoint,
        region_name=options.get("region") or session.region_name or "us-east-1",
        config=config,
    )
    return S3Store(client, parts.netloc, parts.path)
