"""The child process that looks at a stranger's PDF: `python -m documents.look_child`, the PDF on standard input.

It answers with one line of JSON: what is wrong with the file, or every seal in it. It has no key, no database
and no network, and asks nobody about a certificate: whose seal it is, the server decides by its fingerprint.
"""

import json
import logging
import sys
import zlib
from io import BytesIO
from typing import Any

from asn1crypto import parser
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from documents.confine import confine
from documents.rules import fitting
from documents.seal_child import CARRIED

MEMORY_MB = 640
CPU_SECONDS = 15
MOST_OBJECTS = 200_000
MOST_SEALS = 20
# What a PDF can do by itself when it is opened or pressed, and what it can carry.
ACTIVE_KEYS = {"/JavaScript", "/JS", "/OpenAction", "/AA", "/EmbeddedFiles", "/EF", "/XFA", "/RichMediaContent"}
ACTIVE_KINDS = {
    "/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToR", "/GoToE", "/Rendition", "/RichMediaExecute",
    "/Movie", "/Sound", "/EmbeddedFile", "/FileAttachment", "/RichMedia", "/Screen",
}  # fmt: skip
DAMAGE = (
    PdfError, SignatureValidationError, ValueError, TypeError, LookupError, AttributeError, OSError, EOFError,
    ArithmeticError, NotImplementedError, AssertionError, RecursionError, zlib.error,
)  # fmt: skip


class Heavy(Exception):
    """More objects or seals than anybody's honest file has."""


def looked_at(data: bytes) -> dict[str, Any]:
    """`problem` as one word, or None with the seals and what the file carries for machines."""
    reader = PdfFileReader(BytesIO(data))
    if reader.encrypted:
        return {"problem": "locked"}
    if is_active(reader):
        return {"problem": "active"}
    seals = list(reader.embedded_regular_signatures)
    if len(seals) > MOST_SEALS:
        raise Heavy
    return {"problem": None, "seals": [_seal(one) for one in seals], "receipts": _receipts(reader)}


def is_active(reader: PdfFileReader) -> bool:
    """Whether anything that can be reached from the trailer acts, or carries a file. Each object once."""
    ahead: list[Any] = [reader.trailer_view]
    seen: set[Any] = set()
    visited = 0
    while ahead:
        value = ahead.pop()
        visited += 1
        if visited > MOST_OBJECTS * 10 or len(seen) > MOST_OBJECTS:
            raise Heavy
        if isinstance(value, generic.IndirectObject):
            if value.reference in seen:
                continue
            seen.add(value.reference)
            ahead.append(value.get_object())
        elif isinstance(value, generic.DictionaryObject):
            inside = {str(name): value.raw_get(name) for name in value}
            if inside.keys() & ACTIVE_KEYS or _kinds(inside) & ACTIVE_KINDS:
                return True
            ahead += inside.values()
        elif isinstance(value, generic.ArrayObject):
            ahead += [value.raw_get(place) for place in range(len(value))]
    return False


def _kinds(inside: dict[str, Any]) -> set[str]:
    return {str(inside[name]) for name in ("/S", "/Subtype", "/Type") if isinstance(inside.get(name), str)}


def _seal(signature: Any) -> dict[str, Any]:
    context = ValidationContext(trust_roots=[], allow_fetching=False)
    status = validate_pdf_signature(signature, context, skip_diff=True)
    stamp = status.timestamp_validity
    stamped = bool(stamp and stamp.intact and stamp.valid)
    at = stamp.timestamp if stamped and stamp else status.signer_reported_dt
    certificate = status.signing_cert
    return {
        "name": certificate.subject.native.get("common_name") or certificate.subject.human_friendly,
        "fingerprint": certificate.sha256.hex(),
        "whole": bool(status.intact and status.valid) and not _is_padded(signature.pkcs7_content),
        "to_the_end": status.coverage == SignatureCoverageLevel.ENTIRE_FILE,
        "at": at.isoformat() if at else None,
        "stamped": stamped,
    }


def _is_padded(contents: bytes) -> bool:
    """Whether something stands in the room left behind the seal, which no seal can cover. Ours leave it empty."""
    return any(contents[parser.peek(contents) :])


def _receipts(reader: PdfFileReader) -> dict[str, Any] | None:
    """The receipts a bundle of evidence carries, each computed again against its seal in the chain."""
    try:
        private = reader.root["/PieceInfo"][CARRIED]["/Private"]
    except KeyError:
        return None
    receipts = json.loads(private.data)
    last = max(receipts, key=lambda one: int(one["number"]))
    return {
        "count": len(receipts),
        "fitting": sum(map(fitting, receipts)),
        "last": f"{last['number']}:{last['hash']}",
    }


def main() -> None:
    logging.disable()
    confine(MEMORY_MB, CPU_SECONDS)
    data = sys.stdin.buffer.read()
    try:
        said = looked_at(data)
    except (MemoryError, Heavy):
        said = {"problem": "heavy"}
    except DAMAGE:
        said = {"problem": "damaged"}
    sys.stdout.write(json.dumps(said))


if __name__ == "__main__":
    main()
