"""What is said when a request is refused: always what is wrong, where, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from shroff.errors import ShroffError
from shroff.web.fault_pages import fault_page
from shroff.web.headers import HEADERS
from shroff.web.job_records import FaultTold

__all__ = ["Refused", "add_refusals", "refused"]

_FIRST = 3


class Refused(BaseModel):
    """What every refused request is answered with."""

    error: FaultTold = Field(description="What is wrong, where, and what to do about it.")


def refused(
    status: int,
    cause: str,
    *,
    where: str = "",
    hint: str = "",
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Answer a request that is refused.

    Parameters
    ----------
    status : int
        HTTP status, 400 to 599.
    cause, where, hint : str
        What is wrong, where, and what to do about it.
    headers : mapping, optional
        Further headers.

    Returns
    -------
    Response
        As `Refused` describes it.
    """
    record = {"cause": _printable(cause), "where": _printable(where), "hint": _printable(hint)}
    return JSONResponse({"error": record}, status_code=status, headers=dict(headers or {}))


def add_refusals(app: FastAPI) -> None:
    """Have every refusal of an application told alike."""
    app.add_exception_handler(ShroffError, _fault)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _broken)


async def _fault(request: Request, fault: Exception) -> Response:
    if not isinstance(fault, ShroffError):
        raise fault
    cause, where, hint = map(_printable, (fault.cause, fault.where, fault.hint))
    page = fault_page(request, 422, cause, where=where, hint=hint)
    return page or refused(422, cause, where=where, hint=hint)


async def _invalid(_: Request, fault: Exception) -> Response:
    if not isinstance(fault, RequestValidationError):
        raise fault
    found: Sequence[Mapping[str, object]] = fault.errors()
    told = [f"{_place(each)}: {each['msg']}" for each in found[:_FIRST]]
    more = len(found) - len(told)
    cause = "; ".join(told) + (f"; and {more} more" if more > 0 else "")
    hint = "/api/v1/openapi.json describes what may be asked"
    return refused(422, cause, where=_place(found[0]) if found else "", hint=hint)


async def _http(request: Request, fault: Exception) -> Response:
    if not isinstance(fault, HTTPException):
        raise fault
    cause = str(fault.detail)
    page = fault_page(request, fault.status_code, _printable(cause))
    return page or refused(fault.status_code, cause, headers=fault.headers)


async def _broken(request: Request, _: Exception) -> Response:
    """Tell that we are at fault; what it is goes to who runs the dashboard, not to who asks."""
    cause = "the dashboard itself is at fault, not what was asked"
    hint = "who runs it finds the reason where it was started"
    told = None
    with suppress(Exception):  # what is broken may be the page that tells of it
        told = fault_page(request, 500, cause, hint=hint)
    told = told or refused(500, cause, hint=hint)
    told.headers.update(HEADERS)  # the guard has not seen this answer
    return told


def _place(found: Mapping[str, object]) -> str:
    place = found["loc"]
    return ".".join(map(str, place)) if isinstance(place, list | tuple) else str(place)


def _printable(text: str) -> str:
    """Write half of a pair of code units, which no text can hold, as a question mark."""
    return text.encode("utf-8", "replace").decode()
