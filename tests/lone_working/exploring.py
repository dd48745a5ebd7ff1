"""A small model of what happens at once when a deadline passes: two engines, somebody who takes the alarm on, a
check-in that comes late and an end by PIN. Every order of their statements is walked through, and any of them may
be killed at any of them. It says of the protocol (which rows are locked, in what order, and read again) that it is
right; that the code follows it is for the other tests to show. Its locks are PostgreSQL's at READ COMMITTED.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

INTERVAL, ACK_LASTS, REPEAT, END = 2, 2, 1, 3
"""In ticks of the model's clock, which stops at END."""
DUE = 1


@dataclass(frozen=True)
class Rows:
    """What is committed. An alarm's `fire` is None when it is over."""

    active: bool = True
    due: int = DUE
    alarmed: bool = False
    number: int = 0
    """Of the alarm: there is a second when the time that a check-in gave has run out too."""
    alarm: str = ""
    fire: int | None = None
    ended_by: str = ""
    steps: tuple[tuple[int, int, int], ...] = ()
    """Of which alarm, when it was due and when it was taken."""
    quiet_until: int = 0
    """Somebody has it until then."""


@dataclass(frozen=True)
class Doer:
    """`at` is the statement it comes to next; `rows` what it would commit; -1 when it is done or dead."""

    name: str
    at: int = 0
    clock: int = 0
    rows: Rows | None = None
    holds: frozenset[str] = frozenset()


@dataclass(frozen=True)
class World:
    clock: int
    rows: Rows
    doers: tuple[Doer, ...]

    def free(self, lock: str, me: Doer) -> bool:
        return all(lock not in one.holds for one in self.doers if one.name != me.name)


@dataclass(frozen=True)
class Rules:
    """The protocol; each False is a fault that the explorer must find."""

    engine_locks: bool = True
    reads_again: bool = True
    """What was waited for is read once more when it is ours."""
    together: bool = True
    """Alarm and mark are one transaction."""


def after(world: World, me: Doer, **now: object) -> World:
    changed = replace(me, **now)  # type: ignore[arg-type]
    return replace(world, doers=tuple(changed if one.name == me.name else one for one in world.doers))


def committed(world: World, me: Doer, rows: Rows, next_at: int = -1) -> World:
    return after(replace(world, rows=rows), me, at=next_at, rows=None, holds=frozenset())


def engine(world: World, me: Doer, how: Rules) -> Iterator[World]:
    rows, locks = world.rows, how.engine_locks
    if me.at == 0:
        yield after(world, me, at=1, clock=world.clock)
    elif me.at == 1:  # claim who is overdue, leaving out whom somebody is at
        overdue = rows.active and not rows.alarmed and rows.due <= me.clock
        if not overdue or (locks and not world.free("session", me)):
            yield after(world, me, at=3, rows=None)
        else:
            yield after(world, me, at=2, rows=rows, holds=me.holds | ({"session"} if locks else set()))
    elif me.at == 2:  # the alarm, and the mark on the session
        base = rows if how.reads_again else me.rows or rows
        opened = replace(base, number=base.number + 1, alarm="open", fire=base.due, ended_by="")
        if how.together:
            yield after(world, me, at=3, rows=replace(opened, alarmed=True))
        else:
            yield after(replace(world, rows=opened), me, at=3, rows=replace(opened, alarmed=True))
    elif me.at == 3:  # claim what is to fire: ours, or what nobody is at
        seen = me.rows or rows
        if seen.fire is None or seen.fire > me.clock or (locks and not world.free("alarm", me)):
            yield committed(world, me, me.rows) if me.rows else after(world, me, at=-1, holds=frozenset())
        else:
            yield after(world, me, at=4, rows=seen, holds=me.holds | ({"alarm"} if locks else set()))
    elif me.at == 4 and me.rows:  # the step, and where that leaves the alarm
        seen, due = me.rows, me.rows.fire or 0
        fired = replace(seen, alarm="open", steps=(*seen.steps, (seen.number, due, me.clock)), fire=due + REPEAT)
        yield after(world, me, at=5, rows=fired)
    elif me.at == 5 and me.rows:
        yield committed(world, me, me.rows)


def locked(world: World, me: Doer, how: Rules) -> Iterator[World]:
    """What every command begins with: its session, then the alarm that is open, each waited for."""
    if me.at == 0 and not how.reads_again and me.rows is None:
        yield after(world, me, rows=world.rows)
    elif me.at == 0 and world.free("session", me):
        yield after(world, me, at=1, rows=me.rows or world.rows, clock=world.clock, holds=frozenset({"session"}))
    elif me.at == 1:
        alarm = (world.rows if how.reads_again else me.rows or world.rows).alarm in ("open", "ack")
        yield after(world, me, at=2 if alarm else 3)
    elif me.at == 2 and world.free("alarm", me):
        yield after(world, me, at=3, holds=me.holds | {"alarm"})


def _seen(world: World, me: Doer, how: Rules) -> Rows:
    """As an update of single columns leaves the others: what is committed, and what we decide by."""
    return world.rows if how.reads_again else me.rows or world.rows


def takes_on(world: World, me: Doer, how: Rules) -> Iterator[World]:
    rows = _seen(world, me, how)
    if me.at < 3:
        yield from locked(world, me, how)
    elif me.at == 3 and rows.alarm == "open" and "alarm" in me.holds:
        until = me.clock + ACK_LASTS
        yield committed(world, me, replace(rows, alarm="ack", fire=until, quiet_until=until))
    elif me.at == 3:
        yield committed(world, me, world.rows)


def over(rows: Rows, by: str) -> Rows:
    return replace(rows, alarm="over", fire=None, alarmed=False, ended_by=by)


def checks_in(world: World, me: Doer, how: Rules) -> Iterator[World]:
    """Made just before the deadline, and come when it comes."""
    rows = _seen(world, me, how)
    if me.at < 3:
        yield from locked(world, me, how)
    elif me.at == 3 and rows.active:
        moved = replace(rows, due=max(rows.due, DUE - 1 + INTERVAL))
        stands_down = "alarm" in me.holds and rows.alarm in ("open", "ack") and moved.due > me.clock
        yield committed(world, me, over(moved, me.name) if stands_down else moved)
    elif me.at == 3:
        yield committed(world, me, world.rows)


def ends(world: World, me: Doer, how: Rules) -> Iterator[World]:
    rows = _seen(world, me, how)
    if me.at < 3:
        yield from locked(world, me, how)
    elif me.at == 3:
        closed = replace(rows, active=False)
        yield committed(world, me, over(closed, me.name) if rows.alarm in ("open", "ack") else closed)


DO: dict[str, Callable[[World, Doer, Rules], Iterator[World]]] = {
    "engine 1": engine, "engine 2": engine, "takes on": takes_on, "checks in": checks_in, "ends": ends,
}  # fmt: skip


def nexts(world: World, how: Rules, kills: bool) -> Iterator[World]:
    if world.clock < END:
        yield replace(world, clock=world.clock + 1)
    for me in world.doers:
        if me.at >= 0:
            yield from DO[me.name](world, me, how)
            if kills and me.at > 0:
                yield after(world, me, at=-1, rows=None, holds=frozenset())


def wrong_with(rows: Rows, acted: frozenset[str]) -> str:
    """Of what is committed. `acted`: who had committed by then."""
    is_open = rows.alarm in ("open", "ack")
    if rows.alarmed != is_open or is_open != (rows.fire is not None):
        return "I2: an open alarm has a next step, and its session knows"
    if not rows.active and "ends" not in acted:
        return "I4: nobody closed it"
    if rows.alarm == "over" and not acted & {"ends", "checks in"}:
        return "I4: nobody ended it"
    if rows.alarm == "ack" and rows.fire != rows.quiet_until:
        return "I5: it does not run out"
    if len({(number, due) for number, due, _ in rows.steps}) != len(rows.steps):
        return "I1: a step twice"
    if any(taken < due for _, due, taken in rows.steps):
        return "I3: before its time"
    return ""


def explore(who: tuple[str, ...], how: Rules = Rules(), kills: bool = True) -> tuple[int, str]:
    """How many states there are, and what is wrong with the first that is."""
    start = World(0, Rows(), tuple(Doer(name) for name in who))
    seen, front = {(start, frozenset[str]())}, [(start, frozenset[str]())]
    while front:
        world, acted = front.pop()
        if world.clock == END and all(one.at < 0 for one in world.doers) and (why := silent_at_the_end(world)):
            return len(seen), why
        for after_it in nexts(world, how, kills):
            did = acted
            if after_it.rows != world.rows:
                doer = next(one for one, was in zip(after_it.doers, world.doers, strict=True) if one != was)
                did = acted | {doer.name}
                if why := wrong_with(after_it.rows, did) or _lost(world, after_it.rows):
                    return len(seen), why
            if (after_it, did) not in seen:
                seen.add((after_it, did))
                front.append((after_it, did))
    return len(seen), ""


def _lost(world: World, now: Rows) -> str:
    """What one commit may not take back of another's."""
    before = world.rows
    if before.ended_by and now.alarm == "over" and now.ended_by != before.ended_by:
        return "I11: stood down twice"
    if not before.active and now.active:
        return "I4: an end is lost"
    if now.due < before.due:
        return "I7: a check-in is lost"
    if before.alarm == "ack" and len(now.steps) > len(before.steps) and now.steps[-1][2] < before.quiet_until:
        return "I5: it climbed while somebody had it"
    if before.alarm == "over" and now.alarm == "open" and (now.due > world.clock or now.number == before.number):
        return "I4: what was over is open again"
    return ""


def silent_at_the_end(world: World) -> str:
    """All are done or dead. An engine that comes then must find whoever is overdue."""
    late = World(END, world.rows, (Doer("engine 1"),))
    while late.doers[0].at >= 0:
        late = next(engine(late, late.doers[0], Rules()))
    rows = late.rows
    heard = not rows.active or rows.due > END or (rows.alarm in ("open", "ack") and rows.fire is not None)
    return "" if heard and (rows.fire is None or rows.fire > END or rows.steps) else "I2: nobody is looked for"
