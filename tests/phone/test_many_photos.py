"""A visit of large photographs at once: one is decoded at a time, memory stays low, the page goes on working.

12 photographs of 12 megapixels; `PHOTOS=60 pytest tests/phone/test_many_photos.py` before a release does 60.
"""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import CDPSession

from tests.phone import walk
from tests.phone.conftest import NewPhone
from tests.phone.device import Device, until
from tests.phone.link import Crossing, Link
from tests.phone.proof import Ledger, everything_once, hashes, in_the_office
from tests.phone.shots import fresh
from tests.servers.doorstep import Doorstep

MANY = int(os.environ.get("PHOTOS", "12"))
HOB = "kitchen_hob"
MEGABYTE = 1024 * 1024
# Goes before the script that makes photos small: it says when each decode begins, and waits to be let go.
TELLS = b"""if (typeof document === 'undefined') {
  const real = self.createImageBitmap.bind(self), wire = new BroadcastChannel('decodes');
  let under = 0;
  self.createImageBitmap = async (...args) => {
    const go = new Promise((ok) => wire.addEventListener('message', ok, { once: true }));
    wire.postMessage(++under);
    await go;
    return real(...args).finally(() => { under -= 1; });
  };
}
"""
LISTENS = """() => {
  window.decodes = []; window.wire = new BroadcastChannel('decodes');
  window.wire.onmessage = ({ data }) => window.decodes.push(data);
}"""


def telling(crossing: Crossing) -> None:
    del crossing.headers["Accept-Encoding"]
    answer = crossing.forward()
    crossing.reply(answer and (*answer[:2], TELLS + answer[2]))


@pytest.fixture
def phone(new_phone: NewPhone, link: Link) -> Iterator[Device]:
    """Asha's, four times slower than this machine."""
    link.fault = lambda asked: telling if asked.path.startswith("/static/shrink-") else None
    made = new_phone("asha")
    yield made


def memory(session: CDPSession) -> tuple[int, int]:
    """What the page's own objects and its array buffers take now, without what is only waiting to be cleared."""
    session.send("HeapProfiler.collectGarbage")
    usage = session.send("Runtime.getHeapUsage")
    return int(usage["usedSize"]), int(usage["backingStorageSize"])


def test_large_photos_are_decoded_one_at_a_time_and_every_tap_between_is_handled(
    phone: Device, office: Doorstep, capsys: pytest.CaptureFixture[str]
) -> None:
    path = walk.start(phone, office.ids["quay"])
    page = phone.page
    page.evaluate(LISTENS)
    session = phone.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    session.send("HeapProfiler.enable")
    before, most = memory(session), (0, 0)
    values = []
    for start in range(0, MANY, 12):
        walk.photos(page, HOB, [fresh(4000, 3000) for _ in range(min(12, MANY - start))])
        for number in range(start, min(start + 12, MANY)):
            until(lambda n=number: page.evaluate("window.decodes.length") == n + 1, 60)
            # This decode is held: the tap is handled and on the disk before another begins.
            values.append(f"{number}77")
            phone.saved(lambda: walk.meter(page, "meters_electric", values[-1]))
            assert page.evaluate("window.decodes.length") == number + 1
            most = max(most[0], memory(session)[0]), max(most[1], memory(session)[1])
            page.evaluate("window.wire.postMessage('go')")
    until(lambda: len(hashes(phone)) == MANY, 60)
    assert page.evaluate("window.decodes") == [1] * MANY, "two were decoded at once"
    with capsys.disabled():
        mb = [f"{size / MEGABYTE:.1f}" for size in (*before, *most)]
        print(f"\n{MANY} photos: heap {mb[0]} -> at most {mb[2]} MB, buffers {mb[1]} -> at most {mb[3]} MB")
    assert most[0] < 64 * MEGABYTE
    assert most[1] < 32 * MEGABYTE
    session.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    phone.all_sent(60 + 10 * MANY)
    everything_once(phone, office)
    in_the_office(office, path.rsplit("/", 1)[-1], Ledger(values=values, photos=hashes(phone)))
