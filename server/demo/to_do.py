"""What is to be done in the demo council: checks of who lives where, and the tasks that came of visits."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from pwa.ids import uuid7
from server.demo.calendar import moment
from server.demo.diary import Diary
from server.demo.homes import DemoHome
from tasks import commands as tasks
from tasks.rules import Kind
from visits import occupancy
from visits.occupancy_rules import Check, Concern, Living, Seen, Sign, Spoken
from visits.rules import Outcome, Purpose


@dataclass(frozen=True)
class Job:
    """A task, raised by whoever went, due so many days from today."""

    kind: Kind
    what: str
    owner: str
    due: int
    done: str = ""


@dataclass(frozen=True)
class Went:
    """A check so many days ago: what was seen, and what came of it."""

    days: int
    clock: str
    officer: str
    home: int
    check: Check
    jobs: tuple[Job, ...] = ()


WELL = Check(Seen.HOUSEHOLD, Spoken.HOUSEHOLD, Living.YES, (Sign.FOOD, Sign.BEDS, Sign.WARM), 1, 2)
WENT = (
    Went(
        9,
        "10:15",
        "kieran",
        9,
        Check(Seen.NOBODY, Spoken.NOBODY, Living.NOT_SURE, (Sign.POST_PILED,)),
        (Job(Kind.FOLLOW_UP, "Check again in the evening whether the household lives there.", "kieran", -2),),
    ),
    Went(7, "09:20", "kieran", 11, WELL),
    Went(
        6,
        "15:40",
        "asha",
        5,
        Check(Seen.OTHERS, Spoken.OTHERS, Living.NO, (Sign.EMPTIED,), 1, 0, (Concern.OTHERS_LIVE,)),
        (
            Job(
                Kind.LICENCE_BREACH, "Find out whether the household has left. Nothing is decided yet.", "asha", -1
            ),
            Job(Kind.OTHER, "Ask the caretaker who has the second key set.", "tom", -3, "He has it, tag QX4H9."),
        ),
    ),
    Went(
        1,
        "14:30",
        "tom",
        20,
        Check(Seen.HOUSEHOLD, Spoken.HOUSEHOLD, Living.YES, (Sign.FOOD,), 1, 1, (Concern.NEEDS_HELP,)),
        (Job(Kind.WELFARE, "Ask what help they would like, and arrange it.", "asha", 0),),
    ),
)


async def went(diary: Diary, homes: dict[int, DemoHome]) -> None:
    for one in WENT:
        await _go(diary, homes[one.home], one)


async def _go(diary: Diary, home: DemoHome, one: Went) -> None:
    phone, at = diary.phones[one.officer], moment(diary.now, -one.days, one.clock)
    purpose = Purpose.WELFARE_CHECK if one.check.concerns[:1] == (Concern.NEEDS_HELP,) else Purpose.OCCUPANCY_CHECK
    visit = await diary.plan(one.officer, home, purpose, at, 30)
    await diary.start(phone, visit, at, home)
    seen = at + timedelta(minutes=8)
    await phone.do(seen, f"/visits/{visit}/occupancy", occupancy.record_check, visit, form=one.check)
    for job in one.jobs:
        await _raise(diary, home, visit, one, job, seen)
    await diary.finish(phone, visit, at + timedelta(minutes=20), Outcome.DONE)


async def _raise(diary: Diary, home: DemoHome, visit: UUID, one: Went, job: Job, at: datetime) -> None:
    phone, owner = diary.phones[one.officer], diary.phones[job.owner]
    due: date = moment(diary.now, job.due, "12:00").date()
    task = tasks.Raise(uuid7(), home.id, job.kind, job.what, owner.person.id, day=due, visit=visit)
    at += timedelta(minutes=4)
    await phone.do(at, f"/visits/{visit}/tasks", tasks.raise_task, form=task)
    if job.done:
        done = at + timedelta(days=1)
        await owner.do(done, f"/tasks/{task.id}/done", tasks.finish_task, task.id, form=job.done)
