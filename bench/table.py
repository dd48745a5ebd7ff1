"""What a measurement prints: what, ours, the peer in the same run, the bar."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    what: str
    ours: str
    beside: str = ""
    bar: str = ""


def markdown(title: str, rows: list[Row]) -> str:
    lines = [f"## {title}", "", "| what | ours | beside | bar |", "|---|---|---|---|"]
    lines += [f"| {row.what} | {row.ours} | {row.beside} | {row.bar} |" for row in rows]
    return "\n".join(lines) + "\n"
