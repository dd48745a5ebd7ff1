"""The peer's one page: the session's person, the newest thirty inspections of their team, and which are completed."""

import hashlib
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from bench.peer import tables
from inspections.view import kind_words
from properties.rules import door_number

T = tables()


def inspections(request: HttpRequest) -> HttpResponse:
    token = hashlib.sha256(request.COOKIES.get("__Host-sid", "").encode()).hexdigest()
    session = T["session"].objects.select_related("person").filter(token_sha256=token).first()
    if session is None:
        return HttpResponse(status=303, headers={"Location": "/sign-in"})
    rows: list[Any] = list(
        T["inspection"]
        .objects.select_related("property", "started_by")
        .filter(team=session.person.team)
        .order_by("-captured_at")[:30]
    )
    done = set(
        T["completion"]
        .objects.filter(inspection__in=[row.id for row in rows])
        .values_list("inspection", flat=True)
    )
    for row in rows:
        row.done = row.id in done
        row.words = kind_words(row.kind)
        row.number = door_number(row.property.address)
    return render(request, "page.html", {"inspections": rows})


urlpatterns = [path("inspections", inspections)]
