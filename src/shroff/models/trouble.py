"""What can go wrong with a request, and whether it may be sent again."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum

from shroff.errors import ModelError

__all__ = ["Kind", "Trouble", "pause_told", "trouble_of"]

_LONGEST_PAUSE = 600.0
_SHOWN = 300
_DURATION = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h)")
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}
_FORM = re.compile(r"does not match the expected .*format", re.IGNORECASE | re.DOTALL)


class Kind(StrEnum):
    """Kinds of trouble.

    ``LIMITED``: too many requests; ``SERVER``: the server failed; ``FORM``: it could not read its
    own model's answer; ``SLOW``: no answer in time; ``UNREACHED``: no connection; ``CUT``: an
    answer ended midway; ``GARBLED``: no JSON; ``LONG``: more than the model can read;
    ``FILTERED``: a content filter; ``KEY``: the key is not accepted; ``REQUEST``: the request is
    not; ``MISSING``: there is no such model or address; ``SPENT``: no credit is left.
    """

    LIMITED = "limited"
    SERVER = "server"
    FORM = "form"
    SLOW = "slow"
    UNREACHED = "unreached"
    CUT = "cut"
    GARBLED = "garbled"
    LONG = "long"
    FILTERED = "filtered"
    KEY = "key"
    REQUEST = "request"
    MISSING = "missing"
    SPENT = "spent"


_AGAIN = frozenset(
    {Kind.LIMITED, Kind.SERVER, Kind.FORM, Kind.SLOW, Kind.UNREACHED, Kind.CUT, Kind.GARBLED}
)
_FATAL = frozenset({Kind.KEY, Kind.MISSING, Kind.SPENT})
_UNSURE = frozenset({Kind.SLOW, Kind.CUT, Kind.GARBLED})


class Trouble(ModelError):  # noqa: N818 - its name in the trade
    """A request that brought no answer.

    Parameters
    ----------
    kind : Kind
        What kind of trouble.
    cause : str
        What happened, without the key.
    pause : float
        Seconds that the server asks to wait; 0 when it says nothing.
    where : str
        Endpoint.
    """

    def __init__(self, kind: Kind, cause: str, *, pause: float = 0.0, where: str = "") -> None:
        self.kind = kind
        self.pause = pause
        self.retryable = kind in _AGAIN
        super().__init__(cause, where=where, hint=_HINTS.get(kind, ""))

    @property
    def fatal(self) -> bool:
        """Whether every other request would end alike."""
        return self.kind in _FATAL

    @property
    def unsure(self) -> bool:
        """Whether the server may have charged for it all the same."""
        return self.kind in _UNSURE


_HINTS = {
    Kind.KEY: "is the variable named by key_env set to the key of this endpoint?",
    Kind.MISSING: "check url and model; shroff models probe NAME tells what the server says",
    Kind.SPENT: "the account has no credit left",
    Kind.UNREACHED: "is the server running, and the url right? shroff models probe NAME",
    Kind.LIMITED: "fewer at a time: set concurrency or requests_per_minute; what was answered is kept",
    Kind.SERVER: "look at the server's log; the same command goes on where it was stopped",
    Kind.FORM: 'ask for the form otherwise: form = "json_object" or "none" of the endpoint',
    Kind.SLOW: "raise read_seconds, or lower concurrency, of the endpoint",
    Kind.CUT: "is a proxy in between? The same command goes on where it was stopped",
    Kind.GARBLED: "does url end where the OpenAI protocol begins, such as /v1?",
    Kind.FILTERED: "the provider's filter stopped it: that is no verdict",
    Kind.REQUEST: "the server does not take what is asked: shroff models probe NAME, and see params",
    Kind.LONG: "the policy and the ad are longer than the model can read",
}


def trouble_of(
    status: int, body: str, *, headers: Mapping[str, str], where: str, now: datetime
) -> Trouble:
    """Tell what a server means by an answer that is not 200.

    Parameters
    ----------
    status : int
        HTTP status.
    body : str
        What it says, without the key.
    headers : mapping of str to str
        Its headers, names in lower case.
    where : str
        Endpoint.
    now : datetime
        The clock.

    Returns
    -------
    Trouble
        The trouble, with the pause that the server asks for.
    """
    code, message = _said(body)
    kind = _kind(status, code.lower(), message)
    pause = pause_told(headers, now=now) if kind in {Kind.LIMITED, Kind.SERVER} else 0.0
    told = f"HTTP {status}" + (f" ({code})" if code else "")
    return Trouble(kind, f"{told}: {message or 'nothing more is said'}", pause=pause, where=where)


_BY_CODE = (
    ("content_filter", Kind.FILTERED),
    ("content_policy", Kind.FILTERED),
    ("context_length", Kind.LONG),
    ("context_size", Kind.LONG),
    ("insufficient_quota", Kind.SPENT),
    ("billing", Kind.SPENT),
    ("model_not_found", Kind.MISSING),
)
_BY_STATUS = {
    401: Kind.KEY, 402: Kind.SPENT, 403: Kind.KEY, 404: Kind.MISSING, 405: Kind.MISSING,
    408: Kind.SERVER, 409: Kind.SERVER, 413: Kind.LONG, 425: Kind.SERVER, 429: Kind.LIMITED,
    501: Kind.MISSING,
}  # fmt: skip
_FAILED = 500


def _kind(status: int, code: str, message: str) -> Kind:
    for part, kind in _BY_CODE:
        if part in code:
            return kind
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    if status < _FAILED:
        return Kind.REQUEST
    return Kind.FORM if _FORM.search(message) else Kind.SERVER


def _said(body: str) -> tuple[str, str]:
    """Read code and message of an error, in any of the forms that servers use."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return "", _short(body)
    error = told.get("error", told) if isinstance(told, dict) else told
    if not isinstance(error, dict):
        return "", _short(str(error))
    kind = error.get("type")
    code = error.get("code")
    named = code if isinstance(code, str) and code else kind if isinstance(kind, str) else ""
    message = error.get("message") or error.get("detail") or ""
    return _short(named), _short(message if isinstance(message, str) else str(message))


def _short(text: str) -> str:
    line = " ".join("".join(s if s.isprintable() else " " for s in text).split())
    return line if len(line) <= _SHOWN else line[:_SHOWN] + "…"


def pause_told(headers: Mapping[str, str], *, now: datetime) -> float:
    """Read how long a server asks to wait.

    Parameters
    ----------
    headers : mapping of str to str
        Its headers, names in lower case.
    now : datetime
        The clock.

    Returns
    -------
    float
        Seconds, by ``retry-after-ms``, ``retry-after`` as seconds or date, or by the resets of
        ``x-ratelimit`` headers whose remainder is 0; at most ten minutes, 0 when nothing is said.
    """
    told = [_pause(headers.get("retry-after-ms", ""), unit=0.001)]
    told.append(_retry_after(headers.get("retry-after", ""), now))
    told += [
        _resets(headers.get(f"x-ratelimit-reset-{what}", ""))
        for what in ("requests", "tokens")
        if headers.get(f"x-ratelimit-remaining-{what}", "").strip() == "0"
    ]
    return min(max(told), _LONGEST_PAUSE)


def _pause(text: str, *, unit: float = 1.0) -> float:
    try:
        seconds = float(text) * unit
    except ValueError:
        return 0.0
    return max(seconds, 0.0) if math.isfinite(seconds) else 0.0


def _retry_after(text: str, now: datetime) -> float:
    if not text or (seconds := _pause(text)):
        return _pause(text)
    try:
        until = parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return seconds
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max((until - now).total_seconds(), 0.0)


def _resets(text: str) -> float:
    """Read ``6m0s``, ``120ms`` or ``1.5``."""
    parts = _DURATION.findall(text)
    if parts:
        return sum(float(number) * _SECONDS[unit] for number, unit in parts)
    return _pause(text)
