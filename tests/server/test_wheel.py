"""What a council installs: one wheel in a clean environment, started in an empty folder, without Node."""

import json
import re
import subprocess
import sys
import time
import urllib.request
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers.running import ROOT, Running


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    to = tmp_path_factory.mktemp("wheel")
    assert (ROOT / "pwa/static/assets.json").exists(), "run `make assets` first"
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(to)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (made,) = to.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def installed(wheel: Path) -> Iterator[Path]:
    """A clean environment with the wheel and the pinned versions, and nothing else."""
    home = wheel.parent / "venv"
    venv.create(home, with_pip=False)
    pins = re.findall(r"^[\w.\-\[\]]+==\S+", (ROOT / "requirements.txt").read_text(), re.M)
    (wheel.parent / "pins.txt").write_text("\n".join(pins))
    uv = Path(sys.executable).parent / "uv"
    subprocess.run(
        [uv, "pip", "install", "--quiet", "--python", home / "bin/python", "-c", wheel.parent / "pins.txt", wheel],
        check=True,
        capture_output=True,
    )
    yield home / "bin"


def test_the_wheel_carries_what_is_built_and_not_what_it_is_built_from(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for needed in (
        "pwa/static/assets.json",
        "pwa/templates/base.html",
        "people/data/common_words.txt",
        "documents/fonts/SourceSans3_400Regular.ttf",
        "documents/fonts/LICENSE",
        "documents/press/doorstep.typ",
        "inspections/documents/report.typ",
        "visits/documents/card.typ",
    ):
        assert needed in names
    packages = {name.split("/")[0] for name in names if name.endswith("piccolo_app.py")}
    for package in packages:
        assert [name for name in names if name.startswith(f"{package}/piccolo_migrations/{package}_")], package
    assert not [name for name in names if name.startswith(("pwa/src", "pwa/styles", "tests", "node_modules"))]
    assert not [name for name in names if name.endswith((".ts", ".scss", ".mjs", ".map", ".sqlite"))]


def test_every_built_file_in_the_wheel_is_one_the_pages_use(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as zipped:
        built = set(json.loads(zipped.read("pwa/static/assets.json")).values())
        there = {name.removeprefix("pwa/static/") for name in zipped.namelist() if name.startswith("pwa/static/")}
    assert {name for name in built if "." in name} <= there


def test_it_runs_in_an_empty_folder_without_node(
    installed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    server = Running(tmp_path / "data", {"PATH": str(installed)}, python=str(installed / "python"), cwd=tmp_path)
    times = []
    for _ in ("fresh", "again"):
        began = time.monotonic()
        server.start(wait=False)
        until = began + 120
        while server.answers("/sign-in") != 200:
            assert time.monotonic() < until, server.log.read_text()[-2000:]
            time.sleep(0.01)
        times.append(time.monotonic() - began)
        with urllib.request.urlopen(f"{server.url}/sign-in") as answer:
            page = answer.read().decode()
        (style,) = re.findall(r'href="(/static/app-[^"]+\.css)"', page)
        (script,) = re.findall(r'src="(/static/app-[^"]+\.js)"', page)
        assert (server.answers(style), server.answers(script), server.answers("/sw.js")) == (200, 200, 200)
        assert server.interrupt() in (0, -2)
    with capsys.disabled():
        print(f"\nfrom an installed wheel to the first page: {times[0]:.1f} s at first, then {times[1]:.1f} s")
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_dir()) == ["data"]


def test_it_sets_a_page_and_finds_no_seal_on_it(installed: Path, tmp_path: Path) -> None:
    """With the fonts and the programs that the wheel brings, in the child processes it really uses."""
    (tmp_path / "main.typ").write_text('#set document(title: "It")\n#set text(font: "Source Sans 3")\nłódź')
    (tmp_path / "data.json").write_text('{"made_timestamp": 0}')
    python, file = installed / "python", tmp_path / "it.pdf"
    press = [python, "-P", "-m", "documents.press_child", tmp_path]
    file.write_bytes(subprocess.run(press, capture_output=True, cwd=tmp_path, check=True).stdout)
    said = subprocess.run(
        [installed / "doorstep", "verify", file], capture_output=True, text=True, cwd=tmp_path, check=False
    )
    assert (said.returncode, said.stdout.splitlines()[0]) == (1, "This PDF has no seal.")


def test_its_command_line_is_there(installed: Path, tmp_path: Path) -> None:
    said = subprocess.run(
        [installed / "doorstep", "--help"], capture_output=True, text=True, cwd=tmp_path, check=True
    )
    assert "usage: doorstep" in said.stdout
    assert not (tmp_path / "data").exists()
