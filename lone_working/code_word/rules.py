"""A code word: how somebody who asked for help says on the telephone that they are free to speak. Pure."""

import re
from collections.abc import Iterable

from pwa.direction import apart

MOST = 30
_WORD = re.compile(r"[^\W\d_]+(?:[ '’-][^\W\d_]+){0,2}")
# Whoever listens would know what it is for.
TELLING = ("help", "police", "emergency", "danger", "duress", "panic", "alarm", "code", "safe", "hostage", "999")
EXAMPLE = "paper lantern"
NO_WORD = f"Choose a word of 3 to {MOST} letters, or up to three words, like “{EXAMPLE}”."
OUR_EXAMPLE = "That is the example that everybody reads here. Choose your own."
TOO_TELLING = "Whoever listens would know what that is for. Choose something you might say at work."
YOUR_NAME = "Anybody would guess your name. Choose something else."
ASK = "What shall I put down in the diary?"


def plain(word: str) -> str:
    return " ".join(word.split()).casefold()


def wrong_with_word(word: str, names: Iterable[str]) -> str:
    """Why nobody should have it; empty when they may. `names` are their own."""
    said = plain(word)
    if not 3 <= len(said) <= MOST or not _WORD.fullmatch(said):
        return NO_WORD
    if any(one in said for one in TELLING):
        return TOO_TELLING
    if said == EXAMPLE:
        return OUR_EXAMPLE
    if any(plain(name) in said for name in names if len(name) > 2):
        return YOUR_NAME
    return ""


def script(name: str, caller: str, word: str) -> tuple[str, ...]:
    """What to say and to listen for. Nothing in it alarms whoever stands beside them."""
    return (
        f"Ring {apart(name)} and say: “Hello, it’s {apart(caller)} from the office. {ASK}”",
        f"If the answer has “{apart(word)}” in it, they are free to speak. Ask how they are.",
        "If it has not, say “Thanks, that’s all I needed”, and end the call. Ask nothing more. Call 999, and "
        "press “They did not say it” below.",
    )


NO_WORD_YET = (
    "They have set no code word. Ask something that only they know and that sounds like work. Take no "
    "“I’m fine” for an answer from somebody who asked for help.",
)
DO_NOT_PHONE = (
    "Do not phone them, and do not text. Whoever is with them may be listening, and their phone must look as if "
    "all were well. Call 999.",
)
