"""Which slices are worse than they should be? All of them looked at, few of them shown."""

from __future__ import annotations

from dataclasses import dataclass

from shroff.domain.messages import Message
from shroff.domain.slices import Slice
from shroff.errors import ConfigError
from shroff.measure.families import Query
from shroff.measure.scorecard import Scorecard
from shroff.measure.slice_findings import SliceFinding, Standing, WorseSlices
from shroff.measure.slice_hunt import Caught, Hunt, hunt
from shroff.measure.slice_labels import HeldOut, Labels, Split, read_labels, split_of
from shroff.measure.slice_sources import SliceSource, columns_for, source_of
from shroff.stats.estimate import Estimate, Estimates, Status
from shroff.store.engine import Engine

__all__ = ["SliceQuestion", "WorseSlices", "held_out_of", "worse_slices"]

_DEEPEST = 3
_ORDER = tuple(Standing)


@dataclass(frozen=True, slots=True, kw_only=True)
class SliceQuestion:
    """What to search for.

    Parameters
    ----------
    metric : str
        Id of the metric.
    by : tuple of str
        Columns that make slices; those the scorecard is sliced by, and the user's own, when empty.
    depth : int
        Most columns of a slice, 1 to 3.
    false_share : float
        Share of false ones among the slices found that is allowed, on average, in (0, 1).
    held_out : HeldOut
        Which labels are left for confirming.
    """

    metric: str = "leakage"
    by: tuple[str, ...] = ()
    depth: int = _DEEPEST
    false_share: float = 0.05
    held_out: HeldOut = HeldOut.LATER


def held_out_of(text: str) -> HeldOut:
    """Read how labels are to be held out.

    Parameters
    ----------
    text : str
        ``later`` or ``hash``.

    Returns
    -------
    HeldOut
        The way.

    Raises
    ------
    ConfigError
        If it is neither.
    """
    try:
        return HeldOut(text)
    except ValueError:
        raise ConfigError(
            f"labels cannot be held out by {text!r}", where="held out", hint="later, or hash"
        ) from None


def worse_slices(engine: Engine, card: Scorecard, question: SliceQuestion) -> WorseSlices:
    """Search the labels behind a scorecard; its session tables must stand.

    Parameters
    ----------
    engine : Engine
        Where the logs and the scorecard's session tables are.
    card : Scorecard
        The scorecard.
    question : SliceQuestion
        What to search for.

    Returns
    -------
    WorseSlices
        The slices that are worse than the rest.

    Raises
    ------
    ConfigError
        If the metric cannot be searched, a column is not known, or a number is out of range.
    DesignError
        If the labels cannot tell: none were drawn for an action, none has a weight, or all come
        from one cluster.
    """
    _require(question)
    columns = columns_for(engine, card, question.by)
    found = source_of(engine, card, question.metric, columns=columns)
    split = split_of(engine, found.source, wanted=question.held_out)
    labels = read_labels(engine, found.source, columns=columns, split=split)
    result = hunt(
        labels,
        found.reading,
        depth=question.depth,
        false_share=question.false_share,
        level=card.brief.level,
    )
    query = Query("labels", engine.text(labels.query))
    return _answer(
        card, question, found=found, split=split, labels=labels, result=result, query=query
    )


def _require(question: SliceQuestion) -> None:
    if not 1 <= question.depth <= _DEEPEST:
        raise ConfigError(
            f"a depth of {question.depth}", where="depth", hint=f"search to depth 1 to {_DEEPEST}"
        )
    if not 0 < question.false_share < 1:
        raise ConfigError(
            f"the share {question.false_share} is not between 0 and 1",
            where="false share",
            hint="0.05 lets one in twenty of the slices found be false, on average",
        )


def _answer(
    card: Scorecard,
    question: SliceQuestion,
    *,
    found: SliceSource,
    split: Split,
    labels: Labels,
    result: Hunt,
    query: Query,
) -> WorseSlices:
    notes = [*found.notes, *result.notes]
    if result.unlisted:
        notes.append(Message("slices.unlisted", {"count": result.unlisted}))
    findings = _findings(result.caught, labels, found) if result.caught else ()
    if any(value is None for each in findings for _, value in each.slice.terms):
        notes.append(Message("slices.no_value"))
    return WorseSlices(
        metric=found.metric,
        period=card.brief.period,
        columns=labels.names,
        depth=question.depth,
        split=split,
        everything=_at(result.everything, 0, found),
        labels=result.labels,
        least=result.least,
        looked_at=result.looked_at,
        found=result.found,
        unlisted=result.unlisted,
        false_share=question.false_share,
        findings=findings,
        notes=tuple(notes),
        queries=(query,),
        snapshot=dict(card.snapshot),
    )


def _findings(caught: Caught, labels: Labels, found: SliceSource) -> tuple[SliceFinding, ...]:
    """Name the slices; confirmed ones first, then by how many errors they have too many."""
    findings = [_finding(caught, place, labels, found) for place in range(len(caught.terms))]
    return tuple(sorted(findings, key=lambda each: (_ORDER.index(each.standing), -_surplus(each))))


def _finding(caught: Caught, place: int, labels: Labels, found: SliceSource) -> SliceFinding:
    terms = tuple(
        (labels.names[column], labels.words[column][code]) for column, code in caught.terms[place]
    )
    p = float(caught.confirmation[place])
    return SliceFinding(
        slice=Slice(terms),
        standing=caught.standing[place],
        searched=_at(caught.searched.inside, place, found),
        later=_at(caught.later.inside, place, found),
        elsewhere=_at(caught.later.outside, place, found),
        pooled=float(caught.pooled[place]),
        of_errors=_at(caught.later.of_errors, place, found),
        of_base=_at(caught.later.of_base, place, found),
        errors_searched=_at(caught.searched.of_errors, place, found),
        adjusted=float(caught.adjusted[place]),
        confirmation=p if p == p else None,  # noqa: PLR0124 - NaN stands for no held-out label
        explains=caught.explains[place],
    )


def _surplus(finding: SliceFinding) -> float:
    """Say which share of all errors a slice has beyond its share of what is measured."""
    return (finding.of_errors.value or 0.0) - (finding.of_base.value or 0.0)


def _at(figures: Estimates, place: int, found: SliceSource) -> Estimate:
    status = Status.PROXY if found.proxy else Status.ESTIMATE
    return figures.at(place, status=status, design=found.design)
