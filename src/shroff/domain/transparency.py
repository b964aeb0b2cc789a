"""Words of transparency reports: published ways to score automation, and the EU template's rows."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = [
    "AUTOMATED_ROWS",
    "COLUMNS",
    "COMPLAINT_ROWS",
    "EU_LANGUAGES",
    "Profile",
    "Quality",
    "TemplateRow",
]


class Profile(StrEnum):
    """Definitions that platforms published of how right their automation is, in our own reading.

    ``TIKTOK`` rests on appeals and on what people enforced; ``GOOGLE_ADS`` on appeals and on what
    was enforced after a report, within 90 days of an ad's creation; ``META`` takes what was
    restored later for all that was wrong, and what was enforced by people for all that was missed.
    """

    TIKTOK = "dsa_tiktok_like"
    GOOGLE_ADS = "dsa_google_ads_like"
    META = "dsa_meta_like"


class Quality(StrEnum):
    """The three indicators of accuracy, of measures that automation took alone."""

    ACCURACY = "accuracy"
    PRECISION = "precision"
    RECALL = "recall"


EU_LANGUAGES = (
    "bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "ga", "hr", "hu", "it", "lt", "lv",
    "mt", "nl", "pl", "pt", "ro", "sk", "sl", "sv",
)  # fmt: skip
"""Official languages of the EU, ISO 639-1."""

COLUMNS = (
    "Applicability",
    "Service",
    "Reporting period",
    "Section",
    "Indicator",
    "Scope",
    "Value",
    "Contextual Information",
)
"""Columns of the template's tables 7 and 8."""


@dataclass(frozen=True, slots=True)
class TemplateRow:
    """One row that the template asks for.

    Parameters
    ----------
    applicability, section, indicator, scope : str
        Its words, as reports filed in 2026 have them, blanks at the end included.
    key : str
        What we fill it with; empty where logs of ads cannot tell.
    """

    applicability: str
    section: str
    indicator: str
    scope: str
    key: str = ""


_ALL = "All"
_HOSTS = "Only for providers of hosting services, including online platforms"
_PLATFORMS = "Only for providers of online platforms"
_LARGEST = "Only for VLOPs"

_AUTOMATED = "Use of automated means for content moderation"
_MEASURES = {
    "solely": "Number of measures solely taken by automated means ",
    "not_solely": "Number of measures not taken by automated means",
}
_NOTICES = {
    "": "Number of notices solely processed by automated means ",
    "notices_with_people": "Number of notices not processed by automated means",
}
_QUALITIES = {
    str(each): f"Accuracy of the automated means - {each.capitalize()}" for each in Quality
}


def _automated() -> tuple[TemplateRow, ...]:
    ours = {**_MEASURES, **_QUALITIES}
    whole = [
        TemplateRow(_ALL, _AUTOMATED, said, "Total number", key) for key, said in ours.items()
    ]
    own = [
        TemplateRow(_ALL, _AUTOMATED, said, "Own-initiative ", f"own_{key}")
        for key, said in ours.items()
    ]
    noticed = [
        TemplateRow(who, _AUTOMATED, said, scope, key and f"{mark}{key}")
        for who, scope, mark in (
            (_HOSTS, "NAM Total", ""),
            (_PLATFORMS, "NAM Trusted Flagger", "trusted_"),
        )
        for key, said in (*_NOTICES.items(), *(("", said) for said in _QUALITIES.values()))
    ]
    spoken = [
        TemplateRow(_LARGEST, _AUTOMATED, said, language, f"{language}:{key}")
        for key, said in ours.items()
        for language in EU_LANGUAGES
    ]
    return (*whole, *own, *noticed, *spoken)


AUTOMATED_ROWS = _automated()
"""Rows of table 8, on automated means."""

_COMPLAINTS = "Internal complaints mechanism"
_FILED = "Number of complaints submitted to the internal-complaints mechanism"
_OUTCOMES = {
    "upheld": "Decisions upheld",
    "partly_reversed": "Decisions partially reversed",
    "reversed": "Decisions reversed",
    "median_hours": "Median time",
}
_VISIBILITY = (
    "Complaint regarding a decision to remove or disable access to or restrict visibility of"
    " information"
)
_OTHER_COMPLAINTS = (
    "Complaint regarding a decision to suspend or terminate the provision of the service",
    "Complaint regarding a decision to suspend or terminate an account ",
    "Complaint regarding a decision to restrict the ability to monetise information",
    "Complaint regarding a decision not to take action on a notice submitted in accordance with"
    " Article 16",
    "Complaint regarding a decision not to take action on a notice submitted by a Trusted Flagger"
    " in accordance with Article 16",
)
_DISPUTES = (
    "Out-of-court dispute settlement bodies",
    "Number of disputes submitted to out-of-court dispute settlement bodies",
)
_SUSPENSIONS = (
    "Suspensions imposed on repeated offenders",
    (
        "Number of suspensions enacted for the provision of manifestly illegal content ",
        "Number of suspensions enacted for the provision of manifestly unfounded notices",
        "Number of suspensions enacted for the provision of manifestly unfounded complaints",
    ),
)


def _complaints() -> tuple[TemplateRow, ...]:
    rows = [TemplateRow(_ALL, _COMPLAINTS, _FILED, "Total number", "filed")]
    rows += [
        TemplateRow(_PLATFORMS, _COMPLAINTS, _FILED, scope, key)
        for key, scope in (*_OUTCOMES.items(), ("omitted", "Decision omitted"))
    ]
    newly = "Number of restrictions newly imposed as a result of an internal complaint"
    rows.append(TemplateRow(_PLATFORMS, _COMPLAINTS, newly, "Total number"))
    rows += [
        TemplateRow(_PLATFORMS, _COMPLAINTS, said, scope, key and f"visibility_{key}")
        for said, known in ((_VISIBILITY, True), *((each, False) for each in _OTHER_COMPLAINTS))
        for key, scope in _kept({"filed": "Total number", **_OUTCOMES}, known=known)
    ]
    return (*rows, *_not_ours())


def _kept(scopes: dict[str, str], *, known: bool) -> list[tuple[str, str]]:
    return [(key if known else "", scope) for key, scope in scopes.items()]


def _not_ours() -> tuple[TemplateRow, ...]:
    """List what logs of ads do not tell: courts, and suspensions of people."""
    section, said = _DISPUTES
    scopes = ("Total number", *_OUTCOMES.values(), "Decision omitted")
    rows = [
        TemplateRow(_PLATFORMS, section, said, scope)
        for scope in (*scopes, "Percentage of outcomes implemented")
    ]
    section, indicators = _SUSPENSIONS
    rows += [TemplateRow(_PLATFORMS, section, each, "Total number") for each in indicators]
    return tuple(rows)


COMPLAINT_ROWS = _complaints()
"""Rows of table 7, on appeals."""
