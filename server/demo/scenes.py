"""The drawn scenes by name, drawn once and photographed as often as they are wanted."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from PIL import Image

from server.demo import damage, equipment, rooms
from server.demo.canvas import Canvas
from server.demo.photographs import photograph

DRAWN: dict[str, Callable[[int, str], Canvas]] = {
    "living room": lambda seed, _: rooms.living_room(seed),
    "bedroom": lambda seed, _: rooms.bedroom(seed),
    "bathroom": lambda seed, _: rooms.bathroom(seed),
    "hall": lambda seed, _: rooms.hall(seed),
    "kitchen": lambda seed, _: rooms.kitchen(seed),
    "damp kitchen": lambda seed, _: rooms.kitchen(seed, wet=True),
    "mould": lambda seed, _: damage.mould_in_corner(seed),
    "mould measured": lambda seed, _: damage.mould_measured(seed),
    "hob": lambda seed, _: damage.hob(seed),
    "cracked hob": lambda seed, _: damage.hob(seed, cracked=True),
    "leak": lambda seed, _: damage.sink_leak(seed),
    "electric": equipment.electric_meter,
    "gas": equipment.gas_meter,
    "door": equipment.front_door,
    "keys": equipment.key_tag,
    "smoke alarm": lambda seed, _: equipment.smoke_alarm(seed),
    "hole": lambda seed, _: damage.hole_in_wall(seed),
    "stain": lambda seed, _: damage.stained_carpet(seed),
    "cracked pane": lambda seed, _: damage.cracked_pane(seed),
}


@dataclass(frozen=True)
class Wanted:
    """One photograph to take. `look` tells homes apart; `words` is what it shows in writing."""

    scene: str
    look: int
    words: str
    seed: int
    taken_at: datetime


@cache
def _scene(name: str, look: int, words: str) -> Image.Image:
    return DRAWN[name](look, words).image


def _take(wanted: Wanted) -> bytes:
    return photograph(_scene(wanted.scene, wanted.look, wanted.words), wanted.seed, wanted.taken_at)


def take(wanted: list[Wanted]) -> list[bytes]:
    """All of them, two at a time: Pillow lets go of the interpreter while it works."""
    with ThreadPoolExecutor(2) as hands:
        taken = list(hands.map(_take, wanted))
    _scene.cache_clear()
    return taken
