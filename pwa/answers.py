"""The few ways an intention can fail. `server/errors.py` turns each into one page or fragment, once."""

from uuid import UUID


class NotFound(Exception):
    """There is no such thing, or it is not this person's to see: the two are told apart nowhere."""


class Refused(Exception):
    """A form mistake the person can mend: field name to one plain sentence. Nothing was stored."""

    def __init__(self, reasons: dict[str, str]) -> None:
        super().__init__("; ".join(reasons.values()))
        self.reasons = reasons


KEPT = "What you sent is kept, and your team leader will look at it."
"""What is said of it where nothing else need be."""


class Held(Exception):
    """Field data that came too late for its record: stored whole, for the office to decide.

    `home` is where it was seen and `begins` the record it would have begun, of what cannot be begun any more.
    """

    def __init__(self, sentence: str, home: UUID | None = None, begins: UUID | None = None) -> None:
        super().__init__(sentence)
        self.sentence, self.home, self.begins = sentence, home, begins


class Mismatch(Exception):
    """The same command id came with another body or from another person. Both copies are kept."""


class Unreadable(Exception):
    """The request itself is broken (400): bad encoding, unknown or repeated field."""

    def __init__(self, sentence: str = "Some of that could not be read.") -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Turned(Exception):
    """Any other refusal with a status of its own, such as 413, 415, 429 or 503, and its sentence."""

    def __init__(self, status: int, sentence: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence
        self.headers = headers or {}
