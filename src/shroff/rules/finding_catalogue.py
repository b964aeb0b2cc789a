"""Every code that lint knows: how bad it is, what it means, what to do."""

from __future__ import annotations

from collections.abc import Sequence

from shroff.domain.findings import Code, Edit, Finding, Level
from shroff.domain.messages import Message
from shroff.domain.places import Where

__all__ = ["CATALOGUE", "finding"]

_E, _W, _I = Level.ERROR, Level.WARNING, Level.INFO


_CODES = (
    Code("R001", _E, "not YAML", "The file cannot be read; what follows is not judged.",
         "Mend it at the caret. Indent with spaces."),
    Code("R002", _E, "unknown key", "Nothing reads this key, so what you meant is not done.",
         "Use the key that is suggested, or drop it.", fixable=True),
    Code("R003", _E, "key twice", "Only one of the two could count, and it is not said which.",
         "Keep one."),
    Code("R004", _E, "wrong kind of value", "A number, a date, a list or a text is wanted here.",
         "Write what is asked for."),
    Code("R005", _E, "missing key", "A pack or rule is not whole without it.", "Add it."),
    Code("R006", _E, "impossible value", "The value is not one of those that are possible.",
         "Use one that is.", fixable=True),
    Code("R007", _E, "YAML that packs do not use",
         "Aliases, anchors, tags and several documents make a file hard to read, and can make it"
         " huge when it is read.", "Use `lists` and `$name`."),
    Code("R008", _E, "too large", "Files, terms and nesting have limits, so that no pack can stop"
         " a scanner.", "Split it."),
    Code("R009", _E, "unknown list", "`$name` stands for a list of the same file.",
         "Define it under `lists`, before the lists that use it, or mend the name. A term that"
         " begins with a dollar sign is written `{term: $name}`."),
    Code("R010", _E, "rule twice", "History is kept by the rule's id, so it must be unique over"
         " all packs.", "Rename one."),
    Code("R011", _E, "empty term", "There is nothing to look for.", "Drop it."),
    Code("R012", _E, "condition that says nothing or too much",
         "A condition is one of term, regex, any, all, not, near, count, fields, column.",
         "Write one; put several under `all`."),
    Code("R101", _E, "regular expression that cannot be read",
         "The dialect is linear-time: what would make matching slow, or mean different things to"
         " different engines, is not in it.",
         "Mend it at the caret; `--fix` rewrites what has an equal in the dialect.", fixable=True),
    Code("R102", _E, "matches nothing at all", "A pattern that can be empty matches every ad.",
         "Make one part necessary."),
    Code("R103", _E, "matches nearly everything", "A single letter is enough for it.",
         "Say more of what you look for."),
    Code("R104", _E, "can never match", "No text fits: a boundary contradicts what stands around"
         " it, or normalisation has rewritten every character that could fit.",
         "Write it as it looks after normalisation: lower case, half width, simplified."),
    Code("R105", _W, "dropped by normalisation", "Hidden characters are removed from every text"
         " before it is matched.", "Drop it; the disguise is seen through by itself.",
         fixable=True),
    Code("R106", _W, "class that grows", "Cyrillic and Greek look-alikes are read as Latin"
         " letters, so a class of that script matches some Latin text.",
         "Add letters that have no look-alike, or a condition on language."),
    Code("R107", _I, "slow elsewhere", "A backtracking engine could take very long on some text"
         " (ReDoS). Shroff matches in linear time.", "Mind it if you copy the pattern."),
    Code("R108", _W, "refused by the fast engine", "The pattern is too large for Hyperscan and is"
         " matched by RE2, text by text.", "Make counts smaller or split the pattern."),
    Code("R201", _E, "term of nothing", "All of its characters are dropped or are separators.",
         "Use letters or digits, or a regular expression."),
    Code("R202", _W, "shadowed term", "A shorter term in the same place hits first.",
         "Drop it, or make the shorter one longer.", fixable=True),
    Code("R203", _E, "term that is always allowed", "The allow phrase is the same as the term.", "Drop one of the two."),
    Code("R204", _I, "allow phrase without effect", "A hit is allowed when it lies inside the"
         " phrase; none can.", "Use `unless`, or mend the phrase."),
    Code("R205", _W, "term twice", "It adds nothing.", "Drop one.", fixable=True),
    Code("R206", _W, "very short term", "One Han character or two Latin letters stand in many"
         " innocent words.", "Make it longer, or add `near` or `allow`."),
    Code("R207", _W, "unused list", "It does nothing.", "Use it or drop it."),
    Code("R301", _W, "same rule twice", "Two rules with the same condition count every ad twice.",
         "Keep one."),
    Code("R302", _I, "nearly the same rule", "Most of their terms are the same.",
         "Merge them, or share a list."),
    Code("R303", _W, "no positive example", "Nobody can tell whether the rule still works.",
         "Add `examples: {match: [...]}`."),
    Code("R304", _W, "no near miss", "What the rule must not hit is how it stays precise.",
         "Add `examples: {no_match: [...]}` with innocent ads that look alike."),
    Code("R305", _E, "example not matched", "The rule does not do what its author said.",
         "Mend the rule or the example."),
    Code("R306", _E, "near miss matched", "The rule hits what its author said is innocent.",
         "Add `allow`, `unless` or `near`, or make the term longer."),
    Code("R307", _E, "example matched elsewhere", "The hit is not where it should be.",
         "Mend the rule or the span."),
    Code("R308", _W, "expired", "The rule does not apply any more.",
         "Renew the date after a look at its hits, or drop the rule."),
    Code("R309", _I, "expires soon", "It will stop applying within 30 days.",
         "Look at its hits, then renew or let it go."),
    Code("R310", _E, "unknown policy", "Hits could not be counted with their policy.",
         "Use an id of your policy list."),
    Code("R311", _W, "no policy", "Hits can be counted for no policy.", "Add `policy`."),
    Code("R312", _E, "only says what must not be there", "Nearly every ad lacks the words, so it"
         " would fire on nearly every ad.", "Say under `all` what to look for, too."),
    Code("R313", _E, "contradiction", "A part is wanted and excluded, so the rule never fires.",
         "Drop one of the two; `near` or `count` may be what you mean."),
    Code("R314", _W, "slow rule", "By itself it costs far more than other rules of the pack.",
         "Use a term instead of a regular expression, or begin the pattern with fixed letters."),
    Code("R315", _W, "hits too much", "On the texts given it hits more than the share allowed"
         " (`--most`).", "Narrow it, or raise the share if these texts are mostly violations."),
)  # fmt: skip

CATALOGUE = {code.code: code for code in _CODES}
"""Kinds of finding by code, in the order of the reference."""


def finding(
    code: str,
    where: Where,
    *,
    message: Message | None = None,
    rule: str = "",
    fix: Sequence[Edit] = (),
    **params: str | int | float | None,
) -> Finding:
    """Make a finding.

    Parameters
    ----------
    code : str
        One of the catalogue.
    where : Where
        Its place.
    message : Message, optional
        Its sentence; that of the code if there is none.
    rule : str
        Rule it is about.
    fix : sequence of Edit
        What puts it right.
    **params : str or number
        Values of the sentence of the code.

    Returns
    -------
    Finding
        The finding.
    """
    said = message or Message(f"rules.{code.lower()}", params)
    return Finding(code, CATALOGUE[code].level, where, said, rule, tuple(fix), said.params)
