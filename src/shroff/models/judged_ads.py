"""Ads that are to be judged: from the logs, or from a file."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa

from shroff.domain.slices import Period
from shroff.errors import DataError
from shroff.models.alike_wordings import Alike, Grouping, alike_of, key_of
from shroff.models.contact_masks import mask_ad
from shroff.models.judge_answers import ASKED
from shroff.models.judgement_rows import AdRef
from shroff.models.judging_run import Wording
from shroff.models.prompt import PromptForm
from shroff.store.engine import Engine
from shroff.store.sql import literal

__all__ = [
    "TEXTS",
    "AdCount",
    "AdSource",
    "Asking",
    "count_ads",
    "count_file",
    "file_ads",
    "log_ads",
    "near_ads",
]

TEXTS = ("title", "body", "ocr_text", "asr_text", "landing_url")
"""Fields of an ad that a model is shown."""

_ROWS, _MANY_ROWS = 512, 16_384


@dataclass(frozen=True, slots=True, kw_only=True)
class AdSource:
    """Which ads of the logs are judged.

    Parameters
    ----------
    period : Period or None
        When they were submitted; None for all.
    sample : int or None
        How many, drawn at random; None for all.
    seed : int
        Of the draw.
    judge : tuple of str
        Name, version and policy of the judge: ads that it judged already are left out.
    asked : bool
        Whether only those of `shroff.models.judge_answers.stand_asked` are.
    answers : int
        Judgements from which on an ad is left out.
    """

    period: Period | None
    sample: int | None
    seed: int
    judge: tuple[str, str, str]
    asked: bool = False
    answers: int = 1

    def sql(self) -> str:
        """Write the query: ad, version, market and texts."""
        return f"{self.every_sql()} AND {self._unjudged()}"

    def every_sql(self) -> str:
        """Write the same query for ads that were judged as well."""
        texts = ", ".join(f"a.{each}" for each in TEXTS)
        return (
            f"SELECT a.ad_id, a.ad_version, a.market, {texts} FROM ads AS a"
            f"{self._drawn()} WHERE {self._wanted()}"
        )

    def _unjudged(self) -> str:
        name, version, policy = map(literal, self.judge)
        told = (
            "FROM judgements AS j"
            " WHERE j.ad_id = a.ad_id AND COALESCE(j.ad_version, 1) = COALESCE(a.ad_version, 1)"
            f" AND j.model = {name} AND j.version = {version} AND j.policy_id = {policy}"
            " AND j.outcome <> 'failed'"
        )
        if self.answers == 1:
            return f"NOT EXISTS (SELECT 1 {told})"
        return f"(SELECT COUNT(*) {told}) < {self.answers}"

    def _wanted(self) -> str:
        some = " OR ".join(f"COALESCE(TRIM(a.{each}), '') <> ''" for each in TEXTS[:4])
        return " AND ".join((f"({some})", *self._tests()))

    def textless_sql(self) -> str:
        """Write the query for ads that cannot be judged, for they hold no text."""
        none = " AND ".join(f"COALESCE(TRIM(a.{each}), '') = ''" for each in TEXTS[:4])
        return f"SELECT a.ad_id FROM ads AS a WHERE {' AND '.join((none, *self._tests()))}"

    def _tests(self) -> list[str]:
        tests: list[str] = []
        if self.period is not None:
            first, end = (
                literal(datetime(day.year, day.month, day.day, tzinfo=UTC))
                for day in (self.period.start, self.period.end)
            )
            tests.append(f"a.created_at >= {first} AND a.created_at < {end}")
        if self.asked:
            tests.append(
                f"EXISTS (SELECT 1 FROM {ASKED} AS k WHERE k.ad_id = a.ad_id"
                " AND k.ad_version = COALESCE(a.ad_version, 1))"
            )
        return tests

    def _drawn(self) -> str:
        if self.sample is None:
            return ""
        drawn = f"MD5(CONCAT({literal(f'{self.seed}/')}, a.ad_id))"
        return (
            f" JOIN (SELECT a.ad_id, a.ad_version FROM ads AS a WHERE {self._wanted()}"
            f" ORDER BY {drawn}, a.ad_id, a.ad_version LIMIT {self.sample}) AS d"
            " ON a.ad_id = d.ad_id AND a.ad_version = d.ad_version"
        )


@dataclass(frozen=True, slots=True)
class AdCount:
    """How many ads were asked for.

    Parameters
    ----------
    wanted : int
        Those that are to be judged.
    scope : int
        Those with a text, judged before or not.
    textless : int
        Those without any text.
    """

    wanted: int
    scope: int
    textless: int


@dataclass(slots=True, kw_only=True)
class Asking:
    """How ads become questions.

    Parameters
    ----------
    form : PromptForm
        What the prompts of all ads have in common.
    mask : bool
        Whether contact details are masked.
    masked : int
        Fields masked so far.
    alike : Alike or None
        Near-copies of which one is asked about; None where each ad is.
    scope : int
        Ads with a text that were asked for, judged before or not.
    textless : int
        Ads that were asked for and hold no text.
    """

    form: PromptForm
    mask: bool = True
    masked: int = 0
    alike: Alike | None = None
    scope: int = 0
    textless: int = 0

    def wording(self, row: Mapping[str, object]) -> Wording | None:
        """Make a question of an ad; None when it has no text."""
        ad = {name: _text(row.get(name)) for name in TEXTS}
        if not any(text.strip() for text in ad.values()):
            return None
        told: Mapping[str, str | None] = ad
        if self.mask:
            told, count = mask_ad(ad)
            self.masked += count
        key, market = key_of(row), row.get("market")
        if self.alike is not None:
            return Wording(self.form.ask(told), list(self.alike.asked[key]))
        return Wording(self.form.ask(told), [AdRef(*key, str(market) if market else None)])

    def batch(self, rows: Sequence[Mapping[str, object]]) -> list[Wording]:
        """Make questions of ads; those without a text, or with a near-copy's answer, are left out."""
        if self.alike is not None:
            rows = [row for row in rows if key_of(row) in self.alike.asked]
        made = (self.wording(row) for row in rows)
        return [each for each in made if each is not None]


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def count_ads(engine: Engine, source: AdSource) -> AdCount:
    """Count the ads that were asked for.

    Parameters
    ----------
    engine : Engine
        The logs.
    source : AdSource
        Which ads.

    Returns
    -------
    AdCount
        Those to be judged, those with a text, those without.
    """
    asked = (source.sql(), source.every_sql(), source.textless_sql())
    counts = (
        f"SELECT {n} AS place, COUNT(*) AS n FROM ({sql}) AS x" for n, sql in enumerate(asked)
    )
    rows = engine.query(" UNION ALL ".join(counts) + " ORDER BY place").to_pylist()
    return AdCount(*(int(row["n"]) for row in rows))


def log_ads(engine: Engine, source: AdSource, asking: Asking) -> Iterator[list[Wording]]:
    """Read ads from the logs, some at a time.

    Parameters
    ----------
    engine : Engine
        The logs.
    source : AdSource
        Which ads.
    asking : Asking
        How they become questions.

    Yields
    ------
    list of Wording
        The questions.
    """
    sql = source.sql() if asking.alike is None else source.every_sql()
    for batch in engine.stream(sql, rows=_ROWS):
        yield asking.batch(_rows(batch))


def near_ads(engine: Engine, source: AdSource, grouping: Grouping) -> Alike:
    """Find out which ads say nearly the same, so that one of them is asked about.

    Parameters
    ----------
    engine : Engine
        The logs.
    source : AdSource
        Which ads.
    grouping : callable
        Tells near-copies.

    Returns
    -------
    Alike
        Which are asked about, and who takes their answers.
    """
    keys = f"SELECT w.ad_id, COALESCE(w.ad_version, 1) AS ad_version FROM ({source.sql()}) AS w"
    wanted = frozenset(
        (str(ad), int(version))
        for batch in engine.stream(keys)
        for ad, version in zip(*(column.to_pylist() for column in batch.columns), strict=True)
    )
    every = engine.stream(source.every_sql(), rows=_MANY_ROWS)
    return alike_of(every, wanted, fields=TEXTS[:4], grouping=grouping)


def _rows(batch: pa.RecordBatch) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = batch.to_pylist()
    return rows


def file_ads(path: Path, asking: Asking) -> Iterator[list[Wording]]:
    """Read ads from a file, some at a time.

    Parameters
    ----------
    path : Path
        JSON lines or CSV, with ``ad_id`` and texts by the names of ads.
    asking : Asking
        How they become questions.

    Yields
    ------
    list of Wording
        The questions.

    Raises
    ------
    DataError
        If it cannot be read, or a line is no ad; it says which.
    """
    part: list[Mapping[str, object]] = []
    for _, row in _ads_of(path):
        part.append(row)
        if len(part) == _ROWS:
            yield asking.batch(part)
            part = []
    if part:
        yield asking.batch(part)


def count_file(path: Path) -> tuple[int, int]:
    """Count the ads of a file, and see that each is there once.

    Parameters
    ----------
    path : Path
        As for `file_ads`.

    Returns
    -------
    (int, int)
        Ads with a text, and ads without any.

    Raises
    ------
    DataError
        If it cannot be read, a line is no ad, an ad is there twice, or there is none.
    """
    seen: dict[tuple[str, int], int] = {}
    textless = 0
    for number, row in _ads_of(path):
        key = key_of(row)
        if (first := seen.setdefault(key, number)) != number:
            raise DataError(
                f"ad {key[0]}, version {key[1]}, is in line {first} already",
                where=f"{path}:{number}",
                hint="name each ad once; another wording of it is another ad_version",
            )
        textless += not any(_text(row.get(name)).strip() for name in TEXTS)
    if not seen:
        hint = '{"ad_id": "1", "title": "..."} a line, or a CSV with these columns'
        raise DataError("there is no ad in the file", where=str(path), hint=hint)
    return len(seen) - textless, textless


def _ads_of(path: Path) -> Iterator[tuple[int, Mapping[str, object]]]:
    """Give the ads of a file with their lines."""
    try:
        for number, row in _lines(path):
            if not isinstance(row, dict) or not row.get("ad_id"):
                raise DataError(
                    "an ad needs an ad_id and a text",
                    where=f"{path}:{number}",
                    hint='{"ad_id": "1", "title": "...", "body": "..."} a line, or a CSV with these',
                )
            yield number, row
    except OSError as error:
        raise DataError(
            f"cannot read the ads: {error.strerror}", where=str(path), hint="look at its path"
        ) from None
    except UnicodeDecodeError:
        raise DataError("the file is not UTF-8", where=str(path), hint="save as UTF-8") from None


def _lines(path: Path) -> Iterator[tuple[int, object]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        if path.suffix.lower() == ".csv":
            yield from enumerate(csv.DictReader(stream), start=2)
            return
        for number, line in enumerate(stream, start=1):
            if not line.strip():
                continue
            try:
                yield number, json.loads(line)
            except (ValueError, RecursionError) as error:
                raise DataError(
                    f"this is not JSON: {error}",
                    where=f"{path}:{number}",
                    hint="one JSON object a line; name the file .csv if it is CSV",
                ) from None
