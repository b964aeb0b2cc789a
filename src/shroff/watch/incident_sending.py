"""Telling somebody of incidents: as JSON to a named host, or as an e-mail in a file."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from email.message import EmailMessage
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from urllib.parse import urlsplit

from shroff.domain.messages import Language, Message
from shroff.domain.metrics import Metric
from shroff.errors import ConfigError, EngineError
from shroff.store.catalog_incidents import Incident
from shroff.store.settings_watch import WatchSettings
from shroff.watch.incident_desk import incident_record, sentence_of

__all__ = ["post", "write_mail"]

_WAIT_SECONDS = 1.0
_FINE, _FAULT_OF_THEIRS, _TOO_MANY = range(200, 300), 500, 429


def post(
    settings: WatchSettings,
    incidents: Sequence[Incident],
    *,
    metrics: dict[str, Metric],
    workspace: str,
    pause: Callable[[float], None] = time.sleep,
) -> str:
    """Post incidents to the webhook of the settings, as one JSON object.

    Parameters
    ----------
    settings : WatchSettings
        Address, hosts that may be sent to, patience.
    incidents : sequence of Incident
        What to tell; no ad, advertiser or reviewer is in it.
    metrics : dict of Metric
        Metrics by id.
    workspace : str
        Name of the workspace.
    pause : callable
        Waits some seconds.

    Returns
    -------
    str
        The host that took it.

    Raises
    ------
    ConfigError
        If no webhook is set, or it goes to a host that is not named in the settings.
    EngineError
        If nobody took it, however often it was tried. A redirect is never followed.
    """
    place = urlsplit(settings.webhook)
    if not settings.webhook or not place.hostname:
        raise ConfigError(
            "no webhook is set",
            where="shroff.toml [watch]",
            hint='webhook = "https://HOST/PATH" and hosts = ["HOST"]',
        )
    if place.hostname not in settings.hosts:
        raise ConfigError(
            f"nothing is sent to {place.hostname!r}: it is not among the hosts",
            where="shroff.toml [watch] hosts",
        )
    told = [incident_record(each, metrics) for each in incidents]
    body = json.dumps({"workspace": workspace, "incidents": told}, ensure_ascii=False).encode()
    fault = ""
    for attempt in range(settings.attempts):
        if attempt:
            pause(_WAIT_SECONDS * 2 ** (attempt - 1))
        fault = _posted(settings, body)
        if not fault:
            return place.hostname
        if fault.startswith("answer 4") and not fault.endswith(str(_TOO_MANY)):
            break
    raise EngineError(
        f"the webhook did not take it: {fault}",
        where=place.hostname,
        hint="incidents are kept: shroff watch incidents lists them",
    )


def _posted(settings: WatchSettings, body: bytes) -> str:
    """Post once; empty when it was taken, else what went wrong."""
    place = urlsplit(settings.webhook)
    kind = HTTPSConnection if place.scheme == "https" else HTTPConnection
    connection = kind(place.hostname or "", place.port, timeout=settings.timeout_seconds)
    path = f"{place.path or '/'}?{place.query}" if place.query else place.path or "/"
    try:
        connection.request("POST", path, body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        answer.read()
    except (OSError, HTTPException) as error:
        return f"{type(error).__name__}: {error}"
    finally:
        connection.close()
    return "" if answer.status in _FINE else f"answer {answer.status}"


def write_mail(
    file: Path,
    incidents: Sequence[Incident],
    *,
    settings: WatchSettings,
    metrics: dict[str, Metric],
    workspace: str,
    language: Language,
) -> Path:
    """Write an e-mail about incidents into a file, for a mail program or a relay to send.

    Parameters
    ----------
    file : Path
        Where; an ending of ``.eml`` is what mail programs open.
    incidents : sequence of Incident
        What to tell.
    settings : WatchSettings
        Sender and recipients.
    metrics : dict of Metric
        Metrics by id.
    workspace : str
        Name of the workspace.
    language : Language
        Language of the text.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    ConfigError
        If it cannot be written.
    """
    mail = EmailMessage()
    told: dict[str, str | int | float | None] = {
        "count": len(incidents),
        "workspace": workspace,
    }
    mail["Subject"] = Message("changes.mail_subject", told).text(language)
    mail["From"] = settings.email_from or "shroff@localhost"
    mail["To"] = ", ".join(settings.email_to) or "undisclosed-recipients:;"
    mail["Date"] = datetime.now(UTC)
    lines = [
        f"{each.id}  {sentence_of(each, metrics).text(language)}{_suspects(each, language)}"
        for each in incidents
    ]
    mail.set_content("\n\n".join(lines) + "\n")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(mail.as_bytes())
    except OSError as error:
        raise ConfigError(f"cannot write: {error.strerror}", where=str(file)) from None
    return file


def _suspects(incident: Incident, language: Language) -> str:
    said = [
        Message(
            "changes.suspect",
            {"day": each["day"], "what": f"{each['kind']}: {each['what']}"},
        ).text(language)
        for each in incident.detail.get("suspects", ())
    ]
    return "".join(f"\n  {each}" for each in said)
