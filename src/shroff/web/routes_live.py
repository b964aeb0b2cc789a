"""The addresses at which a pipeline has ads scanned and decided by what is live."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Sequence
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse
from starlette.concurrency import run_in_threadpool

from shroff.advise.decider import Decider
from shroff.advise.live_ads import LiveAd, Unread, lines_of, read_ad, read_ads
from shroff.domain.messages import Language, Message
from shroff.errors import DataError
from shroff.web.desk import Desk
from shroff.web.live_records import (
    MOST_LINES,
    DecideAsked,
    DecidedTold,
    DecisionTold,
    ScanAsked,
    ScannedTold,
    StrategyTold,
)
from shroff.web.people import Act, Person, needs

__all__ = ["add"]

_AT_ONCE = 500
_LINES = "application/x-ndjson"
_Seer = Annotated[Person, Depends(needs(Act.SEE))]
_BODY = {
    "requestBody": {
        "required": True,
        "description": f"An ad a line, as in the JSON form; at most {MOST_LINES:,} lines.",
        "content": {_LINES: {"schema": {"type": "string"}}},
    }
}


class _Standby:
    """The decider, made when it is first asked for."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._lock = desk, threading.Lock()
        self._made: Decider | None = None

    def __call__(self) -> Decider:
        with self._lock:
            if self._made is None:
                here = self._desk.workspace
                self._made = Decider(here.root, catalog=here.catalog)
            return self._made

    def close(self) -> None:
        with self._lock:
            if self._made is not None:
                self._made.close()
                self._made = None


def add(app: FastAPI, desk: Desk) -> None:
    """Add the addresses of live decisions."""
    decider = _Standby(desk)
    desk.closing.append(decider.close)
    _add_strategy(app, desk, decider)
    _add_scan(app, desk, decider)
    _add_decide(app, desk, decider)
    _add_decide_lines(app, decider)


def _add_strategy(app: FastAPI, desk: Desk, decider: _Standby) -> None:
    @app.get("/api/v1/strategy", tags=["live"], responses={200: {"model": StrategyTold}})
    async def strategy(request: Request, _: _Seer) -> JSONResponse:
        """Tell what decides now: rules by state, lines, models, what is in shadow."""
        language = desk.view(request).language

        def told() -> dict[str, object]:
            made = decider()
            return {
                **made.strategy().record(),
                "warnings": _said(made.warnings(), language),
            }

        return JSONResponse(await run_in_threadpool(told))


def _add_scan(app: FastAPI, desk: Desk, decider: _Standby) -> None:
    @app.post("/api/v1/scan", tags=["live"], responses={200: {"model": ScannedTold}})
    async def scan(request: Request, asked: ScanAsked, _: _Seer) -> JSONResponse:
        """Find which rules fire on posted ads, where in the original texts, and why."""
        language = desk.view(request).language

        def told() -> dict[str, object]:
            ads, unread = read_ads(_rows(asked))
            strategy, found = decider().scan(ads, states=asked.states)
            return {
                "strategy": strategy.id,
                "ads": [
                    {"ad_id": ad.id, "ad_version": ad.version, "rules": [r.record() for r in own]}
                    for ad, own in zip(ads, found, strict=True)
                ],
                "unread": [each.record() for each in unread],
                "warnings": _said(strategy.warnings, language),
            }

        return JSONResponse(await run_in_threadpool(told))


def _add_decide(app: FastAPI, desk: Desk, decider: _Standby) -> None:
    @app.post("/api/v1/decide", tags=["live"], responses={200: {"model": DecidedTold}})
    async def decide(request: Request, asked: DecideAsked, _: _Seer) -> JSONResponse:
        """Decide on posted ads by what is live, and say why; the strictest that speaks is done."""
        language = desk.view(request).language

        def told() -> dict[str, object]:
            ads, unread = read_ads(_rows(asked))
            found = decider().decide(ads)
            return {
                "strategy": found.strategy.id,
                "decisions": [each.record() for each in found.decided],
                "unread": [each.record() for each in unread],
                "warnings": _said(found.warnings, language),
            }

        return JSONResponse(await run_in_threadpool(told))


def _add_decide_lines(app: FastAPI, decider: _Standby) -> None:
    @app.post(
        "/api/v1/decide/lines",
        tags=["live"],
        openapi_extra=_BODY,
        response_class=StreamingResponse,
        responses={
            200: {
                "description": "A decision a line, in the order of the ads; a line that is no ad "
                "is answered by an object with its row and cause under `error`.",
                "content": {_LINES: {"schema": DecisionTold.model_json_schema(
                    ref_template="#/components/schemas/{model}"
                )}},
            }
        },
    )  # fmt: skip
    async def decide_lines(request: Request, _: _Seer) -> Response:
        """Decide on ads that are posted as JSON Lines, as the JSON form does."""
        text = (await request.body()).decode("utf-8", "replace")
        rows = await run_in_threadpool(lines_of, text)
        if len(rows) > MOST_LINES:
            raise DataError(
                f"{len(rows):,} lines were posted", where="body", hint=f"at most {MOST_LINES:,}"
            )
        made = await run_in_threadpool(decider)
        await run_in_threadpool(made.strategy)  # what cannot be read is told before any line is
        return StreamingResponse(_lines(made, rows), media_type=_LINES)


def _rows(asked: DecideAsked | ScanAsked) -> list[dict[str, Any]]:
    return [each.model_dump(exclude_none=True) for each in asked.ads]


def _said(warnings: Sequence[Message], language: Language) -> list[str]:
    return list(dict.fromkeys(each.text(language) for each in warnings))


def _lines(decider: Decider, rows: Sequence[object]) -> Iterator[str]:
    """Answer line by line, some hundred decided at once."""
    for start in range(0, len(rows), _AT_ONCE):
        part = [
            _ad_or_fault(row, number=number)
            for number, row in enumerate(rows[start : start + _AT_ONCE], start=start + 1)
        ]
        found = iter(decider.decide([each for each in part if isinstance(each, LiveAd)]).decided)
        told = [
            {"error": each.record()} if isinstance(each, Unread) else next(found).record()
            for each in part
        ]
        yield "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in told)


def _ad_or_fault(row: object, *, number: int) -> LiveAd | Unread:
    try:
        return read_ad(row, number=number)
    except DataError as fault:
        return Unread(number, fault.cause)
