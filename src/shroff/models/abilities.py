"""What an endpoint honours, as its probe found it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields

__all__ = ["Abilities"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Abilities:
    """What an endpoint honours: not what it accepts, since much is accepted and ignored.

    Parameters
    ----------
    url, model : str
        What was probed.
    at : str
        When, ISO 8601 in UTC.
    json_schema, json_object : bool
        Whether answers keep to a schema, or are JSON at least.
    logprobs : bool
        Whether chances of tokens come.
    top_logprobs : int
        How many other tokens come with each.
    seed : bool
        Whether one seed gives one answer.
    n : bool
        Whether several answers come for one request.
    system : bool
        Whether the system message is heeded.
    context : int or None
        Tokens that the model can read, as far as the server says.
    returned_model : str
        Model that the server says answered.
    unknown_model : str
        What becomes of a model that there is not: ``refused``, ``answered`` or empty if not tried.
    notes : tuple of str
        What else was seen, as ids of phrases.
    """

    url: str = ""
    model: str = ""
    at: str = ""
    json_schema: bool = True
    json_object: bool = True
    logprobs: bool = False
    top_logprobs: int = 0
    seed: bool = False
    n: bool = False
    system: bool = True
    context: int | None = None
    returned_model: str = ""
    unknown_model: str = ""
    notes: tuple[str, ...] = ()

    @property
    def form(self) -> str:
        """Name the strictest form of answers that is honoured."""
        return "json_schema" if self.json_schema else "json_object" if self.json_object else "none"

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {**asdict(self), "notes": list(self.notes)}

    @staticmethod
    def of(told: Mapping[str, object]) -> Abilities:
        """Read a record; what is not known of it is left out."""
        known = {each.name for each in fields(Abilities)}
        held = {name: value for name, value in told.items() if name in known}
        notes = held.pop("notes", ())
        listed = tuple(map(str, notes)) if isinstance(notes, list | tuple) else ()
        return Abilities(**held, notes=listed)  # type: ignore[arg-type] # as record() wrote it
