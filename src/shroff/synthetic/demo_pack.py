"""The demo platform's rule pack, run by the engine as any pack is.

Its rules do not see through disguise: the platform has not switched that on. Advertisers who hide a
phrase get through, and `shroff find` shows how many.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import pyarrow as pa

from shroff.rules.compile import compiled
from shroff.rules.match import Scanner
from shroff.rules.pack_file import read_pack
from shroff.synthetic.dice import Dice, Ints
from shroff.synthetic.grammar import grammar
from shroff.synthetic.markets import LANGUAGES
from shroff.synthetic.taxonomy import Policy, policies

__all__ = ["FIELDS", "LOG_ONLY", "QUEUE", "REJECT", "Hits", "Rule", "find", "pack_yaml", "rules"]

FIELDS = ("title", "body", "ocr_text", "asr_text")
"""Fields searched, in order."""

LOG_ONLY, QUEUE, REJECT = 0, 1, 2
"""What a hit asks for; a rule in log-only mode is recorded and never decides."""

_ACTIONS = ("tag", "review", "reject")
_REJECTING = 0.42
_COLUMNS = ["row", "rule_id", "field", "start", "end", "matched"]
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


@cache
def _scanner(pack: tuple[Rule, ...]) -> Scanner:
    return Scanner(compiled([read_pack(pack_yaml(pack), path="demo.yaml")]))


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
    texts = {
        name: pa.array(field, pa.string()) for name, field in zip(FIELDS, fields, strict=True)
    }
    found = _scanner(tuple(pack)).scan(texts).select(_COLUMNS).to_pylist()
    first: dict[tuple[int, int], tuple[int, int, int, int]] = {}
    place_of = {rule.id: place for place, rule in enumerate(pack)}
    for hit in found:
        rule = place_of[hit["rule_id"]]
        phrase = pack[rule].phrases.index(hit["matched"].lower())
        spot = (phrase, FIELDS.index(hit["field"]), hit["start"], hit["end"])
        key = (hit["row"], rule)
        first[key] = min(first.get(key, spot), spot)
    rows = [(row, rule, *spot) for (row, rule), spot in first.items()]
    rows.sort(key=_as_searched)
    columns = np.array(rows, dtype=np.int64).reshape(-1, 6)
    row, rule_place, _, field, start, end = (columns[:, place] for place in range(6))
    return Hits(row, rule_place, field, start, end)


def _as_searched(hit: tuple[int, int, int, int, int, int]) -> tuple[int, int, int]:
    """Order hits by rule, phrase and ad: of rules that ask for the same, the first decides."""
    row, rule, phrase, *_ = hit
    return rule, phrase, row


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
    lines = [
        "# The demo platform's rule pack: a rule fires when any of its phrases is in the ad, as it is",
        "# written. It sees through no disguise: try `evasion: default`.",
        "pack: demo",
        "version: 12",
        "owner: demo",
        "description:",
        "  en: Rules of the made-up platform of the demo.",
        "  zh: 演示平台的规则。",
        "defaults:",
        f"  fields: [{', '.join(FIELDS)}]",
        "  word: part",
        "  evasion: [case]",
        "rules:",
    ]
    for rule in pack:
        policy = policies()[rule.policy]
        lines += [
            f"  - id: {rule.id}",
            f"    version: {rule.version}",
            f"    name: {{en: {_quoted(policy.name_en)}, zh: {_quoted(policy.name_zh)}}}",
            f"    policy: {policy.id}",
            f"    severity: {policy.severity}",
            f"    action: {_ACTIONS[rule.action]}",
            "    match:",
            *(f"      - {_quoted(phrase)}" for phrase in rule.phrases),
        ]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
