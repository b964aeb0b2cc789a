"""Which ads to label to learn what rules would do: those that they would treat otherwise."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from shroff.errors import DesignError
from shroff.measure.brief import Brief
from shroff.measure.label_batch import Drawing, DrawStratum
from shroff.measure.label_plan_strata import Key
from shroff.measure.population import build_population
from shroff.rules.backtest import Proposal, deck_design
from shroff.rules.history_hits import stand_history
from shroff.rules.history_labels import flips_sql
from shroff.store.engine import Engine

__all__ = ["standing_deck"]


@contextmanager
def standing_deck(
    engine: Engine, brief: Brief, proposal: Proposal, *, labels: int, lake: Path
) -> Generator[Drawing]:
    """Say how to draw ads to label, while the ads to draw from stand.

    Parameters
    ----------
    engine : Engine
        Where the logs are; gets the session table ``rule_flips``.
    brief : Brief
        The period.
    proposal : Proposal
        The rules.
    labels : int
        Labels wanted, 1 or more.
    lake : Path
        Folder of the lake.

    Yields
    ------
    Drawing
        Ads that the rules would treat otherwise than was done. Each rule gets its part: rules that
        hit few ads have them drawn with a higher chance.

    Raises
    ------
    DesignError
        If the rules would treat no ad otherwise.
    """
    build_population(engine, brief.period, derived=brief.derived, week_starts=brief.week_starts)
    with stand_history(engine, proposal.packs, lake=lake) as history:
        engine.materialise("rule_flips", flips_sql(history))
        found = {
            str(row["rarest"]): int(row["ads"])
            for row in engine.query(
                "SELECT rarest, COUNT(*) AS ads FROM rule_flips WHERE in_period"
                " GROUP BY rarest ORDER BY rarest"
            ).to_pylist()
        }
        if not found:
            raise DesignError(
                "the rules would treat no ad otherwise than was done",
                hint="rules that only tag change nothing, and so do hits on rejected ads",
            )
        design = deck_design(proposal)
        strata = tuple(
            DrawStratum((name,), f"s{place}", design, chance)
            for place, (name, chance) in enumerate(_chances(found, labels).items(), start=1)
        )
        period = brief.period
        yield Drawing(
            period=f"{period.start}/{period.end}",
            keys=(Key("rarest", "rarest"),),
            strata=strata,
            table="rule_flips",
        )


def _chances(ads: dict[str, int], labels: int) -> dict[str, float]:
    """Share labels between strata by the square root of their size; what one cannot take, others do."""
    left, wanted = dict(ads), float(labels)
    found: dict[str, float] = {}
    while left:
        unit = wanted / sum(size**0.5 for size in left.values())
        full = [name for name, size in left.items() if unit * size**0.5 >= size]
        if not full:
            return found | {name: unit * size**0.5 / size for name, size in left.items()}
        for name in full:
            found[name] = 1.0
            wanted -= left.pop(name)
    return found
