"""The pages of the stand-in server: as small as the contract between templates and script allows."""

from __future__ import annotations

from html import escape

INSPECTION = "0190aaaa-0000-7000-8000-000000000001"
OTHER = "0190aaaa-0000-7000-8000-000000000002"
ASHA = "0190bbbb-0000-7000-8000-00000000000a"
BEN = "0190bbbb-0000-7000-8000-00000000000b"
BLANK = "00000000-0000-7000-8000-000000000000"
NAMES = {ASHA: "Asha Rahman", BEN: "Ben Hall", "": ""}


def shell(person: str, body: str, build: str, head: str = "") -> str:
    return f"""<!doctype html>
<html lang="en-GB"><head><meta charset="utf-8"><title>Doorstep</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="doorstep-build" content="{build}">
<meta name="htmx-config" content='{{"includeIndicatorCSS":false,"history":"reload","extensions":"outbox"}}'>
{head}<link rel="icon" href="data:,"><script type="module" src="/static/app.js"></script></head>
<body data-person="{person}" data-person-name="{NAMES[person]}">
<a class="chip" href="/outbox" data-chip>Doorstep</a>
<main>{body}</main></body></html>"""


def number_form(inspection: str) -> str:
    """A form whose mistakes come back as remarks by field, not as the form."""
    return f"""<form id="rent" method="post" action="/inspections/{inspection}/rents"
 hx-post="/inspections/{inspection}/rents" hx-target="#rents" hx-swap="beforeend" data-outbox
 data-record="inspection-{inspection}" data-what="Rent" data-where="22 Saltmarsh Road">
<div class="govuk-form-group"><label for="pounds">Pounds</label><input id="pounds" name="pounds"></div>
<button>Save</button>
<template data-pending><li class="pending"><b data-value="pounds"></b></li></template></form>
<ul id="rents"></ul>"""


def note_form(inspection: str, value: str = "", mistake: str = "", key: str = "note") -> str:
    say = f'<p class="fault__say">{escape(mistake)}</p>' if mistake else ""
    return f"""<form id="note-form-{key}" method="post" action="/inspections/{inspection}/notes"
 hx-post="/inspections/{inspection}/notes" hx-target="#notes-{key}" hx-swap="beforeend" data-outbox
 data-record="inspection-{inspection}" data-what="Note {key}" data-where="22 Saltmarsh Road"
 data-draft="{key}-{inspection}">{say}
<input type="hidden" name="_command" value="0190cccc-0000-7000-8000-000000000000">
<label>Note <textarea name="text">{escape(value)}</textarea></label>
<label>How bad <select name="bad">
<option value="1">Minor</option><option value="2">Significant</option></select></label>
<button class="send">Add</button>
<template data-pending><li class="pending"><b data-value="text"></b> <i data-value="bad"></i>
 <span data-op-state>Saved on this phone</span></li></template></form>"""


def choice_form(inspection: str, state: str) -> str:
    picks = "".join(
        f'<label><input type="radio" name="state" value="{v}"{" checked" if v == state else ""}>{v}</label>'
        for v in ("good", "fair", "repair")
    )
    return f"""<form id="hob" method="post" action="/inspections/{inspection}/readings"
 hx-post="/inspections/{inspection}/readings" hx-target="#hob" hx-swap="outerHTML" data-outbox data-autosend
 data-record="inspection-{inspection}" data-what="Hob, Kitchen: reading" data-where="22 Saltmarsh Road">
<input type="hidden" name="item" value="hob">{picks}</form>"""


def meter_form(inspection: str, value: str = "", mistake: str = "") -> str:
    say = f'<p class="fault__say">{escape(mistake)}</p>' if mistake else ""
    return f"""<div id="meter"><form method="post" action="/inspections/{inspection}/meters"
 hx-post="/inspections/{inspection}/meters" hx-target="#meter" hx-swap="outerHTML" data-outbox
 data-record="inspection-{inspection}" data-what="Electric meter" data-where="22 Saltmarsh Road">{say}
<input name="reading" value="{escape(value)}"><button>Save</button>
<template data-pending><div id="meter"><p>Meter <b data-value="reading"></b> <span data-op-state></span></p></div>
</template></form></div>"""


def finding_scope(inspection: str) -> str:
    """A finding and its photos: one minted id in both forms, whichever is sent first."""
    return f"""<section data-mint="kitchen-finding">
<form id="finding-form" method="post" action="/inspections/{inspection}/findings"
 hx-post="/inspections/{inspection}/findings" hx-target="#findings" hx-swap="beforeend" data-outbox
 data-record="inspection-{inspection}" data-what="Finding, Kitchen" data-where="22 Saltmarsh Road"
 data-draft="finding-{inspection}">
<input type="hidden" name="id" data-minted><input name="what">
<button>Save finding</button>
<template data-pending>
<li id="finding-{BLANK}"><b data-value="what"></b> <i data-value="id"></i></li></template></form>
<form id="photo-form" method="post" action="/inspections/{inspection}/photos" data-outbox data-photos
 data-record="inspection-{inspection}" data-what="Photo, Kitchen" data-where="22 Saltmarsh Road"
 hx-post="/inspections/{inspection}/photos" hx-target="#photos" hx-swap="beforeend" data-pending-into="#photos">
<input type="hidden" name="item" value="hob"><input type="hidden" name="finding" data-minted>
<input type="hidden" name="caption" value="Hob">
<input id="camera" type="file" accept="image/jpeg,image/png" multiple>
<template data-pending><div class="shot">
<figure class="photo"><span class="ph"><img data-thumb alt="Photo, Kitchen"></span>
<span class="photo__state" data-photo-state>On this phone</span></figure></div></template></form></section>"""


def tile(sha: str, received: bool) -> str:
    words = "Received" if received else "On its way"
    img = f'<img src="/photos/{sha}" alt="Photo, Kitchen">' if received else '<img alt="Photo, Kitchen">'
    return (
        f'<figure class="photo" data-sha256="{sha}"><span class="ph">{img}</span>'
        f'<span class="photo__state">{words}</span></figure>'
    )


def inspection_page(inspection: str, notes: list[str], state: str, findings: list[str], tiles: list[str]) -> str:
    items = "".join(f"<li>{escape(note)}</li>" for note in notes)
    found = "".join(f"<li>{escape(finding)}</li>" for finding in findings)
    return f"""<h1>Inspection {inspection}</h1>
{note_form(inspection, key="a")}<ul id="notes-a">{items}</ul>{note_form(OTHER, key="b")}<ul id="notes-b"></ul>
{number_form(inspection)}{choice_form(inspection, state)}{meter_form(inspection)}{finding_scope(inspection)}
<ul id="findings">{found}</ul><div id="photos">{"".join(tiles)}</div>
<nav data-panels><a href="#room-hall">Hall</a> <a href="#room-kitchen">Kitchen</a>
<section data-panel id="room-hall"><h2>Hall</h2></section>
<section data-panel id="room-kitchen"><h2>Kitchen</h2></section></nav>
<form method="post" action="/sign-out" data-sign-out><button>Sign out</button></form>"""


OUTBOX = """<h1>What is waiting</h1><p data-outbox-say></p><ol data-outbox-list></ol>
<p data-waiting-others></p>
<button type="button" data-send-now>Send now</button><button type="button" data-save-copy>Save a copy</button>"""

START = """<h1>New inspection</h1>
<form id="start" method="post" action="/inspections" hx-post="/inspections" data-outbox data-mint
 data-start="/inspections/{id}" data-blank="/inspections/blank/{kind}" data-record="inspection-{id}"
 data-what="Start inspection" data-where="22 Saltmarsh Road">
<input type="hidden" name="id" value="0190dddd-0000-7000-8000-000000000000" data-minted>
<input type="hidden" name="kind" value="void"><button>Start</button></form>"""
