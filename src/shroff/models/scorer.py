"""What scores ads: a batch of ads in, a score for each out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn, Protocol

import numpy as np
import pyarrow as pa

from shroff.domain.registered import ModelKind
from shroff.errors import ConfigError, ModelError
from shroff.models.classifier import TextClassifier, read_classifier
from shroff.models.labelled_texts import joined_texts
from shroff.models.model_sources import TEXTS, checked_file
from shroff.stats.proportions import Floats
from shroff.store.model_records import ModelRecord
from shroff.store.settings import Settings

__all__ = ["ClassifierScorer", "Scorer", "as_scores", "columns_of", "open_scorer"]


class Scorer(Protocol):
    """Scores ads."""

    def score(self, ads: pa.RecordBatch) -> Floats:
        """Score ads.

        Parameters
        ----------
        ads : RecordBatch
            ``ad_id``, ``ad_version`` and columns of texts, which may be null.

        Returns
        -------
        array of float, shape (ads,)
            Chances that they violate, 0 to 1; NaN where it cannot say.
        """
        ...

    def close(self) -> None:
        """Let go of what it holds."""
        ...


@dataclass(slots=True)
class ClassifierScorer:
    """Scores by a built-in classifier.

    Parameters
    ----------
    classifier : TextClassifier
        The classifier.
    columns : tuple of str
        Columns that hold texts.
    learnt : int
        Ads so far that it learnt from.
    """

    classifier: TextClassifier
    columns: tuple[str, ...]
    learnt: int = 0

    def score(self, ads: pa.RecordBatch) -> Floats:
        """Score ads, those it learnt from as if it had not; one without a text has no score."""
        texts = joined_texts(ads, self.columns)
        found = self.classifier.scores(texts)
        versions = (version or 1 for version in ads.column("ad_version").to_pylist())
        named = zip(ads.column("ad_id").to_pylist(), versions, strict=True)
        apart = self.classifier.scores_apart(named)
        mine = ~np.isnan(apart)
        self.learnt += int(mine.sum())
        found[mine] = apart[mine]
        found[[not text.strip() for text in texts]] = np.nan
        return found

    def close(self) -> None:
        """Hold nothing."""


def columns_of(record: ModelRecord) -> tuple[str, ...]:
    """Name the columns of ads that a model reads."""
    return tuple(record.source.get("columns") or TEXTS)


def open_scorer(record: ModelRecord, *, root: Path, settings: Settings) -> Scorer:
    """Load a registered model.

    Parameters
    ----------
    record : ModelRecord
        The version, as it is registered.
    root : Path
        Folder of the workspace.
    settings : Settings
        Where its endpoint is.

    Returns
    -------
    Scorer
        What scores.

    Raises
    ------
    ConfigError
        If it is nothing that can be run here.
    """
    columns, source = columns_of(record), record.source
    if record.kind is ModelKind.BUILTIN:
        return ClassifierScorer(read_classifier(checked_file(source, root=root)), columns)
    if record.kind is ModelKind.CALLABLE:
        from shroff.models.scorer_callable import open_callable  # noqa: PLC0415  (user's code)

        return open_callable(source)
    if record.kind is ModelKind.ONNX:
        from shroff.models.scorer_onnx import open_onnx  # noqa: PLC0415  (an extra)

        return open_onnx(checked_file(source, root=root), columns, params=_params(source))
    if record.kind is ModelKind.SKLEARN:
        from shroff.models.scorer_sklearn import open_sklearn  # noqa: PLC0415  (an extra)

        return open_sklearn(checked_file(source, root=root), columns, params=_params(source))
    if record.kind is ModelKind.HTTP:
        from shroff.models.scorer_http import open_http  # noqa: PLC0415  (only when asked)

        return open_http(record, settings=settings, root=root)
    return _refuse(record)


def _params(source: Mapping[str, Any]) -> Mapping[str, Any]:
    return dict(source.get("params") or {})


def _refuse(record: ModelRecord) -> NoReturn:
    name = f"{record.name} {record.version}"
    if record.kind is ModelKind.LLM:
        raise ConfigError(
            f"{name} judges by a policy text", hint="run it with: shroff models judge POLICY.md"
        )
    raise ConfigError(
        f"{name} is known from the log only, there is nothing to run",
        hint="register a version with --file, --callable or --endpoint",
    )


def as_scores(told: Any, *, ads: int, where: str) -> Floats:  # noqa: ANN401 - users' models give anything
    """Read what a model gave as one score an ad.

    Parameters
    ----------
    told : object
        An array, list, Arrow or pandas column; or two columns, of which the last counts.
    ads : int
        Ads it was given.
    where : str
        The model, for error messages.

    Returns
    -------
    array of float, shape (ads,)
        Scores; NaN where one is no number.

    Raises
    ------
    ModelError
        If it is not one score an ad.
    """
    if isinstance(told, pa.Array | pa.ChunkedArray):
        told = told.to_pylist()
    try:
        found = np.asarray(told, dtype=np.float64)
    except (TypeError, ValueError):
        found = _one_by_one(told)
    if found.ndim == 2 and found.shape[1] in {1, 2}:
        found = found[:, -1]
    if found.shape != (ads,):
        raise ModelError(
            f"{ads} ads were given, and what came back has the shape {found.shape}",
            where=where,
            hint="one score an ad, in their order",
        )
    return found.copy()


def _one_by_one(told: Any) -> Floats:  # noqa: ANN401 - as above
    if not isinstance(told, Sequence):
        return np.zeros(0)
    return np.array([_number(each) for each in told])


def _number(told: object) -> float:
    try:
        return float(told)  # type: ignore[arg-type] # that is what is tried
    except (TypeError, ValueError):
        return float("nan")
