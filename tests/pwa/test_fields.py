"""Our fields beside GOV.UK Frontend's own templates: the same elements, names, ids and wiring, word for word."""

from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment, FileSystemLoader, PackageLoader, PrefixLoader

from pwa import pages

PWA = Path(__file__).parents[2] / "pwa"
# GOV.UK Frontend's script makes the summary focusable; ours is from the start.
UNSAID = {"tabindex"}


class Shape(HTMLParser):
    """A page as a list of elements and words, so that two can be compared."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[Any] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {
            key: " ".join((value or "").split())
            for key, value in attrs
            if key not in UNSAID and not key.startswith("data-")
        }
        self.found.append((tag, known))

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.found.append(" ".join(data.split()))


govuk = Environment(
    loader=PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}), autoescape=True
)
ours = pages.environment.overlay(loader=PrefixLoader({"pwa": FileSystemLoader(PWA / "templates")}))


def theirs(component: str, **params: Any) -> list[Any]:
    name = "govuk" + component.title().replace("-", "")
    source = (
        f'{{% from "govuk_frontend_jinja/components/{component}/macro.html" import {name} %}}{{{{ {name}(p) }}}}'
    )
    return Shape(govuk.from_string(source).render(p=params)).found


def mine(call: str, **context: Any) -> list[Any]:
    source = f'{{% import "pwa/macros.html" as ui %}}{{{{ ui.{call} }}}}'
    return Shape(ours.from_string(source).render(**context)).found


SAYS = {"hint": {"text": "Like 48210"}, "errorMessage": {"text": "Enter it"}, "label": {"text": "Reading"}}
LEGEND = {"fieldset": {"legend": {"text": "Which?"}}, "hint": {"text": "One"}, "errorMessage": {"text": "Choose"}}
CHOICES = [{"value": "a", "text": "A"}, {"value": "b", "text": "B", "hint": {"text": "Second"}}]
OPTIONS = '[("a", "A"), ("b", "B", "Second")]'
SAME = [
    (
        'text_field("m", "Reading", "48", "Like 48210", "Enter it")',
        "input",
        {**SAYS, "id": "m", "name": "m", "value": "48"},
    ),
    (
        'textarea("m", "Reading", "48", "Like 48210", "Enter it", rows=5)',
        "textarea",
        {**SAYS, "id": "m", "name": "m", "value": "48"},
    ),
    (
        'select("m", "Reading", [("a", "A"), ("b", "B")], "b", "Like 48210", "Enter it")',
        "select",
        {
            **SAYS,
            "id": "m",
            "name": "m",
            "items": [{"value": "a", "text": "A"}, {"value": "b", "text": "B", "selected": True}],
        },
    ),
    ('file_field("m", "Reading", "Like 48210", "Enter it")', "file-upload", {**SAYS, "id": "m", "name": "m"}),
    (
        f'radios("m", "Which?", {OPTIONS}, "a", "One", "Choose")',
        "radios",
        {**LEGEND, "name": "m", "value": "a", "items": CHOICES},
    ),
    (
        f'checkboxes("m", "Which?", {OPTIONS}, ["a"], "One", "Choose")',
        "checkboxes",
        {**LEGEND, "name": "m", "idPrefix": "m", "values": ["a"], "items": CHOICES},
    ),
    (
        'error_summary({"m": "Enter it"}, "There is a problem")',
        "error-summary",
        {"titleText": "There is a problem", "errorList": [{"href": "#m", "text": "Enter it"}]},
    ),
]


@pytest.mark.parametrize(("call", "component", "params"), SAME, ids=[one[1] for one in SAME])
def test_a_field_is_marked_up_as_govuk_frontend_does(call: str, component: str, params: dict[str, Any]) -> None:
    assert mine(call) == theirs(component, **params)


def test_a_date_is_three_boxes_that_one_legend_names() -> None:
    found = mine('date_field("due", "When?", {"day": 27, "month": 3, "year": 2026}, error="Too early")')
    assert (
        "fieldset",
        {"class": "govuk-fieldset", "role": "group", "aria-describedby": "due-hint due-error"},
    ) in found
    boxes = {one[1]["name"]: one[1]["value"] for one in found if one[0] == "input"}
    assert boxes == {"due_day": "27", "due_month": "3", "due_year": "2026"}


def test_a_mistake_in_a_choice_is_linked_to_its_first_box() -> None:
    found = mine('picks("severity", "How bad?", [("minor", "Minor"), ("bad", "Bad")], error="Choose")')
    first = next(one[1] for one in found if one[0] == "input")
    assert first["id"] == "severity"


def test_what_was_typed_is_never_markup() -> None:
    found = mine('text_field("m", "Reading", typed) ~ ui.tag(typed)', typed='"><script>x</script>')
    assert [one for one in found if one[0] == "script"] == []
