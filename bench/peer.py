"""The peer: Django 5.2 on the same SQLite file, with the same query and the same markup. Run as `python -m bench.peer DATABASE PORT`."""

import sys
from typing import Any

import django
from django.conf import settings
from django.db import models

PAGE = """<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><title>Inspections - Doorstep</title></head>
<body><header class="top"><a class="mark" href="/">Doorstep</a></header><main id="main"><h1>Inspections</h1>
<ul class="card rows">{% for one in inspections %}
<li class="row"><span class="plate plate--small" aria-hidden="true">{{ one.number }}</span><div class="grow"><a class="to" href="/inspections/{{ one.id }}">{{ one.property.address }}</a><span class="sub">{{ one.words }}, {{ one.captured_at|date:"D j M, H:i" }}, {{ one.started_by.name }}</span></div><span class="state">{% if one.done %}<span class="tag tag--ok">Completed</span>{% else %}<span class="tag tag--teal">Under way</span>{% endif %}</span></li>{% endfor %}
</ul></main></body></html>"""


def configure(database: str) -> None:
    settings.configure(
        DEBUG=False,
        SECRET_KEY="measured on loopback only",
        ALLOWED_HOSTS=["localhost"],
        ROOT_URLCONF="bench.peer_urls",
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": database,
                "CONN_MAX_AGE": None,
                "OPTIONS": {
                    "transaction_mode": "IMMEDIATE",
                    "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON",
                    "timeout": 10,
                },
            }
        },
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "OPTIONS": {"loaders": [("django.template.loaders.locmem.Loader", {"page.html": PAGE})]},
            }
        ],
        MIDDLEWARE=["django.middleware.security.SecurityMiddleware", "django.middleware.gzip.GZipMiddleware"],
        USE_TZ=True,
        TIME_ZONE="Europe/London",
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    )
    django.setup()


def tables() -> dict[str, Any]:
    """The same tables as ours, as Django sees them."""

    def table(title: str, db: str, **fields: Any) -> Any:
        meta = type("Meta", (), {"managed": False, "db_table": db, "app_label": "peer"})
        return type(title, (models.Model,), {"__module__": __name__, "Meta": meta, **fields})

    def key() -> dict[str, Any]:
        return {"id": models.CharField(primary_key=True, max_length=36)}

    person = table(
        "Person", "person", **key(), name=models.CharField(max_length=200), team=models.CharField(max_length=36)
    )
    home = table("Property", "property", **key(), address=models.CharField(max_length=200))
    session = table(
        "Session",
        "session",
        **key(),
        token_sha256=models.CharField(max_length=64),
        person=models.ForeignKey(person, models.DO_NOTHING, db_column="person"),
    )
    inspection = table(
        "Inspection",
        "inspection",
        **key(),
        kind=models.CharField(max_length=30),
        captured_at=models.DateTimeField(),
        team=models.CharField(max_length=36),
        property=models.ForeignKey(home, models.DO_NOTHING, db_column="property"),
        started_by=models.ForeignKey(person, models.DO_NOTHING, db_column="started_by"),
    )
    completion = table("Completion", "completion", **key(), inspection=models.CharField(max_length=36))
    return {"person": person, "session": session, "inspection": inspection, "completion": completion}


def insert_tables() -> tuple[Any, Any]:
    """A receipt and a reading of the peer's own, as many columns as ours."""
    text = {f"t{n}": models.CharField(max_length=200, default="x") for n in range(5)}
    names = {"app_label": "peer"}
    receipt = type(
        "PeerReceipt",
        (models.Model,),
        {
            "__module__": __name__,
            "Meta": type("Meta", (), names),
            "id": models.UUIDField(primary_key=True),
            "captured_at": models.DateTimeField(),
            "received_at": models.DateTimeField(),
            "sequence": models.BigIntegerField(null=True),
            "late": models.BooleanField(default=False),
            **text,
        },
    )
    text = {f"t{n}": models.CharField(max_length=200, default="x") for n in range(5)}
    reading = type(
        "PeerReading",
        (models.Model,),
        {
            "__module__": __name__,
            "Meta": type("Meta", (), names),
            "id": models.UUIDField(primary_key=True),
            "inspection": models.UUIDField(db_index=True),
            "person": models.UUIDField(),
            "captured_at": models.DateTimeField(),
            "received_at": models.DateTimeField(),
            **text,
        },
    )
    return receipt, reading


def main() -> None:
    import uvicorn
    from django.core.asgi import get_asgi_application

    configure(sys.argv[1])
    application = get_asgi_application()
    uvicorn.run(
        application, port=int(sys.argv[2]), loop="uvloop", http="httptools", access_log=False, log_level="error"
    )


if __name__ == "__main__":
    main()
