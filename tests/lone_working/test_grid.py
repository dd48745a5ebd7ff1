"""Grid references against what the Ordnance Survey publishes."""

from math import hypot, radians

import pytest

from lone_working.grid_rules import easting_northing, projected, reference

# OSTN15_OSGM15_TestInput_ETRStoOSGB and its TestOutput, of the survey's developer pack: every fourth point and the
# outermost ones.
PUBLISHED = [
    (49.92226393730, -6.29977752014, 91492.146, 11318.804),
    (50.57563665000, -1.29782277240, 449816.371, 75335.861),
    (51.37447025550, 1.44454730409, 639821.835, 169565.858),
    (51.42754743020, -2.54407618349, 362269.991, 169978.690),
    (51.48936564950, -0.11992557180, 530624.974, 178388.464),
    (52.25529381630, -2.15458614387, 389544.190, 261912.153),
    (52.75136687170, 0.40153547065, 562180.547, 319784.995),
    (53.34480280190, -2.64049320810, 357455.843, 383290.436),
    (53.80021519630, -1.66379168242, 422242.186, 433818.701),
    (54.89542340420, -2.93827741149, 339921.145, 556034.761),
    (55.85399952950, -4.29649016251, 256340.925, 664697.269),
    (57.13902518960, -2.04856030746, 397160.491, 805349.736),
    (58.21262247180, -7.59255560556, 71713.132, 938516.404),
    (60.13308091660, -2.07382822798, 395999.668, 1138728.951),
]


@pytest.mark.parametrize("point", PUBLISHED)
def test_a_position_is_within_five_metres_of_where_the_survey_says(point: tuple[float, ...]) -> None:
    latitude, longitude, east, north = point
    ours = easting_northing(latitude, longitude)
    assert hypot(ours[0] - east, ours[1] - north) < 5


def test_the_projection_is_that_of_the_surveys_worked_example() -> None:
    """Caister water tower, annex C of its guide."""
    east, north = projected(
        radians(52 + 39 / 60 + 27.2531 / 3600), radians(1 + 43 / 60 + 4.5177 / 3600)
    )  # fmt: skip
    assert (round(east, 3), round(north, 3)) == (651409.903, 313177.270)


def test_it_is_written_in_letters_and_eight_figures() -> None:
    assert reference(51.48936564950, -0.11992557180) == "TQ 3062 7838"
    assert reference(60.13308091660, -2.07382822798)[:2] == "HT"
    assert reference(49.92226393730, -6.29977752014)[:2] == "SV"
    assert reference(52.6576, 1.7179)[:2] == "TG"


def test_where_the_grid_does_not_reach_there_is_none() -> None:
    assert reference(54.5973, -5.9301) == ""  # Belfast
    assert reference(48.8566, 2.3522) == ""  # Paris
