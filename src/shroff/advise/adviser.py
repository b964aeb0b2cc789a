"""Where a workspace is advised: what to change, what it would do, and whether it worked."""

from __future__ import annotations

from dataclasses import dataclass

from shroff.measure.label_desk import LabelDesk
from shroff.rules.rule_desk import RuleDesk
from shroff.watch.lookout import Lookout

__all__ = ["Adviser"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Adviser:
    """Where a workspace is told what to change.

    Parameters
    ----------
    lookout : Lookout
        Where the logs are watched; with it the folder, settings, lake, catalog and engine.
    labels : LabelDesk
        Where labels are planned and taken back.
    rules : RuleDesk
        Where rules are tried.
    """

    lookout: Lookout
    labels: LabelDesk
    rules: RuleDesk
