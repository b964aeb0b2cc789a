"""A server that scores batches of ads over HTTP; only one that the settings allow is asked."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import pyarrow as pa

from shroff.models.contact_masks import mask_ad
from shroff.models.endpoint import find_endpoint
from shroff.models.pace import Backoff
from shroff.models.scorer import as_scores, columns_of
from shroff.models.transport import Transport
from shroff.models.trouble import Kind, Trouble
from shroff.stats.proportions import Floats
from shroff.store.model_records import ModelRecord
from shroff.store.settings import Settings

__all__ = ["HttpScorer", "open_http"]

_AT_ONCE = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpScorer:
    """Scores by a server.

    ``POST URL/score`` with ``{"model", "version", "ads": [{"ad_id", "ad_version", ...texts}]}``
    is answered by ``{"scores": [...]}``, one an ad in their order, null where it cannot say.

    Parameters
    ----------
    transport : Transport
        The way there.
    model, version : str
        What is asked for.
    columns : tuple of str
        Columns that hold texts.
    backoff : Backoff
        Pauses before requests that are sent again.
    """

    transport: Transport
    model: str
    version: str
    columns: tuple[str, ...]
    backoff: Backoff

    def score(self, ads: pa.RecordBatch) -> Floats:
        """Score ads.

        Parameters
        ----------
        ads : RecordBatch
            The ads; contacts in their texts are masked unless the settings say otherwise.

        Returns
        -------
        array of float
            Scores.
        """
        rows = ads.to_pylist()
        found: list[object] = []
        for at in range(0, len(rows), _AT_ONCE):
            found += self._asked(rows[at : at + _AT_ONCE])
        return as_scores(found, ads=len(rows), where=self.transport.endpoint.name)

    def close(self) -> None:
        """Close all connections."""
        self.transport.close()

    def _asked(self, rows: list[dict[str, object]]) -> list[object]:
        body = {
            "model": self.model,
            "version": self.version,
            "ads": [self._told(row) for row in rows],
        }
        told = self._patiently(body).get("scores")
        if not isinstance(told, list) or len(told) != len(rows):
            _no_scores(len(rows), where=self.transport.endpoint.name)
        return told

    def _told(self, row: Mapping[str, object]) -> dict[str, object]:
        texts: dict[str, str | None] = {
            name: str(row[name]) for name in self.columns if row.get(name)
        }
        if self.transport.endpoint.spec.mask:
            texts, _ = mask_ad(texts)
        return {"ad_id": row["ad_id"], "ad_version": row["ad_version"], **texts}

    def _patiently(self, body: Mapping[str, object]) -> dict[str, object]:
        most = self.transport.endpoint.spec.attempts
        for attempt in range(1, most + 1):
            try:
                return self.transport.post("score", body)
            except Trouble as trouble:
                if not trouble.retryable or attempt == most:
                    raise
                time.sleep(max(trouble.pause, self.backoff.pause(self.model, attempt)))
        raise AssertionError


def _no_scores(ads: int, *, where: str) -> NoReturn:
    cause = f'{ads} ads were sent, and the answer has not as many "scores"'
    raise Trouble(Kind.GARBLED, cause, where=where)


def open_http(record: ModelRecord, *, settings: Settings, root: Path) -> HttpScorer:
    """Reach a registered server.

    Parameters
    ----------
    record : ModelRecord
        The version.
    settings : Settings
        Where its endpoint is.
    root : Path
        Folder of the workspace.

    Returns
    -------
    HttpScorer
        The scorer; a `ConfigError` where the endpoint is not set or not allowed.
    """
    endpoint = find_endpoint(settings, str(record.source["endpoint"]), root=root).allowed()
    return HttpScorer(
        transport=Transport(endpoint),
        model=str(record.source.get("model") or endpoint.spec.model),
        version=record.version,
        columns=columns_of(record),
        backoff=Backoff(),
    )
