"""The logs of some ads only, as the dashboard's filter shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shroff.store.narrowing import narrow
from shroff.store.overview import table_states

if TYPE_CHECKING:
    from shroff.workspace import Workspace

__all__ = ["count_some_ads"]


def count_some_ads(workspace: Workspace) -> object:
    """Choose ads by market and language, and count what each table says of them."""
    with workspace.engine() as engine:
        narrow(engine, {"market": ["BR", "it's", ""], "language": ["zh", "en"]})
        return table_states(engine)
