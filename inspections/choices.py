"""The answers an officer chooses from, and what they are called on screen."""

from enum import StrEnum


class Kind(StrEnum):
    VOID = "void"
    MOVE_IN = "move-in"
    OCCUPIED = "occupied"
    MOVE_OUT = "move-out"
    READY_TO_LET = "ready-to-let"
    OCCUPANCY_CHECK = "occupancy-check"
    IN_PASSING = (
        "in-passing"  # what was seen at a visit beside its purpose; nobody starts one (inspections/passing.py)
    )


KIND_WORDS = {
    Kind.VOID: "Void inspection",
    Kind.MOVE_IN: "Move-in inspection",
    Kind.OCCUPIED: "Occupied inspection",
    Kind.MOVE_OUT: "Move-out inspection",
    Kind.READY_TO_LET: "Ready-to-let inspection",
    Kind.OCCUPANCY_CHECK: "Occupancy check",
    Kind.IN_PASSING: "Seen in passing",
}


class Condition(StrEnum):
    """The six-step scale of inventories (TDS guide 2019); cleanliness is kept apart from it."""

    AS_NEW = "N"
    GOOD = "G"
    FAIR = "F"
    POOR = "P"
    VERY_POOR = "V"
    MISSING = "M"


CONDITION_WORDS = {
    Condition.AS_NEW: "As new",
    Condition.GOOD: "Good",
    Condition.FAIR: "Fair",
    Condition.POOR: "Poor",
    Condition.VERY_POOR: "Very poor",
    Condition.MISSING: "Missing",
}


class Cleanliness(StrEnum):
    CLEAN = "clean"
    DUSTY = "dusty"
    LIGHT = "light clean needed"
    DIRTY = "dirty"
    SOILED = "heavily soiled"


CLEANLINESS_WORDS = {
    Cleanliness.CLEAN: "Clean",
    Cleanliness.DUSTY: "Dusty",
    Cleanliness.LIGHT: "Light clean",
    Cleanliness.DIRTY: "Dirty",
    Cleanliness.SOILED: "Soiled",
}


class Answer(StrEnum):
    YES = "yes"
    NO = "no"
    NOT_HERE = "not here"


ANSWER_WORDS = {Answer.YES: "Yes", Answer.NO: "No", Answer.NOT_HERE: "Not here"}


class What(StrEnum):
    """What kind of exception a finding is (product.md, the trade's words)."""

    CLEAN = "clean"
    REPAIR = "repair"
    REPLACE = "replace"
    DAMAGED = "damaged"
    MISSING = "missing"
    HAZARD = "hazard"


WHAT_WORDS = {
    What.CLEAN: "Clean",
    What.REPAIR: "Repair",
    What.REPLACE: "Replace",
    What.DAMAGED: "Damaged",
    What.MISSING: "Missing or stolen",
    What.HAZARD: "Hazard",
}


class Severity(StrEnum):
    MINOR = "minor"
    SIGNIFICANT = "significant"
    EMERGENCY = "emergency"


SEVERITY_WORDS = {Severity.MINOR: "Minor", Severity.SIGNIFICANT: "Significant", Severity.EMERGENCY: "Emergency"}


class Liability(StrEnum):
    COUNCIL = "council"
    HOUSEHOLD = "household"
    THIRD_PARTY = "third party"
    WEAR = "fair wear"
    NOT_SURE = "not sure"


LIABILITY_WORDS = {
    Liability.COUNCIL: "Council",
    Liability.HOUSEHOLD: "Household",
    Liability.THIRD_PARTY: "Third party",
    Liability.WEAR: "Fair wear",
    Liability.NOT_SURE: "Not sure",
}
