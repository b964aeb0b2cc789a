"""What people settled on, ad by ad: two who did not see each other's answer, and a third."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from shroff.models.golden_policies import PolicyBook, iso
from shroff.store.engine import Engine
from shroff.store.golden_records import GoldenItem
from shroff.store.rows import rows
from shroff.store.sql import literal

__all__ = ["GoldenReview", "read_reviews", "settle", "settled_items"]

_SQL = """
SELECT r.review_id, r.ad_id, COALESCE(r.ad_version, 1) AS ad_version, r.reviewer_id,
       COALESCE(r.role, 'L1') AS role,
       COALESCE(r.blind, FALSE) AND NOT COALESCE(r.seen_machine, FALSE) AS blind,
       r.verdict, r.policies, r.policy_version, r.decided_at, r.stratum, r.sampling_prob,
       a.market, a.language
FROM reviews AS r
LEFT JOIN ads AS a ON r.ad_id = a.ad_id AND COALESCE(r.ad_version, 1) = a.ad_version
WHERE r.design_id = {design} AND COALESCE(r.role, 'L1') <> 'LLM'
ORDER BY r.ad_id, ad_version, r.decided_at, r.review_id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldenReview:
    """One review of a golden ad by a person.

    Parameters
    ----------
    reviewer : str
        Pseudonym; empty where the log has none.
    expert : bool
        Whether the reviewer settles what others dispute.
    blind : bool
        Whether neither another's answer nor the machine's was seen.
    verdict : str
        ``violating``, ``compliant``, ``unclear``, or empty while open.
    policies : tuple of str
        Policies found violated.
    policy_version : str
        Version judged against, as logged.
    decided_at : str
        When.
    """

    reviewer: str = ""
    expert: bool = False
    blind: bool = True
    verdict: str = ""
    policies: tuple[str, ...] = ()
    policy_version: str = ""
    decided_at: str = ""


def settle(reviews: Sequence[GoldenReview]) -> tuple[str, tuple[str, ...], str]:
    """Say what people settled on for one ad.

    Parameters
    ----------
    reviews : sequence of GoldenReview
        Its reviews, oldest first.

    Returns
    -------
    verdict : str
        ``violating`` or ``compliant``; empty while open.
    policies : tuple of str
        Policies it violates.
    how : str
        ``agreed``, ``adjudicated``, ``unlabelled``, ``once`` or ``disputed``.

    Notes
    -----
    An expert's word settles. Otherwise two people must have said the same without seeing each
    other's answer: of one person only the newest answer counts, "unclear" agrees with nothing, and
    two who call an ad violating for policies that have none in common dispute it.
    """
    said = [each for each in reviews if each.verdict]
    expert = [each for each in said if each.expert and each.verdict != "unclear"]
    if expert:
        return expert[-1].verdict, expert[-1].policies, "adjudicated"
    newest: dict[str, GoldenReview] = {}
    for place, each in enumerate(said):
        if each.blind and not each.expert:
            newest[each.reviewer or f"\0{place}"] = each
    votes = list(newest.values())
    if len(votes) < 2:
        return "", (), "once" if votes else "unlabelled"
    verdicts = {each.verdict for each in votes}
    if len(verdicts) > 1 or verdicts == {"unclear"}:
        return "", (), "disputed"
    if verdicts == {"compliant"}:
        return "compliant", (), "agreed"
    named = [set(each.policies) for each in votes if each.policies]
    both = set.intersection(*named) if named else set[str]()
    if named and not both:
        return "", (), "disputed"
    return "violating", tuple(sorted(both)), "agreed"


def read_reviews(
    engine: Engine, design_id: str
) -> dict[tuple[str, int], tuple[GoldenItem, list[GoldenReview]]]:
    """Read the reviews of a golden set by people.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    design_id : str
        Its design.

    Returns
    -------
    dict
        For each ad version, how it was drawn, and its reviews, oldest first.
    """
    found: dict[tuple[str, int], tuple[GoldenItem, list[GoldenReview]]] = {}
    for batch in rows(engine, _SQL.format(design=literal(design_id))):
        for row in batch.to_pylist():
            key = (str(row["ad_id"]), int(row["ad_version"]))
            item, reviews = found.setdefault(key, (_drawn(row, key), []))
            if (row["sampling_prob"] or 0.0) > item.sampling_prob:
                found[key] = (_drawn(row, key), reviews)
            reviews.append(_review(row))
    return found


def _drawn(row: Mapping[str, object], key: tuple[str, int]) -> GoldenItem:
    return GoldenItem(
        ad_id=key[0],
        ad_version=key[1],
        market=str(row["market"] or ""),
        language=str(row["language"] or ""),
        stratum=str(row["stratum"] or ""),
        sampling_prob=float(str(row["sampling_prob"] or 0.0)),
    )


def _review(row: Mapping[str, object]) -> GoldenReview:
    named = row["policies"]
    policies = [str(each) for each in named] if isinstance(named, Iterable) else []
    return GoldenReview(
        reviewer=str(row["reviewer_id"] or ""),
        expert=row["role"] == "SME",
        blind=bool(row["blind"]),
        verdict=str(row["verdict"] or "") if row["decided_at"] is not None else "",
        policies=tuple(policies),
        policy_version=str(row["policy_version"] or ""),
        decided_at=iso(row["decided_at"]),
    )


def settled_items(
    found: Mapping[tuple[str, int], tuple[GoldenItem, list[GoldenReview]]],
    *,
    book: PolicyBook,
    drawn_for: Mapping[str, str],
) -> tuple[GoldenItem, ...]:
    """Say of each golden ad what people settled on, and under which version of the policies.

    Parameters
    ----------
    found : mapping
        Ads and reviews of `read_reviews`.
    book : PolicyBook
        Policies and their versions.
    drawn_for : mapping
        Policy that each stratum was drawn for.

    Returns
    -------
    tuple of GoldenItem
        The items, by ad.

    Notes
    -----
    A violating ad speaks of the policies it violates; a compliant one of the policy it was drawn
    for. The version is the one the review names where it names one and the log knows it for that
    policy, else the one in force when the label was given.
    """
    return tuple(
        _settled(item, reviews, book=book, policy=drawn_for.get(item.stratum, ""))
        for _, (item, reviews) in sorted(found.items())
    )


def _settled(
    item: GoldenItem, reviews: Sequence[GoldenReview], *, book: PolicyBook, policy: str
) -> GoldenItem:
    verdict, policies, how = settle(reviews)
    said = [each for each in reviews if each.verdict]
    last = max((each.decided_at for each in said), default="")
    logged = said[-1].policy_version if said else ""
    speaks_of = policies or ((policy,) if policy else ())
    versions: dict[str, str] = {}
    for name in speaks_of if verdict else ():
        known = {version for _, version in book.versions.get(name, ())}
        version = logged if logged in known else book.in_force(name, last)
        if version:
            versions[name] = version
    return GoldenItem(
        ad_id=item.ad_id,
        ad_version=item.ad_version,
        market=item.market,
        language=item.language,
        policy=policy,
        stratum=item.stratum,
        sampling_prob=item.sampling_prob,
        verdict=verdict,
        policies=policies,
        settled=how,
        labels=len(said),
        labelled_at=last,
        policy_versions=versions,
    )
