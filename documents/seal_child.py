"""The child process that seals: `python -m documents.seal_child`.

On standard input a line of JSON that says how to seal, a line with the receipts to carry, and the PDF; on
standard output the sealed PDF. It alone holds the key, and is only ever given what our own press made. The
seal is PAdES: B-B, or B-T with a time-stamping authority.
"""

import asyncio
import json
import sys
from datetime import datetime
from io import BytesIO
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.timestamps.aiohttp_client import HTTPTimeStamper

FIELD = "Seal"
CARRIED = "/Doorstep"
# Digits kept free for the seal, with its chain of certificates and a time stamp. Without a number pyHanko would
# seal twice to find out, and opening an RSA key takes a fifth of a second each time.
RESERVED = 48 * 1024


def carry(writer: IncrementalPdfFileWriter, receipts: list[dict[str, Any]], at: datetime) -> None:
    """Put data for machines where PDF/A lets a maker keep its own: it forbids attachments, not PieceInfo."""
    data = generic.StreamObject(stream_data=json.dumps(receipts, separators=(",", ":")).encode())
    data.compress()
    name, moment = generic.pdf_name, generic.pdf_date(at)
    piece = generic.DictionaryObject({name("/LastModified"): moment, name("/Private"): writer.add_object(data)})
    writer.root[name("/PieceInfo")] = generic.DictionaryObject({name(CARRIED): piece})
    writer.update_root()


def opened(asked: dict[str, Any]) -> signers.SimpleSigner:
    """The key and its certificate. ValueError when they cannot be opened."""
    signer: signers.SimpleSigner | None = signers.SimpleSigner.load_pkcs12(
        asked["file"], passphrase=asked["passphrase"].encode()
    )
    if signer is None:
        raise ValueError("the certificate cannot be opened")
    return signer


async def seal(
    asked: dict[str, Any], signer: signers.SimpleSigner, receipts: list[dict[str, Any]], pdf: bytes
) -> bytes:
    """The PDF with the seal added behind it, so that every byte before it is covered."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    at = datetime.fromisoformat(asked["at"])
    if receipts:
        carry(writer, receipts, at)
    meta = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
        name=asked["name"],
        reason=asked["reason"],
    )
    # PDF/UA wants what is seen to be described, and PDF/A wants nothing hidden: off the page is neither.
    unseen = fields.InvisSigSettings(set_print_flag=True, set_hidden_flag=False, box_out_of_bounds=True)
    spec = fields.SigFieldSpec(FIELD, on_page=0, invis_sig_settings=unseen)
    stamper = HTTPTimeStamper(asked["timestamps"], timeout=10) if asked["timestamps"] else None
    pdf_signer = signers.PdfSigner(meta, signer, new_field_spec=spec, timestamper=stamper)
    return bytes((await pdf_signer.async_sign_pdf(writer, bytes_reserved=RESERVED)).getvalue())


def main() -> None:
    asked = json.loads(sys.stdin.buffer.readline())
    signer = opened(asked)
    receipts = json.loads(sys.stdin.buffer.readline())
    sys.stdout.buffer.write(asyncio.run(seal(asked, signer, receipts, sys.stdin.buffer.read())))


if __name__ == "__main__":
    main()
