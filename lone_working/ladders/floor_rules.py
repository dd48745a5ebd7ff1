"""What a team may change of its ladders, and what nobody can: the floors. Pure: minutes in, sentences out."""

from lone_working.ladders.rules import LEADS, Ladder, Rung, Which, Who, help_ladder, overdue_ladder

WHICH_WORDS = {
    Which.NORMAL: "Overdue",
    Which.HIGH_RISK: "Overdue at a high-risk visit",
    Which.HELP: "Asked for help, or made to enter a PIN",
}
OFFSET_WORDS = {
    "reminder": "The officer is reminded",
    "buddy": "The buddy",
    "duty": "Duty manager and deputy",
    "managers": "Every manager on duty",
    "police": "What to say to 999",
    "last": "Everybody",
    "repeat": "And again every",
}
OFFSETS = {
    Which.NORMAL: ("reminder", "buddy", "duty", "police", "last", "repeat"),
    Which.HIGH_RISK: ("reminder", "buddy", "duty", "police", "last", "repeat"),
    Which.HELP: ("managers", "police", "last", "repeat"),
}


def with_offsets(of: Which, minutes: dict[str, int]) -> Ladder:
    """A ladder whose steps come after so many minutes; by OFFSETS."""
    given = [minutes[name] for name in OFFSETS[of]]
    return help_ladder(*given) if of is Which.HELP else overdue_ladder(*given)


def offsets_of(ladder: Ladder, of: Which) -> dict[str, int]:
    steps = [rung.after // 60 for rung in ladder.rungs[1:]]
    return dict(zip(OFFSETS[of], [*steps, ladder.repeat // 60], strict=True))


_WHO_WORDS: dict[Who | None, str] = {
    Who.BUDDY: "the buddy",
    Who.DUTY_MANAGER: "the duty manager",
    Who.DEPUTY: "the deputy",
    Who.DUTY: "duty manager and deputy",
    Who.MANAGERS: "every manager on duty",
    Who.EVERYBODY: "everybody",
}


def after_words(rung: Rung) -> str:
    minutes = rung.after // 60
    return f"after {minutes} minute{'' if minutes == 1 else 's'}" if rung.after else "at once"


def who_words(rung: Rung) -> str:
    return _WHO_WORDS.get(rung.who, "the officer")


def minutes_words(minutes: list[int]) -> str:
    """5, 10 and 20 minutes."""
    *most, last = [str(one) for one in minutes]
    return f"{', '.join(most)} and {last} minutes" if most else f"{last} minute{'' if last == '1' else 's'}"


def step_words(rung: Rung) -> str:
    """The step after 10 minutes (duty manager and deputy)."""
    return f"The step {after_words(rung)} ({who_words(rung)})"


# No council sets less than this (floors of the design): seconds within which each is told, and repeated.
BUDDY_WITHIN, MANAGERS_WITHIN, REPEATED_WITHIN = 15 * 60, 30 * 60, 5 * 60
# And of a call for help: those beside the ones told at once, and what to say to 999.
HELP_MANAGERS_WITHIN, HELP_POLICE_WITHIN, LAST_WITHIN = 2 * 60, 5 * 60, 60 * 60
HELP_REACHES = 2
"""So many people at least a call for help must reach."""
FEW = "A call for help must reach two people at least."


def wrong_with_ladder(ladder: Ladder, of: Which = Which.NORMAL) -> str:
    """Why nobody may use this ladder; empty when they may."""

    def first(*who: Who) -> int:
        return min((rung.after for rung in ladder.rungs if rung.who in who), default=10**9)

    if [rung.after for rung in ladder.rungs] != sorted({rung.after for rung in ladder.rungs}):
        return "Each step must be later than the one before."
    if first(Who.BUDDY, Who.EVERYBODY) > BUDDY_WITHIN:
        return "The buddy must be told within 15 minutes."
    if first(*LEADS) > MANAGERS_WITHIN:
        return "The managers must be told within 30 minutes."
    if ladder.rungs[-1].who is not Who.EVERYBODY or not 0 < ladder.repeat <= REPEATED_WITHIN:
        return "The last step must tell everybody, again and again."
    if ladder.rungs[-1].after > LAST_WITHIN:
        return "Everybody must be told within an hour."
    if of is Which.HELP and (ladder.rungs[0] != Rung(0, Who.EVERYBODY) or len(ladder.rungs) < 2):
        return "A call for help must tell everybody at once."
    return ""


def wrong_with_offsets(of: Which, minutes: dict[str, int]) -> dict[str, str]:
    """Field to sentence: in order, and inside the floors that no council can switch off."""
    most = {"repeat": REPEATED_WITHIN, "last": LAST_WITHIN}
    if of is Which.HELP:
        most |= {"managers": HELP_MANAGERS_WITHIN, "police": HELP_POLICE_WITHIN}
    else:
        most |= {"buddy": BUDDY_WITHIN, "duty": MANAGERS_WITHIN}
    wrong, before = {}, 0
    for name in OFFSETS[of]:
        value, within = minutes[name], most.get(name, LAST_WITHIN) // 60
        if not 1 <= value <= within:
            wrong[name] = f"Enter a number of minutes from 1 to {within}."
        elif name != "repeat" and value <= before:
            wrong[name] = f"This must be later than the step before: {before + 1} minutes or more."
        before = before if name == "repeat" else max(before, value)
    if not wrong and (says := wrong_with_ladder(with_offsets(of, minutes), of)):
        wrong["last"] = says
    return wrong
