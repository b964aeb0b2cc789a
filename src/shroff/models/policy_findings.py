"""Every code that the lint of policies knows: how bad it is, what it means, what to do."""

from __future__ import annotations

from shroff.domain.findings import Code, Finding, Level
from shroff.domain.messages import Message
from shroff.domain.places import Where

__all__ = ["POLICY_CODES", "finding"]

_E, _W, _I = Level.ERROR, Level.WARNING, Level.INFO


_CODES = (
    Code("P001", _E, "no head", "Without id and version no judgement can be traced to it.",
         "Begin the file with a line of three hyphens, `policy: ID`, `version: 1` and"
         " another such line."),
    Code("P002", _E, "unknown key", "Nothing reads this line.",
         "Use one of the keys that are named."),
    Code("P003", _E, "missing or repeated key", "The policy is not named, or named twice.",
         "Write each key once."),
    Code("P004", _E, "impossible value", "The head cannot be read.",
         "Write what is asked for."),
    Code("P005", _E, "unknown heading",
         "What stands under it would not come into the prompt.",
         "Use one of the headings that are named."),
    Code("P006", _E, "section twice", "Only one of the two could be meant.",
         "Make one section of both."),
    Code("P007", _W, "text outside sections", "It does not come into the prompt.",
         "Move it under a heading, or drop it."),
    Code("P101", _E, "section missing",
         "Without definitions, violating and permitted examples nobody can judge alike.",
         "Write it."),
    Code("P102", _W, "few examples",
         "Models, and people, learn the line from examples on both sides of it.",
         "Give at least three of each kind."),
    Code("P103", _E, "example on both sides",
         "The same text is called violating and permitted.", "Decide."),
    Code("P104", _W, "languages differ",
         "A section stands in one language only, so ads are judged by different policies.",
         "Write it in the other language too."),
    Code("P105", _W, "very long or very short",
         "Around 400 to 600 words work best: less leaves the line open, more is skipped over.",
         "Cut, or split the policy; or add what is missing."),
    Code("P106", _E, "edge case without verdict", "It says that it is hard, not what to do.",
         "Write an arrow and the verdict behind it: → violates, or → does not violate."),
    Code("P107", _I, "open to judgement",
         "Such words are read differently by each reviewer and model.",
         "Say what counts, with a number or an example."),
    Code("P108", _W, "example without reason",
         "An edge case without a reason is learnt by heart, not understood.",
         "Say why, behind a colon."),
    Code("P109", _E, "unknown policy", "The logs have no policy of this id.",
         "Use the id of the logs, or add the policy there."),
    Code("P110", _W, "example twice", "It is no further evidence of where the line is.",
         "Drop one, or make it differ."),
    Code("P111", _E, "speaks to the model",
         "What looks like an instruction on the answer contradicts the output that is asked"
         " for, or switches the judge off.",
         "Say what violates; the answer's form is not for the policy to say."),
    Code("P112", _E, "no text", "Nothing stands in quotes, or under the heading.",
         "Write it."),
    Code("P113", _E, "golden ad as example",
         "A judge that is told the answer is not tested by it: results on the golden set look"
         " better than they are.",
         "Take another ad as the example, or write one."),
)  # fmt: skip

POLICY_CODES: dict[str, Code] = {each.code: each for each in _CODES}
"""All codes, in their order."""


def finding(code: str, where: Where, **params: str | int) -> Finding:
    """Make a finding.

    Parameters
    ----------
    code : str
        One of `POLICY_CODES`, perhaps with a point and what sets its sentence apart.
    where : Where
        Place in the file.
    **params
        Slots of the sentence.

    Returns
    -------
    Finding
        With the level of its code.
    """
    bare = code.partition(".")[0]
    message = Message(f"policies.{code.lower()}", params)
    return Finding(bare, POLICY_CODES[bare].level, where, message, params=params)
