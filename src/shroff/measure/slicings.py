"""Which slicings apply to decisions, and which to review tasks."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches

from shroff.errors import ConfigError
from shroff.measure.brief import Brief
from shroff.measure.population import dimensions
from shroff.measure.tasks import task_dimensions
from shroff.store.engine import Engine

__all__ = ["Slicings", "slicings_of"]


@dataclass(frozen=True, slots=True)
class Slicings:
    """Which slicings each kind of figure has.

    Parameters
    ----------
    ads, tasks : tuple of tuple of str
        Slicings of decisions, and of review tasks.
    """

    ads: tuple[tuple[str, ...], ...]
    tasks: tuple[tuple[str, ...], ...]

    @property
    def plain(self) -> tuple[tuple[str, ...], ...]:
        """List the slicings of decisions by columns alone."""
        return tuple(s for s in self.ads if "policy" not in s)

    @property
    def by_policy(self) -> tuple[tuple[str, ...], ...]:
        """List the slicings of decisions that put one policy in scope."""
        return tuple(s for s in self.ads if "policy" in s)


def slicings_of(engine: Engine, brief: Brief) -> Slicings:
    """Sort the slicings asked for by what they apply to.

    Parameters
    ----------
    engine : Engine
        Where ``population`` and ``tasks`` are.
    brief : Brief
        What is asked.

    Returns
    -------
    Slicings
        Slicings of decisions and of tasks; everything is always among them.

    Raises
    ------
    ConfigError
        If neither has a column of that name.
    """
    wanted = tuple(dict.fromkeys(((), *brief.by)))
    ads = {*dimensions(engine, brief.derived)}
    tasks = {*task_dimensions(engine)}
    for slicing in wanted:
        strange = [name for name in slicing if name not in ads | tasks]
        if strange:
            close = get_close_matches(strange[0], sorted(ads | tasks), n=1)
            raise ConfigError(
                f"there is no dimension {strange[0]!r} to slice by",
                hint=(f"did you mean {close[0]!r}? " if close else "")
                + "dimensions: "
                + ", ".join(sorted(ads | tasks)),
            )
    return Slicings(
        tuple(s for s in wanted if set(s) <= ads), tuple(s for s in wanted if set(s) <= tasks)
    )
