"""An ONNX file that takes texts as a scorer; needs the extra ``onnx``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from shroff.errors import ConfigError, DataError, ModelError
from shroff.models.labelled_texts import joined_texts
from shroff.models.scorer import as_scores
from shroff.stats.proportions import Floats

__all__ = ["OnnxScorer", "open_onnx"]

_FLOATS = {"tensor(float)", "tensor(double)", "tensor(float16)"}


@dataclass(frozen=True, slots=True, kw_only=True)
class OnnxScorer:
    """Scores by an ONNX graph.

    Parameters
    ----------
    session : InferenceSession
        The graph.
    columns : tuple of str
        Columns that hold texts.
    entry, exit : str
        Names of the input and of the output that counts.
    flat : bool
        Whether the input is one text after another, rather than a table of one column.
    """

    session: Any
    columns: tuple[str, ...]
    entry: str
    exit: str
    flat: bool

    def score(self, ads: pa.RecordBatch) -> Floats:
        """Score ads.

        Parameters
        ----------
        ads : RecordBatch
            The ads.

        Returns
        -------
        array of float
            Scores.

        Raises
        ------
        ModelError
            If the graph fails, or gives no score an ad.
        """
        texts = np.array(joined_texts(ads, self.columns), dtype=object)
        if not len(texts):
            return np.zeros(0)
        given = texts if self.flat else texts.reshape(-1, 1)
        try:
            (told,) = self.session.run([self.exit], {self.entry: given})
        except Exception as error:  # noqa: BLE001 - whatever it raises is told
            raise ModelError(
                f"the graph failed: {error}",
                where=self.exit,
                hint="it is given one tensor of texts, one an ad",
            ) from None
        if isinstance(told, list):  # a map of chances for each ad
            told = [_violating(each, where=self.exit) for each in told]
        return as_scores(told, ads=len(texts), where=self.exit)

    def close(self) -> None:
        """Hold nothing."""


def _violating(chances: Mapping[Any, float], *, where: str) -> float:
    """Take the chance of the class that means a violation: 1, true, or the last one of two."""
    for name in (1, "1", True, "violating"):
        if name in chances:
            return float(chances[name])
    if len(chances) > 2:
        raise ModelError(
            "which of its classes means a violation? " + ", ".join(map(str, chances)),
            where=where,
            hint="name that class 1 or violating when the graph is written",
        )
    return float(list(chances.values())[-1])


def open_onnx(path: Path, columns: tuple[str, ...], *, params: Mapping[str, Any]) -> OnnxScorer:
    """Load an ONNX file.

    Parameters
    ----------
    path : Path
        The file.
    columns : tuple of str
        Columns that hold texts.
    params : mapping
        ``output``: name of the output that counts; the last with fractions when absent.

    Returns
    -------
    OnnxScorer
        The scorer.

    Raises
    ------
    ConfigError
        If onnxruntime is not installed, or the graph does not take texts.
    DataError
        If the file is no graph.
    """
    try:
        import onnxruntime  # noqa: PLC0415  (an extra)
    except ImportError:
        raise ConfigError(
            "onnxruntime is not installed", where=str(path), hint="pip install 'shroff[onnx]'"
        ) from None
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 4
    try:
        session = onnxruntime.InferenceSession(
            str(path), sess_options=options, providers=["CPUExecutionProvider"]
        )
    except Exception as error:  # noqa: BLE001 - whatever it raises is told
        raise DataError(
            f"this ONNX file cannot be loaded: {error}",
            where=str(path),
            hint="export it again, with onnxruntime's own check",
        ) from None
    entries, exits = list(session.get_inputs()), list(session.get_outputs())
    if len(entries) != 1 or entries[0].type != "tensor(string)":
        told = ", ".join(f"{each.name} {each.type}" for each in entries)
        raise ConfigError(
            f"this graph takes {told}, and not one tensor of texts",
            where=str(path),
            hint="put its tokenizer into the graph, or register a --callable around it",
        )
    name = str(params.get("output") or _telling(exits))
    if name not in {each.name for each in exits}:
        known = ", ".join(each.name for each in exits)
        raise ConfigError(f"it has no output {name!r}", where=str(path), hint=f"outputs: {known}")
    return OnnxScorer(
        session=session,
        columns=columns,
        entry=entries[0].name,
        exit=name,
        flat=len(entries[0].shape) == 1,
    )


def _telling(exits: list[Any]) -> str:
    """Choose the output that holds chances: the last that is no label."""
    found = [
        each.name for each in exits if each.type in _FLOATS or each.type.startswith("seq(map")
    ]
    return str(found[-1] if found else exits[-1].name)
