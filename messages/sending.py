"""Handing messages over: GOV.UK Notify by its own client, in threads of its own because that client waits.

Without a key nothing leaves this machine. The demo says of each message that it would have been sent.
"""

import asyncio
import logging
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from notifications_python_client.errors import APIError
from notifications_python_client.notifications import NotificationsAPIClient

from messages import rules
from messages.rules import NO_ANSWER, Answer, Channel, Outcome, answer_to

# To connect, then between any two pieces of the answer.
SECONDS = (3.0, 5.0)
# However slowly the pieces come: after this we do not wait any more. Its thread may, and is missing meanwhile.
HARD_SECONDS = sum(SECONDS) + 1
# Calls under way at once, by the lane (messages.lanes): each has threads of its own.
AT_ONCE = {"messages": 10, rules.URGENT: 40, rules.HELP: 16}
# Its warnings quote what the provider said, which may quote what somebody typed.
logging.getLogger("notifications_python_client").setLevel(logging.CRITICAL)


@dataclass(frozen=True)
class Settings:
    """`templates` are the ids at Notify by our own keys; `token` is what its callbacks must carry, or empty."""

    council: str
    address: str
    demo: bool
    key: str = field(default="", repr=False)
    url: str = ""
    templates: Mapping[str, str] = field(default_factory=dict)
    token: str = field(default="", repr=False)
    number: str = ""
    """The number of the council's service that takes texts in; empty where none does."""

    @property
    def hears(self) -> bool:
        """Whether a text to that number reaches us: without the token nothing that comes is believed."""
        return bool(self.number and self.token)

    @property
    def ready(self) -> bool:
        return self.demo or bool(self.key)


class NoWord(Exception):
    """Whether the provider knows a message could not be learnt: why, in words for the office."""


class Notify:
    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        # Of their own: a provider that hangs must not keep the threads that read and write photographs.
        self._mine = threading.local()
        self._open: list[NotificationsAPIClient] = []
        self._threads = {lane: ThreadPoolExecutor(most, f"notify {lane}") for lane, most in AT_ONCE.items()}

    async def send(self, row: Mapping[str, Any], personalisation: Mapping[str, str]) -> Answer:
        """Hand it over under its own id as the reference. Never raises for what the provider does."""
        template = self._settings.templates[row["template"]]
        common = {"template_id": template, "personalisation": dict(personalisation), "reference": str(row["id"])}

        def call(client: NotificationsAPIClient) -> Any:
            if row["channel"] == Channel.SMS:
                return client.send_sms_notification(phone_number=row["recipient"], **common)
            return client.send_email_notification(email_address=row["recipient"], **common)

        try:
            said = await self._call(call, row["lane"])
            return Answer(Outcome.TAKEN, provider_id=str(said["id"])[:60])
        except APIError as wrong:
            return answer_to(int(wrong.status_code))
        except (KeyError, TypeError, OSError):
            return Answer(Outcome.UNKNOWN, NO_ANSWER)

    async def find(self, reference: str, lane: str = "messages") -> tuple[str, str] | None:
        """By our reference: its id at the provider and what became of it. None: it is not known there.

        Raises NoWord when the provider does not say.
        """
        try:
            said = await self._call(lambda client: client.get_all_notifications(reference=reference), lane)
            found = said["notifications"]
            return (str(found[0]["id"])[:60], str(found[0]["status"])) if found else None
        except APIError as wrong:
            why = answer_to(int(wrong.status_code))
            raise NoWord(why.said if why.outcome is Outcome.NOT_NOW else NO_ANSWER) from wrong
        except (KeyError, TypeError, ValueError, OSError) as wrong:
            raise NoWord(NO_ANSWER) from wrong

    async def _call(self, call: Callable[[NotificationsAPIClient], Any], lane: str) -> Any:
        def asked() -> Any:
            return call(self._client())

        async with asyncio.timeout(HARD_SECONDS):
            return await asyncio.get_running_loop().run_in_executor(self._threads[lane], asked)

    def _client(self) -> NotificationsAPIClient:
        """One for each thread, because it is not safe to share: its connection is kept for the next call."""
        if not hasattr(self._mine, "client"):
            made = NotificationsAPIClient(self._settings.key, base_url=self._settings.url, timeout=SECONDS)
            self._mine.client = made
            self._open.append(made)
        client: NotificationsAPIClient = self._mine.client
        return client

    def close(self) -> None:
        for threads in self._threads.values():
            threads.shutdown(wait=False, cancel_futures=True)
        for client in self._open:
            client.request_session.close()


class _Used:
    settings = Settings(council="", address="", demo=False)
    notify: Notify | None = None


def use(chosen: Settings) -> None:
    """Name how messages go out of this process, at start-up."""
    close()
    _Used.settings = chosen
    _Used.notify = Notify(chosen) if chosen.key else None


def settings() -> Settings:
    return _Used.settings


def notify() -> Notify | None:
    """The provider; None in the demo, and where nothing is set up."""
    return _Used.notify


def close() -> None:
    if _Used.notify:
        _Used.notify.close()
    _Used.notify = None
