"""Whatever stands after the question mark of any address: an answer, and never a mistake of ours."""

import re
from pathlib import Path
from urllib.parse import quote

from tests.conftest import World
from tests.server.asking import every_address

ROOT = Path(__file__).parents[2]
NAMED = re.compile(r"""(?:params|asked)\.get\("(\w+)"|"(\w+)" in (?:request\.query_)?params""")
# The long one is over the 4,300 digits that Python still reads as a number.
LONG = "9" * 4400
AT_ONCE = 12
ODD = ["", "-1", "0", "1e309", "NaN", "²", "٣", "//evil.example", "\r\nX: 1", "\u202e" + "😀" * 300]


def names() -> list[str]:
    """Every name that any handler reads from an address, as the code says it."""
    files = [file for file in ROOT.glob("*/*.py") if file.parent.name not in ("tests", "bench", "docs")]
    found = [match for file in files for match in NAMED.findall(file.read_text("utf-8"))]
    return sorted({one or other for one, other in found})


def test_the_names_are_found_in_the_code() -> None:
    assert {"page", "q", "near", "latitude", "whose", "property", "kept", "next", "token", "size", "kind"} < set(
        names()
    )


async def test_an_odd_question_is_answered_everywhere(world: World) -> None:
    clients, wrong = [await world.sign_in(actor) for actor in ("asha", "dina", "ade")], []
    # Half the names at a time: an address may be only so long.
    few = (len(names()) + AT_ONCE - 1) // AT_ONCE
    questions = [(odd, names()[start::few]) for odd in [*ODD, LONG] for start in range(few)]
    for address in await every_address(world):
        may = [one for one in clients if (await one.get(address)).status_code != 403]
        for odd, asked in questions:
            answer = await may[0].get(f"{address}?{'&'.join(f'{name}={quote(odd)}' for name in asked)}")
            if answer.status_code >= 500 and address != "/health/ready":
                wrong.append(f"{address} {odd[:20]!r}: {answer.status_code}")
    assert wrong == []
