"""Handing a notification to the push service of somebody's browser: signed with our key (VAPID), readable by that
browser alone, in threads of its own because the library waits.

Only services of known browsers are spoken to: the address comes from a browser, and a server must not post to
wherever it is told. In the demo nothing leaves this machine.
"""

import asyncio
import base64
import hashlib
import json
import logging
import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from secrets import token_hex
from typing import Any
from urllib.parse import urlsplit

from messages.rules import Answer, Outcome

SECONDS = (3.0, 5.0)
AT_ONCE = 16
# Of Chrome, Edge, Samsung Internet; Firefox; Safari. A dot before a name: and everything under it.
SERVICES = ("fcm.googleapis.com", "jmt17.google.com", ".push.services.mozilla.com", ".push.apple.com",
            ".notify.windows.com")  # fmt: skip
GONE = "It shows no notifications any more."
NOT_TAKEN = "The push service does not take it just now. It is tried again by itself."
REFUSED = "The push service refused it."
# They quote addresses, which are secrets.
for _name in ("urllib3", "requests", "pywebpush"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)


@dataclass(frozen=True)
class Settings:
    """`key` is a PEM file, or None for one of our own in `folder`; `services` are further ones, as addresses."""

    address: str
    folder: Path
    key: Path | None = None
    services: tuple[str, ...] = ()
    demo: bool = False

    @property
    def on(self) -> bool:
        """Not in the demo, unless somebody gave it a key to be tried with."""
        return not self.demo or self.key is not None

    @property
    def subject(self) -> str:
        """Whom a push service may complain to."""
        return self.address if self.address.startswith("https://") else "mailto:doorstep@localhost.localdomain"


@dataclass(frozen=True)
class Key:
    private: Any
    public: str
    """As a browser wants it: base64url of the uncompressed point."""

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.public.encode()).hexdigest()


def known(endpoint: str, services: tuple[str, ...] = ()) -> bool:
    """Whether this is an address of a push service that we speak to."""
    try:
        parts = urlsplit(endpoint)
        where, host = f"{parts.scheme}://{parts.netloc}", parts.hostname or ""
        odd = parts.username is not None or (parts.port not in (None, 443))
    except ValueError:
        return False
    if where in services:
        return True
    ours = any(host == one or (one.startswith(".") and host.endswith(one)) for one in SERVICES)
    return parts.scheme == "https" and ours and not odd and endpoint.isascii()


class Pushing:
    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="push")
        self._key: Key | None = _read(settings.key) if settings.key else None

    @property
    def key(self) -> Key:
        """One of our own is made when it is first needed, by whichever process comes first."""
        if self._key is None:
            file = self.settings.folder / "vapid.pem"
            if not file.exists():
                _make(file)
            self._key = _read(file)
        return self._key

    async def send(
        self, to: Mapping[str, Any], said: Mapping[str, Any], topic: str, ttl: timedelta
    ) -> Answer | None:
        """To one browser. None: it takes none any more. Never raises for what the service does."""

        def call() -> Answer | None:
            return _send(self.settings, self.key, to, json.dumps(said), topic, int(ttl.total_seconds()))

        return await asyncio.get_running_loop().run_in_executor(self._threads, call)

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)


def _send(settings: Settings, key: Key, to: Mapping[str, Any], said: str, topic: str, ttl: int) -> Answer | None:
    from pywebpush import WebPushException, webpush  # half a second that only this needs
    from requests import RequestException, Session

    if not known(to["endpoint"], settings.services):
        return None
    timeout: Any = SECONDS
    with Session() as session:
        session.max_redirects = 0  # it goes where we looked, and nowhere else
        try:
            webpush(
                {"endpoint": to["endpoint"], "keys": {"p256dh": to["p256dh"], "auth": to["auth"]}},
                said,
                vapid_private_key=key.private,
                vapid_claims={"sub": settings.subject},
                timeout=timeout,
                ttl=ttl,
                headers={"Topic": topic, "Urgency": "high"},
                requests_session=session,
            )
            return Answer(Outcome.TAKEN)
        except WebPushException as wrong:
            return _answer_to(wrong.response.status_code if wrong.response is not None else 400)
        except (RequestException, OSError):
            return Answer(Outcome.UNKNOWN, NOT_TAKEN)
        except ValueError:  # a key that is none
            return None


def _answer_to(status: int) -> Answer | None:
    """By what RFC 8030 and the makers of browsers document."""
    if status in (404, 410):
        return None
    if status in (400, 413):
        return Answer(Outcome.REFUSED, REFUSED)
    return Answer(Outcome.NOT_NOW if status in (401, 403, 429) else Outcome.UNKNOWN, NOT_TAKEN)


def _read(file: Path) -> Key:
    from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
    from py_vapid import Vapid02

    try:
        private = load_pem_private_key(file.read_bytes(), None)
        if not isinstance(private, EllipticCurvePrivateKey) or not isinstance(private.curve, SECP256R1):
            raise ValueError
    except OSError as wrong:
        raise ValueError(f"DOORSTEP_PUSH_KEY {file} cannot be read: {wrong.strerror}.") from wrong
    except (ValueError, TypeError) as wrong:
        raise ValueError(
            f"DOORSTEP_PUSH_KEY {file} is not a PEM file with a P-256 key and no passphrase."
        ) from wrong
    point = private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return Key(Vapid02(private), base64.urlsafe_b64encode(point).decode().rstrip("="))


def _make(file: Path) -> None:
    """Whoever comes first makes it; nobody replaces it."""
    from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    key = generate_private_key(SECP256R1())
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = file.with_name(f".{file.name}.{token_hex(8)}")
    with os.fdopen(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as out:
        out.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        out.flush()
        os.fsync(out.fileno())
    with suppress(FileExistsError):
        os.link(part, file)
    part.unlink()


class _Used:
    pushing: Pushing | None = None


def use(chosen: Settings) -> None:
    """Name how notifications leave this process, at start-up. ValueError, one sentence, for a key that is none."""
    close()
    _Used.pushing = Pushing(chosen) if chosen.on else None


def pushing() -> Pushing | None:
    """None in the demo, where nothing leaves this machine."""
    return _Used.pushing


def close() -> None:
    if _Used.pushing:
        _Used.pushing.close()
    _Used.pushing = None
