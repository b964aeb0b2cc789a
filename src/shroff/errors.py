"""Everything we raise, by who can act on it.

::

    ShroffError
    ├── ConfigError    the owner of shroff.toml or of the command line
    ├── DataError      the owner of the logs
    ├── DesignError    the analyst: the labels cannot answer this
    ├── EngineError    the operator of the query engine or of the disk
    │   └── TakenBackError    who asked, and took the question back
    ├── ModelError     the owner of a model endpoint (``retryable`` or not)
    ├── PolicyError    the author of a policy text
    └── RuleError      the author of a rule pack
"""

from __future__ import annotations

__all__ = [
    "ConfigError",
    "DataError",
    "DesignError",
    "EngineError",
    "ModelError",
    "PolicyError",
    "RuleError",
    "ShroffError",
    "TakenBackError",
]


class ShroffError(Exception):
    """A fault that a user can act on.

    Parameters
    ----------
    cause : str
        What is wrong, in one sentence without a full stop.
    where : str, optional
        The place: ``file:line:column``, ``table.column`` or ``[section] key``.
    hint : str, optional
        What to do about it.
    """

    def __init__(self, cause: str, *, where: str = "", hint: str = "") -> None:
        self.cause = cause
        self.where = where
        self.hint = hint
        super().__init__(self.render())

    def render(self) -> str:
        """Return the fault as text: place and cause, then the hint on its own line."""
        head = f"{self.where}: {self.cause}" if self.where else self.cause
        return f"{head}\n  hint: {self.hint}" if self.hint else head


class ConfigError(ShroffError):
    """The settings or the command line ask for something that cannot be done."""


class DataError(ShroffError):
    """A log file or table cannot be read as what it is said to be."""


class DesignError(ShroffError):
    """The labels, as they were drawn, cannot answer the question."""


class EngineError(ShroffError):
    """The query engine, the lake or the disk failed."""


class TakenBackError(EngineError):
    """Who asked took the question back before it was answered."""


class ModelError(ShroffError):
    """A model endpoint failed."""

    retryable: bool = False


class PolicyError(ShroffError):
    """A policy text cannot be understood."""


class RuleError(ShroffError):
    """A rule pack cannot be understood."""
