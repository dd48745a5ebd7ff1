"""The bundle of evidence: the report, and behind it every receipt of the inspection with its seal in the chain.

The receipts are printed, and carried inside the file for machines, so that `doorstep verify` can compute each
of them again with no network and no database.
"""

from typing import Any
from uuid import UUID

from documents.kinds import Content, Kind
from documents.rules import moment
from inspections import queries, report
from people.rules import SignedIn
from pwa.audit import Sealed, sealed_receipts
from pwa.due import facts_of
from pwa.plain import what_of
from pwa.rules import plain


async def gather(person: SignedIn, inspection_id: UUID) -> Content:
    """As the report, with the receipts."""
    inspection = await queries.inspection_for(person, inspection_id)
    content = await report.gather(person, inspection_id)
    photos = sorted({f"/media/photos/{photo['sha256']}" for photo in content.data["photos"]})
    begun = ("/inspections", inspection.received_at, await queries.begun_by(inspection))
    rows = await sealed_receipts(f"/inspections/{inspection.id}", photos, begun)
    return Content(
        content.data | {"receipts": [_printed(row) for row in rows]},
        content.pictures,
        [_carried(row) for row in rows],
    )


def _printed(one: Sealed) -> dict[str, Any]:
    row = one.receipt
    return {
        "number": one.number,
        "what": what_of(row["method"], row["path"]),
        "note": row["note"],
        "person": row["person_name"],
        "captured": moment(row["captured_at"]),
        "received": moment(row["received_at"]),
        "body": row["body_sha256"],
        "seal": one.hash,
    }


def _carried(one: Sealed) -> dict[str, Any]:
    return {
        "number": one.number,
        "facts": [plain(fact) for fact in facts_of(one.receipt)],
        "previous": one.previous,
        "hash": one.hash,
    }


EVIDENCE = Kind("inspection-evidence", "Evidence bundle", report.TEMPLATES / "report.typ", gather)
