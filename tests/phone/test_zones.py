"""The phone's zone changes, and the hour that comes twice: what was done first stands first, by its instant."""

from datetime import UTC, datetime, timedelta
from typing import Any

from playwright.sync_api import CDPSession

from tests.phone import walk
from tests.phone.conftest import NewPhone
from tests.phone.device import Device, expect
from tests.phone.proof import Ledger, proved
from tests.servers.doorstep import Doorstep

GAS = "meters_gas"
# 01:59:50 by summer time, and 20 seconds later, when every clock in the country says 01:00:10.
BEFORE, AFTER = datetime(2026, 10, 25, 0, 59, 50, tzinfo=UTC), datetime(2026, 10, 25, 1, 0, 10, tzinfo=UTC)


def put_in(zone: str, session: CDPSession) -> None:
    session.send("Emulation.setTimezoneOverride", {"timezoneId": zone})


def reads(phone: Device, value: str) -> str:
    """A meter read; gives what the phone wrote down as the time."""
    (op,) = phone.saved(lambda: walk.meter(phone.page, GAS, value))
    return str(op["capturedAt"])


def receipts(office: Doorstep, inspection: str) -> list[dict[str, Any]]:
    path = f"{inspection}/readings"
    return office.rows("SELECT * FROM receipt WHERE path = ? ORDER BY sequence", path)


def moments(rows: list[dict[str, Any]]) -> list[datetime]:
    return [datetime.fromisoformat(row["captured_at"]) for row in rows]


def shows(phone: Device, inspection: str, value: str) -> None:
    page = phone.open(inspection)
    expect(walk.item(page, GAS).locator("form[data-autosend] input[name='value']")).to_have_value(value)


def test_a_phone_whose_zone_changes_sends_instants_in_the_order_of_the_taps(
    new_phone: NewPhone, office: Doorstep
) -> None:
    phone = new_phone("asha", timezone_id=None)
    session = phone.context.new_cdp_session(phone.page)
    put_in("Europe/London", session)
    inspection = walk.start(phone, office.ids["saltmarsh"])
    phone.all_sent()
    phone.offline()
    wrote = []
    for value, zone in (("11", "Asia/Tokyo"), ("22", "America/New_York"), ("33", "Europe/London")):
        put_in(zone, session)
        wrote.append(reads(phone, value))
    assert wrote[0].endswith("+09:00") and wrote[1][-6:] in ("-05:00", "-04:00")
    # By the clock on the wall the second was hours before the first.
    assert wrote[1][:19] < wrote[0][:19]
    phone.offline(False)
    proved(phone, office, inspection, Ledger(values=["11", "22", "33"]))
    rows = receipts(office, inspection)
    assert moments(rows) == sorted(moments(rows))
    assert moments(rows)[-1] - moments(rows)[0] < timedelta(minutes=5)
    assert [row["clock_wrong"] for row in rows] == [0, 0, 0]
    shows(phone, inspection, "33")


def test_in_the_night_the_clocks_go_back_nothing_changes_places(phone: Device, office: Doorstep) -> None:
    inspection = walk.start(phone, office.ids["linden"])
    phone.all_sent()
    phone.offline()
    phone.page.clock.set_fixed_time(BEFORE)
    first = reads(phone, "11")
    phone.page.clock.set_fixed_time(AFTER)
    second = reads(phone, "22")
    assert (first[:19], first[-6:]) == ("2026-10-25T01:59:50", "+01:00")
    assert (second[:19], second[-6:]) == ("2026-10-25T01:00:10", "+00:00")
    phone.offline(False)
    proved(phone, office, inspection, Ledger(values=["11", "22"]))
    rows = receipts(office, inspection)
    assert moments(rows) == [BEFORE, AFTER]
    # The phone is weeks behind the office, and that is said; its order is not doubted.
    assert [row["clock_wrong"] for row in rows] == [1, 1]
    shows(phone, inspection, "22")
