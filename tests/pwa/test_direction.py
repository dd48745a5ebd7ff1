"""Values in templates are set apart by themselves, each in the way its place allows."""

import pytest

from pwa.direction import apart
from pwa.pages import address, environment

NOTE = "שלום"
IN_TEXT, IN_PLAIN = f"<bdi>{NOTE}</bdi>", f"\u2068{NOTE}\u2069"


def drawn(template: str, note: object = NOTE) -> str:
    return environment.from_string(template).render(note=note)


@pytest.mark.parametrize(
    ("template", "page"),
    [
        ("<p>By {{ note }}, 10:20</p>", f"<p>By {IN_TEXT}, 10:20</p>"),
        ('<b title="By {{ note }}">a</b>', f'<b title="By {IN_PLAIN}">a</b>'),
        ("<b data-what='{{ note }}'>{{ note }}</b>", f"<b data-what='{IN_PLAIN}'>{IN_TEXT}</b>"),
        ("<title>{{ note }}</title>{{ note }}", f"<title>{IN_PLAIN}</title>{IN_TEXT}"),
        ('<option value="{{ note }}">{{ note }}</option>', f'<option value="{NOTE}">{IN_PLAIN}</option>'),
        ('<input value="{{ note }}"><i>{{ note }}</i>', f'<input value="{NOTE}"><i>{IN_TEXT}</i>'),
        ("<textarea>{{ note }}</textarea>", f"<textarea>{NOTE}</textarea>"),
        ('{{ note ~ ", " ~ 3 }}', f"{IN_PLAIN}, 3"),
        ('<b data-what="{{ "Note: " ~ note }}"></b>', f'<b data-what="Note: {IN_PLAIN}"></b>'),
        (
            "{% if note %}<i{% if note %} id='{{ note }}'{% endif %}>{{ note }}{% endif %}",
            f"<i id='{IN_PLAIN}'>{IN_TEXT}",
        ),
        ("{% block title %}{{ note }}{% endblock %}<b>{{ note }}", f"{IN_PLAIN}<b>{IN_TEXT}"),
        ("{% macro said(words) %}<b>{{ words }}</b>{% endmacro %}{{ said(note) }}", f"<b>{IN_TEXT}</b>"),
        ("{% set said = note %}<p>{% for one in [said] %}{{ one }}{% endfor %}", f"<p>{IN_TEXT}"),
        ("<p>{{ note | address }}", f"<p>{IN_TEXT}"),
    ],
)
def test_a_value_is_set_apart_as_its_place_allows(template: str, page: str) -> None:
    assert drawn(template) == page


def test_what_would_turn_round_the_rest_is_not_shown_and_what_is_markup_stays_escaped() -> None:
    assert drawn("<p>{{ note }}", "a\u202eb") == "<p>ab"
    assert drawn("<p>{{ note }}", f"{NOTE}<b>\u2069\u202e") == f"<p><bdi>{NOTE}&lt;b&gt;</bdi>"
    assert drawn('<p title="{{ note }}">', f'{NOTE}"') == f'<p title="\u2068{NOTE}&#34;\u2069">'


@pytest.mark.parametrize("words", ["Flat 3", "Zoë’s flat, 10:20", "日本 3", "", 3, None])
def test_what_turns_nothing_round_is_written_as_ever(words: object) -> None:
    assert drawn("<p>{{ note }}</p>", words) == f"<p>{words}</p>"


def test_what_is_set_apart_is_not_set_apart_again() -> None:
    label = f"Hob, {apart(NOTE)}"
    assert apart(label) == label == f"Hob, {IN_PLAIN}"
    assert apart(f"{label} {NOTE}") == f"\u2068{label} {NOTE}\u2069"
    assert drawn('{{ "Note: " ~ note }}', label) == f"Note: {label}"


def test_an_address_is_broken_where_it_may_be_also_when_it_is_set_apart() -> None:
    assert address(f"{NOTE}@a.example") == f"<bdi>{NOTE}<wbr>@a<wbr>.example</bdi>"
