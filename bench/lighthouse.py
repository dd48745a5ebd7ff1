"""Lighthouse as a phone sees the sign-in page, the visits and an inspection."""

import json
import os
import re
import subprocess
import tempfile
import urllib.request
from pathlib import Path
from typing import Any

from bench.running import ROOT, Running, doorstep
from bench.table import Row

CATEGORIES = ("performance", "accessibility", "best-practices")
FLAGS = "--headless --no-sandbox --disable-gpu"


def scores(server: Running, path: str, signed_in: bool) -> list[int]:
    """Percent for each of CATEGORIES. Raises when Lighthouse was shown another page than the one asked for."""
    with tempfile.TemporaryDirectory(prefix="doorstep-lighthouse-") as folder:
        report = Path(folder) / "report.json"
        command = [
            str(ROOT / "node_modules/.bin/lighthouse"),
            f"http://localhost:{server.port}{path}",
            "--quiet",
            "--output=json",
            f"--output-path={report}",
            f"--only-categories={','.join(CATEGORIES)}",
            f"--chrome-flags={FLAGS} --user-data-dir={folder}/profile",
        ]
        if signed_in:
            command.append(f"--extra-headers={json.dumps({'Cookie': f'__Host-sid={server.cookie}'})}")
        env = {"CHROME_PATH": "/usr/bin/chromium", **os.environ}
        subprocess.run(command, check=True, env=env, cwd=folder, stdout=subprocess.DEVNULL)
        found: dict[str, Any] = json.loads(report.read_text())
    shown = found["finalDisplayedUrl"]
    if not shown.split("#")[0].endswith(path):
        raise RuntimeError(f"asked for {path} and was shown {shown}")
    return [round((found["categories"][name]["score"] or 0) * 100) for name in CATEGORIES]


def first_inspection(server: Running) -> str:
    """The newest one in the list."""
    ask = urllib.request.Request(f"http://localhost:{server.port}/inspections")
    ask.add_header("Cookie", f"__Host-sid={server.cookie}")
    with urllib.request.urlopen(ask, timeout=20) as answer:
        found = re.search(r'href="(/inspections/[0-9a-f]{8}-[0-9a-f-]+)"', answer.read().decode())
    if found is None:
        raise RuntimeError("there is no inspection in the list")
    return found[1]


def main() -> list[Row]:
    rows = []
    with doorstep(inspections=12, readings=96) as server:
        pages = (("sign-in", "/sign-in"), ("Today", "/today"), ("an inspection", first_inspection(server)))
        for name, path in pages:
            found = scores(server, path, signed_in=name != "sign-in")
            rows.append(
                Row(f"{name}: {', '.join(CATEGORIES)}", " / ".join(map(str, found)), "", "≥ 98 / 100 / 100")
            )
    return rows
