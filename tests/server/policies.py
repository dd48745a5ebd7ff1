"""Which role may use which route, as the app declares it.

After adding a route:  python -m tests.server.policies > tests/server/policies.json   and read the difference.
"""

import json
import os
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from litestar import Litestar
from litestar.routes import HTTPRoute

TABLE = Path(__file__).parent / "policies.json"
SAFE = ("GET", "HEAD", "OPTIONS")
_PARAMETER = re.compile(r"\{(\w+):(\w+)\}")
ABSENT = "01890000-0000-7000-8000-00000000dead"


@dataclass(frozen=True)
class Way:
    """One method of one route."""

    method: str
    path: str
    may: frozenset[str]

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def safe(self) -> bool:
        return self.method in SAFE

    @property
    def parameters(self) -> list[tuple[str, str]]:
        return _PARAMETER.findall(self.path)

    def address(self, first: str = ABSENT) -> str:
        """With `first` for the first id, and things that do not exist for the others."""
        values = iter([first])

        def fill(match: re.Match[str]) -> str:
            absent = ABSENT if match[2] == "uuid" else "0" * 64
            return next(values, absent) if match[2] == "uuid" or first != ABSENT else absent

        return _PARAMETER.sub(fill, self.path)


def ways(app: Litestar) -> Iterator[Way]:
    """Every one, by address."""
    found = [
        Way(method, route.path, frozenset(handler.opt.get("may", ())))
        for route in app.routes
        if isinstance(route, HTTPRoute)
        for handler in route.route_handlers
        for method in handler.http_methods - {"OPTIONS", "HEAD"}
    ]
    yield from sorted(found, key=lambda way: (way.path, way.method))


def as_json(app: Litestar) -> str:
    table = {way.name: sorted(way.may) for way in ways(app)}
    return "{\n" + ",\n".join(f"  {json.dumps(n)}: {json.dumps(r)}" for n, r in table.items()) + "\n}\n"


if __name__ == "__main__":
    # The same app as the tests have, and no data folder left behind.
    os.environ |= {"DOORSTEP_STYLEGUIDE": "1", "DOORSTEP_DATA": tempfile.mkdtemp(prefix="doorstep-policies-")}
    from server.app import create_app

    print(as_json(create_app()), end="")
