"""What shroff.toml may say of watching: holidays of your own, and where incidents are sent."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field, model_validator

from shroff.store.settings_engine import Section
from shroff.store.settings_webhook import WebhookSettings

__all__ = ["HolidaySpec", "WatchSettings"]


class HolidaySpec(Section):
    """Days on which traffic is not as usual."""

    first: date = Field(description="First day.")
    last: date = Field(description="Last day.")
    markets: tuple[str, ...] = Field(default=(), description="Markets; all when empty.")

    @model_validator(mode="after")
    def _in_order(self) -> HolidaySpec:
        if self.last < self.first:
            raise ValueError(f"the holiday ends on {self.last}, before it begins")
        return self


class WatchSettings(WebhookSettings):
    """What is watched, and who is told."""

    calendar: bool = Field(
        default=True,
        description="Whether the calendar of holidays that comes with Shroff is used.",
    )
    holidays: dict[str, HolidaySpec] = Field(
        default_factory=dict[str, HolidaySpec], description="Holidays of your own, by name."
    )
    email_from: str = Field(default="", description="Sender of the e-mail file.")
    email_to: tuple[Annotated[str, Field(min_length=3)], ...] = Field(
        default=(), description="Recipients of the e-mail file."
    )
