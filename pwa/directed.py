"""Templates in which no value can be forgotten: each is set apart where it is written (pwa.direction).

In the text of a page that is a <bdi>; in an attribute, a title, an option and a sentence that is put together with
`~`, where no element can stand, two characters. What a field holds stays bare: it is sent back as it stands.
"""

import re
from typing import Any

from jinja2 import Environment, nodes
from markupsafe import Markup, escape

from pwa.direction import apart, shown

_TAG = re.compile(r"<(/?)([a-zA-Z][\w-]*)")
_IN_TAG = re.compile(r"""([\w:-]+)\s*=\s*(["'])|>""")
PLAIN = ("title", "option")  # hold words and no elements
BARE = ("textarea", "script")


def own(value: Any) -> Any:
    """For the text of a page."""
    if type(value) is not str or value.isascii():
        return value  # a number, or markup: what stands in it was set apart when it was made
    words, turns = shown(value)
    return Markup("<bdi>") + escape(words) + Markup("</bdi>") if turns else words


def plain(value: Any) -> Any:
    """For a place that holds no elements."""
    return apart(value) if type(value) is str else value


class Place:
    """Where in its HTML a template has come to. Branches of one template all end where they began."""

    def __init__(self) -> None:
        self.element = self.attribute = self.quote = ""
        self.in_tag = False

    def read(self, html: str) -> None:
        at = 0
        while at < len(html):
            at = self._step(html, at)

    def _step(self, html: str, at: int) -> int:
        if self.quote:
            found = html.find(self.quote, at)
            self.quote = "" if found >= 0 else self.quote
            return found + 1 if found >= 0 else len(html)
        match = (_IN_TAG if self.in_tag else _TAG).search(html, at)
        if not match:
            return len(html)
        if not self.in_tag:
            self.in_tag, self.element = True, "" if match[1] else match[2].lower()
        elif match[0] == ">":
            self.in_tag = False
        else:
            self.attribute, self.quote = match[1], match[2]
        return match.end()

    @property
    def filter(self) -> str:
        """What sets a value apart here. Empty where it must stay as it is."""
        if self.quote:
            return "" if self.attribute == "value" else "plain"
        if self.in_tag or self.element in BARE:
            return ""
        return "plain" if self.element in PLAIN else "own"


class Directed(Environment):
    """An environment whose templates set every value apart by themselves."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.filters.update(own=own, plain=plain)

    def _generate(self, source: nodes.Template, *args: Any, **options: Any) -> str:
        self._direct(source, Place())
        return super()._generate(source, *args, **options)

    def _direct(self, node: nodes.Node, place: Place) -> None:
        title = isinstance(node, nodes.Block) and node.name == "title"  # its <title> stands in the page frame
        if title:
            place.element = "title"
        if isinstance(node, nodes.Output):
            node.nodes = [self._written(one, place) for one in node.nodes]
        else:
            for child in node.iter_child_nodes():
                self._direct(child, place)
        if isinstance(node, nodes.Concat):
            node.nodes = [self._apart(one, "plain") for one in node.nodes]
        if title:
            place.element = ""

    def _written(self, node: nodes.Expr, place: Place) -> nodes.Expr:
        if isinstance(node, nodes.TemplateData):
            place.read(node.data)
            return node
        self._direct(node, place)
        return self._apart(node, place.filter)

    def _apart(self, node: nodes.Expr, name: str) -> nodes.Expr:
        if not name or isinstance(node, nodes.Const):
            return node
        return nodes.Filter(node, name, [], [], None, None, lineno=node.lineno, environment=self)
