"""One real server on a SQLite file for the faults of a module."""

from collections.abc import Iterator

import pytest

from tests.conftest import ON_POSTGRES
from tests.servers.phone import Phone
from tests.servers.running import Running

# These start servers and databases of their own: the run on SQLite has done them already.
collect_ignore_glob = ["test_*.py"] if ON_POSTGRES else []


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    running = Running(tmp_path_factory.mktemp("faults") / "data")
    running.who = running.people("asha", "ben")
    yield running.start()
    running.kill()


@pytest.fixture
def asha(server: Running) -> Phone:
    return Phone(server.url, server.who["asha"]["id"], server.who["asha"]["token"])
