"""The rule packs that come with Shroff: one for each policy family, and one to opt in to.

They are where a team begins, not what it ends with: copy them, make them yours.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType

from shroff.errors import RuleError
from shroff.rules.pack_file import read_pack
from shroff.rules.rule import Pack

__all__ = [
    "FAMILIES",
    "NOT_BY_TEXT",
    "OPT_IN",
    "Copied",
    "Outcome",
    "copy_packs",
    "starter_pack",
    "starter_packs",
    "starter_text",
]

FAMILIES: Mapping[str, str] = MappingProxyType(
    {
        "fraud": "A",
        "finance": "B",
        "gambling": "C",
        "adult": "D",
        "health": "E",
        "substance": "F",
        "dangerous": "G",
        "ip": "H",
        "claims": "I",
        "politics": "J",
        "sector": "K",
        "circumvent": "L",
    }
)
"""Packs by name, each with the family of policies it is about."""

OPT_IN = ("hate-optin",)
"""Packs that are never loaded or copied unless they are named."""

NOT_BY_TEXT: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "L3": (
            "A destination that changes after review is seen by crawling it, not in the ad's text.",
            "审核后更换的落地页须靠抓取比对，文案中看不出。",
        ),
        "L5": (
            "Re-submission is seen in the history of creatives and accounts, not in one text.",
            "重复提交须看素材与账号的提交记录，单条文案看不出。",
        ),
    }
)
"""Policies that no text can decide, each with the reason, English and Simplified Chinese."""


class Outcome(StrEnum):
    """What became of a file."""

    WRITTEN = "written"
    SAME = "same"
    KEPT = "kept"
    REPLACED = "replaced"


@dataclass(frozen=True, slots=True)
class Copied:
    """One pack that was to be copied.

    Parameters
    ----------
    name : str
        The pack.
    path : Path
        Where it stands.
    outcome : Outcome
        ``written``: it was not there. ``same``: it was there, unchanged. ``kept``: it was there
        and is another; nothing was done. ``replaced``: it was another and is overwritten.
    """

    name: str
    path: Path
    outcome: Outcome


def starter_text(name: str) -> str:
    """Give the file of a pack.

    Parameters
    ----------
    name : str
        One of `FAMILIES` or `OPT_IN`.

    Returns
    -------
    str
        YAML.

    Raises
    ------
    RuleError
        If there is no such pack.
    """
    if name not in FAMILIES and name not in OPT_IN:
        known = ", ".join([*FAMILIES, *OPT_IN])
        raise RuleError(f"there is no starter pack '{name}'", hint=f"choose among {known}")
    return (files("shroff.rules") / "packs" / f"{name}.yaml").read_text(encoding="utf-8")


@cache
def starter_pack(name: str) -> Pack:
    """Read a pack.

    Parameters
    ----------
    name : str
        One of `FAMILIES` or `OPT_IN`.

    Returns
    -------
    Pack
        The pack.
    """
    return read_pack(starter_text(name), path=f"{name}.yaml")


def starter_packs() -> tuple[Pack, ...]:
    """Read the packs of all families, without those to opt in to.

    Returns
    -------
    tuple of Pack
        In the order of the families.
    """
    return tuple(starter_pack(name) for name in FAMILIES)


def copy_packs(
    folder: Path, names: Iterable[str] = FAMILIES, *, replacing: Collection[str] = ()
) -> tuple[Copied, ...]:
    """Copy packs into a folder; a file that is there and differs is left alone.

    Parameters
    ----------
    folder : Path
        Made where it is absent.
    names : iterable of str
        Packs.
    replacing : collection of str
        Packs whose file is overwritten where it differs.

    Returns
    -------
    tuple of Copied
        What became of each, in the order of ``names``.
    """
    texts = {name: starter_text(name) for name in names}
    folder.mkdir(parents=True, exist_ok=True)
    return tuple(
        _copy(folder / f"{name}.yaml", text, replace=name in replacing)
        for name, text in texts.items()
    )


def _copy(path: Path, text: str, *, replace: bool) -> Copied:
    outcome = Outcome.WRITTEN
    if path.exists():
        same = path.read_bytes() == text.encode("utf-8")
        outcome = Outcome.SAME if same else Outcome.REPLACED if replace else Outcome.KEPT
    if outcome in {Outcome.WRITTEN, Outcome.REPLACED}:
        path.write_bytes(text.encode("utf-8"))
    return Copied(path.stem, path, outcome)
