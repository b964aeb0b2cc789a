"""Models as a registry knows them: what they are, and where they are in their life."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["ModelKind", "ModelState"]


class ModelKind(StrEnum):
    """What scores or judges."""

    LOG = "log"
    BUILTIN = "builtin"
    CALLABLE = "callable"
    ONNX = "onnx"
    SKLEARN = "sklearn"
    HTTP = "http"
    LLM = "llm"


class ModelState(StrEnum):
    """Where a version of a model is in its life; only a champion's scores are used."""

    SHADOW = "shadow"
    CHALLENGER = "challenger"
    CHAMPION = "champion"
    RETIRED = "retired"
