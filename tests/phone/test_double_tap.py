"""Cold fingers press twice."""

from tests.phone.conftest import NewPhone
from tests.servers.doorstep import Doorstep


def test_two_quick_presses_on_start_begin_one_inspection(new_phone: NewPhone, office: Doorstep) -> None:
    phone = new_phone("asha")
    before = len(office.rows("SELECT id FROM inspection"))
    page = phone.open(f"/properties/{office.ids['saltmarsh']}/inspections/new")
    page.get_by_role("button", name="Start", exact=True).dblclick()
    page.wait_for_url("**/inspections/*-*")
    phone.all_sent()
    assert len(office.rows("SELECT id FROM inspection")) == before + 1
