"""What shroff.toml may say of reports: who is told of a new one, and where it can be read."""

from __future__ import annotations

from typing import Self
from urllib.parse import urlsplit

from pydantic import Field, model_validator

from shroff.store.settings_webhook import WebhookSettings

__all__ = ["ReportSettings"]


class ReportSettings(WebhookSettings):
    """Who is told of a new report."""

    link: str = Field(
        default="",
        description="Address at which readers reach the dashboard; a message then leads there.",
    )
    browser: str = Field(
        default="", description="Browser that prints PDF; one that is found when left out."
    )

    @model_validator(mode="after")
    def _an_address(self) -> Self:
        if self.link and urlsplit(self.link).scheme not in {"https", "http"}:
            raise ValueError("link must be an https address")
        return self
