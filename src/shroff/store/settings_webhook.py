"""What shroff.toml may say of a webhook: where to, in which form, and to which hosts at most."""

from __future__ import annotations

import re
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, model_validator

from shroff.store.settings_engine import Section

__all__ = ["WebhookSettings"]

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class WebhookSettings(Section):
    """Who is told, and how."""

    hosts: tuple[str, ...] = Field(
        default=(), description="Hosts that anything may be sent to; nothing leaves otherwise."
    )
    webhook: str = Field(default="", description="Address that is posted to; https.")
    form: Literal["json", "slack", "lark"] = Field(
        default="json",
        description="What is posted: our JSON, or a message of Slack or Lark/Feishu.",
    )
    secret_env: str = Field(
        default="", description="Environment variable with the secret that Lark/Feishu checks."
    )
    timeout_seconds: float = Field(
        default=10.0, gt=0, le=120, description="How long to wait for an answer of the webhook."
    )
    attempts: int = Field(
        default=3, ge=1, le=10, description="How often to try the webhook before giving up."
    )

    @model_validator(mode="after")
    def _only_known_hosts(self) -> Self:
        if self.secret_env and not _NAME.fullmatch(self.secret_env):
            raise ValueError("secret_env names an environment variable; it is not the secret")
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
