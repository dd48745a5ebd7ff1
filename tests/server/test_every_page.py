"""The pages axe looks at are found from the routes. One nobody told about fails here, before a browser starts."""

import pytest

from tests.phone import every_page


@pytest.mark.parametrize("route", every_page.wholes())
def test_a_page_has_somebody_who_opens_it_and_something_that_stands_in_its_address(route: str) -> None:
    page = every_page.whole(route)
    assert page.who and ":" not in page.path


def test_what_is_told_of_addresses_is_about_pages_there_are() -> None:
    routes = every_page.gets()
    named = {name for route in every_page.wholes() for name, _ in routes[route].parameters}
    assert named == set(every_page.STANDS)
    assert {*every_page.NO_PAGE, *every_page.ASKED} <= set(routes)
