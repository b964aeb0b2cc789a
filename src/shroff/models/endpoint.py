"""An endpoint of the settings: where a model is asked, with which key, at which price."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from shroff.errors import ConfigError
from shroff.models.prices import Cost, Prices, Usage, read_prices
from shroff.models.prompt import Sampling
from shroff.models.secret import Secret, read_secret
from shroff.store.mapping_faults import suggestion
from shroff.store.settings import Settings
from shroff.store.settings_models import EndpointSpec

__all__ = ["EXAMPLE", "Endpoint", "find_endpoint"]

EXAMPLE = (
    '[models.endpoints.judge] url = "https://.../v1", model = "...", key_env = "...",'
    " allow = true in shroff.toml; then: shroff models probe judge"
)
"""What to write to have an endpoint."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """A server that may be asked.

    Parameters
    ----------
    name : str
        Its name in the settings.
    spec : EndpointSpec
        What the settings say of it.
    secret : Secret
        Its key.
    prices : Prices or None
        What its tokens cost; None when that is not known.
    """

    name: str
    spec: EndpointSpec
    secret: Secret
    prices: Prices | None = None

    @property
    def host(self) -> str:
        """Name the machine, and its port where one is named."""
        return urlsplit(self.spec.url).netloc

    def address(self, path: str) -> str:
        """Give the address of a part of the API, such as ``chat/completions``."""
        return f"{self.spec.url.rstrip('/')}/{path}"

    def sampling(self) -> Sampling:
        """Give model and parameters as they are part of a version."""
        told: dict[str, object] = {**self.spec.params, "max_tokens": self.spec.max_tokens}
        if self.spec.samples > 1:
            told["samples"] = self.spec.samples
        if not self.spec.mask:
            told["mask"] = False
        return Sampling(model=self.spec.model, params=told)

    def cost(self, usage: Usage, model: str, *, at: datetime, batch: bool = False) -> Cost | None:
        """Tell what tokens cost, by the model that answered or else by the one asked for.

        Parameters
        ----------
        usage : Usage
            The tokens.
        model : str
            Model that the server says answered; empty when nothing was said.
        at : datetime
            When.
        batch : bool
            Whether it came in a batch file.

        Returns
        -------
        Cost or None
            None when no price is known.
        """
        if self.prices is None:
            return None
        known = self.prices.cost(model, usage, at=at, batch=batch) if model else None
        return known or self.prices.cost(self.spec.model, usage, at=at, batch=batch)

    def allowed(self) -> Endpoint:
        """See that anything may be sent there.

        Returns
        -------
        Endpoint
            Itself.

        Raises
        ------
        ConfigError
            If the settings do not allow it.
        """
        if not self.spec.allow:
            raise ConfigError(
                f"nothing may be sent to {self.host}: nothing leaves this machine unless allowed",
                where=f"[models.endpoints.{self.name}] allow",
                hint="set allow = true there if ads may be sent to it",
            )
        return self


def find_endpoint(
    settings: Settings, name: str, *, root: Path, environ: Mapping[str, str] | None = None
) -> Endpoint:
    """Find an endpoint of a workspace.

    Parameters
    ----------
    settings : Settings
        The workspace's.
    name : str
        The endpoint.
    root : Path
        Folder of the workspace: price tables are named from there.
    environ : mapping of str to str, optional
        The environment; this process's when None.

    Returns
    -------
    Endpoint
        The endpoint, its key read.

    Raises
    ------
    ConfigError
        If there is none, or its key or its price table is missing; it says what to set.
    """
    known = settings.models.endpoints
    if not known:
        raise ConfigError("no model server is set", where="shroff.toml", hint=EXAMPLE)
    if name not in known:
        raise ConfigError(
            f"there is no endpoint {name!r}{suggestion(name, tuple(known))}",
            where="[models.endpoints]",
            hint=f"there are: {', '.join(known)}",
        )
    spec = known[name]
    return Endpoint(
        name=name,
        spec=spec,
        secret=read_secret(spec.key_env, endpoint=name, environ=environ),
        prices=read_prices(root / spec.prices) if spec.prices else None,
    )
