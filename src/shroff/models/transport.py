"""Requests to an endpoint over HTTP: one pool of connections, every failure a `Trouble`."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from urllib.parse import unquote, urlsplit

import urllib3
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    IncompleteRead,
    NewConnectionError,
    ProtocolError,
    ReadTimeoutError,
)

from shroff.models.chat_reply import Reply, join_pieces, read_reply
from shroff.models.endpoint import Endpoint
from shroff.models.trouble import Kind, Trouble, pause_told, trouble_of

__all__ = ["Heard", "Transport"]

_OK = 200
_MOST_BYTES = 32 * 1024 * 1024
_PIECE = 16384


@dataclass(frozen=True, slots=True)
class Heard:
    """An answer, and what its headers ask.

    Parameters
    ----------
    reply : Reply
        The answer.
    pause : float
        Seconds to wait before the next request, since a limit is used up.
    """

    reply: Reply
    pause: float = 0.0


class Transport:
    """A way to an endpoint, for any number of threads.

    Parameters
    ----------
    endpoint : Endpoint
        The endpoint; a proxy is taken from the environment.
    connections : int, optional
        Connections kept open; as many as requests at a time when None.
    """

    def __init__(self, endpoint: Endpoint, *, connections: int | None = None) -> None:
        self.endpoint = endpoint
        self.secret = endpoint.secret
        spec = endpoint.spec
        many = connections or spec.concurrency
        self.timeout = urllib3.Timeout(connect=spec.connect_seconds, read=spec.read_seconds)
        self._pool = _pool(spec.url, many)
        self._headers = {
            "Content-Type": "application/json",
            "Accept": "application/json",
            "User-Agent": "shroff",
            **spec.headers,
            **endpoint.secret.headers(),
        }

    def close(self) -> None:
        """Close all connections."""
        self._pool.clear()

    def chat(self, body: Mapping[str, object]) -> Heard:
        """Ask for an answer.

        Parameters
        ----------
        body : mapping
            The request.

        Returns
        -------
        Heard
            The answer.

        Raises
        ------
        Trouble
            If there is none.
        """
        streamed = bool(body.get("stream"))
        with self._request("POST", "chat/completions", body) as response:
            headers = _lowered(response.headers)
            if streamed and "text/event-stream" in headers.get("content-type", ""):
                reply = join_pieces(_lines(response), where=self.endpoint.name)
            else:
                reply = read_reply(_whole(response, self.endpoint.name), where=self.endpoint.name)
        return Heard(self._hidden(reply), pause_told(headers, now=datetime.now(UTC)))

    def look(self, path: str) -> dict[str, object]:
        """Read something of the API, such as ``models``.

        Parameters
        ----------
        path : str
            The part of the API.

        Returns
        -------
        dict
            What it says.

        Raises
        ------
        Trouble
            If it says nothing that can be read.
        """
        return self._read("GET", path, None)

    def post(self, path: str, body: Mapping[str, object]) -> dict[str, object]:
        """Send something to a part of the API that is no chat.

        Parameters
        ----------
        path : str
            The part of the API.
        body : mapping
            The request.

        Returns
        -------
        dict
            What it says; a `Trouble` if it says nothing that can be read.
        """
        return self._read("POST", path, body)

    def _read(
        self, method: str, path: str, body: Mapping[str, object] | None
    ) -> dict[str, object]:
        with self._request(method, path, body) as response:
            told_body = _whole(response, self.endpoint.name)
        try:
            told = json.loads(self.secret.hide(told_body.decode("utf-8", errors="replace")))
        except (ValueError, RecursionError):
            told = None
        if not isinstance(told, dict):
            raise Trouble(Kind.GARBLED, "the answer is no JSON object", where=self.endpoint.name)
        return told

    @contextmanager
    def _request(
        self, method: str, path: str, body: Mapping[str, object] | None
    ) -> Generator[urllib3.BaseHTTPResponse]:
        with self._troubles():
            response = self._pool.request(
                method,
                self.endpoint.address(path),
                body=None if body is None else json.dumps(body, ensure_ascii=False).encode(),
                headers=self._headers,
                timeout=self.timeout,
                retries=False,
                redirect=False,
                preload_content=False,
            )
            try:
                self._checked(response)
                yield response
            except BaseException:
                response.close()
                raise
            finally:
                response.release_conn()

    def _checked(self, response: urllib3.BaseHTTPResponse) -> None:
        if response.status == _OK:
            return
        body = _whole(response, self.endpoint.name, error=True).decode("utf-8", errors="replace")
        raise trouble_of(
            response.status,
            self.secret.hide(body),
            headers=_lowered(response.headers),
            where=self.endpoint.name,
            now=datetime.now(UTC),
        ) from None

    @contextmanager
    def _troubles(self) -> Generator[None]:
        where = self.endpoint.name
        try:
            yield
        except NewConnectionError as error:
            raise Trouble(Kind.UNREACHED, self._plain(error), where=where) from None
        except (ConnectTimeoutError, ReadTimeoutError) as error:
            kind = Kind.UNREACHED if isinstance(error, ConnectTimeoutError) else Kind.SLOW
            told = "no connection" if kind is Kind.UNREACHED else "no answer"
            raise Trouble(kind, f"{told} in time", where=where) from None
        except (IncompleteRead, ProtocolError) as error:
            raise Trouble(_broken(error), self._plain(error), where=where) from None
        except HTTPError as error:
            raise Trouble(Kind.UNREACHED, self._plain(error), where=where) from None

    def _plain(self, error: Exception) -> str:
        """Say in one line what broke; never the request, which holds the key."""
        text = self.secret.hide(str(error))
        reason = text.rsplit(": ", maxsplit=1)[-1].strip("()'\" ")
        return f"the connection to {self.endpoint.host} failed: {reason or type(error).__name__}"

    def _hidden(self, reply: Reply) -> Reply:
        """Take the key out of what a server may have echoed."""
        hide = self.secret.hide
        choices = tuple(
            replace(each, content=hide(each.content), refusal=hide(each.refusal))
            for each in reply.choices
        )
        return replace(
            reply, choices=choices, model=hide(reply.model), fingerprint=hide(reply.fingerprint)
        )


def _pool(url: str, connections: int) -> urllib3.PoolManager:
    place = urlsplit(url)
    proxies = urllib.request.getproxies()
    proxy = proxies.get(place.scheme) or proxies.get("all")
    if proxy and not urllib.request.proxy_bypass(place.hostname or ""):
        told = urlsplit(proxy)
        proof = f"{unquote(told.username)}:{unquote(told.password or '')}" if told.username else ""
        return urllib3.ProxyManager(
            proxy,
            num_pools=2,
            maxsize=connections,
            block=True,
            proxy_headers=urllib3.make_headers(proxy_basic_auth=proof) if proof else None,
        )
    return urllib3.PoolManager(num_pools=2, maxsize=connections, block=True)


def _whole(response: urllib3.BaseHTTPResponse, where: str, *, error: bool = False) -> bytes:
    parts: list[bytes] = []
    size = 0
    try:
        for part in response.stream(_PIECE):
            parts.append(part)
            size += len(part)
            if size > _MOST_BYTES:
                raise Trouble(Kind.GARBLED, "the answer is larger than 32 MB", where=where)
    except HTTPError:
        if not error:
            raise
    return b"".join(parts)


def _lines(response: urllib3.BaseHTTPResponse) -> Iterator[bytes]:
    left = b""
    size = 0
    for part in response.stream(_PIECE):
        size += len(part)
        if size > _MOST_BYTES:
            return
        *whole, left = (left + part).split(b"\n")
        yield from whole
    if left:
        yield left


def _lowered(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def _broken(error: HTTPError) -> Kind:
    """Tell an answer that ended midway from a connection that was never there."""
    text = str(error).lower()
    never = "remote end closed" in text or "reset" in text or "refused" in text
    return Kind.SERVER if never and not isinstance(error, IncompleteRead) else Kind.CUT
