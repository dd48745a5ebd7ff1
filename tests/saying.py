"""The server's own sentence, read the way the phone reads it."""

import re
from html import unescape

import httpx

_SENTENCE = re.compile(r"<(\w+)[^>]*\bdata-sentence[^>]*>(.*?)</\1>", re.S)
_TAG = re.compile(r"<[^>]+>")


def sentence(answer: httpx.Response) -> str:
    """Raises AssertionError when the answer says nothing, or says it twice."""
    found = _SENTENCE.findall(answer.text)
    assert len(found) == 1, f"{answer.status_code} says {len(found)} sentences: {answer.text[:300]}"
    return " ".join(unescape(_TAG.sub(" ", found[0][1])).split())
