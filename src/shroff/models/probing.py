"""What an endpoint honours, found by asking for what it could not do by chance."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from shroff.models.abilities import Abilities
from shroff.models.chat_reply import Reply
from shroff.models.endpoint import Endpoint
from shroff.models.pace import Backoff
from shroff.models.transport import Transport
from shroff.models.trouble import Kind, Trouble

__all__ = ["Asking", "probe_endpoint"]

_SHORT = 24
_TRIES = 3
_ODD = "q7x"
_PADDING = "Answer briefly and politely, in plain words. " * 8
_NO_MODEL = "shroff-no-such-model"
_TOPS = (20, 5, 1)


@dataclass(slots=True)
class Asking:
    """Requests of a probe.

    Parameters
    ----------
    endpoint : Endpoint
        Who is asked.
    transport : Transport
        The way there.
    sleep : callable
        Waits for seconds.
    requests, tokens : int
        What was sent so far.
    """

    endpoint: Endpoint
    transport: Transport
    sleep: Callable[[float], None] = time.sleep
    requests: int = 0
    tokens: int = 0

    def ask(self, said: str, *, system: str = "", **more: object) -> Reply:
        """Ask something short; again where the server is busy, and not longer than a minute."""
        messages = [{"role": "system", "content": system}] if system else []
        messages.append({"role": "user", "content": said})
        spec = self.endpoint.spec
        body = {"model": spec.model, "messages": messages, spec.length: _SHORT, **more}
        for attempt in range(1, _TRIES + 1):
            self.requests += 1
            try:
                reply = self.transport.chat(body).reply
            except Trouble as fault:
                if not fault.retryable or attempt == _TRIES:
                    raise
                self.sleep(min(max(fault.pause, Backoff().pause("probe", attempt)), 60.0))
                continue
            self.tokens += reply.usage.tokens
            return reply
        raise AssertionError  # the last attempt gives or raises

    def honoured(self, test: Callable[[], bool]) -> bool:
        """Tell whether a test holds: what is refused is not honoured."""
        try:
            return test()
        except Trouble as fault:
            if fault.kind in {Kind.KEY, Kind.SPENT}:
                raise
            return False


def probe_endpoint(asking: Asking) -> Abilities:
    """Find what an endpoint honours.

    Parameters
    ----------
    asking : Asking
        How it is asked; afterwards it tells what was sent.

    Returns
    -------
    Abilities
        What it honours.

    Raises
    ------
    Trouble
        If it does not answer at all.

    Notes
    -----
    A server that ignores a parameter answers 200 all the same. So each test asks for something
    that would not come by chance: a schema that allows one odd word and nothing else, two answers,
    twice the same random letters from one seed and others from another, more tokens read with a
    long system message than without. No ad is sent.
    """
    endpoint = asking.endpoint
    plain = asking.ask("Say hello.")
    top = next(_tops(asking), None)
    return Abilities(
        url=endpoint.spec.url,
        model=endpoint.spec.model,
        at=datetime.now(UTC).isoformat(timespec="seconds"),
        json_schema=asking.honoured(lambda: _keeps_schema(asking)),
        json_object=asking.honoured(lambda: _gives_object(asking)),
        logprobs=top is not None,
        top_logprobs=top or 0,
        seed=asking.honoured(lambda: _keeps_seed(asking)),
        n=asking.honoured(lambda: len(asking.ask("Say hello.", n=2).choices) == 2),
        system=asking.honoured(lambda: _reads_system(asking, plain)),
        context=_context(asking),
        returned_model=plain.model,
        unknown_model=_unknown(asking),
        notes=_notes(plain, endpoint),
    )


def _tops(asking: Asking) -> Iterator[int]:
    """Give how many other tokens come: the most that the server takes, if any come at all."""
    for top in _TOPS:
        try:
            reply = asking.ask("Say hello.", logprobs=True, top_logprobs=top)
        except Trouble as fault:
            if fault.kind in {Kind.KEY, Kind.SPENT}:
                raise
            continue
        tokens = reply.choices[0].tokens
        if tokens:
            yield max(len(token.others) for token in tokens)
        return


def _keeps_schema(asking: Asking) -> bool:
    schema = {
        "type": "object",
        "properties": {"mark": {"enum": [_ODD]}},
        "required": ["mark"],
        "additionalProperties": False,
    }
    form = {"name": "mark", "strict": True, "schema": schema}
    reply = asking.ask("Say hello.", response_format={"type": "json_schema", "json_schema": form})
    return _json(reply.choices[0].content) == {"mark": _ODD}


def _gives_object(asking: Asking) -> bool:
    reply = asking.ask("Say hello (JSON).", response_format={"type": "json_object"})
    choice = reply.choices[0]
    begun = choice.finish == "length" and choice.content.lstrip().startswith("{")
    return begun or isinstance(_json(choice.content), dict)


def _json(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _keeps_seed(asking: Asking) -> bool:
    one, same, other = (
        asking.ask("Write ten random letters.", seed=seed, temperature=1.0).choices[0].content
        for seed in (7, 7, 8)
    )
    return one == same and one != other


def _reads_system(asking: Asking, plain: Reply) -> bool:
    reply = asking.ask("Say hello.", system=_PADDING)
    if not (plain.counted and reply.counted):
        return True  # it was taken, and nothing tells against it
    return reply.usage.read - plain.usage.read > len(_PADDING.split()) // 2


def _context(asking: Asking) -> int | None:
    """Read how much the model can read, where the server says so."""
    try:
        told = asking.transport.look("models")
    except Trouble:
        return None
    listed = told.get("data")
    found = [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
    named = [each for each in found if each.get("id") == asking.endpoint.spec.model] or found[:1]
    for each in named:
        meta = each.get("meta")
        for place in (each, meta if isinstance(meta, Mapping) else {}):
            for name in ("max_model_len", "context_length", "context_window", "n_ctx"):
                value = place.get(name)
                if isinstance(value, int) and value > 0:
                    return value
    return None


def _unknown(asking: Asking) -> str:
    """Ask for a model that there is not."""
    try:
        asking.ask("Say hello.", model=_NO_MODEL)
    except Trouble as fault:
        return "refused" if not fault.retryable else ""
    return "answered"


def _notes(plain: Reply, endpoint: Endpoint) -> tuple[str, ...]:
    found = []
    if plain.model and plain.model != endpoint.spec.model:
        found.append("probe.other_model")
    if not plain.counted:
        found.append("probe.no_usage")
    return tuple(found)
