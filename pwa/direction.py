"""Words in any script, each in its own direction: what somebody typed turns nothing round beside it.

A note may be in Arabic where the words of the page are not. Unicode would put the time after it before it, unless
the note is set apart: by a <bdi>, or by two characters where no element can stand.
"""

import re

from pwa.forms import clean

# The blocks of scripts written from the right (Unicode 16, DerivedBidiClass: R and AL by default).
_FROM_THE_RIGHT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefe\U00010800-\U00010fff\U0001e800-\U0001efff]")
_TURNS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_APART = re.compile("\u2068[^\u202a-\u202e\u2066-\u2069]*\u2069")


def shown(text: str) -> tuple[str, bool]:
    """The words as they may be read, and whether they must still be set apart from others.

    Characters that turn words round are not stored (pwa.forms.clean); a row of another origin may hold them.
    Words that are set apart already stay as they are.
    """
    if text.isascii():
        return text, False
    bare = _APART.sub("", text)
    return clean(text) if _TURNS.search(bare) else text, bool(_FROM_THE_RIGHT.search(bare))


def apart(text: str) -> str:
    """For a sentence, an attribute or a title: as it is, or between FIRST STRONG ISOLATE and its end."""
    words, turns = shown(text)
    return f"\u2068{words}\u2069" if turns else words
