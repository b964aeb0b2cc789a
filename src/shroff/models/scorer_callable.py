"""A user's own Python function as a scorer; it runs only because somebody registered it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

import pyarrow as pa

from shroff.errors import ConfigError, DataError, ModelError
from shroff.models.model_sources import sha256_of
from shroff.models.scorer import as_scores
from shroff.stats.proportions import Floats

__all__ = ["CallableScorer", "open_callable"]


@dataclass(frozen=True, slots=True)
class CallableScorer:
    """Scores by a function.

    Parameters
    ----------
    name : str
        ``module:function``.
    function : callable
        Takes a RecordBatch of ads, gives one score an ad.
    """

    name: str
    function: Callable[[pa.RecordBatch], object]

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
            If the function fails, or gives no score an ad.
        """
        try:
            with redirect_stdout(sys.stderr):  # the output of a command is its own
                told = self.function(ads)
        except (Exception, SystemExit) as error:
            raise ModelError(
                f"it raised {type(error).__name__}: {error}",
                where=self.name,
                hint="it is called with an Arrow RecordBatch of ads",
            ) from error
        return as_scores(told, ads=ads.num_rows, where=self.name)

    def close(self) -> None:
        """Hold nothing."""


def open_callable(source: Mapping[str, Any]) -> CallableScorer:
    """Import a registered function.

    Parameters
    ----------
    source : mapping
        Source as the registry keeps it.

    Returns
    -------
    CallableScorer
        The scorer.

    Raises
    ------
    ConfigError
        If it is not there, or cannot be imported.
    DataError
        If its module was changed since it was registered.
    """
    name = str(source["function"])
    module, _, function = name.partition(":")
    spec = find_spec(module)
    if spec is None or not spec.origin:
        raise ConfigError(
            f"there is no module {module!r} here",
            where=name,
            hint="install it beside Shroff, or set PYTHONPATH to its folder",
        )
    if sha256_of(Path(spec.origin)) != source["sha256"]:
        raise DataError(
            "this module is not what was registered",
            where=spec.origin,
            hint="put it back, or register what it is now as another version",
        )
    found = getattr(_imported(module, where=spec.origin), function, None)
    if not callable(found):
        raise ConfigError(
            f"there is no function {function!r}",
            where=spec.origin,
            hint="register the function that scores: --callable MODULE:FUNCTION",
        )
    return CallableScorer(name, found)


def _imported(module: str, *, where: str) -> ModuleType:
    """Import a user's module; whatever it raises is told as its own fault."""
    try:
        with redirect_stdout(sys.stderr):
            return import_module(module)
    except (Exception, SystemExit) as error:
        raise ConfigError(
            f"it cannot be imported: {type(error).__name__}: {error}",
            where=where,
            hint=f"try it alone: python -c 'import {module}'",
        ) from error
