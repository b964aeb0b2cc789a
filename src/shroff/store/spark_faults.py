"""What goes wrong in Spark, in our words: one cause, one place, one hint and no stack trace."""

from __future__ import annotations

import re
from collections.abc import Generator
from contextlib import contextmanager

from shroff.errors import EngineError

__all__ = ["explained"]


@contextmanager
def explained(*, where: str = "", hint: str = "") -> Generator[None]:
    """Turn a fault of Spark into an `EngineError`."""
    from py4j.protocol import Py4JError  # noqa: PLC0415 - only with Spark
    from pyspark.errors import PySparkException  # noqa: PLC0415

    try:
        yield
    except (PySparkException, Py4JError) as error:
        raise EngineError(_cause(error), where=where, hint=hint) from None


def _cause(error: Exception) -> str:
    line = next((line.strip() for line in str(error).splitlines() if line.strip()), "")
    return re.sub(r"\s*SQLSTATE: \w+.*$", "", line) or type(error).__name__
