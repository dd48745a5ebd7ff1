"""Database and store, opened for as long as a program runs: the server, the engine alone, a command."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from documents import kinds, sealing
from documents.due import builder
from inspections.commands import seed_reference
from inspections.comparison_report import COMPARISON
from inspections.evidence import EVIDENCE
from inspections.reference import use_charging
from inspections.report import REPORT
from lone_working.code_word import sealed as words
from media.choosing import store_from
from media.imaging import decoder
from media.store import use
from messages import push, sending
from properties import geocoding
from server.piccolo_conf import DB
from server.settings import Settings
from server.starting import CannotStart
from visits import council


@asynccontextmanager
async def opened(config: Settings) -> AsyncGenerator[None, None]:
    await DB.open()
    try:
        await seed_reference()
        try:
            use(store_from(config.storage, config.s3_key, config.s3_secret))
            sealing.use(config.sealing)
            use_charging(config.recharges)
            push.use(config.pushing)
        except ValueError as wrong:
            raise CannotStart(str(wrong)) from wrong
        kinds.use(REPORT, EVIDENCE, COMPARISON)
        council.use(config.visits)
        sending.use(config.sending)
        words.use(config.words)
        geocoding.use(config.geocoder, f"Doorstep ({config.council})")
        yield
    finally:
        push.close()
        sending.close()
        await builder.close()
        await decoder.close()
        await DB.shut()
