"""A place as a grid reference of the Ordnance Survey: what is read out to 999, and found on any British map.

WGS 84 to OSGB36 by the seven-parameter transformation and the projection of "A guide to coordinate systems in
Great Britain" (Ordnance Survey, section 6.6 and annexes B and C): within about five metres of the survey's own
OSTN15, half of the ten metres that a reference of eight figures names. The exact one needs a grid of 15 MB.
"""

from math import atan2, cos, floor, hypot, radians, sin, tan

WGS84 = (6378137.0, 6356752.314245)
AIRY = (6377563.396, 6356256.909)
# To OSGB36: metres, parts per million, seconds of arc.
SHIFT, SCALE, TURN = (-446.448, 125.157, -542.060), 20.4894, (-0.1502, -0.2470, -0.8421)
CENTRAL_SCALE, TRUE_ORIGIN, FALSE_ORIGIN = 0.9996012717, (49.0, -2.0), (400_000.0, -100_000.0)
LETTERS = "ABCDEFGHJKLMNOPQRSTUVWXYZ"


def reference(latitude: float, longitude: float) -> str:
    """TF 1234 5678, to ten metres. Empty where the grid does not reach: Northern Ireland has another."""
    if longitude < -5.3 and 54.0 < latitude < 55.35:
        return ""
    east, north = easting_northing(latitude, longitude)
    if not (0 <= east < 700_000 and 0 <= north < 1_300_000):
        return ""
    large, up = floor(east / 100_000), floor(north / 100_000)
    first = (19 - up) - (19 - up) % 5 + (large + 10) // 5
    second = (19 - up) * 5 % 25 + large % 5
    figures = [f"{floor(one % 100_000 / 10):04d}" for one in (east, north)]
    return f"{LETTERS[first]}{LETTERS[second]} {figures[0]} {figures[1]}"


def easting_northing(latitude: float, longitude: float) -> tuple[float, float]:
    """Metres, from a position as a phone gives it: degrees of WGS 84."""
    return projected(*_airy(radians(latitude), radians(longitude)))


def _airy(phi: float, lamda: float) -> tuple[float, float]:
    """The same place on the other ellipsoid, in radians. Its height is taken as nothing."""
    a, b = WGS84
    squared = 1 - (b / a) ** 2
    nu = a / (1 - squared * sin(phi) ** 2) ** 0.5
    x, y, z = nu * cos(phi) * cos(lamda), nu * cos(phi) * sin(lamda), nu * (1 - squared) * sin(phi)
    (tx, ty, tz), grows = SHIFT, 1 + SCALE * 1e-6
    rx, ry, rz = (radians(one / 3600) for one in TURN)
    x, y, z = (
        tx + grows * x - rz * y + ry * z,
        ty + rz * x + grows * y - rx * z,
        tz - ry * x + rx * y + grows * z,
    )
    a, b = AIRY
    squared, flat = 1 - (b / a) ** 2, hypot(x, y)
    phi = atan2(z, flat * (1 - squared))
    for _ in range(6):
        nu = a / (1 - squared * sin(phi) ** 2) ** 0.5
        phi = atan2(z + squared * nu * sin(phi), flat)
    return phi, atan2(y, x)


def projected(phi: float, lamda: float) -> tuple[float, float]:
    """Easting and northing in metres of a position on Airy's ellipsoid, in radians (annex C, C1)."""
    a, b = AIRY
    squared, n = 1 - (b / a) ** 2, (a - b) / (a + b)
    nu = a * CENTRAL_SCALE * (1 - squared * sin(phi) ** 2) ** -0.5
    rho = a * CENTRAL_SCALE * (1 - squared) * (1 - squared * sin(phi) ** 2) ** -1.5
    eta, t, c = nu / rho - 1, tan(phi) ** 2, cos(phi)
    first = radians(TRUE_ORIGIN[0])
    less, more = phi - first, phi + first
    arc = b * CENTRAL_SCALE * (
        (1 + n + 5 / 4 * n**2 + 5 / 4 * n**3) * less
        - (3 * n + 3 * n**2 + 21 / 8 * n**3) * sin(less) * cos(more)
        + (15 / 8 * n**2 + 15 / 8 * n**3) * sin(2 * less) * cos(2 * more)
        - 35 / 24 * n**3 * sin(3 * less) * cos(3 * more)
    )  # fmt: skip
    d = lamda - radians(TRUE_ORIGIN[1])
    north = (
        arc + FALSE_ORIGIN[1]
        + nu / 2 * sin(phi) * c * d**2
        + nu / 24 * sin(phi) * c**3 * (5 - t + 9 * eta) * d**4
        + nu / 720 * sin(phi) * c**5 * (61 - 58 * t + t**2) * d**6
    )  # fmt: skip
    east = (
        FALSE_ORIGIN[0]
        + nu * c * d
        + nu / 6 * c**3 * (nu / rho - t) * d**3
        + nu / 120 * c**5 * (5 - 18 * t + t**2 + 14 * eta - 58 * t * eta) * d**5
    )  # fmt: skip
    return east, north
