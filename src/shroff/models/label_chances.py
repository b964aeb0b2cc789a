"""A score from the chances of the label's token, renormalised over the labels that are allowed."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from shroff.models.chat_reply import Token

__all__ = ["LABELS", "label_chances", "violating_score"]

LABELS = ("violating", "compliant", "unclear")
"""Labels that an answer may give."""

_KEY = re.compile(r'"verdict"\s*:\s*"')
_MOVED = 0.05


def violating_score(tokens: Sequence[Token], label: str) -> float | None:
    """Tell how likely the label *violating* was, of the labels allowed.

    Parameters
    ----------
    tokens : sequence of Token
        Tokens of the answer.
    label : str
        The label that it gives.

    Returns
    -------
    float or None
        Chance in [0, 1]; None when the chances cannot tell.

    Notes
    -----
    See `label_chances`.
    """
    chances = label_chances(tokens, label)
    return None if chances is None else chances["violating"]


def label_chances(tokens: Sequence[Token], label: str) -> dict[str, float] | None:
    """Tell how likely each label was where the answer gives one.

    Parameters
    ----------
    tokens : sequence of Token
        Tokens of the answer; joined, they need not be the content that the server gives.
    label : str
        The label that the content gives.

    Returns
    -------
    dict of float or None
        Chances by label, which add up to 1. None when the label is not found in the tokens, or
        when labels that are not listed could move a chance by more than 0.05.

    Notes
    -----
    The place of the label is found in the joined tokens, after the key ``verdict``, never by
    offsets of the content: servers strip fences and spaces from that. Chances under a grammar are
    those without it: much of them lies on tokens that the grammar forbids, hence the labels
    allowed are set in relation to each other. A label whose first token is not listed is at most
    as likely as the least likely token listed, and no more than what all listed leave over.

    Examples
    --------
    >>> quote = Token('{"verdict": "', 0.0)
    >>> token = Token("viol", math.log(0.3), (("viol", math.log(0.3)), ("compliant", math.log(0.1)),
    ...               ("un", math.log(0.0001))))
    >>> round(label_chances([quote, token, Token('ating"}', 0.0)], "violating")["violating"], 3)
    0.75
    """
    place = _place(tokens, label)
    if place is None:
        return None
    token, lead = place
    masses: dict[str, float] = dict.fromkeys(LABELS, 0.0)
    listed = dict(token.others)
    listed[token.text] = token.logprob
    for text, logprob in listed.items():
        named = _named(text, lead)
        if named is not None:
            masses[named] += math.exp(min(logprob, 0.0))
    whole = sum(masses.values())
    if whole <= 0.0 or masses.get(label, 0.0) <= 0.0:
        return None
    missing = sum(mass == 0.0 for mass in masses.values())
    if missing:
        everything = sum(math.exp(min(each, 0.0)) for each in listed.values())
        most = min(missing * math.exp(min(listed.values())), max(1.0 - everything, 0.0))
        if most / (whole + most) > _MOVED:
            return None
    return {name: mass / whole for name, mass in masses.items()}


def _place(tokens: Sequence[Token], label: str) -> tuple[Token, str] | None:
    """Find the token that begins the label, and what stands in it before the label."""
    joined = "".join(token.text for token in tokens)
    for found in _KEY.finditer(joined):
        if joined.startswith(f'{label}"', found.end()):
            break
    else:
        return None
    at = 0
    for token in tokens:
        if at <= found.end() < at + len(token.text):
            return token, token.text[: found.end() - at]
        at += len(token.text)
    return None


def _named(text: str, lead: str) -> str | None:
    """Tell which label a token begins."""
    if not text.startswith(lead):
        return None
    rest = text[len(lead) :].partition('"')[0]
    if not rest:
        return None
    found = [label for label in LABELS if label.startswith(rest)]
    return found[0] if len(found) == 1 else None
