"""What `make bench` stands on is still there. It is run by hand, so that nothing else would say so."""

from importlib import import_module

import pytest

from bench import provider
from bench.__main__ import ALL
from server.settings import read


def test_the_settings_that_the_bench_starts_its_servers_with_are_taken() -> None:
    assert dict(read(provider.settings(1)).notify_templates) == provider.IDS


@pytest.mark.parametrize("name", ALL)
def test_every_measurement_can_be_begun(name: str) -> None:
    assert callable(import_module(f"bench.{name}").main)
