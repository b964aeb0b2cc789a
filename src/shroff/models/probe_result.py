"""What a probe found, to be shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from shroff.domain.messages import Language, Message, say
from shroff.models.abilities import Abilities

__all__ = ["Probed"]

_SHOWN = ("json_schema", "json_object", "logprobs", "seed", "n", "system")


@dataclass(frozen=True, slots=True, kw_only=True)
class Probed:
    """What an endpoint honours.

    Parameters
    ----------
    endpoint, host : str
        The endpoint, and where it is.
    abilities : Abilities
        What it honours.
    requests, tokens : int
        What was sent to find it.
    """

    endpoint: str
    host: str
    abilities: Abilities
    requests: int
    tokens: int

    def rows(self, language: Language) -> list[tuple[str, str]]:
        """Give what is honoured as rows of a table."""
        rows = [
            (say(f"probe.ability.{name}", language), self._told(name, language)) for name in _SHOWN
        ]
        context = self.abilities.context
        told = (
            Message("probe.context", {"n": context})
            if context
            else Message("probe.context_unknown")
        )
        return [*rows, (told.text(language), "")]

    def _told(self, name: str, language: Language) -> str:
        held = bool(getattr(self.abilities, name))
        told = say("probe.honoured" if held else "probe.not_honoured", language)
        return f"{told} ({self.abilities.top_logprobs})" if held and name == "logprobs" else told

    def summary(self) -> Message:
        """Say who answered."""
        return Message(
            "probe.summary",
            {
                "endpoint": self.endpoint,
                "host": self.host,
                "model": self.abilities.returned_model or "?",
                "requests": self.requests,
                "tokens": self.tokens,
            },
        )

    def notes(self) -> Iterator[Message]:
        """Say what follows."""
        yield Message("probe.by_logprob" if self.abilities.logprobs else "probe.by_votes")
        if self.abilities.unknown_model == "answered":
            yield Message("probe.unknown_answered")
        yield from map(Message, self.abilities.notes)

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "endpoint": self.endpoint,
            "host": self.host,
            "requests": self.requests,
            "tokens": self.tokens,
            "abilities": self.abilities.record(),
            "sentence": self.summary().record(),
            "notes": [each.record() for each in self.notes()],
        }
