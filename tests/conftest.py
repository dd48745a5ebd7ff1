"""Where the tests live: a database of their own, and the little world of named people.

SQLite in a temporary folder; with TESTS_ON_POSTGRES=1 a real PostgreSQL started for the run.
"""

import logging
import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

FOLDER = tempfile.TemporaryDirectory(prefix="doorstep-tests-")
for name in [name for name in os.environ if name.startswith("DOORSTEP_")]:
    del os.environ[name]
# Read, not taken out: the processes that run the tests have their variables from the one that shares them out.
ON_POSTGRES = os.environ.get("TESTS_ON_POSTGRES") == "1"
os.environ["DOORSTEP_DATA"] = FOLDER.name
os.environ["DOORSTEP_ENGINE"] = "off"
os.environ["DOORSTEP_STYLEGUIDE"] = "1"
os.environ["DOORSTEP_HOSTS"] = "doorstep.test,localhost,127.0.0.1"
POSTGRES = None
if ON_POSTGRES:
    from tests.servers.postgres import Postgres

    POSTGRES = Postgres.at(Path(FOLDER.name) / "postgres")
    os.environ["DOORSTEP_DATABASE_URL"] = POSTGRES.url

import httpx  # noqa: E402
import pytest  # noqa: E402
from hypothesis import settings as generated  # noqa: E402
from litestar import Litestar  # noqa: E402
from piccolo.apps.migrations.commands.forwards import run_forwards  # noqa: E402
from piccolo.conf.apps import Finder  # noqa: E402

from people.commands import start_session  # noqa: E402
from people.guards import COOKIE  # noqa: E402
from people.tables import Firm, Person, Team  # noqa: E402
from server.app import create_app, running  # noqa: E402
from server.piccolo_conf import DB  # noqa: E402
from server.protection import HEADERS, TOLD_BY_PATH  # noqa: E402

# No test is timed: what takes long on a busy machine is not wrong.
generated.register_profile("untimed", deadline=None)
generated.load_profile("untimed")
# The test client's own log quotes every address it asks for; what is proved is the server's log.
logging.getLogger("httpx").setLevel(logging.WARNING)

ORIGIN = "https://doorstep.test"
SAME_SITE = {"Sec-Fetch-Site": "same-origin"}
CHECKED = [name for name in HEADERS if name not in ("Content-Security-Policy", "Cache-Control")]


def runs_tests(session: pytest.Session) -> bool:
    """Not the one that only shares them out among others."""
    return not session.config.getoption("numprocesses", None)


def pytest_configure_node(node: Any) -> None:
    node.workerinput["on_postgres"] = ON_POSTGRES


def pytest_sessionstart(session: pytest.Session) -> None:
    wanted = getattr(session.config, "workerinput", {}).get("on_postgres", ON_POSTGRES)
    assert wanted == ON_POSTGRES, "the run was asked for on the other database"
    if POSTGRES and runs_tests(session):
        POSTGRES.make()


def pytest_sessionfinish(session: pytest.Session) -> None:
    if POSTGRES and runs_tests(session):
        POSTGRES.stop()


@pytest.fixture(scope="session")
async def app() -> AsyncIterator[Litestar]:
    await run_forwards(app_name="all")
    built = create_app()
    async with running(built):
        yield built


@pytest.fixture(autouse=True)
async def clean_database(request: pytest.FixtureRequest) -> AsyncIterator[None]:
    """Every test that uses the app starts with empty tables."""
    yield
    if "app" in request.fixturenames:
        await empty_tables()


async def empty_tables() -> None:
    names = [table._meta.tablename for table in Finder().get_table_classes()]
    if ON_POSTGRES:
        await DB._run_in_new_connection(f"TRUNCATE {', '.join(names)} CASCADE")
        return
    async with DB.transaction():
        await DB.run_ddl("PRAGMA defer_foreign_keys=ON")
        for name in names:
            await DB.run_ddl(f"DELETE FROM {name}")


async def headers_on_everything(response: httpx.Response) -> None:
    """Any answer of any test carries the headers of the security design."""
    wanted = dict(HEADERS)
    if response.url.path.startswith(TOLD_BY_PATH):
        wanted["Referrer-Policy"] = "strict-origin"
    policy = response.headers.get("Permissions-Policy", "")
    assert policy.replace("geolocation=(self)", "geolocation=()") == wanted.pop("Permissions-Policy")
    for name in set(CHECKED) & set(wanted):
        assert response.headers.get(name, "").endswith(wanted[name]), f"{response.url} has no right {name}"
    assert "unsafe" not in response.headers["Content-Security-Policy"]


def browser(app: Litestar, token: str | None = None, **headers: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app, raise_app_exceptions=False),
        base_url=ORIGIN,
        headers={**SAME_SITE, **headers},
        cookies={COOKIE: token} if token else None,
        event_hooks={"response": [headers_on_everything]},
    )


@dataclass
class World:
    """Asha the officer, Ben on her team, Carol on another, Dina their manager, Callum the contractor."""

    app: Litestar
    people: dict[str, Person] = field(default_factory=dict)
    teams: dict[str, Team] = field(default_factory=dict)
    firms: dict[str, Firm] = field(default_factory=dict)
    open_clients: list[httpx.AsyncClient] = field(default_factory=list)

    def __getattr__(self, name: str) -> Person:
        try:
            return self.people[name]
        except KeyError:
            raise AttributeError(name) from None

    async def sign_in(self, name: str, **headers: str) -> httpx.AsyncClient:
        """A browser signed in as `name`, without paying for a password hash."""
        token = await start_session(self.people[name], datetime.now(UTC), "a test")
        return self.browser(token, **headers)

    def browser(self, token: str | None = None, **headers: str) -> httpx.AsyncClient:
        client = browser(self.app, token, **headers)
        self.open_clients.append(client)
        return client


@pytest.fixture
async def world(app: Litestar) -> AsyncIterator[World]:
    here = World(app)
    for name in ("north", "south"):
        here.teams[name] = await Team.objects().create(name=f"TA {name}")
    for name in ("pennard", "fuller"):
        here.firms[name] = await Firm.objects().create(name=name.title())
    north, south = here.teams["north"].id, here.teams["south"].id
    who: list[tuple[str, str, dict[str, Any]]] = [
        ("asha", "officer", {"team": north}),
        ("ben", "officer", {"team": north}),
        ("carol", "officer", {"team": south}),
        ("dina", "manager", {"team": north}),
        ("marek", "manager", {"team": south}),
        ("ade", "administrator", {}),
        ("callum", "contractor", {"firm": here.firms["pennard"].id}),
        ("fred", "contractor", {"firm": here.firms["fuller"].id}),
    ]
    for name, role, where in who:
        here.people[name] = await Person.objects().create(
            name=f"{name.title()} Test",
            email=f"{name}@harrowmere.example",
            role=role,
            created_at=datetime.now(UTC),
            **where,
        )
    yield here
    for client in here.open_clients:
        await client.aclose()


@pytest.fixture(scope="session")
def folder() -> Iterator[Path]:
    yield Path(FOLDER.name)
