"""Golden sets as the catalog remembers them: the set, its revisions, its items."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

__all__ = ["GoldenItem", "GoldenSet", "content_hash"]


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldenItem:
    """One ad of a golden set, with what people settled on.

    Parameters
    ----------
    ad_id : str or None
        The ad; None when its advertiser was forgotten.
    ad_version : int
        Its version.
    market, language : str
        As in the log of ads; empty where it does not say.
    policy : str
        Policy it was drawn for; empty for none.
    stratum : str
        Stratum that drew it.
    sampling_prob : float
        Probability with which it was drawn.
    verdict : str
        ``violating`` or ``compliant``; empty while people have not settled on one.
    policies : tuple of str
        Policies it violates.
    settled : str
        ``agreed``, ``adjudicated``, or why it is open: ``unlabelled``, ``once``, ``disputed``.
    labels : int
        Labels by people.
    labelled_at : str
        When the last of them was given, ISO 8601; empty without any.
    policy_versions : mapping
        Version of each policy the label speaks of, as in force when it was given.
    """

    ad_id: str | None
    ad_version: int
    market: str = ""
    language: str = ""
    policy: str = ""
    stratum: str = ""
    sampling_prob: float = 1.0
    verdict: str = ""
    policies: tuple[str, ...] = ()
    settled: str = "unlabelled"
    labels: int = 0
    labelled_at: str = ""
    policy_versions: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def is_settled(self) -> bool:
        """Whether people settled on a verdict."""
        return bool(self.verdict)

    @property
    def digest(self) -> str:
        """Sum up what it says."""
        return sha256(
            json.dumps([self.ad_id, self.ad_version, *self.told()], ensure_ascii=False).encode()
        ).hexdigest()

    def told(self) -> list[object]:
        """Give what it says, without which ad."""
        return [
            self.stratum,
            repr(self.sampling_prob),
            self.verdict,
            sorted(self.policies),
            self.settled,
            dict(sorted(self.policy_versions.items())),
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldenSet:
    """One revision of a golden set.

    Parameters
    ----------
    name : str
        Its name.
    revision : int
        0 as drawn, 1, 2, ... each time labels were taken.
    at : str
        When the revision was made, ISO 8601.
    design_id : str
        Sampling design of its reviews.
    hash : str
        Hash of its content.
    detail : mapping
        How it was drawn, and its batches; JSON-ready.
    items : tuple of GoldenItem
        Its ads.
    """

    name: str
    revision: int
    at: str
    design_id: str
    hash: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict[str, Any])
    items: tuple[GoldenItem, ...] = ()

    @property
    def label(self) -> str:
        """Name it with its revision and the beginning of its hash."""
        return f"{self.name} r{self.revision} {self.hash[:10]}"

    @property
    def settled(self) -> tuple[GoldenItem, ...]:
        """List the items that can be used: settled, and not forgotten."""
        return tuple(item for item in self.items if item.is_settled and item.ad_id is not None)

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record, without its items."""
        return {
            "name": self.name,
            "revision": self.revision,
            "at": self.at,
            "design_id": self.design_id,
            "hash": self.hash,
            "ads": len(self.items),
            "settled": len(self.settled),
            "violating": sum(item.verdict == "violating" for item in self.settled),
            "kind": str(self.detail.get("kind", "")),
            "period": str(self.detail.get("period", "")),
        }


def content_hash(digests: Iterable[str]) -> str:
    """Sum up the content of a set, in whatever order its items are."""
    return sha256("\n".join(sorted(digests)).encode()).hexdigest()
