"""The small text classifier: hashed features with weights, and a curve from margins to chances."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from shroff.errors import DataError, EngineError
from shroff.models.classifier_features import coded
from shroff.models.classifier_kernel import BITS, score_texts
from shroff.stats.proportions import Floats

__all__ = ["TextClassifier", "read_classifier"]

_FORMAT = "shroff text classifier 1"
_AT_ONCE = 4096
_ARRAYS = ("hashes", "rarity", "weights")


@dataclass(frozen=True, kw_only=True)
class TextClassifier:
    """Tells the chance that a text violates.

    Parameters
    ----------
    hashes : array of int, shape (features,)
        The features it knows, by hash.
    rarity, weights : array of float, shape (features,)
        Inverse document frequency and weight of each.
    constant : float
        Margin of an empty text.
    slope, offset : float
        Chance from margin: a logistic curve.
    made_from : mapping
        What it was trained on, JSON-ready.
    """

    hashes: NDArray[np.uint32]
    rarity: NDArray[np.float32]
    weights: NDArray[np.float32]
    constant: float
    slope: float
    offset: float
    made_from: Mapping[str, Any] = field(default_factory=dict[str, Any])

    @cached_property
    def _table(self) -> NDArray[np.float32]:
        table = np.zeros((1 << BITS, 2), np.float32)
        table[self.hashes, 0] = self.rarity
        table[self.hashes, 1] = self.weights
        return table

    def margins(self, texts: Sequence[str | None]) -> Floats:
        """Give the margin of each text."""
        out = np.empty(len(texts))
        for at in range(0, len(texts), _AT_ONCE):
            told = coded(texts[at : at + _AT_ONCE])
            room = told.room()
            score_texts(
                told.text, told.starts, np.empty(room, np.uint32), np.zeros(4 * room, np.int32),
                np.empty(room, np.uint32), np.empty(room, np.int32), self._table, self.constant,
                out[at : at + _AT_ONCE],
            )  # fmt: skip
        return out

    def scores(self, texts: Sequence[str | None]) -> Floats:
        """Give the chance that each text violates.

        Parameters
        ----------
        texts : sequence of str or None
            The texts; None is an empty one.

        Returns
        -------
        array of float
            Chances, in (0, 1).
        """
        found: Floats = expit(self.slope * self.margins(texts) + self.offset)
        return found

    def lean(self) -> TextClassifier:
        """Leave out features that say nothing."""
        kept = (self.rarity > 0) & np.isfinite(self.weights)
        return replace(
            self, hashes=self.hashes[kept], rarity=self.rarity[kept], weights=self.weights[kept]
        )

    def save(self, path: Path) -> None:
        """Write it to a file: arrays and JSON, nothing that runs; the same bytes each time.

        Parameters
        ----------
        path : Path
            The file.

        Raises
        ------
        EngineError
            If it cannot be written.
        """
        told = {
            "format": _FORMAT,
            "constant": self.constant,
            "slope": self.slope,
            "offset": self.offset,
            "made_from": dict(self.made_from),
        }
        text = json.dumps(told, ensure_ascii=False, sort_keys=True)
        held = io.BytesIO()
        np.savez_compressed(
            held,
            told=np.frombuffer(text.encode(), np.uint8),
            **{name: getattr(self, name) for name in _ARRAYS},
        )
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            scratch = path.with_name(f".{path.name}.part")
            scratch.write_bytes(held.getvalue())
            scratch.replace(path)
        except OSError as error:
            raise EngineError(f"cannot write: {error.strerror}", where=str(path)) from None


def read_classifier(path: Path) -> TextClassifier:
    """Read a classifier from its file.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    TextClassifier
        The classifier.

    Raises
    ------
    DataError
        If it cannot be read, or is none.
    """
    try:
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as held:
            return _understood(held)
    except OSError as error:
        raise DataError(f"cannot read: {error.strerror}", where=str(path)) from None
    except (ValueError, KeyError, TypeError, zipfile.BadZipFile, EOFError):
        raise DataError(
            "this is no classifier that shroff models train wrote", where=str(path)
        ) from None


def _understood(held: Mapping[str, NDArray[Any]]) -> TextClassifier:
    told = json.loads(bytes(held["told"]).decode())
    hashes, rarity, weights = (held[name] for name in _ARRAYS)
    whole = told["format"] == _FORMAT and len(hashes) == len(rarity) == len(weights)
    if not whole or int(hashes.max(initial=0)) >= 1 << BITS:
        raise ValueError(_FORMAT)
    return TextClassifier(
        hashes=hashes.astype(np.uint32),
        rarity=rarity.astype(np.float32),
        weights=weights.astype(np.float32),
        constant=float(told["constant"]),
        slope=float(told["slope"]),
        offset=float(told["offset"]),
        made_from=told["made_from"],
    )
