"""One DOORSTEP_* variable at a time, given back as what it means; a wrong one is a WrongSetting."""

import re
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from ipaddress import ip_address
from urllib.parse import urlsplit

from messages.template_rules import AT_NOTIFY

DEMO_PHONE = "01632 960 114"
# A name of the council's choice, then the id of its service and a secret: that is how Notify makes them.
_ID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_BRACES = re.compile(r"\{[^}]*\}")


class WrongSetting(ValueError):
    """One sentence naming the variable, what it holds and what it may hold."""


def word_key(text: str) -> bytes:
    key = urlsafe_b64decode(text) if re.fullmatch(r"[A-Za-z0-9_-]{43}=", text) else b""
    if text and not key:
        # Not quoted: it is a secret.
        raise WrongSetting("DOORSTEP_WORD_KEY must be 32 bytes in URL-safe base64: 43 characters and an =.")
    return key


def notify_key(key: str) -> str:
    if key and not re.fullmatch(rf".+-{_ID}-{_ID}", key):
        # Not quoted: it is a secret.
        raise WrongSetting("DOORSTEP_NOTIFY_KEY must be a whole API key of GOV.UK Notify: name-service-secret.")
    return key


def notify_number(env: Mapping[str, str]) -> str:
    name = "DOORSTEP_NOTIFY_NUMBER"
    number = env.get(name, "").strip()
    if number and not re.fullmatch(r"\+?[0-9 ]{5,20}", number):
        raise WrongSetting(f"{name} is {number!r}; it must be a telephone number, like 07700 900 111.")
    if number and not env.get("DOORSTEP_NOTIFY_CALLBACK"):
        raise WrongSetting(
            f"{name} must come with DOORSTEP_NOTIFY_CALLBACK: texts without a token are not believed."
        )
    return number


def services(env: Mapping[str, str]) -> tuple[str, ...]:
    name = "DOORSTEP_PUSH_SERVICES"
    given = listed(env.get(name))
    if wrong := [one for one in given if not re.fullmatch(r"https?://[A-Za-z0-9.:-]+", one)]:
        raise WrongSetting(f"{name} holds {wrong[0]!r}; each must be an address like https://push.example.")
    return given


def token(token: str) -> str:
    if token and len(token) < 16:
        raise WrongSetting("DOORSTEP_NOTIFY_CALLBACK must be a token of 16 characters or more.")
    return token


def templates(env: Mapping[str, str]) -> dict[str, str]:
    """By our own keys. With a key every one must be there, so that the first message does not fail at night."""
    name = "DOORSTEP_NOTIFY_TEMPLATES"
    given = dict(part.partition("=")[::2] for part in listed(env.get(name)))
    wrong = [key for key, id in given.items() if key not in AT_NOTIFY or not re.fullmatch(_ID, id)]
    if wrong or (env.get("DOORSTEP_NOTIFY_KEY") and set(given) != set(AT_NOTIFY)):
        raise WrongSetting(
            f"{name} must give the id of each of these: {', '.join(AT_NOTIFY)}; key=id, and commas."
        )
    return given


def database(url: str | None) -> str | None:
    if not url:
        return None
    parts = urlsplit(url)
    if parts.scheme not in ("postgresql", "postgres") or not parts.path.strip("/"):
        raise WrongSetting("DOORSTEP_DATABASE_URL must look like postgresql://user:password@host/database.")
    return url


def listening(address: str) -> str:
    try:
        return str(ip_address(address))
    except ValueError as error:
        raise WrongSetting(f"DOORSTEP_ADDRESS is {address!r}; it must be an IP address, like 0.0.0.0.") from error


def listed(text: str | None) -> tuple[str, ...]:
    return tuple(part.strip().lower() for part in (text or "").split(",") if part.strip())


def switch(env: Mapping[str, str], name: str, default: str) -> bool:
    value = env.get(name, default)
    if value not in ("0", "1"):
        raise WrongSetting(f"{name} is {value!r}; it must be 1 or 0.")
    return value == "1"


def word(env: Mapping[str, str], name: str, words: tuple[str, ...]) -> str:
    value = env.get(name, words[0])
    if value not in words:
        raise WrongSetting(f"{name} is {value!r}; it must be {' or '.join(words)}.")
    return value


def number(env: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    value = env.get(name, str(default))
    if not (value.isascii() and value.isdigit()) or not least <= int(value) <= most:
        raise WrongSetting(f"{name} is {value!r}; it must be a number from {least} to {most}.")
    return int(value)


def phone(env: Mapping[str, str]) -> str:
    """As it is to be printed. The demo's is one of Ofcom's for drama."""
    value = env.get("DOORSTEP_PHONE", "").strip()
    if value and not re.fullmatch(r"\+?[0-9][0-9 ]{4,18}[0-9]", value):
        raise WrongSetting(f"DOORSTEP_PHONE is {value!r}; it must be a telephone number, like 01632 960 114.")
    return value or (DEMO_PHONE if switch(env, "DOORSTEP_DEMO", "0") else "")


def tiles(address: str) -> str:
    """Its host stands in the content-security policy of the wall, so it is nothing but a host."""
    host = r"https://[a-z0-9.-]+(:[0-9]+)?|http://localhost(:[0-9]+)?"
    if address and not (
        re.match(f"({host})/", address) and {"{z}", "{x}", "{y}"} <= set(_BRACES.findall(address))
    ):
        raise WrongSetting(
            f"DOORSTEP_MAP_TILES is {address!r}; it must be like https://tiles.example/{{z}}/{{x}}/{{y}}.png."
        )
    return address


def address(env: Mapping[str, str], name: str) -> str | None:
    value = env.get(name)
    if value and urlsplit(value).scheme not in ("http", "https"):
        raise WrongSetting(f"{name} is {value!r}; it must be an http or https address.")
    return value or None
