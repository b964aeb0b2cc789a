"""Recommendations about thresholds: the best lines, and lines whose precision is sure."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from shroff.advise.advice_bench import Bench
from shroff.advise.guarantee import GuaranteeAsked, guarantee
from shroff.advise.line_limits import LinesAsked
from shroff.advise.proposal import Proposal
from shroff.advise.recommendation import Recommendation
from shroff.advise.thresholds import thresholds
from shroff.errors import DataError

__all__ = ["best_lines", "sure_lines"]

_TARGET = "lines"


def sure_lines(bench: Bench) -> Iterator[Recommendation]:
    """Recommend reject lines whose precision is sure, where they differ from today's.

    Parameters
    ----------
    bench : Bench
        Logs and labelled ads.

    Yields
    ------
    Recommendation
        At most one.
    """
    found = guarantee(bench.engine, bench.brief, GuaranteeAsked())
    if any(line.sure is not None for line in found):
        made = of_proposal(
            bench,
            found.proposal(),
            kind="guarantee",
            params={"floor": found.floor},
            evidence="shroff advise guarantee",
        )
        if made is not None:
            yield made


def best_lines(bench: Bench) -> Iterator[Recommendation]:
    """Recommend the best lines: the careful ones where there are any.

    Parameters
    ----------
    bench : Bench
        Logs and labelled ads.

    Yields
    ------
    Recommendation
        At most one.
    """
    found = thresholds(bench.engine, bench.brief, LinesAsked(), costs=bench.settings.costs)
    chosen = found.careful or found.plan
    if chosen is None or not any(each.changed for each in chosen.lines):
        return
    made = of_proposal(
        bench,
        found.proposal(careful=found.careful is not None),
        kind="thresholds",
        params={"less": chosen.less.value},
        evidence="shroff advise thresholds",
    )
    if made is not None:
        yield made


def of_proposal(
    bench: Bench,
    proposal: Proposal,
    *,
    kind: str,
    params: dict[str, str | int | float | None],
    evidence: str,
) -> Recommendation | None:
    """Recommend lines; None where no labelled ad is decided otherwise by them.

    Parameters
    ----------
    bench : Bench
        Logs and labelled ads.
    proposal : Proposal
        The lines.
    kind : str
        ``thresholds`` or ``guarantee``.
    params : dict
        Slots of the sentence, beside ``lines``.
    evidence : str
        The command that shows them.

    Returns
    -------
    Recommendation or None
        The recommendation.

    Raises
    ------
    DataError
        If lines read scores of single policies: what they are worth beside others is not known.
    """
    actions = bench.deck.under(proposal)
    if actions is None:
        raise DataError(
            "its lines read scores of single policies, and labelled ads have only the score over all"
        )
    if not np.any(actions != bench.deck.action):
        return None
    return Recommendation(
        kind=kind,
        subject=f"{kind}/{proposal.thresholds[0].model}",
        params={"lines": len(proposal.thresholds), **params},
        worth=bench.worth(actions),
        hours=1.0,
        risk="medium",
        target=_TARGET,
        evidence=evidence,
        actions=actions,
        foreseen=bench.foreseen(actions),
        proposal=proposal.record(),
    )
