"""What is forgotten after a time, as the settings say. Receipts and the chain over them never are."""

from datetime import datetime, timedelta

from pwa.outbox import writing
from pwa.tables import Device, Held
from server.settings import Settings, settings


async def run_due(at: datetime) -> int:
    return await forget(at, settings)


async def forget(at: datetime, config: Settings) -> int:
    """Looks first, so that a quiet second writes nothing. Returns 0: nothing is left for another turn."""
    unseen = Device.last_seen < at - timedelta(days=config.retain_phones_days)
    phones = unseen & (Device.waiting_commands == 0) & (Device.waiting_photos == 0)
    if config.retain_phones_days and await Device.exists().where(phones):
        async with writing():
            await Device.delete().where(phones)
    # The row stays with who decided what and why; only what had been sent goes.
    held = (Held.decided_at < at - timedelta(days=config.retain_held_days)) & (Held.body != b"")
    if config.retain_held_days and await Held.exists().where(held):
        async with writing():
            await Held.update({Held.body: b""}).where(held)
    return 0
