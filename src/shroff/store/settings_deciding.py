"""What shroff.toml may say of deciding on ads."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from shroff.store.settings_engine import Section

__all__ = ["DecideSettings"]


class DecideSettings(Section):
    """What `shroff decide` does where lines cannot."""

    fallback: Literal["review", "approve"] = Field(
        default="review",
        description="Action on ads whose score is missing, as where a model is switched off.",
    )
