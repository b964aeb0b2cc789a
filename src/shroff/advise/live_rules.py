"""Which rules fire on an ad, which of them act, and which are only watched."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import pyarrow as pa

from shroff.advise.live_ads import LiveAd
from shroff.rules.ad_scan import columns_read, texts_read
from shroff.rules.compile import compiled, digest_of, pack_cache
from shroff.rules.lifecycle import RuleState, Standing, in_canary, standing_of
from shroff.rules.masking import BLUR, masked
from shroff.rules.match import Scanner
from shroff.rules.rule import FIELDS, Pack, Rule
from shroff.rules.text_batches import records
from shroff.store.catalog_rules import RuleEvent

__all__ = ["Fired", "LiveRules", "Spot", "read_rules"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A place in an ad at which a rule points.

    Parameters
    ----------
    field : str
        The text.
    start, end : int
        Characters of the original, the end exclusive.
    matched : str
        What stands there; contact details are masked, hits of offensive rules blurred.
    evasion : tuple of str
        Disguises that were seen through.
    """

    field: str
    start: int
    end: int
    matched: str
    evasion: tuple[str, ...]

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "field": self.field,
            "start": self.start,
            "end": self.end,
            "matched": self.matched,
            "evasion": list(self.evasion),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Fired:
    """A rule that fired on an ad.

    Parameters
    ----------
    rule : Rule
        The rule.
    standing : Standing
        Where it stands.
    acts : bool
        Whether it acts on this ad.
    why : str
        Why it holds, and of one that does not act, why not: ``state``, ``canary`` or ``version``.
    reason : str
        What it found, in words.
    spots : tuple of Spot
        Where; empty where it fired because of what is missing.
    """

    rule: Rule
    standing: Standing
    acts: bool
    why: str
    reason: str
    spots: tuple[Spot, ...]

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "rule_id": self.rule.id,
            "rule_version": self.rule.version,
            "state": str(self.standing.state),
            "share": self.standing.share,
            "action": str(self.rule.action),
            "policy_id": self.rule.policy or None,
            "severity": self.rule.severity,
            "acts": self.acts,
            "held_by": None if self.acts else self.why,
            "why": self.reason,
            "offensive": self.rule.offensive,
            "spots": [each.record() for each in self.spots],
        }


@dataclass(frozen=True, slots=True)
class LiveRules:
    """The rules of a workspace, ready for ads.

    Parameters
    ----------
    rules : mapping of str to Rule
        Rules by id.
    standings : mapping of str to Standing
        Where each stands.
    scanner : Scanner or None
        Finds them; None where there is no rule.
    digest : str
        Names the packs by what they say.
    columns : tuple of str
        Columns and texts that they read.
    """

    rules: Mapping[str, Rule] = field(default_factory=dict[str, Rule])
    standings: Mapping[str, Standing] = field(default_factory=dict[str, Standing])
    scanner: Scanner | None = None
    digest: str = ""
    columns: tuple[str, ...] = ()

    def on(self, ads: Sequence[LiveAd]) -> list[list[Fired]]:
        """Find what fires on ads.

        Parameters
        ----------
        ads : sequence of LiveAd
            The ads.

        Returns
        -------
        list of list of Fired
            For each ad its rules, by id, whatever their state.
        """
        if self.scanner is None or not ads:
            return [[] for _ in ads]
        hits = self.scanner.scan(self._batch(ads)).combine_chunks().to_pylist()
        held: list[dict[str, list[dict[str, object]]]] = [defaultdict(list) for _ in ads]
        for hit in hits:
            held[hit["row"]][hit["rule_id"]].append(hit)
        return [
            [self._fired(ad, rule, own[rule]) for rule in sorted(own)]
            for ad, own in zip(ads, held, strict=True)
        ]

    def _batch(self, ads: Sequence[LiveAd]) -> pa.RecordBatch:
        wanted = dict.fromkeys(self.columns)
        rows = [{name: ad.value(name) for name in wanted} for ad in ads]
        made = records(rows)
        texts = set(FIELDS)
        arrays = [
            made.column(name).cast(pa.string())
            if name in texts or made.column(name).type == pa.null()
            else made.column(name)
            for name in wanted
        ]
        return pa.RecordBatch.from_arrays(arrays, names=list(wanted))

    def _fired(self, ad: LiveAd, rule_id: str, hits: Iterable[Mapping[str, object]]) -> Fired:
        rule, standing, hits = self.rules[rule_id], self.standings[rule_id], list(hits)
        held_by = _held_by(rule, standing, ad_id=ad.id)
        return Fired(
            rule=rule,
            standing=standing,
            acts=not held_by,
            why=held_by,
            reason=next((str(hit["why"]) for hit in hits if hit["why"]), ""),
            spots=tuple(_spot(hit, rule) for hit in hits if hit["field"] is not None),
        )


def _held_by(rule: Rule, standing: Standing, *, ad_id: str) -> str:
    """Say why a rule does not act on an ad; empty where it does."""
    if standing.state not in {RuleState.CANARY, RuleState.LIVE}:
        return "state"
    if rule.version != standing.version:
        return "version"
    if standing.state is RuleState.CANARY and not in_canary(rule.id, ad_id, standing.share or 0):
        return "canary"
    return ""


def _spot(hit: Mapping[str, object], rule: Rule) -> Spot:
    text = str(hit["matched"] or "")
    disguises = hit["evasion"]
    return Spot(
        field=str(hit["field"]),
        start=int(str(hit["start"])),
        end=int(str(hit["end"])),
        matched=BLUR * len(text) if rule.offensive else masked(text),
        evasion=tuple(map(str, disguises)) if isinstance(disguises, list) else (),
    )


def read_rules(
    packs: Sequence[Pack],
    events: Sequence[RuleEvent],
    *,
    today: date,
    before: LiveRules | None = None,
) -> LiveRules:
    """Make the rules of packs ready.

    Parameters
    ----------
    packs : sequence of Pack
        The packs.
    events : sequence of RuleEvent
        What became of rules, oldest first.
    today : date
        Today.
    before : LiveRules, optional
        Rules that were ready; what was compiled for the same packs is used again.

    Returns
    -------
    LiveRules
        The rules.

    Raises
    ------
    RuleError
        If an expression is not of the dialect.
    """
    rules = {rule.id: rule for pack in packs for rule in pack.rules}
    if not rules:
        return LiveRules()
    by_rule: defaultdict[str, list[RuleEvent]] = defaultdict(list)
    for event in events:
        by_rule[event.rule_id].append(event)
    standings = {
        name: standing_of(rule, by_rule[name], today=today) for name, rule in rules.items()
    }
    digest = f"{digest_of(packs)}/{today}"
    if before is not None and before.digest == digest:
        scanner = before.scanner
    else:
        scanner = Scanner(compiled(packs, cache=pack_cache()), today=today)
    own = rules.values()
    columns = tuple(dict.fromkeys((*FIELDS, *texts_read(own), *columns_read(own))))
    return LiveRules(rules, standings, scanner, digest, columns)
