"""What shroff.toml may say of the dashboard: names it answers to, sign-in, what is hidden."""

from __future__ import annotations

import re
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, model_validator

from shroff.domain.roles import Role
from shroff.store.mapping_faults import suggestion
from shroff.store.schema import TABLES
from shroff.store.settings_engine import Section

__all__ = ["OidcSettings", "WebSettings"]

_COLUMN = re.compile(r"(?:(\w+)\.)?(\w+)")
_ALLOWED = re.compile(r"[^\s@*]+@[^\s@*]+|\*@[^\s@*]+")
_NEVER_HIDDEN = frozenset({"ad_id", "ad_version"})


def _a_column(name: str) -> str:
    found = _COLUMN.fullmatch(name)
    if not found:
        raise ValueError(f"'{name}' must be a column, or table.column")
    if found[1] and found[1] not in TABLES:
        raise ValueError(f"there is no table '{found[1]}'" + suggestion(found[1], tuple(TABLES)))
    if found[2] in _NEVER_HIDDEN:
        raise ValueError(f"'{found[2]}' joins the logs and cannot be hidden")
    return name


def _an_address(text: str) -> str:
    if not _ALLOWED.fullmatch(text):
        raise ValueError(f"'{text}' must be a mail address, or *@ and a domain")
    return text.lower()


class OidcSettings(Section):
    """Who tells who people are, where they do not sign in with a password."""

    issuer: str = Field(
        default="", description="Address of the OpenID Connect issuer; none when empty."
    )
    client_id: str = Field(default="", description="What the issuer calls this dashboard.")
    secret_env: str = Field(
        default="",
        description="Environment variable that holds the client's secret; none for a public client.",
    )
    allow: tuple[Annotated[str, AfterValidator(_an_address)], ...] = Field(
        default=(),
        description='Mail addresses that may come in, e.g. "ann@corp.example" or "*@corp.example".',
    )
    role: Role = Field(
        default=Role.VIEWER,
        description="Role of who comes in for the first time and has no account yet.",
    )
    algorithms: tuple[Literal["RS256", "PS256", "ES256", "EdDSA"], ...] = Field(
        default=("RS256", "PS256", "ES256"), description="Signatures that are believed."
    )

    @model_validator(mode="after")
    def _complete(self) -> OidcSettings:
        if not self.issuer:
            return self
        address = urlsplit(self.issuer)
        here = address.hostname in {"localhost", "127.0.0.1", "::1"}
        if address.scheme != "https" and not here:
            raise ValueError("issuer must begin with https://")
        if not self.client_id or not self.allow:
            raise ValueError("client_id and allow must be given with issuer")
        if self.role not in {Role.VIEWER, Role.ANALYST}:
            raise ValueError("role of newcomers is viewer or analyst; an admin gives more")
        return self


class WebSettings(Section):
    """The dashboard: names it answers to, how long one stays signed in, what is hidden."""

    names: tuple[str, ...] = Field(
        default=(),
        description="Names and addresses under which browsers reach it beyond this machine.",
    )
    proxies: tuple[str, ...] = Field(
        default=(),
        description="Addresses of proxies whose word on a request's origin is believed.",
    )
    session_hours: float = Field(
        default=12.0, gt=0, le=24 * 30, description="Hours after which one signs in again."
    )
    idle_minutes: float = Field(
        default=120.0, ge=5, description="Minutes of doing nothing after which one does."
    )
    hide: dict[Annotated[str, AfterValidator(_a_column)], Role] = Field(
        default_factory=dict[str, Role],
        description="Columns, or table.column, that hold personal data, and the lowest role that "
        "sees them.",
    )
    oidc: OidcSettings = Field(
        default=OidcSettings(), description="Signing in elsewhere, by OpenID Connect."
    )

    def hidden_from(self, role: Role) -> frozenset[str]:
        """Name the columns that a role does not see."""
        return frozenset(name for name, lowest in self.hide.items() if not role.reaches(lowest))
