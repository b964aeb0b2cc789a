"""What cannot be shown, told as a page to who reads pages; programs get it as data."""

from __future__ import annotations

from fastapi import Request, Response
from fastapi.responses import HTMLResponse

from shroff.domain.messages import Language, say
from shroff.domain.phrasebook import PHRASEBOOK
from shroff.web.pages import page_of
from shroff.web.painting import paint
from shroff.web.viewing import View

__all__ = ["fault_page"]

_DATA = ("/api/", "/part/", "/static/")


def fault_page(
    request: Request, status: int, cause: str, *, where: str = "", hint: str = ""
) -> Response | None:
    """Tell a fault as a page.

    Parameters
    ----------
    request : Request
        What was asked.
    status : int
        HTTP status, 400 to 599.
    cause, where, hint : str
        What is wrong, where, and what to do about it.

    Returns
    -------
    Response or None
        The page; None where a program asks, or something that stands inside a page.
    """
    path = request.url.path
    reads = request.method == "GET" and "text/html" in request.headers.get("accept", "")
    if not reads or path.startswith(_DATA):
        return None
    language = _language(request)
    key = f"web.habits.error.{status}"
    text = paint(
        "fault.html.j2",
        View(language=language),
        title=say(key if key in PHRASEBOOK else "web.habits.error.title", language),
        cause=cause,
        where=where,
        hint=hint,
        plain=_without_filters(request, language),
    )
    return HTMLResponse(text, status_code=status)


def _language(request: Request) -> Language:
    """Take the language of the address, else the one that was chosen last."""
    known = {each.value for each in Language}
    asked = (request.query_params.get("lang", ""), request.cookies.get("shroff_lang", ""))
    return Language(next((text for text in asked if text in known), Language.EN))


def _without_filters(request: Request, language: Language) -> str:
    """Give the address of the same page looking at everything; empty where that is what failed."""
    name = request.url.path.strip("/") or "overview"
    page = page_of(name)
    filtered = set(request.query_params) - {"lang"}
    return f"{page.path}?lang={language}" if page is not None and filtered else ""
