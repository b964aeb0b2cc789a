"""An answer of a chat server, read with suspicion: any field may be missing or of a wrong kind."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from shroff.models.prices import NO_TOKENS, Usage
from shroff.models.trouble import Kind, Trouble

__all__ = ["Choice", "Reply", "Token", "join_pieces", "read_reply"]

_DONE = "[DONE]"
_Json = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Token:
    """A token of an answer, with what might have stood there.

    Parameters
    ----------
    text : str
        The token.
    logprob : float
        Logarithm of its chance.
    others : tuple of (str, float)
        Tokens that were likely there, with the logarithms of their chances.
    """

    text: str
    logprob: float
    others: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One answer.

    Parameters
    ----------
    content : str
        What the model wrote.
    finish : str
        Why it ended: ``stop``, ``length``, ``content_filter``, ...
    refusal : str
        Its refusal, where the server tells one apart.
    tokens : tuple of Token
        Its tokens, where the server gives chances.
    """

    content: str
    finish: str
    refusal: str = ""
    tokens: tuple[Token, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a server sent.

    Parameters
    ----------
    choices : tuple of Choice
        The answers, at least one.
    model : str
        Model that answered, as the server says.
    fingerprint : str
        What the server says of its configuration.
    usage : Usage
        Tokens, as the server counted them.
    counted : bool
        Whether the server counted any.
    """

    choices: tuple[Choice, ...]
    model: str = ""
    fingerprint: str = ""
    usage: Usage = NO_TOKENS
    counted: bool = False


def read_reply(body: bytes, *, where: str) -> Reply:
    """Read the body of an answer.

    Parameters
    ----------
    body : bytes
        As it came; bytes that are no UTF-8 become replacement characters.
    where : str
        Endpoint, for the error.

    Returns
    -------
    Reply
        The answer.

    Raises
    ------
    Trouble
        If it is no JSON or has no answer.
    """
    try:
        told = json.loads(body.decode("utf-8", errors="replace"))
    except (ValueError, RecursionError):
        raise Trouble(Kind.GARBLED, "the answer is no JSON", where=where) from None
    if not isinstance(told, dict):
        raise Trouble(Kind.GARBLED, "the answer is no JSON object", where=where)
    return _reply(told, where=where)


def _reply(told: _Json, *, where: str) -> Reply:
    listed = told.get("choices")
    choices = [_choice(each) for each in listed] if isinstance(listed, list) else []
    found = tuple(each for each in choices if each is not None)
    if not found:
        raise Trouble(Kind.GARBLED, "the answer holds no choice", where=where)
    usage = _usage(told.get("usage"))
    return Reply(
        choices=found,
        model=_text(told.get("model")),
        fingerprint=_text(told.get("system_fingerprint")),
        usage=usage,
        counted=usage.read > 0,  # a question of no tokens is no count
    )


def _choice(told: object) -> Choice | None:
    if not isinstance(told, dict) or not isinstance(told.get("message"), dict):
        return None
    message = told["message"]
    return Choice(
        content=_content(message.get("content")),
        finish=_text(told.get("finish_reason")),
        refusal=_text(message.get("refusal")),
        tokens=_tokens(told.get("logprobs")),
    )


def _content(told: object) -> str:
    """Take text, or the texts of a list of parts."""
    if isinstance(told, list):
        return "".join(_text(part.get("text")) for part in told if isinstance(part, dict))
    return _text(told)


def _tokens(told: object) -> tuple[Token, ...]:
    listed = told.get("content") if isinstance(told, dict) else None
    if not isinstance(listed, list):
        return ()
    found = []
    for each in listed:
        pair = _pair(each)
        if pair is None:
            return ()  # one token less, and nothing is where it seems
        others = each.get("top_logprobs")
        pairs = [_pair(other) for other in others] if isinstance(others, list) else []
        found.append(Token(*pair, others=tuple(p for p in pairs if p is not None)))
    return tuple(found)


def _pair(told: object) -> tuple[str, float] | None:
    if not isinstance(told, dict):
        return None
    text, chance = told.get("token"), told.get("logprob")
    if not isinstance(text, str) or isinstance(chance, bool):
        return None
    return (text, float(chance)) if isinstance(chance, int | float) and chance == chance else None  # noqa: PLR0124 - not a number


def _usage(told: object) -> Usage:
    if not isinstance(told, dict):
        return NO_TOKENS
    read = told.get("prompt_tokens_details")
    written = told.get("completion_tokens_details")
    return Usage(
        read=_count(told.get("prompt_tokens")),
        cached=_count(read.get("cached_tokens")) if isinstance(read, dict) else 0,
        written=_count(told.get("completion_tokens")),
        reasoning=_count(written.get("reasoning_tokens")) if isinstance(written, dict) else 0,
    )


def _count(told: object) -> int:
    return told if isinstance(told, int) and not isinstance(told, bool) and told > 0 else 0


def _text(told: object) -> str:
    """Take text; lone surrogates, which no file takes, become replacement characters."""
    if not isinstance(told, str):
        return ""
    return told.encode("utf-8", errors="replace").decode()


def join_pieces(lines: Iterable[bytes], *, where: str) -> Reply:
    """Put together an answer that came piece by piece.

    Parameters
    ----------
    lines : iterable of bytes
        Lines of a stream of server-sent events.
    where : str
        Endpoint, for the error.

    Returns
    -------
    Reply
        The answer.

    Raises
    ------
    Trouble
        If the stream ended before the answer did, or a piece is no JSON.
    """
    whole: dict[str, object] = {}
    parts: dict[int, _Part] = {}
    done = False
    for line in lines:
        text = line.decode("utf-8", errors="replace").strip()
        if not text.startswith("data:"):
            continue
        data = text[5:].strip()
        if data == _DONE:
            done = True
            break
        _take(_event(data, where), whole, parts)
    if not parts or not (done or all(part.finish for part in parts.values())):
        raise Trouble(Kind.CUT, "the stream ended before the answer did", where=where)
    if not all(part.finish for part in parts.values()):
        raise Trouble(Kind.CUT, "the stream ended without saying why", where=where)
    whole["choices"] = [parts[index].record() for index in sorted(parts)]
    return _reply(whole, where=where)


def _event(data: str, where: str) -> _Json:
    try:
        told = json.loads(data)
    except (ValueError, RecursionError):
        raise Trouble(Kind.CUT, "a piece of the stream is no JSON", where=where) from None
    if not isinstance(told, dict):
        raise Trouble(Kind.GARBLED, "a piece of the stream is no JSON object", where=where)
    if "error" in told:
        raise Trouble(Kind.SERVER, f"the stream broke off: {told['error']!s:.200}", where=where)
    return told


@dataclass(slots=True)
class _Part:
    content: str = ""
    refusal: str = ""
    finish: str = ""
    tokens: list[object] | None = None

    def take(self, told: _Json) -> None:
        delta = told.get("delta")
        if isinstance(delta, dict):
            self.content += _content(delta.get("content"))
            self.refusal += _text(delta.get("refusal"))
        self.finish = _text(told.get("finish_reason")) or self.finish
        chances = told.get("logprobs")
        listed = chances.get("content") if isinstance(chances, dict) else None
        if isinstance(listed, list):
            self.tokens = [*(self.tokens or []), *listed]

    def record(self) -> dict[str, object]:
        message = {"content": self.content, "refusal": self.refusal}
        chances = {"content": self.tokens} if self.tokens else None
        return {"message": message, "finish_reason": self.finish, "logprobs": chances}


def _take(told: _Json, whole: dict[str, object], parts: dict[int, _Part]) -> None:
    for name in ("model", "system_fingerprint", "usage"):
        if told.get(name):
            whole[name] = told[name]
    listed = told.get("choices")
    for each in listed if isinstance(listed, list) else []:
        if isinstance(each, dict):
            parts.setdefault(_count(each.get("index")), _Part()).take(each)
