"""What a phone has to fetch, in bytes as they cross the air. No timing: that is the bench's."""

from typing import Any

from tests.phone import walk
from tests.phone.conftest import NewPhone
from tests.phone.device import until
from tests.servers.doorstep import Doorstep

KB = 1024
FIRST_VISIT, SCRIPT, AGAIN = 100 * KB, 45 * KB, 15 * KB


def transfers(page: Any, path: str) -> dict[str, float]:
    """Bytes by kind of everything one page loads, as the browser's own network log has them."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    kinds: dict[str, str] = {}
    sizes: dict[str, float] = {}

    def answered(event: dict[str, Any]) -> None:
        kinds[event["requestId"]] = event["type"]

    def finished(event: dict[str, Any]) -> None:
        sizes[event["requestId"]] = event["encodedDataLength"]

    session.on("Network.responseReceived", answered)
    session.on("Network.loadingFinished", finished)
    page.goto(path, wait_until="networkidle")
    totals: dict[str, float] = {}
    for request, size in sizes.items():
        totals[kinds.get(request, "Other")] = totals.get(kinds.get(request, "Other"), 0) + size
    session.detach()
    return totals


def test_a_field_page_is_light_on_the_first_visit_and_lighter_on_the_next(
    new_phone: NewPhone, office: Doorstep
) -> None:
    phone = new_phone("asha")
    path = walk.start(phone, office.ids["saltmarsh"])
    phone.all_sent()
    fresh = new_phone(service_workers="block")
    fresh.context.add_cookies(phone.context.cookies())
    first = transfers(fresh.page, fresh.url + path)
    assert first["Script"] <= SCRIPT, first
    assert sum(first.values()) <= FIRST_VISIT, first

    phone.page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    until(lambda: bool(phone.page.evaluate("!!navigator.serviceWorker.controller")))
    phone.open(path)
    again = transfers(phone.page, phone.url + path)
    assert sum(again.values()) <= AGAIN, again
