"""Reading an ordinary form into a struct with named fields, with the exact answers of docs/bad-input.md."""

import re
import unicodedata
from collections import Counter
from datetime import date, datetime
from enum import Enum
from functools import cache
from types import UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin, get_type_hints
from urllib.parse import unquote_to_bytes
from uuid import UUID

import msgspec
from litestar import Request

from pwa.answers import Refused, Unreadable

Name = Annotated[str, msgspec.Meta(max_length=200)]
Text = Annotated[str, msgspec.Meta(max_length=4000)]
Form = TypeVar("Form", bound=msgspec.Struct)

COMMAND_FIELD = "_command"
MAX_WHOLE_NUMBER = 2**31 - 1
EARLIEST, LATEST = date(1900, 1, 1), date(2200, 12, 31)

# Everything a person cannot see or that reorders what they read, except the line breaks they typed.
_UNSEEN = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]"
)
_WHOLE = re.compile(r"-?[0-9]{1,12}")
_PAGE = re.compile(r"[1-9][0-9]{0,3}")
_DECIMAL = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,9})?")


def clean(text: str) -> str:
    """As typed, but NFC, with LF line ends and without control or direction characters."""
    return _UNSEEN.sub("", unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")))


def pairs(body: bytes) -> list[tuple[str, str]]:
    """The fields of an urlencoded body in order. Raises Unreadable for NUL and broken UTF-8."""
    found = []
    for part in body.split(b"&") if body else []:
        key, _, value = part.partition(b"=")
        found.append((_decoded(key), _decoded(value)))
    return found


def _decoded(raw: bytes) -> str:
    try:
        text = unquote_to_bytes(raw.replace(b"+", b" ")).decode("utf-8")
    except UnicodeDecodeError as error:
        raise Unreadable from error
    if "\x00" in text:
        raise Unreadable
    return text


def page_number(text: str | None) -> int:
    """The page of a list that an address asks for, 1 to 9999. What is no such number is the first page."""
    return int(text) if text and _PAGE.fullmatch(text) else 1


async def form(request: Request[Any, Any, Any], kind: type[Form]) -> Form:
    """The request's form as `kind`. 400 for an unknown or repeated field, 422 naming what is wrong."""
    return bind(pairs(await request.body()), kind)


def bind(fields: list[tuple[str, str]], kind: type[Form]) -> Form:
    hints = _hints(kind)
    many = {name for name, hint in hints.items() if get_origin(_bare(hint)) is list}
    fields = [(key, value) for key, value in fields if key != COMMAND_FIELD]
    for key, count in Counter(key for key, _ in fields).items():
        if key not in hints:
            raise Unreadable("That form has a field this page does not know. Reload the page and try again.")
        if count > 1 and key not in many:
            raise Unreadable("That form has the same field twice. Reload the page and try again.")
    values, wrong = _values(fields, kind, hints, many)
    if wrong:
        raise Refused(wrong)
    return kind(**values)


def _values(
    fields: list[tuple[str, str]], kind: type[msgspec.Struct], hints: dict[str, Any], many: set[str]
) -> tuple[dict[str, Any], dict[str, str]]:
    values: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    required = _required(kind)
    for name, hint in hints.items():
        given = [value for key, value in fields if key == name]
        try:
            if name in many:
                (item,) = get_args(_bare(hint))
                values[name] = [read(value, item) for value in given if value != ""]
            elif given:
                values[name] = read(given[0], hint)
            elif name in required:
                wrong[name] = "This is missing."
        except ValueError as error:
            wrong[name] = str(error)
    return values, wrong


@cache
def _hints(kind: type[msgspec.Struct]) -> dict[str, Any]:
    return get_type_hints(kind, include_extras=True)


@cache
def _required(kind: type[msgspec.Struct]) -> frozenset[str]:
    return frozenset(field.name for field in msgspec.structs.fields(kind) if field.required)


def _bare(hint: Any) -> Any:
    return get_args(hint)[0] if get_origin(hint) is Annotated else hint


def read(value: str, hint: Any) -> Any:
    """One field as its type. ValueError carries the sentence for the person."""
    limit = 4000
    if get_origin(hint) is Annotated:
        hint, *notes = get_args(hint)
        limit = next((n.max_length for n in notes if isinstance(n, msgspec.Meta) and n.max_length), limit)
    if get_origin(hint) in (Union, UnionType):
        if value.strip() == "":
            return None
        (hint,) = (option for option in get_args(hint) if option is not type(None))
        return read(value, hint)
    value = clean(value)
    if len(value) > limit:
        raise ValueError(f"Keep this under {limit:,} characters.")
    return _typed(value.strip(), hint)


def _typed(value: str, hint: Any) -> Any:  # one line a type reads better than a table of lambdas
    if hint is str:
        return value
    if hint is bool:
        return value.lower() in ("on", "true", "yes", "1")
    if hint is int:
        return _whole(value)
    if hint is float:
        return _decimal(value)
    if hint is UUID:
        return _converted(UUID, value, "That is not one of ours. Reload the page and try again.")
    if hint is date:
        return _day(value)
    if hint is datetime:
        return _moment(value)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return _converted(hint, value, "Choose one of the answers.")
    raise TypeError(f"no way to read {hint!r} from a form")


def _converted(kind: Any, value: str, sentence: str) -> Any:
    try:
        return kind(value)
    except ValueError as error:
        raise ValueError(sentence) from error


def _whole(value: str) -> int:
    if not _WHOLE.fullmatch(value) or abs(int(value)) > MAX_WHOLE_NUMBER:
        raise ValueError("Enter a whole number, like 3.")
    return int(value)


def _decimal(value: str) -> float:
    if not _DECIMAL.fullmatch(value):
        raise ValueError("Enter a number, like 51.5.")
    return float(value)


def _day(value: str) -> date:
    day: date = _converted(date.fromisoformat, value, "Enter a real date, like 24 11 2026.")
    if not EARLIEST <= day <= LATEST:
        raise ValueError("Enter a date between 1900 and 2200.")
    return day


def _moment(value: str) -> datetime:
    moment: datetime = _converted(datetime.fromisoformat, value, "Enter a real date and time.")
    if moment.tzinfo is None or not EARLIEST <= moment.date() <= LATEST:
        raise ValueError("Enter a real date and time.")
    return moment
