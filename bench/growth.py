"""What a page costs as readings grow from a thousand to a million."""

import asyncio

from bench.load import Figures
from bench.pages import flat_out
from bench.running import doorstep
from bench.table import Row

FEW, MANY = 1_000, 1_000_000


def page_at(readings: int) -> Figures:
    with doorstep(homes=400, inspections=max(1, readings // 8), readings=readings) as server:
        return asyncio.run(flat_out(server.port, server.cookie, "/inspections"))


def main() -> list[Row]:
    few, many = page_at(FEW), page_at(MANY)
    times = many.percentile(0.95) / few.percentile(0.95)
    return [
        Row(
            f"list of inspections, p95, {FEW:,} → {MANY:,} readings",
            f"{few.percentile(0.95):.1f} → {many.percentile(0.95):.1f} ms ({times:.2f} ×)",
            "",
            "within 1.3 ×",
        )
    ]
