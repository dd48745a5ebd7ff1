"""Colours one can read, templates the policy lets through, and built files that are what they say."""

import gzip
import hashlib
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PWA = ROOT / "pwa"
STATIC = PWA / "static"
TEMPLATES = sorted(path for path in ROOT.glob("*/templates/**/*.html"))
TOKENS = (PWA / "styles/_tokens.scss").read_text()
ICONS = set(re.findall(r'<symbol id="([\w-]+)"', (PWA / "icons/icons.svg").read_text()))


def theme(name: str) -> dict[str, str]:
    """The colours of one theme: {role: #rrggbb}."""
    body = re.search(rf"@mixin {name} \{{(.*?)\n\}}", TOKENS, re.S)
    assert body
    found = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", body[1]))
    return {role: "#" + "".join(c * 2 for c in hue[1:]) if len(hue) == 4 else hue for role, hue in found.items()}


def luminance(hue: str) -> float:
    parts = [int(hue[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


AAA = [("ink", "paper"), ("ink", "surface"), ("ink", "sunken"), ("ink-soft", "paper"), ("ink-soft", "surface")]
AAA += [("ink", "warn-tint"), ("ink", "accent-tint"), ("ink", "ok-tint"), ("ink", "danger-tint"), ("ink", "tag")]
AAA += [("accent", "surface"), ("on-action", "action"), ("on-warn", "warn"), ("warn-ink", "surface")]
AAA += [("danger-ink", "danger-tint"), ("ok-ink", "ok-tint"), ("ok-ink", "surface")]
AA = [
    ("on-danger", "danger"),
    ("on-ok", "ok"),
    ("accent", "accent-tint"),
    ("ink-soft", "sunken"),
    ("accent", "paper"),
]
AA += [("on-action", "action-hover"), ("warn-ink", "warn-tint"), ("ink-soft", "accent-tint")]
EDGES = [("line-strong", "surface"), ("line-strong", "paper"), ("accent", "track"), ("warn-line", "surface")]
EDGES += [("focus", "focus-ink"), ("warn-line", "warn-tint")]
PAIRS = [(pair, 7.0) for pair in AAA] + [(pair, 4.5) for pair in AA] + [(pair, 3.0) for pair in EDGES]


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize(("pair", "least"), PAIRS)
def test_every_pair_of_colours_can_be_read(name: str, pair: tuple[str, str], least: float) -> None:
    hues = theme(name)
    assert contrast(hues[pair[0]], hues[pair[1]]) >= least


def test_both_themes_name_the_same_roles() -> None:
    assert theme("light").keys() == theme("dark").keys()


# --- templates


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_template_carries_anything_the_policy_would_stop(path: Path) -> None:
    text = path.read_text()
    assert not re.search(r"\sstyle\s*=", text), "style= is stopped by the policy; use a class or an SVG attribute"
    assert not re.search(r"\son[a-z]+\s*=", text), "an inline handler is stopped by the policy"
    assert not re.search(r"hx-on|[\"']js:|javascript:", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text), "an inline script is stopped by the policy"
    assert "<style" not in text


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_icon_a_template_names_was_drawn(path: Path) -> None:
    text = path.read_text()
    named = set(re.findall(r'icon\("([\w-]+)"', text)) | set(re.findall(r'icon_name="([\w-]+)"', text))
    named |= set(re.findall(r'"icon": "([\w-]+)"', text))
    assert named <= ICONS


# --- what the phone is given


def built() -> dict[str, str]:
    assert (STATIC / "assets.json").exists(), "run `make assets` first"
    return dict(json.loads((STATIC / "assets.json").read_text()))


def sheet(name: str = "app.css") -> bytes:
    return (STATIC / built()[name]).read_bytes()


def other_sheets() -> list[str]:
    return [name for name in built() if name.endswith(".css") and name != "app.css"]


def test_every_built_name_carries_the_hash_of_its_bytes() -> None:
    for plain, name in built().items():
        if plain in ("build", "app.js"):
            continue
        bytes_ = (STATIC / name).read_bytes()
        assert hashlib.sha256(bytes_).hexdigest()[:10] in name


def test_the_stylesheets_fit_their_budgets_and_fetch_nothing() -> None:
    css = sheet()
    assert len(gzip.compress(css, 9)) <= 14 * 1024
    for name in other_sheets():
        css += (more := sheet(name))
        assert len(gzip.compress(more, 9)) <= 3 * 1024, name
    assert b"url(" not in css and b"@font-face" not in css and b"@import" not in css
    assert b"GDS Transport" not in css and b"crown" not in css


def test_a_page_asks_for_two_files_of_script() -> None:
    """A part that loads later and does not name pwa/src/shared.ts takes the page's own script apart."""
    wanted, files = [built()["app.js"]], set()
    while wanted:
        files.add(name := wanted.pop())
        parts = re.findall(r'(?:from|import)"\./([\w-]+\.js)"', (STATIC / name).read_text())
        wanted += [part for part in parts if part not in files]
    assert len(files) == 2


def test_the_manifest_names_drawings_that_exist() -> None:
    manifest = json.loads((STATIC / "manifest.webmanifest").read_text())
    images = manifest["icons"] + [icon for one in manifest["shortcuts"] for icon in one["icons"]]
    for image in images + manifest.get("screenshots", []):
        assert (STATIC / image["src"].removeprefix("/static/")).exists()
    assert any(icon.get("purpose") == "maskable" for icon in manifest["icons"])
    assert {one["name"] for one in manifest["shortcuts"]} == {"Properties", "Today", "New inspection"}


def test_the_worker_keeps_only_files_that_exist_and_all_that_a_page_needs() -> None:
    worker = (STATIC / "sw.js").read_text()
    kept = set(re.findall(r"/static/([\w.-]+)", worker))
    assert kept and all((STATIC / name).exists() for name in kept)
    office = {"wall.css", "map.css"}  # of no use with no signal, and no officer's phone loads them
    assert {built()[name] for name in {"app.js", "app.css", "icons.svg", *other_sheets()} - office} <= kept
    assert not any(name.startswith(("wall", "map")) for name in kept)
    assert built()["build"] in worker
