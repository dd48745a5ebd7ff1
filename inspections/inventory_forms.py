"""The forms of an inventory that goes to the household, field by field."""

import msgspec

from messages.rules import Channel
from pwa.forms import Name, Text


class LinkForm(msgspec.Struct):
    channel: Channel | None = None
    to: Name = ""


class NothingForm(msgspec.Struct):
    """A button alone."""


class SayForm(msgspec.Struct):
    text: Text = ""
