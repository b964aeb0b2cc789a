"""An endpoint that is asked without a workspace."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing, contextmanager
from datetime import date
from typing import Any

from tests.models.hostile_server import HostileServer
from tests.models.judge_scene import KEY, POLICY

from shroff.models.abilities import Abilities
from shroff.models.budget import Budget
from shroff.models.endpoint import Endpoint
from shroff.models.pace import Backoff
from shroff.models.policy_file import read_policy
from shroff.models.prices import Price, Prices
from shroff.models.prompt import Prompt, render_prompt
from shroff.models.questioner import Questioner, units_of
from shroff.models.sample import Sample
from shroff.models.secret import Secret
from shroff.models.transport import Transport
from shroff.store.settings_models import EndpointSpec

__all__ = ["AD", "PRICES", "endpoint_of", "question", "questioner", "sample_from"]

AD = {"title": "miracle diet", "body": "Lose 10 kg in a week"}
PRICES = Prices(
    currency="USD",
    prices=(
        Price(model="judge-*", since=date(2026, 1, 1), input=0.5, cached_input=0.05, output=2.0),
    ),
)


def endpoint_of(url: str, **spec: Any) -> Endpoint:
    """Make an endpoint; a second attempt comes after a thousandth of the usual pause."""
    told = {"url": url, "model": "judge-1", "allow": True, "read_seconds": 2.0, **spec}
    return Endpoint(name="judge", spec=EndpointSpec(**told), secret=Secret(KEY), prices=PRICES)


def question(endpoint: Endpoint, ad: dict[str, str] | None = None) -> Prompt:
    """Make a question."""
    return render_prompt(read_policy(POLICY), ad or AD, sampling=endpoint.sampling())


@contextmanager
def questioner(
    server: HostileServer, *, abilities: Abilities | None = None, **spec: Any
) -> Generator[Questioner]:
    """Ask a server."""
    endpoint = endpoint_of(server.url, **spec)
    with closing(Transport(endpoint)) as transport:
        yield Questioner(
            endpoint=endpoint,
            abilities=abilities or Abilities(),
            transport=transport,
            budget=Budget(),
            backoff=Backoff(first=0.001, longest=0.01),
        )


def sample_from(asks: Questioner, ad: dict[str, str] | None = None) -> Sample:
    """Ask one question, and give its first answer."""
    prompt = question(asks.endpoint, ad)
    unit = units_of(prompt, asks.endpoint, asks.abilities)[0]
    return asks.ask(prompt, unit)[0]
