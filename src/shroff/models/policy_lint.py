"""Everything there is to say about a policy before anybody judges by it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator

from shroff.domain.findings import Finding, in_order
from shroff.domain.messages import Language
from shroff.domain.places import Where
from shroff.models.policy_file import inspect_policy
from shroff.models.policy_findings import finding
from shroff.models.policy_text import HEADINGS, REQUIRED, Example, Part, PolicyText, Section

__all__ = ["lint_policy"]

_FEWEST_EXAMPLES = 3
_FEWEST_WORDS, _MOST_WORDS = 150, 900
_OPEN = {
    Language.EN: re.compile(
        r"\b(appropriate|inappropriate|reasonable|unreasonable|excessive|excessively|suitable"
        r"|unsuitable|as needed|if necessary|and so on|etc)\b",
        re.IGNORECASE,
    ),
    Language.ZH: re.compile(r"适当|不当|合理|酌情|过度|等等|必要时|视情况|明显不妥"),
}
_TO_MODEL = re.compile(
    r"\b(answer (?:only )?(?:with|in)|reply with|respond with|output (?:only )?json|you are an? "
    r"|ignore (?:all |any )?(?:previous|other|the above))"
    r"|(?:只|仅|请)(?:回答|输出|回复)|忽略(?:以上|之前|其他)|你是一(?:个|名|位)",
    re.IGNORECASE,
)


def lint_policy(
    text: str, *, path: str = "", known: Collection[str] | None = None
) -> tuple[PolicyText | None, tuple[Finding, ...]]:
    """Check a policy.

    Parameters
    ----------
    text : str
        Markdown.
    path : str
        Name of the file.
    known : collection of str, optional
        Ids of policies in the logs; not checked when None.

    Returns
    -------
    PolicyText or None
        None where its head cannot be read.
    tuple of Finding
        Form and content, in order of place.
    """
    policy, findings = inspect_policy(text, path=path)
    if policy is None:
        return None, findings
    more = [*_judged(policy, path), *_wording(policy)]
    if known is not None and policy.policy not in known:
        more.append(finding("P109", Where(path, 1, 1, 1, 4), policy=policy.policy))
    return policy, in_order([*findings, *more])


def _judged(policy: PolicyText, path: str) -> Iterator[Finding]:
    top = Where(path, 1, 1, 1, 4)
    for language in policy.languages or tuple(Language)[:1]:
        for part in REQUIRED:
            if policy.section(part, language) is None:
                yield finding("P101", top, heading=HEADINGS[language][part][0])
        words = policy.words(language)
        if policy.languages and not _FEWEST_WORDS <= words <= _MOST_WORDS:
            code = "P105" if words > _MOST_WORDS else "P105.short"
            yield finding(code, top, words=words, language=str(language))
    for section in policy.sections:
        yield from _of_section(policy, section)
    yield from _repeated(policy)


def _of_section(policy: PolicyText, section: Section) -> Iterator[Finding]:
    heading = HEADINGS[section.language][section.part][0]
    if not section.prose and not section.examples:
        yield finding("P112", section.where, heading=heading)
    for language in policy.languages:
        if policy.section(section.part, language) is None and section.part not in REQUIRED:
            yield finding("P104", section.where, heading=HEADINGS[language][section.part][0])
    sided = section.part in {Part.VIOLATES, Part.ALLOWED}
    if sided and 0 < len(section.examples) < _FEWEST_EXAMPLES:
        yield finding("P102", section.where, heading=heading, count=len(section.examples))
    if sided and section.prose and not section.examples:
        yield finding("P102", section.where, heading=heading, count=0)
    for example in section.examples:
        if not example.text:
            yield finding("P112.example", example.where)
        elif section.part is Part.EDGE_CASES and example.violates is None:
            yield finding("P106", example.where, text=_short(example.text))
        elif section.part is Part.EDGE_CASES and not example.why:
            yield finding("P108", example.where, text=_short(example.text))


def _repeated(policy: PolicyText) -> Iterator[Finding]:
    """Find examples that stand twice: on the same side, or on both."""
    seen: dict[str, Example] = {}
    for section in policy.sections:
        for example in section.examples:
            key = _folded(example.text)
            if not key or example.violates is None:
                continue
            before = seen.setdefault(key, example)
            if before is example:
                continue
            code = "P110" if before.violates is example.violates else "P103"
            line = before.where.line
            yield finding(code, example.where, text=_short(example.text), line=line)


def _wording(policy: PolicyText) -> Iterator[Finding]:
    for section in policy.sections:
        if section.part in {Part.DEFINITIONS, Part.EXCEPTIONS}:
            found = _OPEN[section.language].search(section.prose)
            if found is not None:
                yield finding("P107", section.where, word=found[0])
        found = _TO_MODEL.search(section.prose)
        if found is not None:
            yield finding("P111", section.where, words=found[0])


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _short(text: str, most: int = 40) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
