"""One real server on a SQLite file for the faults of a module."""

from collections.abc import Iterator

import pytest

from tests.servers.phone import Phone
from tests.servers.running import Running


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    running = Running(tmp_path_factory.mktemp("faults") / "data")
    running.who = running.people("asha", "ben")
    yield running.start()
    running.kill()


@pytest.fixture
def asha(server: Running) -> Phone:
    return Phone(server.url, server.who["asha"]["id"], server.who["asha"]["token"])
