"""Write the logs of a demo platform whose truth is known."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa

from shroff.errors import ConfigError
from shroff.synthetic.auditing import audit, audit_views
from shroff.synthetic.case_tables import (
    Handled,
    appeals_table,
    decisions_table,
    reports_table,
    reviews_table,
)
from shroff.synthetic.complaints import (
    Edits,
    appeal,
    edit,
    reinstated,
    rejections,
    replaced,
    report,
    taken_down,
)
from shroff.synthetic.copywriting import Copy, write
from shroff.synthetic.demo_pack import pack_yaml
from shroff.synthetic.demo_settings import SETTINGS
from shroff.synthetic.exposure import after_people, serve
from shroff.synthetic.fixed_tables import changes_table, policies_table, staffing_table
from shroff.synthetic.judging_llm import judge_truth
from shroff.synthetic.judging_log import JudgeLog
from shroff.synthetic.log_files import CsvFile, JsonLines, LogFile, ParquetFiles
from shroff.synthetic.log_tables import (
    ads_table,
    hits_table,
    ids,
    impressions_table,
    named,
    policy_lists,
    scores_table,
)
from shroff.synthetic.moderation import RESTRICT, judge, shadow
from shroff.synthetic.review_tasks import concat_tasks
from shroff.synthetic.reviewing import work_queue
from shroff.synthetic.submissions import ALIKE, Ads, resubmit, submit, take
from shroff.synthetic.world import World, create

__all__ = ["DEFAULT_END", "PlatformSummary", "write_platform"]

DEFAULT_END = date(2026, 6, 28)
"""Last day of the demo's logs."""

_FEWEST_ADS, _FEWEST_DAYS = 1_000, 28


@dataclass(frozen=True, slots=True)
class PlatformSummary:
    """What was written.

    Parameters
    ----------
    folder : Path
        Workspace folder.
    logs : mapping of str to tuple of Path
        Files of each table, in the order in which they are best ingested.
    rows : mapping of str to int
        Rows of each table.
    first_day, last_day : date
        Days of the logs.
    """

    folder: Path
    logs: Mapping[str, tuple[Path, ...]]
    rows: Mapping[str, int]
    first_day: date
    last_day: date


def _files(folder: Path) -> dict[str, LogFile]:
    logs = folder / "logs"
    return {
        "policies": CsvFile(logs / "policies" / "policies.csv"),
        "changes": JsonLines(logs / "changes" / "changes.jsonl"),
        "staffing": CsvFile(logs / "staffing" / "staffing.csv.gz"),
        "ads": ParquetFiles(logs / "ads"),
        "decisions": ParquetFiles(logs / "decisions"),
        "scores": ParquetFiles(logs / "scores"),
        "judgements": ParquetFiles(logs / "judgements"),
        "hits": ParquetFiles(logs / "hits"),
        "reviews": ParquetFiles(logs / "reviews"),
        "appeals": CsvFile(logs / "appeals" / "appeals.csv.gz"),
        "impressions": ParquetFiles(logs / "impressions"),
        "reports": JsonLines(logs / "reports" / "reports.jsonl.gz"),
    }


def _truth(world: World, ads: Ads, texts: Copy) -> pa.Table:
    story = np.where(ads.wave, 0, np.where(ads.campaign, 1, -1))
    return pa.table(
        {
            "ad_id": ids(world, ads.number),
            "ad_version": ads.version,
            "violating": ads.violating,
            "policies": policy_lists(ads.policy, ads.beside),
            "disguised": ads.disguised,
            "look_alike": ads.form == ALIKE,
            "seed_phrase": pa.array([text or None for text in texts.seed], pa.string()),
            "blatant": ads.blatant,
            "story": named(story, ("wave", "campaign")),
        }
    )


def _handle(world: World, ads: Ads, judged: JudgeLog) -> tuple[dict[str, pa.Table], Edits]:
    """Take a batch of ads through the platform: its logs, its truth, and the edits to come."""
    texts = write(world, ads)
    rulings = judge(world, ads, texts)
    other = shadow(world, ads, rulings)
    final, others = work_queue(world, ads, rulings)
    rejected = rejections(world, rulings, final)
    edits = edit(world, ads, rulings, rejected=rejected)
    serving = replaced(after_people(world, ads, rulings, final=final), edits)
    reports, rechecked = report(world, ads, serving)
    closes = world.seasons.closes
    serving = taken_down(serving, rechecked, closes=closes)
    appeals, appealed = appeal(world, ads, rejected, edits=edits)
    serving = replaced(reinstated(serving, appeals, closes=closes), edits)
    served = serve(world, ads, serving, restricted=rulings.action == RESTRICT)
    audited = concat_tasks([audit(world, ads, rulings), audit_views(world, ads, served)])
    handled = Handled(final, others, audited, rechecked, appealed)
    tables = {
        "ads": ads_table(world, ads, texts),
        "decisions": decisions_table(world, ads, rulings, other=other, handled=handled),
        "scores": scores_table(world, ads, rulings, other=other),
        "judgements": judged.table(world, ads, texts, rulings=rulings),
        "hits": hits_table(world, ads, rulings),
        "reviews": reviews_table(world, ads, handled),
        "appeals": appeals_table(world, ads, appeals),
        "impressions": impressions_table(world, ads, served),
        "reports": reports_table(world, ads, reports, rechecked=rechecked),
        "truth": _truth(world, ads, texts),
    }
    return tables, edits


def _batches(world: World, *, chunk: int) -> Iterator[tuple[int, dict[str, pa.Table]]]:
    """Give the logs some days at a time, with the ads done so far."""
    first, judged = 0, JudgeLog()
    while first < world.seasons.days:
        reach = np.cumsum(world.counts[first:])
        last = first + min(int(np.searchsorted(reach, chunk)), len(reach) - 1)
        ads = submit(world, first_day=first, last_day=last)
        tables, edits = _handle(world, ads, judged)
        done = int(world.counts[: last + 1].sum())
        yield done, tables
        if len(edits.row):
            again = resubmit(world, take(ads, edits.row), edits.at)
            yield done, _handle(world, again, judged)[0]
        first = last + 1


def _write_texts(folder: Path, world: World) -> None:
    for name in ("packs", "truth"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / "shroff.toml").write_text(SETTINGS, encoding="utf-8")
    (folder / "packs" / "demo.yaml").write_text(pack_yaml(world.pack), encoding="utf-8")
    (folder / "truth" / "stories.json").write_text(world.stories.to_json(), encoding="utf-8")
    (folder / "truth" / "judge.json").write_text(judge_truth(world), encoding="utf-8")


def write_platform(
    folder: Path,
    *,
    ads: int = 200_000,
    seed: int = 7,
    days: int = 98,
    end: date = DEFAULT_END,
    stories: str = "all",
    chunk: int = 25_000,
    progress: Callable[[int, int], None] | None = None,
) -> PlatformSummary:
    """Write the logs, settings, rule pack and truth of a demo platform.

    Parameters
    ----------
    folder : Path
        Workspace folder, made when missing.
    ads : int
        Ads submitted, edits apart; at least 1,000.
    seed : int
        Seed: the same seed gives the same logs.
    days : int
        Days of the logs; at least 28.
    end : date
        Last day.
    stories : str
        ``all`` plants five stories, ``none`` none.
    chunk : int
        Ads in memory at once, about; the logs are the same for any.
    progress : callable, optional
        Called with ads done and ads to do.

    Returns
    -------
    PlatformSummary
        Files and rows.

    Raises
    ------
    ConfigError
        If the platform would be too small to tell its stories.
    """
    if ads < _FEWEST_ADS or days < _FEWEST_DAYS:
        raise ConfigError(
            f"a demo of {ads} ads over {days} days is too small",
            hint=f"at least {_FEWEST_ADS} ads and {_FEWEST_DAYS} days",
        )
    world = create(ads=ads, seed=seed, days=days, end=end, stories=stories)
    _write_texts(folder, world)
    files = _files(folder)
    files["policies"].add(policies_table(world))
    files["changes"].add(changes_table(world))
    files["staffing"].add(staffing_table(world))
    truth = ParquetFiles(folder / "truth", name="ads")
    for done, tables in _batches(world, chunk=chunk):
        truth.add(tables.pop("truth"))
        for name, table in tables.items():
            files[name].add(table)
        if progress is not None:
            progress(done, ads)
    for file in (*files.values(), truth):
        file.close()
    return PlatformSummary(
        folder=folder,
        logs={name: tuple(sorted((folder / "logs" / name).iterdir())) for name in files},
        rows={name: file.rows for name, file in files.items()},
        first_day=world.seasons.first,
        last_day=end,
    )
