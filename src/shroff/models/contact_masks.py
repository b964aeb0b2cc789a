"""Contact details, masked before a text leaves the machine."""

from __future__ import annotations

import re
from collections.abc import Mapping

__all__ = ["SIGN", "mask_ad", "mask_contacts"]

SIGN = "•"
"""What stands for each sign that was masked."""

_APP = r"""(?:we\s?-?chat|wx|vx|v\s?信|[微薇威徽][信芯]|加\s?[微薇vV]|qq|[扣叩]{2}|q{2}群|企鹅号
    |telegram|tele\s?gram|tg|飞机号|纸飞机|whats\s?-?app|line\s?id|signal|skype|kakao|zalo|viber
    |snap(?:chat)?|ins(?:ta(?:gram)?)?|discord)"""
_CONTACTS = re.compile(
    rf"""
    [\w.+-]+\s?(?:@|＠|\(at\)|\[at\])\s?[\w-]+(?:\s?[.。．]\s?[\w-]+)+   # an address of mail
    | (?<![\w.,])(?!\d{{4}}([-./])\d\d?\1\d\d?(?!\d))[+＋]?\d(?:[\s().\-–—]{{0,2}}\d){{6,14}}(?![\w])            # a telephone number
    | (?:(?:t|telegram)\.me|wa\.me|line\.me|discord\.gg|m\.me)/[\w+/-]+          # a link to a chat
    | (?<![\w@＠])[@＠][A-Za-z]\w{{3,31}}                                      # a handle
    | (?P<app>(?<![a-z]){_APP})(?P<gap>\s*(?:号码?|群|id|ID|account)?\s*[:：=\-—]?\s*)
      (?P<name>[A-Za-z][\w.-]{{4,31}}|\d{{5,12}})                             # a name on a service
    """,
    re.VERBOSE | re.IGNORECASE,
)
_ORDINARY = re.compile(r"[a-z]+", re.IGNORECASE)


def mask_contacts(text: str) -> str:
    """Mask phones, e-mail addresses and ids on chat services.

    Parameters
    ----------
    text : str
        Text of an ad.

    Returns
    -------
    str
        As long as it was: each sign of a contact is a dot, the name of the service stays.

    Examples
    --------
    >>> mask_contacts("加微信 slim2026x 或致电 +1 555 010 9999")
    '加微信 ••••••••• 或致电 •••••••••••••••'
    """
    return _CONTACTS.sub(_masked, text)


def _masked(found: re.Match[str]) -> str:
    name = found["name"]
    if name is None:
        return SIGN * len(found[0])
    spelt_out = not _ORDINARY.fullmatch(name) or bool(set(found["gap"]) & set(":：=号"))
    if not spelt_out and found["app"].isascii():
        return found[0]  # "signal processing", "line identity"
    return found["app"] + found["gap"] + SIGN * len(name)


def mask_ad(ad: Mapping[str, str | None]) -> tuple[dict[str, str | None], int]:
    """Mask the contacts of an ad.

    Parameters
    ----------
    ad : mapping of str to str
        Texts by field.

    Returns
    -------
    (dict of str to str, int)
        The ad, and in how many fields something was masked.
    """
    masked = {name: mask_contacts(text) if text else text for name, text in ad.items()}
    return masked, sum(masked[name] != ad[name] for name in ad)
