"""The import contracts of pyproject.toml cover every module they are about."""

import tomllib
from fnmatch import fnmatch
from pathlib import Path

ROOT = Path(__file__).parents[2]
TABLE = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]


def modules(ending: str) -> set[str]:
    files = [file for package in TABLE["root_packages"] for file in (ROOT / package).rglob(ending)]
    return {".".join(file.relative_to(ROOT).with_suffix("").parts) for file in files}


def covered(contract: str, wanted: set[str]) -> set[str]:
    named = next(one["source_modules"] for one in TABLE["contracts"] if one["name"] == contract)
    return {module for module in wanted if any(fnmatch(module, pattern) for pattern in named)}


def test_every_module_of_routes_is_kept_from_the_tables() -> None:
    wanted = modules("*handlers.py")
    assert len(wanted) > 8
    assert wanted - covered("Handlers know no tables", wanted) == set()


def test_every_module_of_rules_is_kept_from_the_frameworks() -> None:
    wanted = modules("rules.py")
    assert wanted - covered("Rules import no framework", wanted) == set()


def test_the_environment_is_read_where_the_settings_are() -> None:
    reading = {
        f"{package}/{file.relative_to(ROOT / package)}"
        for package in TABLE["root_packages"]
        for file in (ROOT / package).rglob("*.py")
        if "os.environ" in file.read_text("utf-8")
    }
    # The first names the settings' module to Piccolo, the last hands what it got on to a program of its own.
    assert reading == {"server/__init__.py", "server/settings.py", "server/restore.py"}


def test_the_interface_of_the_stores_knows_no_store() -> None:
    assert "from media" not in (ROOT / "media" / "store.py").read_text("utf-8")
