"""Notes in the audit log who saw and changed what at the dashboard."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode

from fastapi import Request

from shroff.web.entrance import Entered, Entrance
from shroff.web.people import Person
from shroff.web.viewing import SLICE

__all__ = ["Witness"]

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_OWN = ("/static/", "/sign-in", "/oidc/", "/api/v1/sign-in", "/api/v1/jobs/", "/favicon")
"""Addresses that show nothing of the logs, or note themselves."""

_ME = "/api/v1/me"
_ASKS = frozenset({"/api/v1/scan", "/api/v1/decide", "/api/v1/settings/check"})
"""Addresses that answer what is sent to them, and change nothing."""

_AGAIN_SECONDS = 60.0
_REMEMBERED = 2000
_LONGEST = 1000


@dataclass
class Witness:
    """Notes requests.

    Parameters
    ----------
    entrance : Entrance
        Knows the workspace and its audit log.
    """

    entrance: Entrance
    _noted: OrderedDict[tuple[str, str], float] = field(
        default_factory=OrderedDict[tuple[str, str], float]
    )
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def minds(self, request: Request, entered: Entered) -> bool:
        """Tell whether a request is noted: changes always, looks where there is a team."""
        path = request.url.path
        if path.startswith(_OWN) or (path == _ME and request.method in _SAFE):
            return False
        return not _looks(request) or entered.team

    def note(self, request: Request, person: Person, *, status: int) -> None:
        """Note a request; the same look within a minute once.

        Parameters
        ----------
        request : Request
            The request.
        person : Person
            Who it is from.
        status : int
            How it was answered.
        """
        what = self._what(request)
        if _looks(request) and not self._is_new(person.name, f"{status} {what}"):
            return
        did = "saw" if _looks(request) else "changed"
        if status >= 400:
            did = "was refused" if status in {401, 403} else "tried"
        client = request.client.host if request.client else ""
        detail: dict[str, object] = {"status": status, "address": client}
        if request.method not in _SAFE:
            detail["method"] = request.method
        if person.scopes is not None:
            detail["by"] = "token"
        self.entrance.trail.add(person.name, did, what, detail=detail)

    def _what(self, request: Request) -> str:
        """Write the address, values of columns that hold personal data left out."""
        hidden = {name.rpartition(".")[2] for name in self.entrance.settings.web.hide}
        said = [
            (name, "…" if name.removeprefix(SLICE) in hidden else value)
            for name, value in parse_qsl(request.url.query, keep_blank_values=True)
        ]
        query = urlencode(said, safe="….:=")
        return (f"{request.url.path}?{query}" if query else request.url.path)[:_LONGEST]

    def _is_new(self, who: str, what: str) -> bool:
        now = time.monotonic()
        with self._lock:
            last = self._noted.get((who, what))
            if last is not None and now - last < _AGAIN_SECONDS:
                return False
            self._noted[who, what] = now
            self._noted.move_to_end((who, what))
            while len(self._noted) > _REMEMBERED:
                self._noted.popitem(last=False)
            return True


def _looks(request: Request) -> bool:
    return request.method in _SAFE or request.url.path in _ASKS
