"""The registry as a user asks for it: what scores and judges, what is learnt from, what is run."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING

import pyarrow as pa

from shroff.errors import DesignError
from shroff.models.model_sources import Named, source_of
from shroff.models.score_desk import TrainAsked
from shroff.store.model_records import ModelRecord

if TYPE_CHECKING:
    from shroff.workspace import Workspace

__all__ = ["constant", "list_models", "score_ads"]


def list_models(workspace: Workspace) -> object:
    """List what scores or judges."""
    found = workspace.modeller.registry().entries
    return json.dumps([
        (each.model.name, each.model.version, each.seen.scores, each.seen.decisions,
         each.seen.judgements, each.seen.live, each.seen.currency)
        for each in found
    ])  # fmt: skip


def constant(ads: pa.RecordBatch) -> list[float]:
    """Score every ad alike: the model that is run."""
    return [0.25] * ads.num_rows


def score_ads(workspace: Workspace) -> object:
    """Read labels to learn from, of which there are too few, and run a function over the ads."""
    with suppress(DesignError):
        workspace.modeller.scoring.train(TrainAsked(policy="A"), period="all")
    named = Named(function=f"{__name__}:{constant.__name__}")
    source = source_of(named, root=workspace.root)
    record = ModelRecord(name="own", version="1", kind=source.kind, source=source.detail)
    workspace.modeller.register(record)
    found = workspace.modeller.scoring.score("own")
    return f"{found.wanted} {found.scored} {found.refused}"
