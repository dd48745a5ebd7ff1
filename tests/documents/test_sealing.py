"""The certificate: a council's own, one that cannot be opened, and a time-stamping authority's word."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from asn1crypto import tsp
from litestar import Litestar
from pyhanko.sign.signers import SimpleSigner
from pyhanko.sign.timestamps import DummyTimeStamper

from documents import sealing
from documents.looking import look
from properties.tables import Property
from tests.conftest import World
from tests.documents.making import inspected, made
from tests.inspections.doing import home

__all__ = ["home"]


@pytest.fixture
def real(app: Litestar) -> Iterator[sealing.Settings]:
    before = sealing.used()
    yield before
    sealing.use(before)


def test_the_self_made_certificate_is_made_once_and_only_its_owner_may_read_it(
    real: sealing.Settings, tmp_path: Path
) -> None:
    sealing.use(sealing.Settings("Harrowmere Borough Council", real.address, tmp_path / "seal"))
    first = sealing.seal()
    file = tmp_path / "seal" / "self-made.p12"
    assert (file.stat().st_mode & 0o777, list(file.parent.iterdir())) == (0o600, [file])
    sealing._opened.clear()
    again = sealing.seal()
    assert again == first
    assert again.self_made
    assert again.name == "Harrowmere Borough Council (self-made, for trying Doorstep)"


def test_a_certificate_that_cannot_be_opened_stops_the_start_with_one_sentence(
    real: sealing.Settings, tmp_path: Path
) -> None:
    missing, wrong = tmp_path / "none.p12", tmp_path / "wrong.p12"
    wrong.write_bytes(b"no certificate")
    for file in (missing, wrong):
        with pytest.raises(ValueError, match=r"^DOORSTEP_SEAL_CERTIFICATE .*\.p12 .*\.$"):
            sealing.use(sealing.Settings("Harrowmere", real.address, tmp_path, certificate=file))


class Authority(BaseHTTPRequestHandler):
    """Answers as RFC 3161 says, with a certificate of its own."""

    stamper: DummyTimeStamper

    def do_POST(self) -> None:
        asked = tsp.TimeStampReq.load(self.rfile.read(int(self.headers["Content-Length"])))
        answer = self.stamper.request_tsa_response(asked).dump()
        self.send_response(200)
        self.send_header("Content-Type", "application/timestamp-reply")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: object) -> None:
        """Quietly."""


@pytest.fixture
def authority(tmp_path: Path) -> Iterator[str]:
    sealing._make(tmp_path / "tsa.p12", "Time")
    signer = SimpleSigner.load_pkcs12(str(tmp_path / "tsa.p12"), passphrase=b"")
    Authority.stamper = DummyTimeStamper(signer.signing_cert, signer.signing_key, include_nonce=True)
    server = HTTPServer(("127.0.0.1", 0), Authority)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


async def test_a_councils_certificate_and_a_time_stamp_are_told_from_our_own_word(
    world: World, home: Property, real: sealing.Settings, authority: str, tmp_path: Path
) -> None:
    council = tmp_path / "council.p12"
    sealing._make(council, "Bought")
    sealing.use(sealing.Settings("Harrowmere", real.address, tmp_path, certificate=council, timestamps=authority))
    asha = await world.sign_in("asha")
    pdf = await made(asha, await inspected(asha, home, photos=0))
    (seal,) = (await look(pdf)).seals
    assert (seal.whole, seal.to_the_end, seal.stamped) == (True, True, True)
    said = (await world.browser().post("/verify", files={"file": ("it.pdf", pdf)})).text
    assert "as a time-stamping authority says" in said
    assert "It proves nothing outside" not in said
