"""The EU template's tables on automation and complaints, filled in as drafts."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import timedelta

from shroff.domain.slices import EVERYTHING, Slice
from shroff.domain.transparency import (
    AUTOMATED_ROWS,
    COLUMNS,
    COMPLAINT_ROWS,
    Profile,
    Quality,
    TemplateRow,
)
from shroff.errors import ConfigError, DataError
from shroff.measure.regulatory import TRUTH, Regulatory, proxy_id
from shroff.stats.estimate import Estimate, Status

__all__ = ["TABLES", "check_table", "draft_name", "require_text", "table_text"]

TABLES: Mapping[str, tuple[TemplateRow, ...]] = {
    "7_appeals_and_recidivism": COMPLAINT_ROWS,
    "8_automated_means": AUTOMATED_ROWS,
}
"""The template's tables that logs of ads can fill, with their rows."""

_DRAFT = "DRAFT"
_SHARES = frozenset(Quality)
_MOST_WIDE = 0.05


def draft_name(table: str) -> str:
    """Name the file of a table: it says that it is a draft."""
    return f"{_DRAFT}_{table}.csv"


def table_text(
    found: Regulatory,
    table: str,
    *,
    service: str,
    profile: Profile | None = None,
    max_width: float = _MOST_WIDE,
) -> str:
    """Write one table as CSV (RFC 4180), each row marked as a draft.

    Parameters
    ----------
    found : Regulatory
        The indicators.
    table : str
        One of `TABLES`.
    service : str
        Name of the service.
    profile : Profile, optional
        Whose definition gives accuracy, precision and recall; random labels when None.
    max_width : float
        Widest interval of a share that is stated, end to end.

    Returns
    -------
    str
        The text; cells that logs cannot fill are empty, and say why.
    """
    last = found.brief.period.end - timedelta(days=1)
    days = f"{found.brief.period.start}/{last}"
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in TABLES[table]:
        value, context = _filled(found, row.key, profile=profile, max_width=max_width)
        said = f"{_DRAFT}: {context}"
        writer.writerow(
            (row.applicability, service, days, row.section, row.indicator, row.scope, value, said)
        )
    return text.getvalue()


def _filled(
    found: Regulatory, key: str, *, profile: Profile | None, max_width: float
) -> tuple[str, str]:
    if not key:
        return "", "not told by the logs of this workspace"
    place, name = EVERYTHING, key
    spoken, mark, rest = key.partition(":")
    if mark:
        place, name = Slice((("language", spoken),)), rest
    own = name.removeprefix("own_")
    if own in _SHARES:
        if own != name:
            place = Slice((("initiative", "own"),))
        return _share(found, Quality(own), place, profile=profile, max_width=max_width)
    metric = name if name.startswith(("notices", "trusted", "visibility")) else _measured(name)
    figure = found.figure(metric, place)
    if figure is None:
        return ("0", "no measure in this language") if mark else ("", "not told by the logs")
    return _number(figure)


def _measured(name: str) -> str:
    return f"measures_{name}" if "solely" in name else f"complaints_{name}"


def _number(figure: Estimate) -> tuple[str, str]:
    if figure.value is None:
        return "", "; ".join(note.text() for note in figure.caveats) or "not known"
    notes = ["counted in full", *(note.text() for note in figure.caveats)]
    return f"{figure.value:.0f}", "; ".join(notes)


def _share(
    found: Regulatory, quality: Quality, part: Slice, *, profile: Profile | None, max_width: float
) -> tuple[str, str]:
    """Give a share with four decimals, its interval beside it, or why it is not stated."""
    truth = found.figure(TRUTH[quality], part)
    said = _proxies(found, quality, part)
    if profile is not None:
        figure = found.figure(proxy_id(profile, quality), part)
        if figure is None or figure.value is None:
            return "", f"{profile}: nothing in its denominator; {_doubt(truth)}"
        return f"{figure.value:.4f}", f"proxy by {profile}, n {figure.n}; {_doubt(truth)}"
    if truth is None or truth.value is None or truth.status is not Status.ESTIMATE:
        return "", f"{_doubt(truth)}{said}"
    if (truth.width or 0.0) > max_width:
        return "", f"withheld, interval wider than {max_width:g}: {_doubt(truth)}{said}"
    return f"{truth.value:.4f}", f"{_doubt(truth)}{said}"


def _doubt(figure: Estimate | None) -> str:
    if figure is None or figure.low is None or figure.high is None:
        return "no random labels"
    ends = f"{figure.low:.4f} to {figure.high:.4f}"
    if figure.status is Status.ESTIMATE:
        share = f"{figure.value:.4f}, " if figure.value is not None else ""
        return (
            f"random labels {share}{figure.level:.0%} interval {ends}, n {figure.n},"
            f" design {figure.design}"
        )
    if figure.status is Status.BOUNDS:
        return f"bounds {ends}: part of the ads was never sampled"
    return "no random labels"


def _proxies(found: Regulatory, quality: Quality, part: Slice) -> str:
    known = [
        f"{profile} {figure.value:.4f}"
        for profile in Profile
        if (figure := found.figure(proxy_id(profile, quality), part)) is not None
        and figure.value is not None
    ]
    return f"; proxies: {', '.join(known)}" if known else ""


def require_text(service: str) -> str:
    """Require a name of the service that fits a cell.

    Parameters
    ----------
    service : str
        Name.

    Returns
    -------
    str
        The name, without blanks around it.

    Raises
    ------
    ConfigError
        If it is empty, has a line break, or would run as a formula in a spreadsheet.
    """
    name = service.strip()
    if not name or any(mark in name for mark in "\r\n\0") or name[0] in "=+-@":
        raise ConfigError(
            f"{service!r} cannot stand in a cell as the service's name",
            hint="give it with --service, or set name under [workspace]",
        )
    return name


def check_table(text: str, table: str) -> None:
    """Check a table against the template's known columns, rows and forms of values.

    Parameters
    ----------
    text : str
        The CSV.
    table : str
        One of `TABLES`.

    Raises
    ------
    DataError
        If a column, row or value is not as the template has it; names every row that is off.
    """
    rows = list(csv.reader(io.StringIO(text)))
    if not rows or tuple(rows[0]) != COLUMNS:
        raise DataError(
            "the columns are not the template's", where=table, hint=f"wanted: {', '.join(COLUMNS)}"
        )
    faults = [
        f"row {number}: {fault}"
        for number, row in enumerate(rows[1:], start=2)
        if (fault := _fault(row, TABLES[table]))
    ]
    missing = len(TABLES[table]) - (len(rows) - 1)
    if missing:
        faults.append(f"{abs(missing)} rows too {'few' if missing > 0 else 'many'}")
    if faults:
        raise DataError("; ".join(faults[:5]), where=table, hint="export it anew")


def _fault(row: Sequence[str], known: Sequence[TemplateRow]) -> str:
    if len(row) != len(COLUMNS):
        return f"{len(row)} cells instead of {len(COLUMNS)}"
    who, _, days, section, indicator, scope, value, context = row
    words = (who, section, indicator, scope)
    if not any((e.applicability, e.section, e.indicator, e.scope) == words for e in known):
        return f"no such row in the template: {indicator} / {scope}"
    if days.count("/") != 1:
        return f"{days!r} is no period: 2026-01-01/2026-06-30"
    if not context.startswith(_DRAFT):
        return "not marked as a draft"
    return _value_fault(indicator, value)


def _value_fault(indicator: str, value: str) -> str:
    if not value:
        return ""
    share = indicator.startswith("Accuracy of")
    digits = value.replace(".", "", 1) if share else value
    if not (digits.isascii() and digits.isdigit()):
        return f"{value!r} is no plain number"
    if share and not 0 <= float(value) <= 1:
        return f"{value!r} is no share from 0 to 1"
    return ""
