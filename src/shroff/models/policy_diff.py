"""What changed between two texts of a policy, by what it does to a judge."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass

from shroff.domain.messages import Language, Message, say
from shroff.errors import ConfigError
from shroff.models.policy_text import HEADINGS, Part, PolicyText

__all__ = ["ExampleChange", "PolicyDiff", "ProseChange", "diff_policies"]


@dataclass(frozen=True, slots=True)
class ExampleChange:
    """An example that came, went, or is judged or explained otherwise.

    Parameters
    ----------
    language : Language
        Language of its section.
    text : str
        The example.
    before, after : str or None
        Its verdict: ``violating``, ``compliant`` or ``open``; None where it is not there.
    reasoned : bool
        Only its reason changed.
    """

    language: Language
    text: str
    before: str | None
    after: str | None
    reasoned: bool = False

    @property
    def turned(self) -> bool:
        """Its verdict is another one."""
        return self.before is not None and self.after is not None and self.before != self.after

    def told(self, language: Language) -> str:
        """Say that its verdict turned; empty where it did not."""
        if not self.turned:
            return ""
        before, after = (say(f"policies.verdict.{v}", language) for v in (self.before, self.after))
        slots = {"text": self.text, "before": before, "after": after}
        return say("policies.diff.turned", language, slots)

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "language": str(self.language),
            "text": self.text,
            "before": self.before,
            "after": self.after,
            "turned": self.turned,
            "only_reason": self.reasoned,
        }


@dataclass(frozen=True, slots=True)
class ProseChange:
    """Text of a section that changed.

    Parameters
    ----------
    language : Language
        Its language.
    part : Part
        Which section.
    lines : tuple of str
        Lines that went (``-``), came (``+``) or stayed.
    """

    language: Language
    part: Part
    lines: tuple[str, ...]

    @property
    def heading(self) -> str:
        """Its heading."""
        return HEADINGS[self.language][self.part][0]

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {"language": str(self.language), "part": str(self.part), "lines": list(self.lines)}


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyDiff:
    """What changed.

    Parameters
    ----------
    policy : str
        Its id.
    old, new : int
        The versions.
    examples : tuple of ExampleChange
        Those whose verdict turned first.
    prose : tuple of ProseChange
        In the order of sections.
    """

    policy: str
    old: int
    new: int
    examples: tuple[ExampleChange, ...]
    prose: tuple[ProseChange, ...]

    @property
    def same(self) -> bool:
        """Nothing that a judge sees changed."""
        return not self.examples and not self.prose

    @property
    def unnumbered(self) -> bool:
        """The text changed and the version was not raised."""
        return not self.same and self.new <= self.old

    def summary(self) -> Message:
        """Say how much changed."""
        if self.same:
            return Message("policies.diff.same")
        return Message(
            "policies.diff.summary",
            {
                "policy": self.policy,
                "examples": len(self.examples),
                "sections": len(self.prose),
                "old": str(self.old),
                "new": str(self.new),
            },
        )

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "policy": self.policy,
            "old": self.old,
            "new": self.new,
            "same": self.same,
            "version_not_raised": self.unnumbered,
            "examples": [each.record() for each in self.examples],
            "prose": [each.record() for each in self.prose],
        }


def diff_policies(old: PolicyText, new: PolicyText) -> PolicyDiff:
    """Compare two texts of one policy.

    Parameters
    ----------
    old, new : PolicyText
        Before and after.

    Returns
    -------
    PolicyDiff
        Examples, verdicts and text that differ.

    Raises
    ------
    ConfigError
        If they are not of one policy.
    """
    if old.policy != new.policy:
        raise ConfigError(
            f"these are two policies: {old.policy!r} and {new.policy!r}",
            hint="compare two texts of one",
        )
    examples = [each for language in Language for each in _examples(old, new, language)]
    prose = [each for language in Language for each in _prose(old, new, language)]
    return PolicyDiff(
        policy=new.policy,
        old=old.version,
        new=new.version,
        examples=tuple(sorted(examples, key=lambda each: not each.turned)),
        prose=tuple(prose),
    )


def _examples(old: PolicyText, new: PolicyText, language: Language) -> Iterator[ExampleChange]:
    before, after = _verdicts(old, language), _verdicts(new, language)
    for text in dict.fromkeys([*before, *after]):
        was, now = before.get(text), after.get(text)
        if was == now:
            continue
        first, then = was[0] if was else None, now[0] if now else None
        yield ExampleChange(language, text, first, then, reasoned=first == then)


def _verdicts(policy: PolicyText, language: Language) -> dict[str, tuple[str, str]]:
    names = {True: "violating", False: "compliant", None: "open"}
    return {
        example.text: (names[example.violates], example.why)
        for section in policy.sections
        if section.language is language
        for example in section.examples
    }


def _prose(old: PolicyText, new: PolicyText, language: Language) -> Iterator[ProseChange]:
    for part in Part:
        texts = [p.section(part, language) for p in (old, new)]
        before, after = ([] if t is None else t.prose.splitlines() for t in texts)
        if before != after:
            told = tuple(line for line in difflib.ndiff(before, after) if not line.startswith("?"))
            yield ProseChange(language, part, told)
    if old.title(language) != new.title(language):
        lines = (f"- {old.title(language)}", f"+ {new.title(language)}")
        yield ProseChange(language, Part.DEFINITIONS, lines)
