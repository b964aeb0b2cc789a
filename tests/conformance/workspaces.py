"""Small workspaces to ask in, and what is asked there."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.conformance.ads_play import look_at_ads
from tests.conformance.advice_play import ask_for_advice, ask_for_staff
from tests.conformance.drift_play import compare_periods
from tests.conformance.gold_play import hold_judges
from tests.conformance.hostile_logs import (
    MAPPING,
    NAMES,
    write_corrections,
    write_files,
    write_one_row,
    write_versions,
)
from tests.conformance.judging_play import read_ads_to_judge
from tests.conformance.leads_play import find_campaigns, rank_advertisers
from tests.conformance.lines_play import draw_lines
from tests.conformance.narrowed_play import count_some_ads
from tests.conformance.operations_play import run_judges
from tests.conformance.outcome_play import ask_what_came
from tests.conformance.recorder import RecordingEngine, Tape
from tests.conformance.registry_play import list_models, score_ads
from tests.conformance.rule_play import try_rules
from tests.conformance.simulate_play import replay_of_one_ad, replay_proposals
from tests.conformance.sure_lines_play import find_sure_lines, rank_growth
from tests.conformance.term_play import look_for_terms
from tests.conformance.trend_play import draw_trends
from tests.conformance.why_play import explain_changes

from shroff.errors import ConfigError, DataError, DesignError
from shroff.measure.briefing import brief_of
from shroff.measure.changes import changes
from shroff.measure.curves import CurvesAsked
from shroff.measure.keeping import Keeper
from shroff.measure.ledger import ledger_of
from shroff.measure.model_work import Asked
from shroff.measure.score_queries import Chosen
from shroff.store.detector_files import DetectorFiles
from shroff.store.engine import Engine
from shroff.store.settings import parse_settings
from shroff.synthetic.revelation import reveal
from shroff.workspace import Workspace

__all__ = ["PLAYS", "Play", "Recorded", "build", "play_on"]


@dataclass(frozen=True)
class Recorded(Workspace):
    """A workspace whose engine notes what it is asked."""

    tape: Tape = field(default_factory=Tape)

    @contextmanager
    def engine(self, **how: Any) -> Generator[Engine]:  # type: ignore[override]
        with super().engine(**how) as engine:
            yield RecordingEngine(engine, self.tape)


def build(kind: str, root: Path) -> None:
    """Make a workspace: ``hostile``, ``single``, ``empty`` or ``demo``."""
    if kind == "demo":
        _demo(root)
        return
    root.mkdir(parents=True)
    (root / "shroff.toml").write_text(MAPPING, encoding="utf-8")
    workspace = Workspace.open(root)
    written = {"hostile": write_files, "single": write_one_row}.get(kind)
    for table, file in (written(root / "files") if written else {}).items():
        workspace.ingest(table, [file])


def _demo(root: Path) -> None:
    from shroff.synthetic.platform import write_platform

    write_platform(root, ads=1000, seed=7, days=28)
    workspace = Workspace.open(root)
    for table, files in workspace.sources().items():
        workspace.ingest(table, files)


ENGINE_TABLE = re.compile(r"^\[engine\]\n(?:[^\[].*\n|\n)*", re.MULTILINE)

LOGGED = """
[designs.audit]
kind = "stratified"
design_id = "audit's"
"""
ROWS = f"{LOGGED}\n[cubes]\nkeep = false\n"
FEW = ("approve_rate", "leakage", "reject_precision", "overturns_per_appeal", "turnaround_p50")
CLUSTERED = """
[designs.audit]
kind = "poisson"
design_id = "audit's"
cluster = "advertiser_id"
[designs.panel]
kind = "poisson"
basis = "declared"
by = "王's team"
queues = ["抽查"]
sampling_prob = 0.33
cluster = "类别"
[goals.leakage]
at_most = 0.3
[goals.reject_precision]
at_least = 0.2
[metrics.our_share]
name_en = "Ours"
numerator = "violating AND market = 'US'"
denominator = "action = 'approve'"
"""
DECLARED = """
[designs.panel]
kind = "stratified"
basis = "declared"
by = "王's team"
queues = ["抽查"]
stratum = "CASE WHEN market = '中国' THEN 'it''s' WHEN huge > 0 THEN language END"
"""
CENSUS = """
[designs.live]
kind = "census"
basis = "certain"
"""
CUSTOM = """
[periods]
week_starts = "sunday"
[slices.derived]
length = "CASE WHEN LENGTH(industry) > 10 THEN 'long' ELSE 'short' END"
kind = "COALESCE(format, 'none') || '/' || COALESCE(CAST(odd_number > 0 AS VARCHAR), '?')"
marked = "industry LIKE '%\\\\%' OR industry LIKE '100%'"
clock = "EXTRACT(hour FROM decided_at)"
[designs.audit]
kind = "poisson"
design_id = "audit's"
[designs.live]
kind = "census"
basis = "certain"
[goals.leakage]
at_most = 0.3
[goals.reject_precision]
at_least = 0.2
[metrics.counted]
name_en = "Counted in full"
numerator = "market IN ('US', 'JP') AND odd_number >= 0"
denominator = "action <> 'reject'"
[metrics.labelled]
name_en = "From labels"
numerator = "violating AND right_policy"
denominator = "violating"
[metrics.seen]
name_en = "By impressions"
numerator = "violating"
denominator = "action IN ('approve', 'restrict')"
weight = "impressions"
[metrics.label_only]
name_en = "Of what only a label has"
numerator = "tier = 1"
denominator = "tier <= 3"
"""
SHORT = """
[designs.live]
kind = "census"
basis = "certain"
[metrics.labelled]
name_en = "From labels"
numerator = "violating"
denominator = "action IN ('approve', 'review')"
[metrics.label_only]
name_en = "Of what only a label has"
numerator = "tier = 1"
denominator = "tier <= 4"
"""
PLANNED = """
[designs.audit]
kind = "poisson"
design_id = "audit's"
[goals.leakage]
at_most = 0.3
since = 2024-01-01
[goals.reject_precision]
at_least = 0.2
"""
NO_STRATUM = """
[designs.panel]
kind = "stratified"
basis = "declared"
by = "somebody"
queues = ["抽查"]
stratum = "no_such_column"
"""
NO_COLUMN = """
[metrics.wrong]
name_en = "Wrong"
numerator = "no_such_column"
denominator = "TRUE"
"""
ODD_SLICES = (
    "market",
    "language",
    "policy",
    ("policy", "market"),
    ("week", "action"),
    "odd_number",
    "flagged",
    "on",
    "huge",
    ("Case", "case_1"),
    *(name for name in NAMES if name in {'quo"te', "类别", "back`tick", "percent%", "it's"}),
    "queue",
)
QUERIES = (
    "SELECT COUNT(*) AS n FROM ads",
    "SELECT market, COUNT(*) AS n, SUM(ad_version) AS v FROM ads GROUP BY market ORDER BY market",
    "SELECT ad_id, title FROM ads WHERE title LIKE '%\\%' OR title = '' ORDER BY ad_id;",
    "SELECT review_id, policies FROM reviews WHERE policies IS NOT NULL ORDER BY review_id",
    'SELECT "quo""te" AS "a b", "back`tick" FROM ads ORDER BY ad_id',
)

Act = Callable[[Recorded], object]


@dataclass(frozen=True, slots=True)
class Play:
    """Something that a user does, and where.

    Parameters
    ----------
    name : str
        Its name.
    workspace : str
        Which workspace.
    act : callable
        What is done; what it gives is compared too where it is a table.
    settings : str
        TOML beside the mapping and the engine.
    always : bool
        Whether it belongs to the small part that runs on every engine each time.
    golden : bool
        Whether its answers are kept; not those that other plays give too, nor a demo's, which
        change with the made-up platform.
    only : tuple of str
        Engines that do it; all when empty.
    """

    name: str
    workspace: str
    act: Act
    settings: str = ""
    always: bool = False
    golden: bool = True
    only: tuple[str, ...] = ()


def _status(workspace: Recorded) -> object:
    workspace.contents()
    workspace.quarantine(table="scores", limit=3)
    return workspace.quarantine()


def _check(workspace: Recorded) -> object:
    return str(workspace.check().record()["rows"])


def _measure(**how: Any) -> Act:
    def act(workspace: Recorded) -> object:
        return workspace.measure(**how).to_arrow()

    return act


def _refused(workspace: Recorded) -> object:
    with suppress(ConfigError, DataError):
        return workspace.measure(period="all").to_arrow()
    return "refused"


def _report(workspace: Recorded) -> object:
    return workspace.report(period="2024-03-04..2024-03-17", languages=("en", "zh")).headline


def _sql(workspace: Recorded) -> object:
    for query in QUERIES:
        workspace.sql(query)
    return workspace.sql(QUERIES[0], limit=5)


def _moved(workspace: Recorded) -> object:
    parts = [
        workspace.measure(period=period, by=())
        for period in ("2024-01-01..2024-01-28", "2024-02-29..2024-03-31")
    ]
    return str([(each.metric, each.clear) for each in changes(*parts)])


def _late(workspace: Recorded) -> object:
    """Measure, take in late and corrected rows, measure again."""
    workspace.measure(period="all", by=["market"])
    for table, file in write_corrections(workspace.root / "late").items():
        workspace.ingest(table, [file])
    return workspace.measure(period="all", by=["market"]).to_arrow()


def _labels(workspace: Recorded) -> object:
    """Plan labels, draw a batch, fill it in, take it back twice; say how good labels are."""
    desk = workspace.labels
    desk.plan(["leakage@market=US:half", "reject_precision:0.2"], by=["language"], period="all")
    batch = desk.draw()
    assert batch.file is not None
    with batch.file.open(encoding="utf-8-sig", newline="") as asked:
        rows = list(csv.DictReader(asked))
    with batch.file.open("w", encoding="utf-8", newline="") as answered:
        writer = csv.DictWriter(answered, list(rows[0]))
        writer.writeheader()
        writer.writerows({**row, "verdict": "violating"} for row in rows[:9])
        writer.writerows(rows[9:])
    taken = [desk.take([batch.file]).added for _ in range(2)]
    return f"{batch.asked} asked, {taken} added"


def _goals(workspace: Recorded) -> object:
    return str([each.goal for each in workspace.analyses.goals()])


def _regulatory(workspace: Recorded) -> object:
    return workspace.analyses.regulatory(period="all").to_arrow()


def _curves(*by: str) -> Act:
    def act(workspace: Recorded) -> object:
        return workspace.analyses.curves(CurvesAsked(by=by), period="all").to_arrow()

    return act


def _fewer_labels(workspace: Recorded) -> object:
    found = workspace.analyses.fewer_labels(by=["market"], period="all")
    return found.to_arrow()


def _versions(workspace: Recorded) -> object:
    """Compare two versions of a model on the same ads, over all policies and for one."""
    workspace.ingest("scores", [write_versions(workspace.root / "more")])
    for asked in (
        Asked(model="it's a 模型"),
        Asked(model="it's a 模型", policy="weapons", at=0.5),
    ):
        found = workspace.analyses.compare_models(asked, by=["market"], period="all")
    return found.to_arrow()


def _disagreements(workspace: Recorded) -> object:
    """Draw ads on which two versions disagree, label them, compare again."""
    workspace.ingest("scores", [write_versions(workspace.root / "more")])
    asked, desk = Asked(model="it's a 模型", at=0.5), workspace.labels
    batch = workspace.analyses.draw_disagreements(asked, labels=30, desk=desk, period="all")
    assert batch.file is not None
    with batch.file.open(encoding="utf-8-sig", newline="") as drawn:
        rows = list(csv.DictReader(drawn))
    with batch.file.open("w", encoding="utf-8", newline="") as answered:
        writer = csv.DictWriter(answered, list(rows[0]))
        writer.writeheader()
        verdicts = ("violating", "compliant")
        writer.writerows({**row, "verdict": verdicts[n % 2]} for n, row in enumerate(rows))
    desk.take([batch.file])
    return workspace.analyses.model_card("二", asked=asked, period="all").comparison.to_arrow()


def _calibration(workspace: Recorded) -> object:
    return workspace.analyses.calibration(Chosen(policy="-"), period="all").to_arrow()


def _chances(workspace: Recorded) -> object:
    """Turn scores into chances with a curve that is kept, in the workers of an engine."""
    curve = {"model": "clf", "version": "1", "policy": None, "at": [0.1, 0.5], "value": [0.2, 0.9]}
    files = DetectorFiles(workspace.root)
    kept, _ = files.keep("calibration", "clf/1", content=curve, provenance={})
    return workspace.analyses.chances(kept)


def _slices(workspace: Recorded) -> object:
    """Search slices in labels drawn together, held out by time; in appeals, held out by a hash."""
    by = ["market", "language", "huge", "类别", "it's"]
    found = workspace.analyses.slices("fdr", by=by, period="all")
    again = workspace.analyses.slices(
        "overturns_per_appeal", by=by, period="all", held_out="hash", depth=2
    )
    shares = [f"{each.everything.value:.9f}" for each in (found, again)]
    return f"{shares}, {found.labels}, {again.labels}"


def _reveal(workspace: Recorded) -> object:
    truth = workspace.root / "truth"
    with workspace.engine(readable=[truth]) as engine:
        brief = brief_of(workspace.settings, engine, by=())
        return str(
            [each.metric.id for each in reveal(engine, brief, folder=workspace.root).figures]
        )


def _kept(workspace: Recorded) -> object:
    """Count what is kept, and tell what it holds."""
    with workspace.engine() as engine:
        upkeep = workspace.upkeep(engine)
        upkeep.refresh(anew=True)
        return str(ledger_of(upkeep).spreads)


def _in_parts(workspace: Recorded) -> object:
    """Count what is kept in three parts, as where it does not fit in memory."""
    with workspace.engine() as engine:
        cubing = workspace.upkeep(engine).cubing()
        keeper = Keeper(engine=engine, lake=workspace.lake, cubing=cubing, parts=3, thin=1)
        return str(keeper.refresh(anew=True).all_days)


def _no_such_value(workspace: Recorded) -> object:
    with suppress(DesignError):
        workspace.labels.plan(["leakage@market=nowhere:half"], period="all")
    return "refused"


def _nothing_there(workspace: Recorded) -> object:
    workspace.contents()
    workspace.quarantine()
    workspace.check()
    with suppress(DataError):
        workspace.measure()
    return workspace.sql("SELECT * FROM reviews")


def _one_row(workspace: Recorded) -> object:
    workspace.contents()
    workspace.check()
    workspace.report(languages=("zh",))
    return workspace.measure(by=["market", "policy"]).to_arrow()


PLAYS: tuple[Play, ...] = (
    Play("status", "hostile", _status, always=True),
    Play("check", "hostile", _check, settings=LOGGED),
    Play(
        "few",
        "hostile",
        _measure(period="all", by=["market"], metrics=FEW),
        settings=ROWS,
        always=True,
    ),
    Play("sliced", "hostile", _measure(period="all", by=ODD_SLICES), settings=LOGGED),
    Play(
        "logged",
        "hostile",
        _measure(period="2024-02-26..2024-03-31", by=["market", "policy"]),
        settings=LOGGED,
    ),
    Play(
        "clustered",
        "hostile",
        _measure(period="all", by=["market", "policy"]),
        settings=CLUSTERED,
    ),
    Play("declared", "hostile", _measure(period="all", by=["language"]), settings=DECLARED),
    Play("census", "hostile", _measure(period="all", by=["market", "policy"]), settings=CENSUS),
    Play(
        "custom",
        "hostile",
        _measure(period="all", by=["week", "length", "kind", "marked", "clock"]),
        settings=CUSTOM,
    ),
    Play("short", "single", _measure(period="all", by=["policy", "market"]), settings=SHORT),
    Play("no stratum", "hostile", _refused, settings=NO_STRATUM),
    Play("no column", "hostile", _refused, settings=NO_COLUMN),
    Play("report", "hostile", _report, settings=LOGGED, golden=False),
    Play("sql", "hostile", _sql, always=True),
    Play("moved", "hostile", _moved, settings=LOGGED),
    Play("late", "hostile", _late, settings=LOGGED),
    Play("labels", "hostile", _labels, settings=PLANNED, golden=False),
    Play("goals", "hostile", _goals, settings=PLANNED),
    Play("slices", "hostile", _slices, settings=CLUSTERED),
    Play("regulatory", "hostile", _regulatory, settings=CLUSTERED),
    Play("curves", "hostile", _curves(), settings=CLUSTERED),
    Play("calibration", "hostile", _calibration, settings=LOGGED),
    Play("chances", "hostile", _chances, settings=LOGGED),
    Play("sliced curves", "hostile", _curves("market"), settings=LOGGED),
    Play("fewer labels", "hostile", _fewer_labels, settings=CLUSTERED),
    Play("rules", "hostile", try_rules, settings=LOGGED, golden=False),
    Play("versions", "hostile", _versions, settings=LOGGED),
    Play("disagreements", "hostile", _disagreements, settings=LOGGED, golden=False),
    Play("advertisers", "hostile", rank_advertisers, settings=CLUSTERED),
    Play("campaigns", "hostile", find_campaigns, settings=LOGGED),
    Play("registry", "hostile", list_models, settings=LOGGED),
    Play("narrowed", "hostile", count_some_ads, always=True),
    Play("ads", "hostile", look_at_ads, settings=LOGGED, golden=False),
    Play("judges", "hostile", hold_judges, settings=LOGGED, golden=False),
    Play("scored ads", "hostile", score_ads, settings=LOGGED, golden=False),
    Play("no such value", "hostile", _no_such_value, settings=PLANNED, golden=False),
    Play("kept", "hostile", _kept, settings=CLUSTERED),
    Play("in parts", "hostile", _in_parts, golden=False, only=("duckdb",)),
    Play("one row", "single", _one_row),
    Play("nothing there", "empty", _nothing_there, always=True),
    Play("reveal", "demo", _reveal, golden=False),
    Play("drift", "hostile", compare_periods, settings=LOGGED),
    Play("terms", "hostile", look_for_terms, settings=LOGGED),
    Play("trends", "hostile", draw_trends, settings=LOGGED),
    Play("why", "hostile", explain_changes, settings=LOGGED),
    Play("judging", "hostile", read_ads_to_judge),
    Play("lines", "hostile", draw_lines, settings=CLUSTERED + CENSUS),
    Play("operations", "hostile", run_judges, settings=CLUSTERED + CENSUS),
    Play("outcome", "hostile", ask_what_came, settings=LOGGED),
    Play("advice", "hostile", ask_for_advice, settings=LOGGED),
    Play("advised staff", "hostile", ask_for_staff, settings=LOGGED, golden=False),
    Play("simulate", "hostile", replay_proposals, settings=LOGGED),
    Play("simulate one ad", "single", replay_of_one_ad),
    Play("sure lines", "hostile", find_sure_lines, settings=CLUSTERED),
    Play("growth", "hostile", rank_growth, settings=LOGGED),
)


def play_on(play: Play, root: Path, *, engine: str) -> tuple[Tape, object]:
    """Do something in a workspace and tell what its engine was asked.

    Parameters
    ----------
    play : Play
        What.
    root : Path
        A workspace of its own.
    engine : str
        The ``[engine]`` table of its settings.

    Returns
    -------
    Tape, object
        What was asked, and what the user got.
    """
    written = (root / "shroff.toml").read_text(encoding="utf-8")
    base = ENGINE_TABLE.sub("", written)
    settings = parse_settings("\n".join((base, play.settings, engine)))
    tape = Tape()
    got = play.act(Recorded(root, settings, tape=tape))
    return tape, got
