"""From starting the program to its first page, on a database that is up to date."""

import subprocess
import sys

from bench.running import ROOT, doorstep, free_port, wait_for
from bench.table import Row


def main() -> list[Row]:
    import os

    with doorstep() as server:
        data = server.data
        server.process.terminate()
        server.process.wait(30)
        port = free_port()
        env = {**os.environ, "DOORSTEP_DATA": str(data), "DOORSTEP_PORT": str(port), "DOORSTEP_HOSTS": "localhost"}
        process = subprocess.Popen(
            [sys.executable, "-m", "server", "run"], env=env, cwd=ROOT, stdout=subprocess.DEVNULL
        )
        took = wait_for(f"http://localhost:{port}/sign-in", process)
        process.terminate()
        process.wait(30)
    return [Row("start to first page", f"{took:.2f} s", "", "≤ 2 s")]
