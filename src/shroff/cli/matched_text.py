"""Texts of ads on a terminal: what matches marked, what offends blurred."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.text import Text

    from shroff.rules.found import Spot

__all__ = ["excerpt", "marked"]

_AROUND, _LONGEST = 28, 160
_ELLIPSIS = "…"


def marked(text: str, *, hidden: bool) -> str:
    """Give a text, blurred where it is to be hidden."""
    from shroff.rules.masking import blurred

    return blurred(text, [(0, len(text))]) if hidden else text


def excerpt(texts: Mapping[str, str], spots: Sequence[Spot], *, hidden: bool) -> Text:
    """Cut the surroundings of what matches out of the texts of an ad.

    Parameters
    ----------
    texts : mapping
        Texts by field, contact details masked.
    spots : sequence of Spot
        What matches.
    hidden : bool
        Whether what matches is blurred.

    Returns
    -------
    Text
        One line for each field that matches, what matches set apart.
    """
    from rich.text import Text

    lines = [
        _line(name, text, [(s.start, s.end) for s in spots if s.field == name], hidden=hidden)
        for name, text in texts.items()
    ]
    return Text("\n").join(lines)


def _line(name: str, text: str, spans: Sequence[tuple[int, int]], *, hidden: bool) -> Text:
    from rich.text import Text

    from shroff.rules.masking import blurred

    first = max(min((start for start, _ in spans), default=0) - _AROUND, 0)
    last = min(max((end for _, end in spans), default=0) + _AROUND, len(text), first + _LONGEST)
    seen = blurred(text, spans) if hidden else text
    # what would steer a terminal takes one place all the same, so that marks stay true
    plain = "".join(sign if sign.isprintable() else "·" for sign in seen[first:last])
    line = Text(f"{name}: ", style="dim")
    body = Text(plain, style="default")
    for start, end in spans:
        body.stylize("bold reverse", max(start - first, 0), max(min(end, last) - first, 0))
    line.append(_ELLIPSIS if first else "")
    line.append_text(body)
    line.append(_ELLIPSIS if last < len(text) else "")
    return line
