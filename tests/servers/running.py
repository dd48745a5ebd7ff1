"""A real `doorstep run` in a process of its own, for tests of the wire, of signals and of kills."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

from tests.servers.postgres import free_port

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 60


@dataclass
class Running:
    """One server process on a port of its own. `start` again after `kill` to come back on the same data."""

    data: Path
    settings: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None
    python: str = sys.executable
    cwd: Path = ROOT
    who: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        return self.data.parent / f"{self.data.name}-{self.port}.log"

    def env(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("DOORSTEP_")}
        return {
            **kept,
            "DOORSTEP_DATA": str(self.data),
            "DOORSTEP_PORT": str(self.port),
            **self.settings,
        }

    def start(self, wait: bool = True) -> "Running":
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [self.python, "-m", "server", "run"], env=self.env(), cwd=self.cwd, stdout=log, stderr=log
            )
        if wait:
            self.wait()
        return self

    def wait(self) -> None:
        until = time.monotonic() + PATIENCE_SECONDS
        while not self.answers():
            if self.process is None or self.process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"the server did not start:\n{self.log.read_text()[-3000:]}")
            time.sleep(0.02)

    def answers(self, path: str = "/health/live") -> int:
        """The status of a GET, or 0 when nothing answers."""
        try:
            with urllib.request.urlopen(self.url + path, timeout=5) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    def kill(self) -> None:
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        return self._end(signal.SIGTERM)

    def interrupt(self) -> int:
        return self._end(signal.SIGINT)

    def _end(self, sign: signal.Signals) -> int:
        if self.process is None:
            return 0
        self.process.send_signal(sign)
        code = self.process.wait(timeout=PATIENCE_SECONDS)
        self.process = None
        return code

    def people(self, *names: str) -> dict[str, dict[str, str]]:
        """Officers of one team, signed in: name to id, cookie and team. Made in a process of its own."""
        made = subprocess.run(
            [self.python, "-m", "tests.servers.people", *names],
            env=self.env(),
            cwd=ROOT,
            check=True,
            capture_output=True,
            text=True,
        )
        found: dict[str, dict[str, str]] = json.loads(made.stdout.strip().splitlines()[-1])
        return found
