"""What shroff.toml may say of watching: holidays of your own, and where incidents are sent."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field, model_validator

from shroff.store.settings_engine import Section

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


class WatchSettings(Section):
    """What is watched, and who is told."""

    calendar: bool = Field(
        default=True,
        description="Whether the calendar of holidays that comes with Shroff is used.",
    )
    holidays: dict[str, HolidaySpec] = Field(
        default_factory=dict[str, HolidaySpec], description="Holidays of your own, by name."
    )
    hosts: tuple[str, ...] = Field(
        default=(), description="Hosts that incidents may be sent to; nothing leaves otherwise."
    )
    webhook: str = Field(
        default="", description="Address that new incidents are posted to as JSON; https."
    )
    timeout_seconds: float = Field(
        default=10.0, gt=0, le=120, description="How long to wait for an answer of the webhook."
    )
    attempts: int = Field(
        default=3, ge=1, le=10, description="How often to try the webhook before giving up."
    )
    email_from: str = Field(default="", description="Sender of the e-mail file.")
    email_to: tuple[Annotated[str, Field(min_length=3)], ...] = Field(
        default=(), description="Recipients of the e-mail file."
    )

    @model_validator(mode="after")
    def _only_known_hosts(self) -> WatchSettings:
        if not self.webhook:
            return self
        place = urlsplit(self.webhook)
        if place.scheme not in {"https", "http"} or not place.hostname:
            raise ValueError("webhook must be an https address")
        if place.hostname not in self.hosts:
            raise ValueError(f"webhook goes to {place.hostname!r}, which is not among the hosts")
        local = place.hostname in {"localhost", "127.0.0.1", "::1"}
        if place.scheme == "http" and not local:
            raise ValueError("webhook must be https: http is for this machine only")
        return self
