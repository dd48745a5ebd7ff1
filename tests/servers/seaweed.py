"""A real S3 service on this machine for the tests: SeaweedFS from PyPI, on free ports, in a temporary folder.

Not a stand-in: it checks signatures, so that a wrong secret is refused as a council's own store would.
"""

import json
import os
import socket
import subprocess
import sysconfig
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

KEY, SECRET, BUCKET = "doorstep-tests", "a-secret-only-for-tests", "photographs"
# `weed mini` moves on silently when a port it wants is taken, so that every one of them is named.
PORTS = (
    "master.port", "master.port.grpc", "volume.port", "volume.port.grpc", "volume.port.public", "filer.port",
    "filer.port.grpc", "filer.port.public", "s3.port", "s3.port.grpc", "admin.port", "admin.port.grpc",
)  # fmt: skip
OFF = (
    "webdav=false", "admin.ui=false", "s3.iam=false", "s3.port.iceberg=0", "s3.port.lance=0",
    "master.telemetry=false", "metricsPort=0",
)  # fmt: skip


@dataclass(frozen=True)
class Seaweed:
    """A running service and how to speak to it."""

    port: int

    @property
    def endpoint(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def url(self, prefix: str, endpoint: str | None = None) -> str:
        """The DOORSTEP_STORAGE value for a part of the bucket."""
        return f"s3://{BUCKET}/{prefix}?endpoint={quote(endpoint or self.endpoint)}&region=eu-west-2"


def free_ports(count: int) -> list[int]:
    """Ports nobody uses now."""
    with ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


def _identities(folder: Path) -> Path:
    known = {"accessKey": KEY, "secretKey": SECRET}
    actions = ["Admin", "Read", "Write", "List", "Tagging"]
    config = folder / "s3.json"
    config.write_text(json.dumps({"identities": [{"name": "tests", "credentials": [known], "actions": actions}]}))
    return config


def _put_works(client: Any) -> bool:
    try:
        client.create_bucket(Bucket=BUCKET)
    except ClientError as wrong:
        if wrong.response["Error"]["Code"] not in ("BucketAlreadyExists", "BucketAlreadyOwnedByYou"):
            return False
    except BotoCoreError:
        return False
    try:
        client.put_object(Bucket=BUCKET, Key="ready", Body=b"ready")
    except (ClientError, BotoCoreError):
        return False
    return True


def _wait(process: subprocess.Popen[bytes], seaweed: Seaweed, log: Path) -> None:
    once = Config(retries={"total_max_attempts": 1}, connect_timeout=1, read_timeout=5)
    session = boto3.Session(KEY, SECRET, region_name="eu-west-2")
    client = session.client("s3", endpoint_url=seaweed.endpoint, config=once)
    until = time.monotonic() + 60
    while not _put_works(client):
        if time.monotonic() > until or process.poll() is not None:
            raise RuntimeError(f"SeaweedFS did not start: {log.read_text()[-2000:]}")
        time.sleep(0.1)
    client.close()


@contextmanager
def running(folder: Path) -> Iterator[Seaweed]:
    """Start one in `folder`; ready when a real PUT works."""
    ports = dict(zip(PORTS, free_ports(len(PORTS)), strict=True))
    weed = Path(sysconfig.get_path("scripts"), "weed")
    given = [f"-{name}={port}" for name, port in ports.items()] + [f"-{name}" for name in OFF]
    data = folder / "data"
    data.mkdir(parents=True)
    command = [str(weed), "mini", f"-dir={data}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1"]
    given.append(f"-s3.config={_identities(folder)}")
    log = folder / "weed.log"
    environ = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    with log.open("wb") as out:
        process = subprocess.Popen(
            [*command, *given], stdout=out, stderr=out, cwd=folder, env=environ | {"HOME": str(folder)}
        )
        try:
            seaweed = Seaweed(ports["s3.port"])
            _wait(process, seaweed, log)
            yield seaweed
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
