"""Handing messages over: GOV.UK Notify by its own client, in threads of its own because that client waits.

Without a key nothing leaves this machine. The demo says of each message that it would have been sent.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from notifications_python_client.errors import APIError
from notifications_python_client.notifications import NotificationsAPIClient

from messages.rules import NO_ANSWER, Answer, Channel, Outcome, answer_to

# To connect, then between any two pieces of the answer.
SECONDS = (3.0, 5.0)
AT_ONCE = 10
URGENT_AT_ONCE = 32
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
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="notify")
        self._urgent = ThreadPoolExecutor(URGENT_AT_ONCE, thread_name_prefix="notify-urgent")

    async def send(self, row: Mapping[str, Any], personalisation: Mapping[str, str]) -> Answer:
        """Hand it over under its own id as the reference. Never raises for what the provider does."""
        template = self._settings.templates[row["template"]]
        common = {"template_id": template, "personalisation": dict(personalisation), "reference": str(row["id"])}

        def call(client: NotificationsAPIClient) -> Any:
            if row["channel"] == Channel.SMS:
                return client.send_sms_notification(phone_number=row["recipient"], **common)
            return client.send_email_notification(email_address=row["recipient"], **common)

        try:
            said = await self._call(call, row["urgent"])
            return Answer(Outcome.TAKEN, provider_id=str(said["id"])[:60])
        except APIError as wrong:
            return answer_to(int(wrong.status_code))
        except (KeyError, TypeError, OSError):
            return Answer(Outcome.UNKNOWN, NO_ANSWER)

    async def find(self, reference: str, urgent: bool = False) -> tuple[str, str] | None:
        """By our reference: its id at the provider and what became of it. None: it is not known there.

        Raises NoWord when the provider does not say.
        """
        try:
            said = await self._call(lambda client: client.get_all_notifications(reference=reference), urgent)
            found = said["notifications"]
            return (str(found[0]["id"])[:60], str(found[0]["status"])) if found else None
        except APIError as wrong:
            why = answer_to(int(wrong.status_code))
            raise NoWord(why.said if why.outcome is Outcome.NOT_NOW else NO_ANSWER) from wrong
        except (KeyError, TypeError, ValueError, OSError) as wrong:
            raise NoWord(NO_ANSWER) from wrong

    async def _call(self, call: Callable[[NotificationsAPIClient], Any], urgent: bool) -> Any:
        def asked() -> Any:
            # One client a call: it is not safe to share between threads.
            client = NotificationsAPIClient(self._settings.key, base_url=self._settings.url, timeout=SECONDS)
            with client.request_session:
                return call(client)

        return await asyncio.get_running_loop().run_in_executor(self._urgent if urgent else self._threads, asked)

    def close(self) -> None:
        for threads in (self._threads, self._urgent):
            threads.shutdown(wait=False, cancel_futures=True)


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
