"""Posting to the webhook of the settings: our JSON, or a message as Slack or Lark/Feishu take it."""

from __future__ import annotations

import hmac
import json
import os
import time
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from shroff.errors import ConfigError, EngineError
from shroff.store.settings_webhook import WebhookSettings

__all__ = ["Letter", "body_of", "post_letter"]

_WAIT_SECONDS = 1.0
_FINE, _TOO_MANY = range(200, 300), 429
_TITLE, _LINE, _LINES = 140, 2800, 40
_ANSWER = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What is told.

    Parameters
    ----------
    title : str
        In a few words.
    lines : tuple of str
        What there is to say, plain text.
    record : mapping
        The same for programs, JSON-ready.
    link : str
        Where to read on; "" where there is nowhere.
    link_text : str
        What stands on the link.
    """

    title: str
    lines: tuple[str, ...]
    record: Mapping[str, object]
    link: str = ""
    link_text: str = ""


def post_letter(
    settings: WebhookSettings,
    letter: Letter,
    *,
    where: str,
    pause: Callable[[float], None] = time.sleep,
) -> str:
    """Post to the webhook of the settings.

    Parameters
    ----------
    settings : WebhookSettings
        Address, form, hosts that may be sent to, patience.
    letter : Letter
        What to tell; no ad, advertiser or reviewer is in it.
    where : str
        Section of the settings, for messages.
    pause : callable
        Waits some seconds.

    Returns
    -------
    str
        The host that took it.

    Raises
    ------
    ConfigError
        If no webhook is set, it goes to a host that is not named in the settings, or its secret is
        not in the environment.
    EngineError
        If nobody took it, however often it was tried. A redirect is never followed.
    """
    place = urlsplit(settings.webhook)
    if not settings.webhook or not place.hostname:
        raise ConfigError(
            "no webhook is set",
            where=f"shroff.toml {where}",
            hint='webhook = "https://HOST/PATH" and hosts = ["HOST"]',
        )
    if place.hostname not in settings.hosts:
        raise ConfigError(
            f"nothing is sent to {place.hostname!r}: it is not among the hosts",
            where=f"shroff.toml {where} hosts",
        )
    fault = ""
    for attempt in range(settings.attempts):
        if attempt:
            pause(_WAIT_SECONDS * 2 ** (attempt - 1))
        now = int(time.time())
        fault = _posted(settings, body_of(settings, letter, now=now))
        if not fault:
            return place.hostname
        if fault.startswith(("answer 4", "refused")) and not fault.endswith(str(_TOO_MANY)):
            break
    raise EngineError(f"the webhook did not take it: {fault}", where=place.hostname)


def body_of(settings: WebhookSettings, letter: Letter, *, now: int) -> bytes:
    """Write what is posted.

    Parameters
    ----------
    settings : WebhookSettings
        The form, and where its secret is.
    letter : Letter
        What to tell.
    now : int
        Seconds since 1970, which a signature holds.

    Returns
    -------
    bytes
        JSON; what is said in it is plain text, so that nobody is called by it.
    """
    told: Mapping[str, object]
    if settings.form == "slack":
        told = _slack(letter)
    elif settings.form == "lark":
        told = {**_signature(settings, now), **_lark(letter)}
    else:
        told = letter.record
    return json.dumps(told, ensure_ascii=False).encode()


def _slack(letter: Letter) -> dict[str, object]:
    blocks: list[dict[str, object]] = [{"type": "header", "text": _plain(letter.title[:_TITLE])}]
    lines = letter.lines[:_LINES]
    blocks.extend({"type": "section", "text": _plain(line[:_LINE])} for line in lines)
    if letter.link:
        button = {"type": "button", "text": _plain(letter.link_text), "url": letter.link}
        blocks.append({"type": "actions", "elements": [button]})
    # without blocks this is read, with marks that would call people taken for what they are
    text = letter.title.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return {"text": text, "blocks": blocks}


def _plain(text: str) -> dict[str, object]:
    return {"type": "plain_text", "text": text, "emoji": False}


def _lark(letter: Letter) -> dict[str, object]:
    elements: list[dict[str, object]] = [
        {"tag": "div", "text": {"tag": "plain_text", "content": line[:_LINE]}}
        for line in letter.lines[:_LINES]
    ]
    if letter.link:
        button = {
            "tag": "button",
            "type": "primary",
            "text": {"tag": "plain_text", "content": letter.link_text},
            "url": letter.link,
        }
        elements.append({"tag": "action", "actions": [button]})
    title = {"tag": "plain_text", "content": letter.title[:_TITLE]}
    card = {
        "config": {"wide_screen_mode": True},
        "header": {"template": "blue", "title": title},
        "elements": elements,
    }
    return {"msg_type": "interactive", "card": card}


def _signature(settings: WebhookSettings, now: int) -> dict[str, object]:
    if not settings.secret_env:
        return {}
    secret = os.environ.get(settings.secret_env, "")
    if not secret:
        raise ConfigError(
            f"the environment variable {settings.secret_env} is not set",
            where="secret_env",
            hint="set it to the secret that the bot's settings show",
        )
    key = f"{now}\n{secret}".encode()
    return {"timestamp": str(now), "sign": b64encode(hmac.digest(key, b"", sha256)).decode()}


def _posted(settings: WebhookSettings, body: bytes) -> str:
    """Post once; empty when it was taken, else what went wrong."""
    place = urlsplit(settings.webhook)
    kind = HTTPSConnection if place.scheme == "https" else HTTPConnection
    connection = kind(place.hostname or "", place.port, timeout=settings.timeout_seconds)
    path = f"{place.path or '/'}?{place.query}" if place.query else place.path or "/"
    try:
        connection.request("POST", path, body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        said = answer.read(_ANSWER)
    except (OSError, HTTPException) as error:
        return f"{type(error).__name__}: {error}"
    finally:
        connection.close()
    if answer.status not in _FINE:
        return f"answer {answer.status}"
    return _refused(said) if settings.form == "lark" else ""


def _refused(said: bytes) -> str:
    """Read the answer of Lark/Feishu, which says 200 whatever became of a message."""
    try:
        told = json.loads(said)
        code = int(told.get("code", 0))
    except (ValueError, AttributeError, TypeError):
        return "refused: the answer is none of Lark's"
    return "" if code == 0 else f"refused: {code} {told.get('msg', '')}"
