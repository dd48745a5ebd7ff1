"""A real PostgreSQL for a test run: its own data folder, a free port on loopback, gone afterwards."""

import os
import pwd
import shutil
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def binary(name: str) -> str:
    """Debian keeps the server's programs out of the path."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)
    path = str(found[0]) if found else shutil.which(name)
    if not path:
        raise RuntimeError("PostgreSQL is not installed: apt-get install postgresql")
    return path


@dataclass
class Postgres:
    data: Path
    port: int
    url: str

    @classmethod
    def at(cls, folder: Path) -> "Postgres":
        """Where one will be, before it is there."""
        port = free_port()
        return cls(folder / "data", port, f"postgresql://doorstep@127.0.0.1:{port}/postgres")

    @classmethod
    def start(cls, folder: Path) -> "Postgres":
        server = cls.at(folder)
        server.make()
        return server

    def make(self) -> None:
        folder = self.data.parent
        folder.mkdir(parents=True)
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            for path in [folder, *folder.parents]:
                if path.stat().st_uid == 0 and path.is_relative_to("/tmp") and path != Path("/tmp"):
                    path.chmod(0o755)
            shutil.chown(folder, "postgres", "postgres")
        self._do(binary("initdb"), "-D", str(self.data), "-U", "doorstep", "-A", "trust", "--no-sync")
        self.start_again()

    def start_again(self) -> None:
        folder = self.data.parent
        options = f"-p {self.port} -h 127.0.0.1 -k {folder} -c max_connections=60"
        self._do(binary("pg_ctl"), "-D", str(self.data), "-l", str(folder / "log"), "-w", "-o", options, "start")

    def pids(self) -> list[int]:
        """The postmaster and everything it started."""
        postmaster = int((self.data / "postmaster.pid").read_text().split()[0])
        children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
        return [postmaster, *map(int, children)]

    def stop(self) -> None:
        self._do(binary("pg_ctl"), "-D", str(self.data), "-m", "immediate", "stop")

    def _do(self, *command: str) -> None:
        user = pwd.getpwnam("postgres").pw_uid if os.geteuid() == 0 else None
        subprocess.run(command, check=True, capture_output=True, user=user, cwd="/")
