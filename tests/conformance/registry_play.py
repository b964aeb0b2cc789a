"""The registry as a user asks for it: what scores and judges, as the logs show it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shroff.workspace import Workspace

__all__ = ["list_models"]


def list_models(workspace: Workspace) -> object:
    """List what scores or judges."""
    return json.dumps(workspace.modeller.registry().record(), sort_keys=True)
