"""Telling somebody of incidents: as JSON to a named host, or as an e-mail in a file."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

from shroff.domain.messages import Language, Message
from shroff.domain.metrics import Metric
from shroff.errors import ConfigError, EngineError
from shroff.store.catalog_incidents import Incident
from shroff.store.settings_watch import WatchSettings
from shroff.watch.incident_desk import incident_record, sentence_of
from shroff.watch.webhook import Letter, post_letter

__all__ = ["post", "write_mail"]


def post(
    settings: WatchSettings,
    incidents: Sequence[Incident],
    *,
    metrics: dict[str, Metric],
    workspace: str,
    language: Language = Language.EN,
    pause: Callable[[float], None] = time.sleep,
) -> str:
    """Post incidents to the webhook of the settings, in its form.

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
    language : Language
        Language of a message to people.
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
    told: dict[str, str | int | float | None] = {"count": len(incidents), "workspace": workspace}
    letter = Letter(
        title=Message("changes.mail_subject", told).text(language),
        lines=tuple(_line(each, metrics, language) for each in incidents),
        record={
            "workspace": workspace,
            "incidents": [incident_record(each, metrics) for each in incidents],
        },
    )
    try:
        return post_letter(settings, letter, where="[watch]", pause=pause)
    except EngineError as fault:
        hint = "incidents are kept: shroff watch incidents lists them"
        raise EngineError(fault.cause, where=fault.where, hint=hint) from None


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
    lines = [_line(each, metrics, language) for each in incidents]
    mail.set_content("\n\n".join(lines) + "\n")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(mail.as_bytes())
    except OSError as error:
        raise ConfigError(f"cannot write: {error.strerror}", where=str(file)) from None
    return file


def _line(incident: Incident, metrics: dict[str, Metric], language: Language) -> str:
    said = sentence_of(incident, metrics).text(language)
    return f"{incident.id}  {said}{_suspects(incident, language)}"


def _suspects(incident: Incident, language: Language) -> str:
    said = [
        Message(
            "changes.suspect",
            {"day": each["day"], "what": f"{each['kind']}: {each['what']}"},
        ).text(language)
        for each in incident.detail.get("suspects", ())
    ]
    return "".join(f"\n  {each}" for each in said)
