"""The database as it was a moment ago, again and again; and as it is, with the ids that nobody chose left out."""

import re
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from piccolo.conf.apps import Finder
from piccolo.table import Table, sort_table_classes

from tests.lone_working.checks import LINK

Row = dict[str, Any]
Rows = dict[type[Table], dict[Any, Row]]
_UUID = re.compile(r"[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}")
# The chain and links: checks.whole follows them.
MADE_ANEW = (
    "sha256",
    "previous_sha256",
    "token_sha256",
    "page_sha256",
)


@dataclass
class Rewind:
    """`tables` in the order in which they may be filled."""

    tables: list[type[Table]] = field(default_factory=lambda: sort_table_classes(Finder().get_table_classes()))
    kept: Rows = field(default_factory=dict)
    known: set[UUID] = field(default_factory=set)

    async def rows(self) -> Rows:
        found: Rows = {}
        for table in self.tables:
            key = table._meta.primary_key._meta.name
            found[table] = {row[key]: row for row in await table.select()}
        return found

    async def keep(self) -> None:
        self.kept = await self.rows()
        every = [row for rows in self.kept.values() for row in rows.values()]
        self.known |= {value for row in every for value in row.values() if isinstance(value, UUID)}

    async def only_what_changed(self, *and_of: type[Table]) -> None:
        """From now on only the tables in which something is other than it was kept, and these."""
        now = await self.rows()
        self.tables = [table for table in self.tables if table in and_of or now[table] != self.kept[table]]

    async def rewind(self) -> None:
        now = await self.rows()
        for table in reversed(self.tables):
            for id in now[table].keys() - self.kept[table].keys():
                await table.delete().where(table._meta.primary_key == id)
        for table in self.tables:
            for id, row in self.kept[table].items():
                if id not in now[table]:
                    await table.insert(table(**row))
                elif now[table][id] != row:
                    await table.update(dict(row)).where(table._meta.primary_key == id)

    async def shown(self, *without: type[Table]) -> dict[str, list[str]]:
        """All of it, so that it can be compared with another time that it was done."""
        rows = await self.rows()
        return {
            table.__name__: sorted(repr(self._plain(row)) for row in rows[table].values())
            for table in self.tables
            if table not in without
        }

    def _plain(self, row: Row) -> Row:
        return {name: self._known(name, value) for name, value in row.items()}

    def _known(self, name: str, value: Any) -> Any:
        if isinstance(value, UUID):
            return value if value in self.known else "new"
        if name in MADE_ANEW:
            return ""
        if isinstance(value, str):
            value = LINK.sub("a link", value)
            return _UUID.sub(lambda one: one[0] if UUID(one[0]) in self.known else "new", value)
        return value
