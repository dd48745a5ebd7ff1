"""A month of inspections at Harrowmere: which home, who went, what they found. All of it is made up."""

from dataclasses import dataclass

from inspections.choices import Cleanliness, Condition, Kind, Liability, Severity, What

DAMP, FIRE, LEVEL = 11, 4, 1  # numbers in the list of 21 hazards


@dataclass(frozen=True)
class Shot:
    item: str
    scene: str
    caption: str = ""


@dataclass(frozen=True)
class Wrong:
    """One exception: how the item was, what was found, and its photographs."""

    item: str
    condition: Condition
    what: What
    severity: Severity
    liability: Liability
    note: str
    scenes: tuple[str, ...] = ()
    cost: str = ""
    hazard: int | None = None
    cleanliness: Cleanliness = Cleanliness.CLEAN


@dataclass(frozen=True)
class Story:
    """`days` ago at `clock`. With `offline` it reached the office so many minutes after the officer left."""

    days: int
    clock: str
    home: int
    officer: str
    kind: Kind
    shots: tuple[Shot, ...] = ()
    wrong: tuple[Wrong, ...] = ()
    electric: str = ""
    gas: str = ""
    keys: str = "2"
    which_keys: str = "front door"
    unseen: str = ""
    reason: str = ""
    offline: int = 0
    sounded: bool = True
    complete: bool = True
    handed_to: str = ""
    left: str = ""


def damp(item: str, note: str, *scenes: str) -> Wrong:
    return Wrong(
        item,
        Condition.VERY_POOR,
        What.HAZARD,
        Severity.SIGNIFICANT,
        Liability.COUNCIL,
        note,
        scenes,
        hazard=DAMP,
        cleanliness=Cleanliness.SOILED,
    )


KITCHEN, LIVING = Shot("kitchen_walls", "kitchen"), Shot("living-room_walls", "living room")
BATHROOM, HALL = Shot("bathroom_bath", "bathroom"), Shot("hall_floor", "hall")
HOB, DOOR = Shot("kitchen_hob", "hob"), Shot("hall_front-door", "door")
BEDROOM, FIRST_BEDROOM = Shot("bedroom_walls", "bedroom"), Shot("bedroom-1_walls", "bedroom")
KEYS = Shot("meters_keys", "keys")

CRACKED_HOB = Wrong(
    "kitchen_hob", Condition.VERY_POOR, What.DAMAGED, Severity.SIGNIFICANT, Liability.HOUSEHOLD,
    "Cracked across, impact at the front right ring. Isolated at the wall.", ("cracked hob",), "189",
)  # fmt: skip
LEAK = Wrong(
    "kitchen_sink", Condition.POOR, What.REPAIR, Severity.SIGNIFICANT, Liability.COUNCIL,
    "Leaking at the trap, bucket under it. Base unit is wet.", ("leak",), "65",
)  # fmt: skip
HOLE = Wrong(
    "living-room_walls", Condition.POOR, What.DAMAGED, Severity.MINOR, Liability.HOUSEHOLD,
    "Hole in the plaster behind the door, about 30 cm.", ("hole",), "140",
)  # fmt: skip
STAIN = Wrong(
    "living-room_floor", Condition.VERY_POOR, What.REPLACE, Severity.MINOR, Liability.HOUSEHOLD,
    "Stained and cannot be cleaned. Carpet is 6 years old.", ("stain",), "310", cleanliness=Cleanliness.SOILED,
)  # fmt: skip
PANE = Wrong(
    "living-room_windows", Condition.VERY_POOR, What.REPAIR, Severity.SIGNIFICANT, Liability.THIRD_PARTY,
    "Cracked from the outside, ball or stone. Glass still held in the frame.", ("cracked pane",), "220",
)  # fmt: skip

WASHER = Wrong(
    "kitchen_washer", Condition.MISSING, What.MISSING, Severity.SIGNIFICANT, Liability.NOT_SURE,
    "Not here today, was here at move-in. Pipes capped.", ("kitchen",), "260",
)  # fmt: skip

STORIES = (
    Story(28, "10:05", 3, "asha", Kind.MOVE_IN, (HOB, KITCHEN, LIVING, BATHROOM, DOOR, KEYS), (), "47655", "03811",
          "3", "2 front door, 1 street door fob"),
    Story(27, "11:20", 21, "mei", Kind.OCCUPIED, (KITCHEN, BATHROOM)),
    Story(26, "09:40", 6, "tom", Kind.MOVE_OUT, (KITCHEN,), (HOLE, STAIN), "61204", "11480", offline=52),
    Story(25, "13:15", 14, "grace", Kind.OCCUPANCY_CHECK),
    Story(24, "10:30", 22, "mei", Kind.VOID, (KEYS,),
          (damp("kitchen_walls", "Damp patch with black mould, ceiling to window top, 60 cm wide. Cold to touch.",
                "damp kitchen", "mould", "mould measured"), LEAK), "20418", "07733", offline=74),
    Story(23, "14:10", 24, "lowri", Kind.VOID, (), (PANE,), "35561"),
    Story(22, "09:15", 1, "asha", Kind.OCCUPIED, (BEDROOM,),
          (damp("bathroom_ceiling", "Black mould over the bath. Fan runs but does not draw.", "mould"),)),
    Story(21, "15:00", 9, "kieran", Kind.OCCUPANCY_CHECK),
    Story(20, "10:45", 27, "ben", Kind.VOID, (), (CRACKED_HOB,), "15872", keys="1", which_keys="front door"),
    Story(19, "11:30", 17, "grace", Kind.MOVE_IN, (KITCHEN, FIRST_BEDROOM, BATHROOM), (), "09310", "02264"),
    Story(18, "09:50", 30, "lowri", Kind.VOID, (LIVING,), (), "41177", offline=31),
    Story(17, "13:40", 4, "asha", Kind.MOVE_IN, (LIVING, HOB, FIRST_BEDROOM), (), "28855",
          keys="3", which_keys="2 front door, 1 street door fob"),
    Story(16, "10:10", 28, "ben", Kind.VOID, (), (STAIN,), "52290"),
    Story(15, "14:30", 10, "kieran", Kind.OCCUPIED, (BEDROOM,)),
    Story(14, "11:05", 19, "tom", Kind.OCCUPIED, (LIVING,), (PANE,)),
    Story(13, "09:30", 33, "mei", Kind.VOID, (FIRST_BEDROOM,), (HOLE,), "73318"),
    Story(12, "10:20", 37, "joan", Kind.OCCUPIED, (KITCHEN,)),
    Story(10, "09:45", 6, "tom", Kind.READY_TO_LET, (), (), "61260", "11497",
          "3", "2 front door, 1 back door"),
    Story(9, "13:50", 25, "lowri", Kind.VOID, (KITCHEN,), (), "18004",
          unseen="outside", reason="The back gate is padlocked and I had no key. I will come back with one."),
    Story(8, "10:40", 15, "kieran", Kind.MOVE_OUT, (HALL,),
          (WASHER,), "33902", offline=45),
    Story(7, "11:45", 38, "joan", Kind.OCCUPIED, (Shot("safety_smoke", "smoke alarm"),),
          (Wrong("safety_smoke", Condition.POOR, What.HAZARD, Severity.EMERGENCY, Liability.COUNCIL,
                 "Hall alarm did not sound when pressed. Scheme office told at 11:50, spare fitted.",
                 hazard=FIRE),), sounded=False),
    Story(6, "09:20", 31, "ben", Kind.VOID, (LIVING,), (LEAK,), "29967"),
    Story(4, "14:15", 28, "ben", Kind.READY_TO_LET, (), (), "52301"),
    Story(3, "10:00", 12, "asha", Kind.OCCUPIED, (BEDROOM,)),
    Story(1, "10:35", 2, "asha", Kind.MOVE_OUT, (LIVING,),
          (damp("bedroom_walls", "Mould behind the bed on the outside wall, about 40 cm.", "mould measured"),),
          "38420", offline=38),
    Story(1, "12:20", 4, "asha", Kind.MOVE_OUT, (LIVING,), (CRACKED_HOB,), "29102",
          keys="2", which_keys="2 front door, the street door fob is missing"),
    Story(1, "15:40", 26, "lowri", Kind.VOID, (KITCHEN,), complete=False, handed_to="ben",
          left="Both bedrooms and the outside. The light was going."),
)  # fmt: skip
