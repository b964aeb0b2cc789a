"""A policy and an ad as a prompt: the ad is data, and the answer has a form that can be checked."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from shroff.domain.messages import Language
from shroff.errors import ConfigError
from shroff.models.policy_text import HEADINGS, Example, Part, PolicyText, Section
from shroff.models.prompt_words import TEMPLATE, WORDS, PromptWords

__all__ = [
    "ANSWER_NAME",
    "Prompt",
    "PromptForm",
    "Sampling",
    "answer_schema",
    "prompt_form",
    "prompt_version",
    "render_prompt",
]

ANSWER_NAME = "judgement"
_DIGITS = 12
_MARK = 16
_FIELDS_FIRST = ("title", "body", "ocr_text", "asr_text", "landing_url")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampling:
    """How a model is asked.

    Parameters
    ----------
    model : str
        Its name, as the server knows it.
    params : mapping
        Parameters such as ``temperature`` and ``seed``, JSON-ready.
    """

    model: str
    params: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """What is sent, and how the answer must look.

    Parameters
    ----------
    policy : str
        Id of the policy.
    language : Language
        Language of the words.
    version : str
        Of policy text, words, model and parameters; see `prompt_version`.
    system, user : str
        The two messages.
    schema : mapping
        JSON Schema of the answer.
    ad : mapping of str to str
        Fields of the ad as the prompt shows them; quotes must come from these.
    """

    policy: str
    language: Language
    version: str
    system: str
    user: str
    schema: Mapping[str, object]
    ad: Mapping[str, str]

    def messages(self) -> list[dict[str, str]]:
        """Give the messages as chat servers take them."""
        return [
            {"role": "system", "content": self.system},
            {"role": "user", "content": self.user},
        ]

    def key(self) -> str:
        """Name this very question, so that it is not paid for twice.

        Returns
        -------
        str
            Hexadecimal digits of a hash of the version and both messages.
        """
        told = json.dumps([self.version, self.system, self.user], ensure_ascii=False)
        return hashlib.sha256(told.encode()).hexdigest()

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "policy": self.policy,
            "language": str(self.language),
            "version": self.version,
            "messages": self.messages(),
            "schema": dict(self.schema),
        }


def prompt_version(policy: PolicyText, sampling: Sampling, *, language: Language) -> str:
    """Name what judges: policy text, words around it, model and parameters.

    Parameters
    ----------
    policy : PolicyText
        The policy.
    sampling : Sampling
        Model and parameters.
    language : Language
        Language of the prompt.

    Returns
    -------
    str
        Twelve hexadecimal digits; another one whenever a judgement could come out otherwise.
    """
    told = {
        "policy": policy.record(),
        "template": TEMPLATE,
        "language": str(language),
        "model": sampling.model,
        "params": dict(sampling.params),
    }
    text = json.dumps(told, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]


def render_prompt(
    policy: PolicyText,
    ad: Mapping[str, str | None],
    *,
    sampling: Sampling,
    language: Language | None = None,
) -> Prompt:
    """Write the prompt that asks whether an ad breaks a policy.

    Parameters
    ----------
    policy : PolicyText
        The policy.
    ad : mapping of str to str
        Its texts by field; empty ones and None are left out.
    sampling : Sampling
        Model and parameters.
    language : Language, optional
        Language of the prompt; the first that the policy is written in when None.

    Returns
    -------
    Prompt
        Messages, schema and version.

    Raises
    ------
    ConfigError
        If the policy is not written in that language, or the ad has no text.

    Notes
    -----
    The ad is a JSON object between two marks that are hashed from it, so that it cannot hold
    them. The first message is the same for all ads, so that servers can keep what they read of
    it. Characters that nobody sees, or that turn the order of others, are written out,
    so that a quote means what it shows.
    """
    return prompt_form(policy, sampling=sampling, language=language).ask(ad)


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptForm:
    """What the prompts of all ads have in common.

    Parameters
    ----------
    policy : PolicyText
        The policy.
    language : Language
        Language of the words.
    version : str
        See `prompt_version`.
    system : str
        The first message.
    """

    policy: PolicyText
    language: Language
    version: str
    system: str

    def ask(self, ad: Mapping[str, str | None]) -> Prompt:
        """Write the prompt of one ad; see `render_prompt`."""
        shown = _shown(ad)
        body = json.dumps(shown, ensure_ascii=False, indent=1)
        told = f"{self.policy.policy}\n{body}"
        mark = "AD-" + hashlib.sha256(told.encode()).hexdigest()[:_MARK].upper()
        return Prompt(
            policy=self.policy.policy,
            language=self.language,
            version=self.version,
            system=self.system,
            user=f"{WORDS[self.language].ad}\n{mark}\n{body}\n{mark}",
            schema=answer_schema(self.policy, tuple(shown)),
            ad=shown,
        )


def prompt_form(
    policy: PolicyText, *, sampling: Sampling, language: Language | None = None
) -> PromptForm:
    """Write what the prompts of all ads have in common.

    Parameters
    ----------
    policy, sampling, language
        As for `render_prompt`.

    Returns
    -------
    PromptForm
        The first message, and the version.

    Raises
    ------
    ConfigError
        If the policy is not written in that language.
    """
    if not policy.languages:
        raise ConfigError(
            "the policy has no section",
            where=policy.policy,
            hint="shroff models prompt lint tells what is missing",
        )
    chosen = language or policy.languages[0]
    if chosen not in policy.languages:
        raise ConfigError(
            f"the policy is not written in {chosen.value!r}",
            where=policy.policy,
            hint=f"it is in {', '.join(policy.languages)}",
        )
    words = WORDS[chosen]
    return PromptForm(
        policy=policy,
        language=chosen,
        version=prompt_version(policy, sampling, language=chosen),
        system="\n\n".join([words.task, _policy(policy, chosen), words.data, words.answer]),
    )


def _shown(ad: Mapping[str, str | None]) -> dict[str, str]:
    held = {name: _visible(text) for name, text in ad.items() if text and text.strip()}
    if not held:
        raise ConfigError("the ad has no text to judge", hint="give it a title or a body")
    first = [name for name in _FIELDS_FIRST if name in held]
    return {name: held[name] for name in [*first, *(n for n in held if n not in first)]}


def _visible(text: str) -> str:
    """Write out controls, hidden characters and lone surrogates as ``<U+200B>``."""
    if text.isprintable():
        return text
    return "".join(_spelt(sign) for sign in text)


def _spelt(sign: str) -> str:
    if sign in "\n\t" or unicodedata.category(sign) not in {"Cc", "Cf", "Cs", "Co", "Cn"}:
        return sign
    return f"<U+{ord(sign):04X}>"


def _policy(policy: PolicyText, language: Language) -> str:
    words = WORDS[language]
    parts = ["# " + words.policy.format(id=policy.policy, title=policy.title(language))]
    for part in Part:
        section = policy.section(part, language)
        if section is not None:
            parts.append(_section(section, words))
    if policy.exemptions:
        names = (", " if language is Language.EN else "、").join(policy.exemptions)
        parts.append(words.exemptions.format(names=names))
    return "\n\n".join(parts)


def _section(section: Section, words: PromptWords) -> str:
    lines = ["## " + HEADINGS[section.language][section.part][0]]
    if section.prose:
        lines.append(section.prose)
    lines += [_line(example, section.part, words) for example in section.examples]
    return "\n".join(lines)


def _line(example: Example, part: Part, words: PromptWords) -> str:
    line = "- " + json.dumps(_visible(example.text), ensure_ascii=False)
    if part is Part.EDGE_CASES and example.violates is not None:
        line += " → " + (words.violates if example.violates else words.allowed)
    if example.why:
        joint = " " if words.because.isascii() else ""
        line += f" {words.because}{joint}{example.why}"
    return line


def answer_schema(policy: PolicyText, fields: tuple[str, ...]) -> dict[str, object]:
    """Give the form of an answer.

    Parameters
    ----------
    policy : PolicyText
        The policy; its id and exemptions are all that may be named.
    fields : tuple of str
        Fields that quotes may come from.

    Returns
    -------
    dict
        JSON Schema; every key is required and no other is allowed. Numbers are enumerated, since
        servers that enforce schemas do not all enforce bounds.
    """
    evidence = {
        "type": "object",
        "properties": {
            "field": {"enum": list(fields)},
            "quote": {"type": "string", "minLength": 1},
        },
        "required": ["field", "quote"],
        "additionalProperties": False,
    }
    properties: dict[str, object] = {
        "verdict": {"enum": ["violating", "compliant", "unclear"]},
        "policy": {"enum": [policy.policy, None]},
        "severity": {"enum": [1, 2, 3, 4, 5, None]},
        "evidence": {"type": "array", "items": evidence, "maxItems": 8},
        "exemption": {"enum": [*policy.exemptions, None]},
        "confidence": {"enum": ["low", "medium", "high"]},
        "reason": {"type": "string", "maxLength": 280},
    }
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
