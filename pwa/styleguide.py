"""Every part in every state, at /styleguide: for those who build and test, never for a council."""

from typing import Any

from litestar import Request, Response, get

from pwa import pages
from pwa.policy import anyone


@get("/styleguide", opt=anyone())
async def styleguide(request: Request[Any, Any, Any]) -> Response[str]:
    return pages.page(request, "pwa/styleguide.html")
