"""Ids are UUIDv7, made by whoever makes the thing: usually the phone, so that a record exists with no signal."""

from uuid import UUID

import uuid_utils


def uuid7() -> UUID:
    return UUID(int=uuid_utils.uuid7().int)
