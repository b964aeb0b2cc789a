"""What shroff.toml may say of models: endpoints that may be asked, and how."""

from __future__ import annotations

import ipaddress
import re
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, model_validator

from shroff.store.settings_engine import Section

__all__ = ["EndpointSpec", "ModelSettings", "TripSettings"]

_LOCAL = ("localhost", "127.0.0.1", "::1")


class EndpointSpec(Section):
    """A server that speaks the OpenAI protocol."""

    url: str = Field(description="Address of the API, such as https://api.example.com/v1.")
    model: str = Field(description="Model to ask for, as the server names it.")
    key_env: str = Field(
        default="",
        description="Environment variable that holds the key; none is sent when empty.",
    )
    allow: bool = Field(
        default=False, description="Whether ads may be sent there; nothing leaves otherwise."
    )
    mask: bool = Field(
        default=True,
        description="Whether phones, e-mails and contact ids are masked before they leave.",
    )
    concurrency: int = Field(default=4, ge=1, le=256, description="Requests at a time.")
    requests_per_minute: float | None = Field(
        default=None, gt=0, description="Most requests a minute; no limit when left out."
    )
    tokens_per_minute: float | None = Field(
        default=None, gt=0, description="Most tokens a minute; no limit when left out."
    )
    connect_seconds: float = Field(default=10.0, gt=0, le=120, description="Wait to connect.")
    read_seconds: float = Field(
        default=120.0, gt=0, le=3600, description="Longest silence while an answer is read."
    )
    attempts: int = Field(default=5, ge=1, le=20, description="Requests for one answer, at most.")
    stream: bool = Field(
        default=False, description="Whether answers are asked for piece by piece."
    )
    form: Literal["auto", "json_schema", "json_object", "none"] = Field(
        default="auto",
        description="How the form of answers is asked for; auto: as the probe found.",
    )
    length: Literal["max_tokens", "max_completion_tokens"] = Field(
        default="max_tokens", description="Name of the parameter that limits an answer."
    )
    max_tokens: int = Field(default=800, ge=16, description="Longest answer, in tokens.")
    samples: int = Field(
        default=1, ge=1, le=25, description="Answers an ad; their votes are the score if several."
    )
    params: dict[str, Any] = Field(
        default_factory=dict[str, Any],
        description="Parameters of the model, e.g. temperature; part of the version.",
    )
    headers: dict[str, str] = Field(
        default_factory=dict[str, str],
        description="Headers to send; never a key: that comes from key_env.",
    )
    prices: str = Field(default="", description="Price table, a YAML file; none: cost unknown.")
    language: Literal["", "en", "zh"] = Field(
        default="", description="Language of prompts; the policy's first when empty."
    )

    @model_validator(mode="after")
    def _a_variable(self) -> EndpointSpec:
        # the value is not shown: it may be the key itself
        if not re.fullmatch(r"([A-Z_][A-Z0-9_]*)?", self.key_env):
            raise ValueError(
                "key_env names an environment variable, in capitals; it never holds the key"
            )
        return self

    @model_validator(mode="after")
    def _an_address(self) -> EndpointSpec:
        try:
            place = urlsplit(self.url)
            host, _ = place.hostname or "", place.port
        except ValueError as error:
            raise ValueError(f"url is no address: {error}") from None
        if place.scheme not in {"http", "https"} or not host:
            raise ValueError("url must begin with https:// or http:// and name a host")
        if place.username or place.password or place.query or place.fragment:
            raise ValueError("url must hold no user, key or query: keys come from key_env")
        if place.scheme == "http" and self.key_env and not _is_near(host):
            raise ValueError("a key is sent over https only, or to this machine")
        return self

    @model_validator(mode="after")
    def _no_key_in_settings(self) -> EndpointSpec:
        secret = {"authorization", "api-key", "x-api-key", "cookie", "proxy-authorization"}
        held = [name for name in self.headers if name.lower() in secret]
        if held:
            raise ValueError(f"headers may not hold {held[0]!r}: name its variable in key_env")
        return self


def _is_near(host: str) -> bool:
    if host in _LOCAL:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class TripSettings(Section):
    """When a run switches its own model off; a limit that is left out is none."""

    error_rate: float | None = Field(
        default=None, gt=0, le=1, description="Share of calls that fail or give nothing readable."
    )
    refusal_rate: float | None = Field(
        default=None, gt=0, le=1, description="Share of calls that are refused or filtered."
    )
    cost_per_hour: float | None = Field(
        default=None, gt=0, description="Money within an hour, as prices have it."
    )
    latency_seconds: float | None = Field(
        default=None, gt=0, description="Median latency of calls."
    )
    window: int = Field(
        default=50,
        ge=5,
        le=10_000,
        description="Last calls that shares and median are taken over.",
    )


class ModelSettings(Section):
    """Models that may be asked."""

    trip: TripSettings = Field(
        default_factory=TripSettings, description="When a run switches its own model off."
    )

    endpoints: dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")], EndpointSpec] = Field(
        default_factory=dict[str, EndpointSpec], description="Servers of models, by name."
    )
