"""The demo platform's rule pack, and the plain search with which it runs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from shroff.synthetic.dice import Dice, Ints
from shroff.synthetic.grammar import grammar
from shroff.synthetic.markets import LANGUAGES
from shroff.synthetic.taxonomy import Policy, policies

__all__ = ["FIELDS", "LOG_ONLY", "QUEUE", "REJECT", "Hits", "Rule", "find", "pack_yaml", "rules"]

FIELDS = ("title", "body", "ocr_text", "asr_text")
"""Fields searched, in order."""

LOG_ONLY, QUEUE, REJECT = 0, 1, 2
"""What a hit asks for; a rule in log-only mode is recorded and never decides."""

_ACTIONS = ("log_only", "review", "reject")
_REJECTING = 0.42
_FIELD_END, _AD_END = "\n", "\x00"
_BROAD = {
    "en": {
        "A5": ("claim your",),
        "B1": ("guaranteed",),
        "C1": ("casino",),
        "E4": ("without exercise", "crash diet"),
        "F2": ("vape", "nicotine"),
        "H1": ("replica",),
        "I1": ("best ",),
        "L1": ("add me",),
    },
    "zh": {
        "A5": ("中奖", "免费领"),
        "B1": ("保本",),
        "C1": ("首充",),
        "E4": ("节食",),
        "F2": ("电子烟",),
        "H1": ("高仿", "尾单"),
        "I1": ("最低", "第一"),
        "K1": ("包就业", "保过"),
        "L1": ("加微",),
    },
}


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the pack: any of its phrases, in any field.

    Parameters
    ----------
    id : str
        Its id.
    version : str
        Its version.
    policy : int
        Place of its policy.
    action : int
        Log only, queue or reject.
    phrases : tuple of str
        Lower-case phrases.
    """

    id: str
    version: str
    policy: int
    action: int
    phrases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hits:
    """Where rules fired: one row for each ad and rule, at the first phrase found.

    Parameters
    ----------
    row : array of int
        Place of the ad.
    rule : array of int
        Place of the rule.
    field : array of int
        Place of the field.
    start, end : array of int
        Characters of the phrase.
    """

    row: Ints
    rule: Ints
    field: Ints
    start: Ints
    end: Ints


def _narrow(place: int, policy: Policy, language: str, *, chance: float) -> Rule:
    strict = chance < _REJECTING and policy.severity >= 4
    phrases = tuple(seed.lower() for seed in grammar(language).wordings[place].seeds[:2])
    action = REJECT if strict else QUEUE
    return Rule(f"{policy.id}-{language}", "3", place, action, phrases)


def rules(dice: Dice) -> tuple[Rule, ...]:
    """Write the pack: two of each policy's three phrases, and some that are too broad.

    Parameters
    ----------
    dice : Dice
        Chance, which decides what the rules do.

    Returns
    -------
    tuple of Rule
        All rules.
    """
    drawn: list[Rule] = []
    for language in LANGUAGES:
        keys = np.arange(len(policies()), dtype=np.uint64)
        chances = dice.uniform(f"pack/{language}", keys)
        for place, policy in enumerate(policies()):
            drawn.append(_narrow(place, policy, language, chance=float(chances[place])))
            broad = _BROAD[language].get(policy.id)
            if broad:
                action = QUEUE if chances[place] > 0.6 else LOG_ONLY
                drawn.append(Rule(f"{policy.id}-{language}-broad", "1", place, action, broad))
    return tuple(drawn)


def _candidates(texts: pa.Array, pack: Sequence[Rule]) -> Ints:
    phrases = {phrase for rule in pack for phrase in rule.phrases}
    pattern = "|".join(re.escape(phrase) for phrase in sorted(phrases))
    found = pc.call_function("match_substring_regex", [texts], pc.MatchSubstringOptions(pattern))
    return np.flatnonzero(found.to_numpy(zero_copy_only=False))


def find(fields: Sequence[Sequence[str]], pack: Sequence[Rule]) -> Hits:
    """Search ads for the phrases of a pack.

    Parameters
    ----------
    fields : sequence of sequences of str
        The fields of all ads, in the order of ``FIELDS``.
    pack : sequence of Rule
        The rules.

    Returns
    -------
    Hits
        One for each ad and rule.
    """
    lowered = [pc.call_function("utf8_lower", [pa.array(field, pa.string())]) for field in fields]
    whole = pc.call_function("binary_join_element_wise", [*lowered, pa.scalar(_FIELD_END)])
    rows = _candidates(whole, pack)
    texts: list[str] = whole.take(pa.array(rows)).to_pylist()
    found = _search(texts, pack)
    columns = np.array(
        [
            (rows[row], rule, *_spot(texts[row], at), length)
            for (row, rule), (at, length) in found.items()
        ],
        dtype=np.int64,
    ).reshape(-1, 5)
    row, rule, field, start, length = (columns[:, place] for place in range(5))
    return Hits(row, rule, field, start, start + length)


def _search(texts: Sequence[str], pack: Sequence[Rule]) -> dict[tuple[int, int], tuple[int, int]]:
    """Find the first phrase of each rule in each text: place in the text, and length."""
    whole = _AD_END.join(texts)
    starts = np.cumsum([0] + [len(text) + 1 for text in texts])
    found: dict[tuple[int, int], tuple[int, int]] = {}
    for place, rule in enumerate(pack):
        for phrase in rule.phrases:
            for at in _places(whole, phrase):
                row = int(np.searchsorted(starts, at, side="right")) - 1
                found.setdefault((row, place), (at - int(starts[row]), len(phrase)))
    return found


def _places(text: str, phrase: str) -> Iterator[int]:
    at = text.find(phrase)
    while at >= 0:
        yield at
        at = text.find(phrase, at + 1)


def _spot(text: str, at: int) -> tuple[int, int]:
    """Give the field of a place in the joined fields, and the place within it."""
    return text.count(_FIELD_END, 0, at), at - (text.rfind(_FIELD_END, 0, at) + 1)


def pack_yaml(pack: Sequence[Rule]) -> str:
    """Write the pack as YAML that a policy manager can read.

    Parameters
    ----------
    pack : sequence of Rule
        The rules.

    Returns
    -------
    str
        YAML.
    """
    lines = ["# The demo platform's rule pack: a rule fires when any of its phrases is in the ad."]
    lines += ["pack: demo", 'version: "12"', "rules:"]
    for rule in pack:
        policy = policies()[rule.policy]
        lines += [
            f"  - id: {rule.id}",
            f'    version: "{rule.version}"',
            f"    policy: {policy.id}  # {policy.name_en} / {policy.name_zh}",
            f"    action: {_ACTIONS[rule.action]}",
            "    phrases:",
            *(f'      - "{phrase}"' for phrase in rule.phrases),
        ]
    return "\n".join(lines) + "\n"
