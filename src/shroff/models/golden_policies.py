"""The user's policies as golden sets see them: what stands above each, and which version held when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from shroff.errors import ConfigError
from shroff.store.engine import Engine
from shroff.store.mapping_faults import suggestion

__all__ = ["PolicyBook", "iso", "policy_book"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyBook:
    """Policies of the log, with their versions.

    Parameters
    ----------
    parents : mapping
        Policy above each; of policies at the top nothing.
    versions : mapping
        For each policy its versions, each with when it took effect, oldest first.
    names : mapping
        Name of each policy in English and Chinese; empty where the log has none.
    """

    parents: Mapping[str, str] = field(default_factory=dict[str, str])
    versions: Mapping[str, tuple[tuple[str, str], ...]] = field(
        default_factory=dict[str, tuple[tuple[str, str], ...]]
    )
    names: Mapping[str, tuple[str, str]] = field(default_factory=dict[str, tuple[str, str]])

    def top(self, policy: str) -> str:
        """Give the policy at the top of the tree that a policy is in."""
        seen = {policy}
        while (above := self.parents.get(policy, "")) and above not in seen:
            policy = above
            seen.add(above)
        return policy

    def tops(self, policies: Iterable[str]) -> frozenset[str]:
        """Give the tops of several."""
        return frozenset(self.top(policy) for policy in policies)

    def within(self, policies: Iterable[str]) -> frozenset[str]:
        """Give policies with all that stand below them."""
        wanted = set(policies)
        found = set(wanted)
        for policy in self.versions:
            climbed, seen = policy, {policy}
            while climbed not in wanted and (above := self.parents.get(climbed, "")):
                if above in seen:
                    break
                climbed = above
                seen.add(above)
            if climbed in wanted:
                found.add(policy)
        return frozenset(found)

    def require(self, policies: Sequence[str], *, named: Iterable[str]) -> Sequence[str]:
        """See that policies that a user names are any.

        Parameters
        ----------
        policies : sequence of str
            The policies.
        named : iterable of str
            Policies that golden ads speak of.

        Returns
        -------
        sequence of str
            The policies.

        Raises
        ------
        ConfigError
            If one is neither in the log nor of a golden ad.
        """
        listed = {*self.versions, *self.parents.values(), *named}
        for policy in policies:
            if policy not in listed:
                close = suggestion(policy, tuple(sorted(listed)))
                raise ConfigError(
                    f"there is no policy {policy!r}, in the log or of a golden ad{close}",
                    where="--policy",
                    hint="shroff models golden show tells the policies of a set",
                )
        return policies

    def in_force(self, policy: str, moment: str) -> str:
        """Give the version of a policy that held at a time; empty where none is known."""
        held = [version for since, version in self.versions.get(policy, ()) if since <= moment]
        return held[-1] if held else ""


def policy_book(engine: Engine) -> PolicyBook:
    """Read the policies of the log.

    Parameters
    ----------
    engine : Engine
        Where the logs are.

    Returns
    -------
    PolicyBook
        Empty without a log of policies.
    """
    if "policies" not in engine.snapshot:
        return PolicyBook()
    rows = engine.query(
        "SELECT policy_id, version, parent, name_en, name_zh, effective_from FROM policies"
        " ORDER BY policy_id, effective_from NULLS FIRST, version"
    ).to_pylist()
    versions: dict[str, list[tuple[str, str]]] = {}
    parents: dict[str, str] = {}
    names: dict[str, tuple[str, str]] = {}
    for row in rows:
        policy = str(row["policy_id"])
        versions.setdefault(policy, []).append((iso(row["effective_from"]), str(row["version"])))
        if row["parent"]:
            parents[policy] = str(row["parent"])
        english, chinese = str(row["name_en"] or ""), str(row["name_zh"] or "")
        if english or chinese:
            names[policy] = (english or chinese, chinese or english)
    return PolicyBook(
        parents=parents,
        versions={policy: tuple(each) for policy, each in versions.items()},
        names=names,
    )


def iso(moment: object) -> str:
    """Write a time so that times sort as texts; nothing is before all times."""
    if not isinstance(moment, datetime):
        return ""
    zoned = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return zoned.astimezone(UTC).isoformat(sep=" ", timespec="seconds")
