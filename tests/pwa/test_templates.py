"""What is saved on the phone is seen on the page: every form of the outbox says how it looks while it waits."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
MACRO = re.compile(r"\{%-? macro (\w+)\(.*?\{%-? endmacro", re.DOTALL)
BEGINS = re.compile(r"<form\b[^>]*?\bdata-outbox\b|\bopen_form\(", re.DOTALL)
NAME = re.compile(r'data-what="([^"]*)"|open_form\(\w+, "([^"]*)"')
# With a value there is one for each choice the form offers.
PENDING = re.compile(r"<template data-pending[=>]")

# Forms without a look of their own, each with its reason.
NONE_NEEDED = {
    "inspections/new.html Start an inspection": "the phone goes to the new inspection's own page (data-start)",
}


def looks(source: str) -> set[str]:
    """Macros that write the pending look for the form they are called in."""
    return {match[1] for match in MACRO.finditer(source) if PENDING.search(match[0])}


def forms(source: str) -> list[tuple[str, str]]:
    """Each form of the outbox: what it says it is, or where it is sent, and its source."""
    found = []
    whole = MACRO.sub(lambda match: "" if match[1] == "open_form" else match[0], source)
    for begin in BEGINS.finditer(whole):
        form = whole[begin.start() : whole.index("</form>", begin.start())]
        name = NAME.search(form)
        assert name, f"a form of the outbox that does not say what it is: {form[:200]}"
        found.append((name[1] or name[2], form))
    return found


def without_a_look() -> tuple[list[str], int]:
    missing, seen = [], 0
    for file in sorted(ROOT.glob("*/templates/*.html")):
        source = re.sub(r"\{#.*?#\}", "", file.read_text("utf-8"), flags=re.DOTALL)
        for what, form in forms(source):
            seen += 1
            if not PENDING.search(form) and not any(f"{{{{ {macro}(" in form for macro in looks(source)):
                missing.append(f"{file.parent.parent.name}/{file.name} {what}".strip())
    return missing, seen


def test_every_form_of_the_outbox_says_how_it_looks_while_it_waits() -> None:
    missing, seen = without_a_look()
    assert missing == sorted(NONE_NEEDED), "give the form a <template data-pending>, or name it above and say why"
    assert seen > 25


def test_a_form_that_says_nothing_is_found() -> None:
    plain = '<form method="post" data-outbox data-what="A note"><textarea></textarea></form>'
    assert [PENDING.search(form) for _, form in forms(plain)] == [None]
    called = '{{ open_form(visit, "start", "Start: " ~ visit.purpose) }}</form>'
    assert [name for name, _ in forms(called)] == ["start"]
