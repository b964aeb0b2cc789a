"""New terms of a workspace: read its ads, find what rose, tell it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from shroff.domain.messages import Message
from shroff.domain.slices import Period
from shroff.store.engine import Engine
from shroff.watch.new_terms import NewTerms, TermQuestion
from shroff.watch.term_ads import TermAds, read_term_ads
from shroff.watch.term_search import risen_phrases
from shroff.watch.term_telling import told_terms

__all__ = ["new_terms", "terms_of_ads"]


def new_terms(
    engine: Engine,
    period: Period,
    question: TermQuestion,
    *,
    background: Period | None = None,
) -> NewTerms:
    """Find terms that rise among ads of a kind.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    period : Period
        Days asked for.
    question : TermQuestion
        What is wanted.
    background : Period, optional
        Earlier days to hold them against; as many, just before the period, if none are given.

    Returns
    -------
    NewTerms
        The terms.

    Raises
    ------
    ConfigError
        If the logs have no texts.
    DesignError
        If there are no such ads, or nothing to hold them against.
    """
    earlier = background or period.before()
    ads = read_term_ads(
        engine, period, among=question.among, background=earlier, equal=question.equal
    )
    return terms_of_ads(ads, question, period=period, background=earlier, snapshot=engine.snapshot)


def terms_of_ads(
    ads: TermAds,
    question: TermQuestion,
    *,
    period: Period,
    background: Period,
    snapshot: Mapping[str, int] | None = None,
) -> NewTerms:
    """Find terms that rise in ads that were read; as `new_terms` otherwise."""
    risen = risen_phrases(ads, question)
    terms, unlisted = told_terms(ads, risen, question)
    return NewTerms(
        period=period,
        background=background,
        question=question,
        ads=ads.sizes(),
        owners_known=ads.owners_known,
        looked_at=risen.looked_at,
        found=len(risen.piece),
        terms=tuple(terms),
        unlisted=unlisted,
        notes=_notes(ads, unlisted, first=background.start),
        queries=ads.queries,
        snapshot=dict(snapshot or {}),
        read=ads,
    )


def _notes(ads: TermAds, unlisted: int, *, first: date) -> tuple[Message, ...]:
    notes = [Message("terms.leads", {"start": str(first)})]
    if not ads.owners_known:
        notes.append(Message("terms.no_advertisers"))
    if unlisted:
        notes.append(Message("terms.unlisted", {"count": unlisted}))
    return tuple(notes)
