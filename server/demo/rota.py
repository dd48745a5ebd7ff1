"""Who is on duty in the demo: Dina and Marek in the day, somebody for every team at night, and one gap to mend."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from lone_working.code_word import commands as word_commands
from lone_working.rota import commands as rota_commands
from lone_working.rota import due as rota_due
from lone_working.rota.rules import Duty, Each, Hours, Wish, wrong_with_wish
from pwa.clock import LONDON
from server.demo.council import Council
from server.demo.phone import Phone

DAY = timedelta(days=1)
DAYS = 28
OPENS, CLOSES, EARLY = time(8), time(20), time(17)
EVERY_DAY = Hours(tuple(range(7)), OPENS, CLOSES)
WORDS = {"asha": "tide tables", "tom": "second hand kettle"}


async def keep_rotas(council: Council, phones: dict[str, Phone], now: datetime) -> None:
    """Four weeks from today. Grace acts as manager at weekends; on the next Saturday she goes home at five."""
    ade, ta = Phone(council.people["ade"]), council.teams["ta"]
    today = now.astimezone(LONDON).date()
    saturday = next(day for day in _days(today + 4 * DAY, 7) if day.weekday() == 5)

    async def put(team: UUID | None, who: str, duty: Duty, wish: Wish) -> None:
        if not wrong_with_wish(wish, now):
            await _do(ade, now, rota_commands.put_on, team, council.people[who].id, duty, wish)

    for team, who, duty in (
        (ta, "dina", Duty.MANAGER),
        (ta, "marek", Duty.DEPUTY),
        (council.teams["empty"], "marek", Duty.MANAGER),
    ):
        await put(team, who, duty, Wish(today, OPENS, today + (DAYS - 1) * DAY, CLOSES, Each.WEEKDAYS))
    for day in _days(today, DAYS):
        if day.weekday() > 4:
            await put(ta, "grace", Duty.MANAGER, Wish(day, OPENS, day, EARLY if day == saturday else CLOSES))
    await put(None, "marek", Duty.MANAGER, Wish(today, CLOSES, today + (DAYS - 1) * DAY, OPENS, Each.DAILY))
    await _do(phones["dina"], now, rota_commands.set_hours, ta, EVERY_DAY)
    for key, word in WORDS.items():
        await _do(phones[key], now, word_commands.set_word, word)
    await rota_due.look(now)


def _days(first: date, many: int) -> list[date]:
    return [first + n * DAY for n in range(many)]


async def _do(phone: Phone, now: datetime, command: Callable[..., Awaitable[None]], *args: Any) -> None:
    await phone.do(now, "/lone-working/rota", command, *args)
