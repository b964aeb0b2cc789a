"""A scikit-learn pipeline from texts to chances as a scorer; needs the extra ``sklearn``."""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from shroff.errors import ConfigError, DataError, ModelError
from shroff.models.labelled_texts import joined_texts
from shroff.models.model_sources import PICKLES
from shroff.models.scorer import as_scores
from shroff.stats.proportions import Floats

__all__ = ["SklearnScorer", "open_sklearn"]

_AGAIN = "save it again with the scikit-learn and skops that are installed here"


@dataclass(frozen=True, slots=True, kw_only=True)
class SklearnScorer:
    """Scores by a pipeline.

    Parameters
    ----------
    pipeline : object
        Has ``predict_proba`` and ``classes_``.
    columns : tuple of str
        Columns that hold texts.
    name : str
        Its file, for error messages.
    violating : int
        Place of the class that means a violation.
    """

    pipeline: Any
    columns: tuple[str, ...]
    name: str
    violating: int

    def score(self, ads: pa.RecordBatch) -> Floats:
        """Score ads.

        Parameters
        ----------
        ads : RecordBatch
            The ads.

        Returns
        -------
        array of float
            Chances.

        Raises
        ------
        ModelError
            If the pipeline fails on texts.
        """
        texts = joined_texts(ads, self.columns)
        try:
            told = self.pipeline.predict_proba(texts)[:, self.violating]
        except Exception as error:  # noqa: BLE001 - whatever it raises is told
            raise ModelError(
                f"the pipeline failed: {type(error).__name__}: {error}",
                where=self.name,
                hint="it is given a list of texts: it must begin with a vectorizer",
            ) from None
        return as_scores(told, ads=len(texts), where=self.name)

    def close(self) -> None:
        """Hold nothing."""


def open_sklearn(
    path: Path, columns: tuple[str, ...], *, params: Mapping[str, Any]
) -> SklearnScorer:
    """Load a pipeline.

    Parameters
    ----------
    path : Path
        A .skops file, or a pickle that was registered with --trust-pickle.
    columns : tuple of str
        Columns that hold texts.
    params : mapping
        ``violating``: the class that means a violation; ``trusted``: types of a .skops file that
        may be loaded beside those that skops knows.

    Returns
    -------
    SklearnScorer
        The scorer.

    Raises
    ------
    ConfigError
        If scikit-learn is not installed, or the pipeline tells no chances.
    """
    try:
        import skops.io  # noqa: PLC0415  (an extra)
    except ImportError:
        raise ConfigError(
            "scikit-learn and skops are not installed",
            where=str(path),
            hint="pip install 'shroff[sklearn]'",
        ) from None
    if path.suffix.lower() in PICKLES:
        pipeline = _unpickled(path)
    else:
        pipeline = _safely(path, skops.io, trusted=_names(params.get("trusted")))
    classes = list(getattr(pipeline, "classes_", ()))
    if not hasattr(pipeline, "predict_proba") or len(classes) != 2:
        raise ConfigError(
            "this is no pipeline that tells the chance of one of two classes",
            where=str(path),
            hint="fit two classes, and wrap what tells no chances in CalibratedClassifierCV",
        )
    return SklearnScorer(
        pipeline=pipeline,
        columns=columns,
        name=str(path),
        violating=_place(classes, params.get("violating"), where=str(path)),
    )


def _names(told: object) -> list[str]:
    return [str(each) for each in told] if isinstance(told, list) else []


def _safely(path: Path, loader: Any, *, trusted: list[str]) -> Any:  # noqa: ANN401 - skops has no types
    """Load a .skops file, which holds no code; refuse types that nobody trusts."""
    try:
        strange = [t for t in loader.get_untrusted_types(file=path) if t not in trusted]
    except Exception as error:  # noqa: BLE001 - whatever it raises is told
        raise DataError(
            f"this .skops file cannot be read: {error}", where=str(path), hint=_AGAIN
        ) from None
    if strange:
        raise ConfigError(
            "it holds types that skops does not know: " + ", ".join(strange),
            where=str(path),
            hint=f"if you trust them, register it with --param 'trusted={_json(strange)}'",
        )
    try:
        return loader.load(path, trusted=trusted)
    except Exception as error:  # noqa: BLE001 - whatever it raises is told
        raise DataError(
            f"this .skops file cannot be loaded: {error}", where=str(path), hint=_AGAIN
        ) from None


def _json(names: list[str]) -> str:
    return "[" + ", ".join(f'"{name}"' for name in names) + "]"


def _unpickled(path: Path) -> Any:  # noqa: ANN401 - a pickle holds anything
    """Load a pickle whose hash somebody registered as trusted."""
    try:
        if path.suffix.lower() == ".joblib":
            import joblib  # noqa: PLC0415  (comes with scikit-learn)

            return joblib.load(path)
        with path.open("rb") as file:
            return pickle.load(file)  # noqa: S301 - its hash was registered as trusted
    except Exception as error:  # noqa: BLE001 - whatever it raises is told
        raise DataError(
            f"this pickle cannot be loaded: {error}", where=str(path), hint=_AGAIN
        ) from None


def _place(classes: list[Any], told: object, *, where: str) -> int:
    """Find the class that means a violation."""
    names = [str(each) for each in classes]
    if told is not None:
        if str(told) in names:
            return names.index(str(told))
        raise ConfigError(
            f"it has no class {told!r}", where=where, hint="classes: " + ", ".join(names)
        )
    for name in ("1", "True", "violating"):
        if name in names:
            return names.index(name)
    raise ConfigError(
        "which of its classes means a violation? " + ", ".join(names),
        where=where,
        hint=f"register it with --param violating={names[-1]}",
    )
