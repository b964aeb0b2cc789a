"""The logs of some ads only, as the dashboard's filter shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shroff.store.narrowing import ads_in_both, narrow
from shroff.store.narrowing_values import values_of
from shroff.store.overview import table_states

if TYPE_CHECKING:
    from shroff.workspace import Workspace

__all__ = ["count_some_ads"]


def count_some_ads(workspace: Workspace) -> object:
    """Choose ads by market and language, then by action, and count what each table says of them."""
    with workspace.engine() as engine:
        narrow(engine, {"market": ["BR", "it's", ""], "language": ["zh", "en"]})
        some = table_states(engine)
    with workspace.engine() as engine:
        shared = ads_in_both(engine, {"language": ["zh"]}, {"action": ["approve"]})
        narrow(engine, {"action": ["approve", "review"], "policy": ["fraud"]})
        values = [values_of(engine, name, most=9) for name in ("policy", "market", "action")]
        return some, shared, values, table_states(engine)
