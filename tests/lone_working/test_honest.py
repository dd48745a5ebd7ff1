"""Nothing is claimed that nobody can keep; what a web app on a phone cannot do is said in the app."""

import re
from pathlib import Path

import pytest

from messages.template_rules import TEMPLATES
from tests.conftest import World
from tests.servers.running import ROOT

CLAIMS = re.compile(
    r"8484|9518|certified|accredited|\bURN\b|incident number|"
    r"police (will|are|have been)|help is (coming|on its way)",
    re.I,
)
"""What only a certified alarm centre may say."""
# Said of Doorstep with "not" in it: these are the sentences that disclaim.
DISCLAIMS = re.compile(r"not a certified|claim nothing of BS 8484|\(BS 8484\); we claim nothing")
CANNOT = {
    "override silent mode": "Ring when your phone is on silent",
    "count with the screen locked": "Count while the screen is locked",
    "follow in the background": "Follow where you are",
    "a hardware button": "Use a side button",
    "send in the background on an iPhone": "on an iPhone only while Doorstep is open",
    "make anybody come": "cannot make anybody come",
    "call the police": "Call the police",
}


def sources() -> list[Path]:
    packages = [
        ROOT / name for name in ("lone_working", "messages", "pwa/src", "pwa/templates", "people", "today")
    ]
    return [path for one in packages for path in one.rglob("*") if path.suffix in (".py", ".html", ".ts", ".txt")]


def test_no_page_and_no_message_claims_what_only_an_alarm_centre_may() -> None:
    wrong = []
    for path in sources():
        for line in DISCLAIMS.sub("", path.read_text()).splitlines():
            if CLAIMS.search(line):
                wrong.append(f"{path.relative_to(ROOT)}: {line.strip()[:100]}")
    assert wrong == []
    said = [one.subject + one.body for one in TEMPLATES.values()]
    assert [words for words in said if CLAIMS.search(words)] == []


@pytest.mark.parametrize("what", CANNOT)
async def test_what_a_phone_cannot_do_is_said_to_whoever_goes_out(world: World, what: str) -> None:
    for name in ("asha", "dina"):
        shown = (await (await world.sign_in(name)).get("/lone-working/limits")).text
        assert CANNOT[what] in shown
