"""Everything about a demo platform that is drawn once, before the first ad."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from shroff.synthetic.advertisers import Advertisers, recruit
from shroff.synthetic.companions import bonds
from shroff.synthetic.demo_pack import Rule, rules
from shroff.synthetic.dice import Dice, Floats, Ints
from shroff.synthetic.seasons import Seasons
from shroff.synthetic.staffing_plan import Plan, roster
from shroff.synthetic.stories import Stories, plot

__all__ = ["World", "create"]


@dataclass(frozen=True, slots=True)
class World:
    """A demo platform.

    Parameters
    ----------
    ads : int
        Ads submitted, edits apart.
    dice : Dice
        Chance.
    seasons : Seasons
        Days.
    people : Advertisers
        Advertisers.
    bonds : array of float, main policies by others
        Chance that an ad breaks each policy beside its main one.
    stories : Stories
        Planted stories.
    pack : tuple of Rule
        Rule pack.
    counts : array of int
        Ads a day.
    plan : Plan
        Reviewers on duty.
    """

    ads: int
    dice: Dice
    seasons: Seasons
    people: Advertisers
    bonds: Floats
    stories: Stories
    pack: tuple[Rule, ...]
    counts: Ints
    plan: Plan


def create(*, ads: int, seed: int, days: int, end: date, stories: str = "all") -> World:
    """Draw a platform.

    Parameters
    ----------
    ads : int
        Ads, edits apart.
    seed : int
        Seed.
    days : int
        Days of the logs.
    end : date
        Last day.
    stories : str
        ``all`` or ``none``: whether anything goes wrong.

    Returns
    -------
    World
        The platform.
    """
    dice = Dice(seed)
    seasons = Seasons(end, days)
    people = recruit(dice, ads=ads, days=days)
    bond = bonds(people, days=days)
    plotted = plot(dice, people, seasons=seasons, bond=bond)
    told = plotted.untold() if stories == "none" else plotted
    plan = roster(seasons, ads=ads)
    counts = seasons.counts(ads)
    return World(ads, dice, seasons, people, bond, told, rules(dice), counts, plan)
