"""Texts as they may be shown: contact details masked, offensive hits blurred."""

from __future__ import annotations

import re
from collections.abc import Sequence

__all__ = ["BLUR", "MASK", "blurred", "masked"]

MASK, BLUR = "•", "█"

_CONTACTS = re.compile(
    r"""
    [\w.+-]{2,}@[\w-]+(?:\.[\w-]+)+                          # an address of mail
    | (?<![\w.])\+?\d(?:[\s().-]{0,2}\d){6,14}(?![\w])       # a telephone number
    | (?<=微信)[号:：\s]{0,3}[A-Za-z][\w-]{5,19}             # a name on WeChat
    | (?<=[Qq]{2})[号群:：\s]{0,3}\d{5,12}                   # a number on QQ
    """,
    re.VERBOSE,
)


def masked(text: str) -> str:
    """Mask contact details, sign by sign: what stands where stays true.

    Parameters
    ----------
    text : str
        Text of an ad.

    Returns
    -------
    str
        As long as it was; the signs of addresses, telephone numbers and account names are dots.

    Examples
    --------
    >>> masked("call +1 555 010 9999 now")
    'call ••••••••••••••• now'
    """
    return _CONTACTS.sub(lambda found: MASK * len(found[0]), text)


def blurred(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """Blur stretches of a text, sign by sign.

    Parameters
    ----------
    text : str
        Text of an ad.
    spans : sequence of (int, int)
        First character of each stretch and the one after its last.

    Returns
    -------
    str
        As long as it was.

    Examples
    --------
    >>> blurred("a bad word", [(2, 5)])
    'a ███ word'
    """
    signs = list(text)
    for start, end in spans:
        for place in range(max(start, 0), min(end, len(signs))):
            signs[place] = BLUR
    return "".join(signs)
