"""Asking an endpoint: attempts, repairs and outcomes of one question, by any number of threads."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from shroff.domain.judgements import JudgementOutcome
from shroff.domain.messages import Language
from shroff.models.abilities import Abilities
from shroff.models.budget import Budget
from shroff.models.chat_reply import Reply
from shroff.models.endpoint import Endpoint
from shroff.models.pace import Backoff, Bucket, Pace
from shroff.models.prices import NO_TOKENS, Cost, Usage
from shroff.models.prompt import ANSWER_NAME, Prompt
from shroff.models.sample import Sample, sample_of
from shroff.models.transport import Heard, Transport
from shroff.models.trouble import Kind, Trouble

__all__ = ["Answer", "BudgetSpent", "Questioner", "Unit", "request_body", "units_of"]

_OTHER_SEED = 7919
_TOP = 20
_MORE = {
    Language.EN: (
        "Your answer was not accepted: {reasons}. Answer again, with nothing but the JSON object"
        " asked for."
    ),
    Language.ZH: "你的回答未被接受：{reasons}。请重新回答，只输出所要求的 JSON 对象。",
}


class BudgetSpent(Exception):  # noqa: N818 - not a fault: the user's limit
    """The next request might break the limit."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One request of a question: its key, which sample it is, and how many answers it wants."""

    key: str
    sample: int
    answers: int


@dataclass(frozen=True, slots=True)
class Answer:
    """All answers to a question, and how many of its requests were sent now."""

    samples: tuple[Sample, ...]
    sent: int


def units_of(
    prompt: Prompt, endpoint: Endpoint, abilities: Abilities, *, repeat: int = 0
) -> tuple[Unit, ...]:
    """Tell which requests a question takes, each with a key of its own.

    Parameters
    ----------
    prompt : Prompt
        The question.
    endpoint : Endpoint
        Who is asked.
    abilities : Abilities
        What it honours.
    repeat : int
        Which answer to the same question is wanted, from 0: each is asked for and kept apart.

    Returns
    -------
    tuple of Unit
        One for each sample, or one for all where several answers come for one request.
    """
    many = endpoint.spec.samples
    base = f"{endpoint.spec.url}\n{prompt.key()}" + (f"\nrepeat {repeat}" if repeat else "")
    if many > 1 and abilities.n:
        return (Unit(_hashed(f"{base}\nn{many}"), 0, many),)
    return tuple(Unit(_hashed(f"{base}\n{index}"), index, 1) for index in range(many))


def _hashed(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def request_body(
    prompt: Prompt,
    *,
    endpoint: Endpoint,
    abilities: Abilities,
    seed: int | None = None,
    answers: int = 1,
) -> dict[str, object]:
    """Write a request.

    Parameters
    ----------
    prompt : Prompt
        The question.
    endpoint : Endpoint
        Who is asked.
    abilities : Abilities
        What it honours: nothing else is asked for.
    seed : int or None
        Seed; none is sent when None.
    answers : int
        Answers wanted.

    Returns
    -------
    dict
        As the protocol has it, JSON-ready; the key is no part of it.
    """
    spec = endpoint.spec
    messages = prompt.messages()
    if not abilities.system:
        messages = [{"role": "user", "content": "\n\n".join(m["content"] for m in messages)}]
    body: dict[str, object] = {
        "model": spec.model,
        "messages": messages,
        spec.length: spec.max_tokens,
        **spec.params,
    }
    form = abilities.form if spec.form == "auto" else spec.form
    if form == "json_schema":
        schema = {"name": ANSWER_NAME, "strict": True, "schema": dict(prompt.schema)}
        body["response_format"] = {"type": "json_schema", "json_schema": schema}
    elif form == "json_object":
        body["response_format"] = {"type": "json_object"}
    if abilities.logprobs:
        body |= {"logprobs": True, "top_logprobs": min(abilities.top_logprobs or _TOP, _TOP)}
    if seed is not None:
        body["seed"] = seed
    if answers > 1:
        body["n"] = answers
    if spec.stream:
        body |= {"stream": True, "stream_options": {"include_usage": True}}
    return body


@dataclass(slots=True, kw_only=True)
class Questioner:
    """Asks one endpoint, and keeps to its pace and to the budget.

    Parameters
    ----------
    endpoint : Endpoint
        Who is asked.
    abilities : Abilities
        What it honours.
    transport : Transport
        The way there.
    budget : Budget
        What may be spent.
    pace : Pace
        How fast.
    backoff : Backoff
        Pauses before another attempt.
    tell : callable
        Told of each request that is sent, with the endpoint's name: for counts.
    """

    endpoint: Endpoint
    abilities: Abilities
    transport: Transport
    budget: Budget = field(default_factory=Budget)
    pace: Pace = field(default_factory=Pace)
    backoff: Backoff = field(default_factory=Backoff)
    tell: Callable[[str], None] = lambda _: None
    _slots: threading.BoundedSemaphore = field(init=False)

    def __post_init__(self) -> None:
        spec = self.endpoint.spec
        self._slots = threading.BoundedSemaphore(spec.concurrency)
        if spec.requests_per_minute:
            self.pace.requests = Bucket(spec.requests_per_minute, self.pace.clock)
        if spec.tokens_per_minute:
            self.pace.tokens = Bucket(spec.tokens_per_minute, self.pace.clock)

    def ask(self, prompt: Prompt, unit: Unit) -> tuple[Sample, ...]:
        """Send one request of a question, again where that may help, and read the answers.

        Parameters
        ----------
        prompt : Prompt
            The question.
        unit : Unit
            The request.

        Returns
        -------
        tuple of Sample
            The answers wanted.

        Raises
        ------
        BudgetSpent
            If it might break the budget.
        Trouble
            If no other request could do better: the key is wrong, the model is missing.
        """
        if not self._hold(unit.key, prompt, unit.answers):
            raise BudgetSpent
        samples: list[Sample] = []
        cost: Cost | None = None
        try:
            samples = self._asked(prompt, unit)
            if samples[0].counted:
                cost = self._cost(samples[0].usage, samples[0].model)
        finally:
            self._settle(unit.key, samples[:1], cost)
        first = replace(
            samples[0],
            cost=cost.amount if cost else None,
            currency=cost.currency if cost else "",
        )
        free = Cost(0.0, cost.currency) if cost else None
        rest = (
            replace(
                each,
                cost=free.amount if free else None,
                currency=first.currency,
                usage=NO_TOKENS,
                attempts=0,
            )
            for each in samples[1:]
        )
        return (first, *rest)

    def _settle(self, key: str, samples: Sequence[Sample], cost: Cost | None) -> None:
        """Write down what a request took; all that was set aside where nobody counted."""
        if samples and not samples[0].counted:
            self.budget.keep(key)
        else:
            self.budget.settle(key, cost=cost, usage=samples[0].usage if samples else NO_TOKENS)

    def _cost(self, usage: Usage, model: str) -> Cost | None:
        return self.endpoint.cost(usage, model, at=datetime.now(UTC))

    def _hold(self, key: str, prompt: Prompt, answers: int) -> bool:
        """Set aside the most that a request may take: no token is shorter than a byte."""
        read = len(prompt.system.encode()) + len(prompt.user.encode()) + 64
        most = Usage(read=read, written=self.endpoint.spec.max_tokens * answers)
        return self.budget.hold(key, cost=self._cost(most, ""), tokens=most.tokens)

    def _asked(self, prompt: Prompt, unit: Unit) -> list[Sample]:
        """Ask, and once more for an answer that cannot be used."""
        seed = self._seed(unit.sample)
        body = request_body(
            prompt,
            endpoint=self.endpoint,
            abilities=self.abilities,
            seed=seed,
            answers=unit.answers,
        )
        heard, attempts, latency, trouble = self._attempts(body, unit.key)
        if heard is None:
            outcome = JudgementOutcome.FAILED
            if trouble is not None and trouble.kind is Kind.FILTERED:
                outcome = JudgementOutcome.FILTERED
            cause = trouble.cause if trouble is not None else ""
            failed = Sample(outcome=outcome, reason=cause[:300], attempts=attempts)
            return [failed] * unit.answers
        samples = [
            _with_reply(sample_of(choice, prompt), heard, latency, attempts)
            for choice in heard.reply.choices[: unit.answers]
        ]
        short = unit.answers - len(samples)
        missing = Sample(outcome=JudgementOutcome.FAILED, reason="fewer answers than asked for")
        samples += [missing] * short
        bad = samples[0].outcome is JudgementOutcome.INVALID
        return (
            [self._repaired(samples[0], prompt, body, heard.reply, unit)]
            if (bad and unit.answers == 1)
            else samples
        )

    def _repaired(
        self, bad: Sample, prompt: Prompt, body: dict[str, object], reply: Reply, unit: Unit
    ) -> Sample:
        """Show a model its bad answer and what is wrong with it, once."""
        key = f"{unit.key}/again"
        if not self._hold(key, prompt, 1):
            return bad
        said = _MORE[prompt.language].format(reasons=bad.reason)
        told = body["messages"]
        assert isinstance(told, list)  # noqa: S101 - we wrote it
        messages = [
            *told,
            {"role": "assistant", "content": reply.choices[0].content or "-"},
            {"role": "user", "content": said},
        ]
        blind = False
        try:
            heard, attempts, latency, _ = self._attempts({**body, "messages": messages}, key)
            blind = heard is not None and not heard.reply.counted
        finally:
            if blind:
                self.budget.keep(key)
            else:
                self.budget.settle(key, cost=None, usage=NO_TOKENS)
        if heard is None:
            return replace(bad, attempts=bad.attempts + attempts)
        again = _with_reply(sample_of(heard.reply.choices[0], prompt), heard, latency, attempts)
        return replace(
            again,
            usage=bad.usage + again.usage,
            counted=bad.counted and again.counted,
            attempts=bad.attempts + attempts,
            latency_ms=(bad.latency_ms or 0) + latency,
            repaired=True,
        )

    def _attempts(
        self, body: dict[str, object], key: str
    ) -> tuple[Heard | None, int, int, Trouble | None]:
        """Send a request until it is answered, or it is no use, or often enough."""
        guessed = _guessed(body["messages"])
        most = self.endpoint.spec.attempts
        trouble: Trouble | None = None
        for attempt in range(1, most + 1):
            self.pace.take(guessed)
            try:
                heard, latency = self._sent(body)
            except Trouble as fault:
                trouble = fault
                if fault.fatal:
                    raise
                if not fault.retryable or attempt == most:
                    return None, attempt, 0, fault
                body = self._before_another(body, fault, key=key, attempt=attempt)
                continue
            self.pace.settle(guessed=guessed, used=heard.reply.usage.tokens or guessed)
            return heard, attempt, latency, None
        return None, most, 0, trouble

    def _sent(self, body: dict[str, object]) -> tuple[Heard, int]:
        with self._slots:
            self.tell(self.endpoint.name)
            begun = time.perf_counter()
            heard = self.transport.chat(body)
            latency = round(1000 * (time.perf_counter() - begun))
        if heard.pause:
            self.pace.hold(heard.pause)
        return heard, latency

    def _before_another(
        self, body: dict[str, object], fault: Trouble, *, key: str, attempt: int
    ) -> dict[str, object]:
        """Wait as the server asks, or longer each time; try another seed on a bad form."""
        if fault.kind is Kind.FORM:
            told = body.get("seed")
            seed = told if isinstance(told, int) else 0
            return {**body, "seed": seed + _OTHER_SEED * attempt}
        if fault.kind is Kind.LIMITED and fault.pause:
            self.pace.hold(fault.pause)
        self.pace.rest(max(fault.pause, self.backoff.pause(key, attempt)))
        return body

    def _seed(self, sample: int) -> int | None:
        """Give each sample a seed of its own, where seeds are given or are of use."""
        given = self.endpoint.spec.params.get("seed")
        if isinstance(given, int):
            return given + sample
        return sample + 1 if self.endpoint.spec.samples > 1 and self.abilities.seed else None


def _guessed(messages: object) -> float:
    """Guess how many tokens messages are: three signs each."""
    assert isinstance(messages, list)  # noqa: S101 - we wrote it
    return sum(len(each["content"]) for each in messages) / 3.0


def _with_reply(sample: Sample, heard: Heard, latency: int, attempts: int) -> Sample:
    reply = heard.reply
    return replace(
        sample,
        model=reply.model,
        fingerprint=reply.fingerprint,
        usage=reply.usage,
        counted=reply.counted,
        latency_ms=latency,
        attempts=attempts,
    )
