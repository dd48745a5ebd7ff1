"""What the address of the list asks for. Anything that makes no sense is left out rather than refused."""

from collections.abc import Mapping
from dataclasses import dataclass

from people.rules import SignedIn
from properties.position import Point, in_range
from properties.queries import point_of_postcode
from properties.search import Show
from pwa.forms import clean, page_number


@dataclass(frozen=True)
class Question:
    text: str
    show: Show
    page: int
    near: Point | None
    place: str  # the postcode to be near to, as typed
    sought: bool  # whether somewhere to be near to was asked for
    why: str  # what the phone answered instead of where it is

    def kept(self) -> dict[str, str]:
        """Everything but the page number, for links to other pages of the same list."""
        found = {"q": self.text, "show": self.show.value if self.show is not Show.ALL else "", "near": self.place}
        if self.near and not self.place:
            found["latitude"], found["longitude"] = str(self.near[0]), str(self.near[1])
        return {name: value for name, value in found.items() if value}


async def question(person: SignedIn, params: Mapping[str, str]) -> Question:
    text, place = clean(params.get("q", ""))[:200].strip(), clean(params.get("near", ""))[:20].strip()
    point = _point(params)
    if place and not point:
        point = await point_of_postcode(person, place)
    return Question(
        text=text,
        show=_show(params.get("show", "")),
        page=page_number(params.get("page")),
        near=point,
        place=place,
        sought="near" in params or "latitude" in params,
        why=params.get("why", ""),
    )


def _show(word: str) -> Show:
    return Show(word) if word in list(Show) else Show.ALL


def _point(params: Mapping[str, str]) -> Point | None:
    try:
        latitude, longitude = float(params.get("latitude", "")), float(params.get("longitude", ""))
    except ValueError:
        return None
    # Ten metres are enough to put doors in order, and no more of where somebody stands goes into links.
    return (round(latitude, 4), round(longitude, 4)) if in_range(latitude, longitude) else None
