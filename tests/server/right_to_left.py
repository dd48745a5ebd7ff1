"""Hebrew and an override character in every column of words, and the eye that finds them beside other words."""

import re
from html.parser import HTMLParser
from itertools import count

from piccolo.columns import Column, Text, Varchar
from piccolo.conf.apps import Finder

# Columns of text that nobody types words into, by name or as table.column. One that is not named here is typed.
ONE_OF_A_FEW = "answer cleanliness code condition decision door kind liability method mime outcome purpose role"
ONE_OF_A_FEW += " severity state time_window urgency use visit_event.reason position_source"
ONE_OF_A_FEW += " finding.what phrase.what review_event.what task_event.what visit_event.what"
ONE_OF_A_FEW += " occupancy_check.seen occupancy_check.spoken living signs concerns"
ONE_OF_A_FEW += " consequence cost_line.work property_change.field"
ONE_OF_A_FEW += " session_event.what alarm_told.what lone_point.why lone_look.why"
ONE_OF_A_FEW += " duty_shift.duty team_ladder.ladder"
ONE_OF_A_FEW += " channel message.template inventory_link_end.why"
MADE_BY_US = "body_sha256 drawn_from hash password_hash sha256 token_sha256 tally.id taken_offset tries promised"
MADE_BY_US += " certificate cost_line.before cost_line.now recharge.lines day_order.visits"
MADE_BY_US += " document.record edition step review_note.room"
MADE_BY_US += " safe_hash duress_hash previous_sha256 policy private_key public_key"
MADE_BY_US += " lone_session.missing phone_code.phone phone_proved.phone"
MADE_BY_US += " sealed duty_hours.days opens closes drill.empty drill_told.steps"
MADE_BY_US += " endpoint endpoint_sha256 p256dh auth key_sha256 page_sha256 received_text.outcome"
MADE_BY_US += " personalisation provider_id message.record message.said"
MADE_BY_US += " content_type item path place_words room.key room_change.room rows search_text shown sort_key"
OF_ONE_SHAPE = "email postcode recipient uprn"  # Latin letters and digits alone
NOT_TYPED = frozenset(f"{ONE_OF_A_FEW} {MADE_BY_US} {OF_ONE_SHAPE}".split())

HEBREW = re.compile("[\u05d0-\u05ea]")
WORD = re.compile("שלום([0-9]+)")
APART = re.compile("\u2068שלום([0-9]+)\u2069")
TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
EMPTY = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]
)


def words_kept() -> dict[str, Column]:
    """Every column of text, by table.column."""
    return {
        f"{table._meta.tablename}.{column._meta.name}": column
        for table in Finder().get_table_classes()
        for column in table._meta.columns
        if isinstance(column, Varchar | Text)
    }


def typed() -> dict[str, Column]:
    """Every column of words somebody may have typed."""
    return {name: one for name, one in words_kept().items() if not {name, one._meta.name} & NOT_TYPED}


async def write_everywhere() -> dict[int, str]:
    """Into every row that has words there; gives the column of each number that was written."""
    columns, numbers, wrote = typed(), count(1), dict[int, str]()
    for table in Finder().get_table_classes():
        key = table._meta.primary_key
        mine = {name: one for name, one in columns.items() if name.startswith(f"{table._meta.tablename}.")}
        for row in await table.select() if mine else []:
            values = {}
            for name, column in mine.items():
                number = next(numbers)
                wrote[number] = name
                values[column] = f"שלום{number}\u202e"
            await table.update(values).where(key == row[key._meta.name])
    return wrote


class Eye(HTMLParser):
    """Reads a page, and keeps what stands beside other words without being set apart."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.inside: list[str] = []
        self.seen: set[int] = set()
        self.loose: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "value":
                self.seen.update(int(number) for number in WORD.findall(value or ""))
            else:
                self._read(value or "", f"{tag}[{name}]", set_apart=False)
        if tag not in EMPTY:
            self.inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self.inside and self.inside.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        within = self.inside[-1] if self.inside else ""
        if within == "textarea":
            self.seen.update(int(number) for number in WORD.findall(data))
        else:
            self._read(data, within, set_apart=within == "bdi")

    def _read(self, words: str, where: str, set_apart: bool) -> None:
        self.seen.update(int(number) for number in WORD.findall(words))
        alone = set_apart and WORD.fullmatch(words.strip())
        bare = APART.sub("", words)
        if not alone and (HEBREW.search(bare) or TURNS.search(bare)):
            self.loose.append(f"{where}: {words.strip()[:120]!a}")
