"""Where a home stands: which positions can be true, how far it is, and how to say so. Degrees are WGS 84."""

from pwa.answers import Refused

# The edges of the United Kingdom with a little sea: Scilly, Shetland, Fermanagh, Lowestoft.
SOUTH, NORTH, WEST, EAST = 49.8, 60.95, -8.7, 1.85
ACCURATE_METRES = 500
METRES_A_MILE = 1609.344

HALF = "Send both the latitude and the longitude, or neither."
BELOW_NOTHING = "How exact a position is cannot be less than 0 metres."
OFF_RANGE = "Enter a latitude from -90 to 90 and a longitude from -180 to 180."
OUTSIDE = "This position is outside the United Kingdom. Check it."
ROUGH = "This position is only good to {metres:,} m. Check it."
NOT_FOUND = "We could not find this address on the map."
BY_POSTCODE = "Found by its postcode only, so it may be some doors away."

Point = tuple[float, float]


def in_range(latitude: float, longitude: float) -> bool:
    return -90 <= latitude <= 90 and -180 <= longitude <= 180


def problem(latitude: float, longitude: float, accuracy: float | None = None) -> str:
    """What is doubtful about a position, in a sentence, or nothing (security.md §6: stored, flagged)."""
    if not (SOUTH <= latitude <= NORTH and WEST <= longitude <= EAST):
        return OUTSIDE
    if accuracy is not None and accuracy > ACCURATE_METRES:
        return ROUGH.format(metres=round(accuracy))
    return ""


def doubt_about(latitude: float | None, longitude: float | None, accuracy: float | None = None) -> str:
    """As `problem`, of a position that came with a form or did not. Refused when there is no such place."""
    if accuracy is not None and accuracy < 0:
        raise Refused({"accuracy": BELOW_NOTHING})
    if latitude is None and longitude is None:
        return ""
    if latitude is None or longitude is None:
        raise Refused({"latitude": HALF})
    if not in_range(latitude, longitude):
        raise Refused({"latitude": OFF_RANGE})
    return problem(latitude, longitude, accuracy)


def metres_between(one: Point, other: Point) -> float:
    """The shortest way over the ellipsoid, in metres (geopy's geodesic)."""
    from geopy.distance import geodesic  # type: ignore[import-untyped]  # slow to import; few starts need it

    return float(geodesic(one, other).meters)


def distance_words(metres: float) -> str:
    """`here`, `150 yards`, `1.2 miles`, `34 miles`: as a person in a car would say it."""
    miles = metres / METRES_A_MILE
    if metres < 20:
        return "here"
    if miles < 0.2:
        return f"{round(metres / 0.9144, -1):.0f} yards"
    if miles < 0.95 or miles >= 1.05:
        return f"{miles:.1f} miles" if miles < 10 else f"{miles:,.0f} miles"
    return "1 mile"


def scale(at: Point) -> tuple[float, float]:
    """Metres in a degree of latitude and of longitude here, to put homes roughly in order inside the database."""
    latitude = max(-89.0, min(89.0, at[0]))
    step = 0.01
    return (
        metres_between((latitude, at[1]), (latitude + step, at[1])) / step,
        metres_between((latitude, at[1]), (latitude, at[1] + step)) / step,
    )
