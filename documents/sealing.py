"""With which certificate documents are sealed: the council's, or one Doorstep made for itself to be tried with."""

import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from secrets import token_hex

SELF_MADE = "self-made, for trying Doorstep"
YEARS = 10
BITS = 3072


@dataclass(frozen=True)
class Settings:
    """`certificate` is a PKCS#12 file, or None for one of our own in `folder`; `address` is where to verify."""

    council: str
    address: str
    folder: Path
    certificate: Path | None = None
    passphrase: str = ""
    timestamps: str = ""


@dataclass(frozen=True)
class Seal:
    """A certificate with its key, and what a reader is told of it."""

    file: Path
    passphrase: str
    name: str
    fingerprint: str
    self_made: bool


_used: list[Settings] = []
_opened: dict[Settings, Seal] = {}


def use(chosen: Settings) -> None:
    """Name the settings of this process, once, at start-up. ValueError with one sentence if they are wrong."""
    if chosen.certificate:
        _opened[chosen] = _read(chosen.certificate, chosen.passphrase, self_made=False)
    _used[:] = [chosen]


def used() -> Settings:
    """The settings of this process."""
    if not _used:
        raise RuntimeError("documents.sealing.use(...) was not called at start-up")
    return _used[0]


def seal() -> Seal:
    """The certificate to seal with; a self-made one is made when it is first needed (a second's work)."""
    chosen = used()
    if chosen not in _opened:
        file = chosen.folder / "self-made.p12"
        if not file.exists():
            _make(file, chosen.council)
        _opened[chosen] = _read(file, "", self_made=True)
    return _opened[chosen]


def _read(file: Path, passphrase: str, *, self_made: bool) -> Seal:
    from cryptography.hazmat.primitives.hashes import SHA256  # 100 ms that only sealing needs
    from cryptography.hazmat.primitives.serialization.pkcs12 import load_pkcs12
    from cryptography.x509 import NameOID

    try:
        kept = load_pkcs12(file.read_bytes(), passphrase.encode() or None)
        if kept.cert is None or kept.key is None:
            raise ValueError
    except OSError as wrong:
        raise ValueError(f"DOORSTEP_SEAL_CERTIFICATE {file} cannot be read: {wrong.strerror}.") from wrong
    except ValueError as wrong:
        raise ValueError(
            f"DOORSTEP_SEAL_CERTIFICATE {file} is not a PKCS#12 file with a certificate and its key that "
            "DOORSTEP_SEAL_PASSPHRASE opens."
        ) from wrong
    certificate = kept.cert.certificate
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    name = str(names[0].value) if names else certificate.subject.rfc4514_string()
    return Seal(file, passphrase, name, certificate.fingerprint(SHA256()).hex(), self_made)


def _make(file: Path, council: str) -> None:
    """A key and a certificate that says of itself what it is. Whoever comes first makes it; nobody replaces it."""
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import NoEncryption
    from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates

    key = generate_private_key(public_exponent=65537, key_size=BITS)
    called = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, f"{council[:30]} ({SELF_MADE})")])
    now = datetime.now(UTC)
    sealing_only = x509.KeyUsage(True, True, False, False, False, False, False, False, False)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(called)
        .issuer_name(called)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(days=365 * YEARS))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(sealing_only, critical=True)
        .sign(key, SHA256())
    )
    data = serialize_key_and_certificates(b"seal", key, certificate, None, NoEncryption())
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = file.with_name(f".{file.name}.{token_hex(8)}")
    with os.fdopen(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
    with suppress(FileExistsError):
        os.link(part, file)
    part.unlink()
