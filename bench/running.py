"""A real server process on a temporary data folder, with somebody signed in."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent


@dataclass
class Running:
    port: int
    cookie: str
    property: str
    data: Path
    process: subprocess.Popen[bytes]

    def memory(self) -> float:
        """Resident memory in MB of the server and the processes it started, now."""
        total = 0
        for pid in [self.process.pid, *_children(self.process.pid)]:
            status = Path(f"/proc/{pid}/status").read_text()
            total += int(status.split("VmRSS:")[1].split()[0])
        return total / 1024

    def cpu(self) -> float:
        """Seconds of processor time used by the server itself so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _children(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        found += [int(child) for child in (task / "children").read_text().split()]
    return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(url: str, process: subprocess.Popen[bytes]) -> float:
    """Seconds until the address answers."""
    began = time.perf_counter()
    while process.poll() is None and time.perf_counter() - began < 60:
        try:
            urllib.request.urlopen(url, timeout=2).read()
        except urllib.error.HTTPError:
            break
        except OSError:
            time.sleep(0.02)
        else:
            break
    if process.poll() is not None:
        raise RuntimeError("the server did not start")
    return time.perf_counter() - began


@contextmanager
def doorstep(homes: int = 40, readings: int = 0, inspections: int = 0) -> Iterator[Running]:
    """The server with `homes` properties and as many inspections and readings as asked for."""
    with tempfile.TemporaryDirectory(prefix="doorstep-bench-") as folder:
        env = {
            **os.environ,
            "DOORSTEP_DATA": folder,
            "DOORSTEP_PORT": str(free_port()),
            "DOORSTEP_HOSTS": "localhost",
        }
        env["PYTHONPATH"] = str(ROOT)
        made = subprocess.run(
            [sys.executable, "-m", "bench.seed", str(homes), str(inspections), str(readings)],
            env=env,
            cwd=ROOT,
            check=True,
            capture_output=True,
            text=True,
        )
        cookie, home = made.stdout.split()[-2:]
        process = subprocess.Popen(
            [sys.executable, "-m", "server", "run"],
            env=env,
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            wait_for(f"http://localhost:{env['DOORSTEP_PORT']}/health/live", process)
            yield Running(int(env["DOORSTEP_PORT"]), cookie, home, Path(folder), process)
        finally:
            process.terminate()
            process.wait(30)
