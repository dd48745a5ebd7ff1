"""What the engine does for properties: imports under way, then positions to look up, one step a turn."""

from datetime import datetime

from properties import geocoding
from properties.applying import apply_next, forget_previews


async def run_due(at: datetime) -> int:
    """How much was done; more than nothing asks the engine to come back at once."""
    if done := await apply_next(at):
        return done
    await forget_previews(at)
    return await geocoding.step(at)
