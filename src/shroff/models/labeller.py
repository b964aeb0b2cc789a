"""What an LLM's labels are worth: never truth, but help for those of people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from shroff.domain.labels import Role
from shroff.domain.messages import Message
from shroff.domain.metrics import Weight
from shroff.domain.slices import Slice
from shroff.measure.brief import Brief
from shroff.measure.fewer_labels import USUAL, fewer_labels_of, sides_of
from shroff.measure.powered import FewerLabels, Powered
from shroff.measure.quality import outcomes_of
from shroff.measure.scorecard import Scorecard, scorecard
from shroff.measure.scored import BINS, Scored, Scorer, read_scored
from shroff.models.gold_labels import Gold, sliced
from shroff.models.golden_policies import PolicyBook
from shroff.models.judge_answers import Judge, JudgeKind, policies_of, read_answers, stand_asked
from shroff.models.labeller_errors import errors_of, gold_of_frame
from shroff.models.labeller_result import Corrected, Labeller
from shroff.stats.estimate import Estimate, Estimates, Status
from shroff.stats.predicted import Sides
from shroff.stats.said_corrected import corrected_shares, said_accuracy
from shroff.store.engine import Engine
from shroff.store.sql import literal

__all__ = ["LEAST_HELP", "LabellerAsked", "labeller", "labeller_of", "said_scorer"]

LEAST_HELP = 1.05
"""Labels that a labeller must be worth, over those without it, to be used at all."""

_FLAGGED, _OPEN, _CLEARED = 0.95, 0.5, 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class LabellerAsked:
    """What is asked of a labeller.

    Parameters
    ----------
    judge : Judge
        The labeller.
    gold : Gold or None
        What its errors are held against; the labels of the period when None.
    gold_name : str
        What that is called.
    metrics : tuple of str
        Metrics to correct; the usual ones when empty.
    """

    judge: Judge
    gold: Gold | None = None
    gold_name: str = ""
    metrics: tuple[str, ...] = ()


def labeller(engine: Engine, brief: Brief, asked: LabellerAsked, *, book: PolicyBook) -> Labeller:
    """Say what a judge's labels are worth beside those of people.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    brief : Brief
        Period, slices of the corrected figures, designs, level.
    asked : LabellerAsked
        The labeller, and what it is held against.
    book : PolicyBook
        Which policies belong together.

    Returns
    -------
    Labeller
        Its errors, and figures with and without it.

    Notes
    -----
    Truth is what people said, and nothing else: the labeller's answers are read from the log of
    judgements, scores or hits, and only help to foresee what people would say.
    """
    wanted = asked.metrics or tuple(
        name
        for name in USUAL
        if brief.metrics[name].weight is Weight.ADS or "impressions" in engine.snapshot
    )
    card = scorecard(engine, replace(brief, wanted=wanted))
    return labeller_of(engine, card, asked, book=book, metrics=wanted)


def labeller_of(
    engine: Engine,
    card: Scorecard,
    asked: LabellerAsked,
    *,
    book: PolicyBook,
    metrics: Sequence[str] = USUAL,
) -> Labeller:
    """Say it for the period of a scorecard, whose session tables must stand; see `labeller`.

    Parameters
    ----------
    engine : Engine
        Where the logs and the scorecard's session tables are.
    card : Scorecard
        The scorecard, with the metrics wanted.
    asked : LabellerAsked
        The labeller.
    book : PolicyBook
        Which policies belong together.
    metrics : sequence of str
        Metrics to correct.

    Returns
    -------
    Labeller
        Its errors, and figures with and without it.
    """
    judge, level = asked.judge, card.brief.level
    silent = fewer_labels_of(engine, card, metrics=metrics, scorer=_silent(judge))
    found = fewer_labels_of(engine, card, metrics=metrics, scorer=said_scorer(judge))
    work = _Work(engine, card, judge)
    corrected = work.corrected(found, silent)
    gold = asked.gold or gold_of_frame(engine, card.frame)
    if asked.gold is None:
        stand_asked(engine, f"(SELECT ad_id, ad_version FROM {card.frame.table} WHERE in_period)")
    answers = read_answers(engine, judge)
    scope = policies_of([judge])
    cut = sliced(gold, book=book, scope=scope)
    return Labeller(
        judge=judge,
        period=card.brief.period,
        level=level,
        gold=asked.gold_name or gold.design,
        judged=found.scored_share,
        errors=errors_of(cut, answers, judge, level=level),
        corrected=corrected,
        notes=_notes(engine, found, judge, scope),
    )


def said_scorer(judge: Judge) -> Scorer:
    """Let what a judge says of each ad stand for a score: called violating, open, cleared.

    Parameters
    ----------
    judge : Judge
        The judge.

    Returns
    -------
    Scorer
        For `shroff.measure.fewer_labels.fewer_labels_of`.
    """
    return Scorer(judge.label, 0.0, 1.0, _said_sql(judge))


def _silent(judge: Judge) -> Scorer:
    """Let nothing be said of any ad: what is then foreseen is not the judge's doing."""
    said = said_scorer(judge)
    return replace(said, query=f"SELECT * FROM ({said.query}) AS said WHERE FALSE")


def _said_sql(judge: Judge) -> str:
    """Write the query for one number an ad version: the newest answer of each policy counts."""
    version = f"COALESCE(version, '') = {literal(judge.version)}"
    if judge.kind is JudgeKind.RULE:
        return (
            f"SELECT ad_id, COALESCE(ad_version, 1) AS ad_version, {_FLAGGED} AS score FROM hits"
            f" WHERE detector = {literal(judge.name)} AND {version}"
            " GROUP BY ad_id, COALESCE(ad_version, 1)"
        )
    if judge.kind is JudgeKind.SCORE:
        at = literal(float(judge.at if judge.at is not None else 0.5))
        return (
            "SELECT ad_id, COALESCE(ad_version, 1) AS ad_version,"
            f" CASE WHEN MAX(score) >= {at} THEN {_FLAGGED} ELSE {_CLEARED} END AS score"
            f" FROM scores WHERE model = {literal(judge.name)} AND {version}"
            " GROUP BY ad_id, COALESCE(ad_version, 1)"
        )
    return f"""
  SELECT ad_id, ad_version,
         CASE WHEN MAX(flagged) = 1 THEN {_FLAGGED} WHEN MIN(answered) = 0 THEN {_OPEN}
              ELSE {_CLEARED} END AS score
  FROM (
    SELECT ad_id, COALESCE(ad_version, 1) AS ad_version,
           CASE WHEN outcome = 'verdict' AND verdict = 'violating' THEN 1 ELSE 0 END AS flagged,
           CASE WHEN outcome = 'verdict' AND verdict IN ('violating', 'compliant') THEN 1 ELSE 0
           END AS answered,
           ROW_NUMBER() OVER (
             PARTITION BY ad_id, COALESCE(ad_version, 1), COALESCE(policy_id, '')
             ORDER BY CASE WHEN outcome = 'failed' THEN 1 ELSE 0 END, judged_at DESC,
                      judgement_id DESC) AS newest
    FROM judgements
    WHERE model = {literal(judge.name)} AND {version}
  ) AS said
  WHERE newest = 1
  GROUP BY ad_id, ad_version"""


@dataclass(frozen=True, slots=True)
class _Work:
    engine: Engine
    card: Scorecard
    judge: Judge

    def corrected(self, found: FewerLabels, silent: FewerLabels) -> tuple[Corrected, ...]:
        """Correct what the judge says of all ads, beside what people's labels say."""
        without = {(each.metric, each.slice): each.worth.value or 0.0 for each in silent.powered}
        rates: dict[tuple[str, Slice], tuple[Estimate, Estimate]] = {}
        ads = [
            each.metric
            for each in found.powered
            if self.card.brief.metrics[each.metric].weight is Weight.ADS
        ]
        names = tuple(dict.fromkeys(ads))
        outcomes = outcomes_of(self.engine, [self.card.brief.metrics[name] for name in names])
        drawn = self.card.frame.any_probability()
        for slicing in dict.fromkeys(((), *self.card.brief.by)):
            scored = read_scored(self.engine, self.card.frame, slicing) if names else None
            for name in names if scored is not None and drawn else ():
                sides = sides_of(outcomes.ratios[name])
                for part, pair in self._rates(scored, sides).items() if scored else ():
                    rates[name, part] = pair
        return tuple(
            self._one(each, rates, without=without.get((each.metric, each.slice), 0.0))
            for each in found.powered
        )

    def _rates(self, scored: Scored, sides: Sides) -> Mapping[Slice, tuple[Estimate, Estimate]]:
        among = sides.above[:, 1] & ~sides.above[:, 0] & sides.rest[:, 0] & ~sides.rest[:, 1]
        other = (sides.above | sides.rest).any(axis=1) & ~among
        if other.any() or not among.any() or not len(scored.labels.w):
            return {}
        groups, level = len(scored.slices), self.card.brief.level
        said = np.arange(BINS + 1) >= int((_FLAGGED + _OPEN) / 2 * BINS)
        said[BINS] = False
        accuracy = said_accuracy(
            scored.labels, scored.strata, said=said, among=among, groups=groups, level=level
        )
        counted, found = corrected_shares(
            scored.totals, accuracy, said=said, among=among, groups=groups, level=level
        )
        return {
            part: (_at_its_word(counted, place), _bounded(found, place))
            for place, part in enumerate(scored.slices)
        }

    def _one(
        self,
        each: Powered,
        rates: Mapping[tuple[str, Slice], tuple[Estimate, Estimate]],
        *,
        without: float,
    ) -> Corrected:
        nothing = replace(
            each.plain,
            value=None,
            low=None,
            high=None,
            status=Status.UNKNOWN,
            n_effective=None,
            design_effect=None,
            numerator=None,
            denominator=None,
            caveats=(),
        )
        said, found = rates.get((each.metric, each.slice), (nothing, nothing))
        known = each.plain.status is Status.ESTIMATE
        # what hardly helps is left alone: picking whatever looks narrower costs coverage
        without = max(without, float(each.plain.n))
        helps = each.used and (each.worth.value or 0.0) >= LEAST_HELP * without
        alone = replace(each.plain, caveats=(*each.plain.caveats, Message("fewer.no_help")))
        return Corrected(
            metric=each.metric,
            slice=each.slice,
            said=said,
            plain=each.plain,
            rogan_gladen=replace(found, design=each.plain.design) if known else nothing,
            powered=each.scored if helps or not known else alone,
            worth=each.worth,
            without=without,
            used=helps,
        )


def _at_its_word(counted: Estimates, place: int) -> Estimate:
    """Give what the judge says, without an interval: it is wrong by as much as the judge is."""
    found = counted.at(place, status=Status.PROXY)
    note = (Message("labeller.at_its_word"),)
    return replace(found, low=None, high=None, n_effective=None, caveats=note)


def _bounded(found: Estimates, place: int) -> Estimate:
    estimate = found.at(place)
    if estimate.status is Status.BOUNDS:
        return replace(estimate, caveats=(Message("labeller.uncorrectable"),))
    return estimate


def _notes(
    engine: Engine, found: FewerLabels, judge: Judge, scope: Sequence[str]
) -> tuple[Message, ...]:
    notes = [Message("labeller.never_truth")]
    if found.scored_share < 1 and judge.kind is not JudgeKind.RULE:
        notes.append(Message("labeller.partly", {"share": found.scored_share}))
    if scope:
        notes.append(Message("labeller.scope", {"policies": ", ".join(scope[:12])}))
    marked = engine.query(
        f"SELECT COUNT(*) AS n FROM reviews WHERE role = {literal(str(Role.LLM))}"
    ).column("n")[0]
    if reviews := int(marked.as_py()):
        notes.append(Message("labeller.reviews_by_llm", {"reviews": reviews}))
    kept = [note for note in found.notes if not note.id.startswith("fewer")]
    return (*notes, *kept)
