"""The small text classifier: hashed features with weights, and a curve from margins to chances."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
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

__all__ = ["TextClassifier", "ad_keys", "read_classifier"]

_FORMAT = "shroff text classifier 1"
_AT_ONCE = 4096
_ARRAYS = ("hashes", "rarity", "weights")
_LEARNT = ("learnt", "apart")
_KEY_BYTES = 8


def ad_keys(ads: Iterable[tuple[str, int]]) -> NDArray[np.uint64]:
    """Name ads by numbers that do not tell who they are.

    Parameters
    ----------
    ads : iterable of (str, int)
        Ad and version of each.

    Returns
    -------
    array of int, shape (ads,)
        A hash of each.
    """
    told = (f"{version}/{ad}".encode() for ad, version in ads)
    held = b"".join(hashlib.sha256(each).digest()[:_KEY_BYTES] for each in told)
    return np.frombuffer(held, np.uint64)


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
    learnt : array of int, shape (labels,)
        The ads it learnt from, by key, in order; none where they have no ids.
    apart : array of float, shape (labels,)
        What a classifier fitted without the fold of each says of it.
    """

    hashes: NDArray[np.uint32]
    rarity: NDArray[np.float32]
    weights: NDArray[np.float32]
    constant: float
    slope: float
    offset: float
    made_from: Mapping[str, Any] = field(default_factory=dict[str, Any])
    learnt: NDArray[np.uint64] = field(default_factory=lambda: np.zeros(0, np.uint64))
    apart: Floats = field(default_factory=lambda: np.zeros(0))

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

    def taught_by(self, ads: Iterable[tuple[str, int]], apart: Floats) -> TextClassifier:
        """Remember the ads it learnt from.

        Parameters
        ----------
        ads : iterable of (str, int)
            Ad and version of each.
        apart : array of float, shape (ads,)
            What classifiers that had not seen them say of them.

        Returns
        -------
        TextClassifier
            The same, which knows them.
        """
        keys, first = np.unique(ad_keys(ads), return_index=True)
        return replace(self, learnt=keys, apart=apart[first])

    def scores_apart(self, ads: Iterable[tuple[str, int]]) -> Floats:
        """Give the chance of each ad it learnt from, told by classifiers that had not seen it.

        Parameters
        ----------
        ads : iterable of (str, int)
            Ad and version of each.

        Returns
        -------
        array of float
            Chances; NaN of ads it did not learn from.
        """
        keys = ad_keys(ads)
        found = np.full(len(keys), np.nan)
        if len(self.learnt):
            at = np.minimum(np.searchsorted(self.learnt, keys), len(self.learnt) - 1)
            mine = self.learnt[at] == keys
            found[mine] = self.apart[at[mine]]
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
            **{name: getattr(self, name) for name in (*_ARRAYS, *_LEARNT)},
        )
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            scratch = path.with_name(f".{path.name}.part")
            scratch.write_bytes(held.getvalue())
            scratch.replace(path)
        except OSError as error:
            raise EngineError(
                f"cannot write: {error.strerror}",
                where=str(path),
                hint="name a file that can be written: --out FILE.npz",
            ) from None


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
        raise DataError(
            f"cannot read: {error.strerror}", where=str(path), hint="look at its path"
        ) from None
    except (ValueError, KeyError, TypeError, zipfile.BadZipFile, EOFError):
        raise DataError(
            "this is no classifier that shroff models train wrote",
            where=str(path),
            hint="train one: shroff models train --out FILE.npz",
        ) from None


def _understood(held: Mapping[str, NDArray[Any]]) -> TextClassifier:
    told = json.loads(bytes(held["told"]).decode())
    hashes, rarity, weights = (held[name] for name in _ARRAYS)
    whole = told["format"] == _FORMAT and len(hashes) == len(rarity) == len(weights)
    if not whole or int(hashes.max(initial=0)) >= 1 << BITS:
        raise ValueError(_FORMAT)
    # files of earlier releases do not say which ads they learnt from
    learnt, apart = (held[name] if name in held else np.zeros(0) for name in _LEARNT)
    if len(learnt) != len(apart):
        raise ValueError(_FORMAT)
    return TextClassifier(
        hashes=hashes.astype(np.uint32),
        rarity=rarity.astype(np.float32),
        weights=weights.astype(np.float32),
        constant=float(told["constant"]),
        slope=float(told["slope"]),
        offset=float(told["offset"]),
        made_from=told["made_from"],
        learnt=learnt.astype(np.uint64),
        apart=apart.astype(np.float64),
    )
