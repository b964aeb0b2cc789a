"""What a phrase that rose looks like in ads: how it is written, where, by whom, with what."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from shroff.stats.estimate import Estimate, Status
from shroff.text.text_views import views_of
from shroff.watch.gram_table import occurrences
from shroff.watch.new_terms import NewTerm, TermExample, TermQuestion
from shroff.watch.term_ads import HERE, TermAds, day_of
from shroff.watch.term_growth import growth_of
from shroff.watch.term_search import Risen
from shroff.watch.term_variants import Likeness, variant_groups
from shroff.watch.token_stream import cut_views

__all__ = ["told_terms"]

_READ = 60
_SPELLINGS, _EXAMPLES, _AROUND, _BESIDE = 5, 3, 40, 5
_SAME_ADS = 0.8


@dataclass(frozen=True, slots=True)
class _Written:
    """How a phrase is written in one ad: its text in the plain view and in the ad, and around it."""

    row: int
    plain: str
    original: str
    around: str


def told_terms(ads: TermAds, risen: Risen, question: TermQuestion) -> tuple[list[NewTerm], int]:
    """Tell what rose; phrases of the same ads are told together.

    Parameters
    ----------
    ads : TermAds
        The ads.
    risen : Risen
        What rose in them.
    question : TermQuestion
        What is wanted.

    Returns
    -------
    list of NewTerm, int
        Terms, the largest sure growth first; and how many further ones are not listed.
    """
    if not len(risen.piece):
        return [], 0
    holds = _ads_with(risen, rows=np.flatnonzero(ads.group == HERE))
    leads = _leads(holds)
    listed = list(leads)[: question.most]
    written = _written(ads, risen, holds, [*listed, *(r for one in listed for r in leads[one])])
    days = _first_days(ads, risen, listed)
    texts = {place: _usual(written[place]) for place in written}
    variants = variant_groups(
        [texts[place] for place in listed],
        known=question.known,
        weight=risen.table.texts[risen.piece[listed], :2].sum(axis=1).tolist(),
    )
    terms = [
        _term(
            ads,
            _Told(
                rows=holds[place],
                written=written[place],
                text=texts[place],
                day=days[place],
                variant=variant,
                beside=tuple(texts[other] for other in leads[place][:_BESIDE]),
            ),
            counts=risen.table.texts[risen.piece[place]].tolist(),
            growth=_growth(risen, question, place),
            adjusted=float(risen.adjusted[place]),
        )
        for place, variant in zip(listed, variants, strict=True)
    ]
    return terms, len(leads) - len(listed)


def _ads_with(risen: Risen, *, rows: NDArray[np.intp]) -> list[NDArray[np.intp]]:
    """Find the ads of the kind that have each phrase."""
    found = occurrences(risen.stream, risen.table, risen.piece, rows=rows)
    order = np.argsort(found.gram, kind="stable")
    ends = np.cumsum(np.bincount(found.gram, minlength=len(risen.piece)))[:-1]
    return [part.astype(np.intp) for part in np.split(found.text[order], ends)]


def _leads(holds: Sequence[NDArray[np.intp]]) -> dict[int, list[int]]:
    """Put phrases of the same ads under the first of them."""
    leads: dict[int, list[int]] = {}
    of_ad: defaultdict[int, list[int]] = defaultdict(list)
    for place, rows in enumerate(holds):
        shared = Counter(lead for row in rows.tolist() for lead in of_ad[row])
        for lead, many in shared.most_common(1):
            if many >= _SAME_ADS * (len(rows) + len(holds[lead]) - many):
                leads[lead].append(place)
                break
        else:
            leads[place] = []
            for row in rows.tolist():
                of_ad[row].append(place)
    return leads


def _first_days(ads: TermAds, risen: Risen, listed: Sequence[int]) -> dict[int, int]:
    """Find the first day of an ad with each phrase, among all ads read."""
    order = np.argsort(ads.day, kind="stable").astype(np.intp)
    found = occurrences(risen.stream, risen.table, risen.piece[listed], rows=order)
    days = np.full(len(listed), np.iinfo(np.int32).max, np.int32)
    np.minimum.at(days, found.gram, ads.day[found.text])
    return dict(zip(listed, days.tolist(), strict=True))


def _written(
    ads: TermAds, risen: Risen, holds: Sequence[NDArray[np.intp]], listed: Sequence[int]
) -> dict[int, list[_Written]]:
    """Read again how phrases are written, in some of their ads."""
    some = {place: _some(holds[place]) for place in listed}
    rows = np.unique(np.concatenate([*some.values()]))
    texts = ads.texts.take(pa.array(rows)).combine_chunks()
    views = views_of(texts)
    _, spans, at = cut_views(views)
    words = texts.to_pylist()
    found: dict[int, list[_Written]] = {}
    for place in listed:
        places = _spans(risen, risen.parts[place], rows=some[place])
        found[place] = []
        for row, (first, last) in places.items():
            which = int(np.searchsorted(rows, row))
            begin, end = int(spans[at[which] + first, 0]), int(spans[at[which] + last, 1])
            left, right = int(views.source[begin]), int(views.source[end - 1]) + 1
            found[place].append(
                _Written(
                    row,
                    _plain(views.plain[begin:end]),
                    " ".join(words[which][left:right].split()),
                    _around(words[which], left, right),
                )
            )
    return found


def _some(rows: NDArray[np.intp]) -> NDArray[np.intp]:
    """Take some ads, spread over all."""
    return rows[np.unique(np.linspace(0, len(rows) - 1, _READ).astype(np.intp))]


def _plain(codes: NDArray[np.uint32]) -> str:
    return " ".join(codes.astype("<u4").tobytes().decode("utf-32-le").split())


def _around(text: str, left: int, right: int) -> str:
    begin, end = max(0, left - _AROUND), min(len(text), right + _AROUND)
    cut = " ".join(text[begin:end].split())
    return "…" * (begin > 0) + cut + "…" * (end < len(text))


def _spans(
    risen: Risen, parts: NDArray[np.intp], *, rows: NDArray[np.intp]
) -> dict[int, tuple[int, int]]:
    """Find where a phrase is in ads: from its first piece on, as far as pieces go on without a gap."""
    found = occurrences(risen.stream, risen.table, parts, rows=rows)
    spans: dict[int, tuple[int, int]] = {}
    order = np.lexsort((found.first, found.text))
    for at in order.tolist():
        row, first = int(found.text[at]), int(found.first[at])
        last = first + int(found.size[at]) - 1
        if row not in spans:
            spans[row] = (first, last)
        elif first <= spans[row][1] + 1:
            spans[row] = (spans[row][0], max(last, spans[row][1]))
    return spans


def _usual(written: Sequence[_Written]) -> str:
    return Counter(each.plain for each in written).most_common(1)[0][0]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """What is known of a phrase from its ads."""

    rows: NDArray[np.intp]
    written: Sequence[_Written]
    text: str
    day: int
    variant: tuple[str, Likeness] | None
    beside: tuple[str, ...]


def _term(
    ads: TermAds, told: _Told, *, counts: list[int], growth: Estimate, adjusted: float
) -> NewTerm:
    owners = np.unique(ads.owner[told.rows], return_counts=True)[1]
    policies = Counter(
        each
        for one in ads.policies.take(pa.array(told.rows)).to_pylist()
        for each in dict.fromkeys(one or ())
    )
    here, before, other = counts
    return NewTerm(
        text=told.text,
        spellings=tuple(Counter(each.original for each in told.written).most_common(_SPELLINGS)),
        ads=(here, before, other),
        of=ads.sizes(),
        growth=growth,
        adjusted=adjusted,
        advertisers=len(owners),
        top_share=float(owners.max() / len(told.rows)),
        first_seen=day_of(told.day),
        policies=tuple(policies.most_common()),
        variant_of="" if told.variant is None else told.variant[0],
        likeness=None if told.variant is None else told.variant[1],
        together=told.beside,
        examples=_examples(ads, told.written),
        rows=tuple(told.rows.tolist()),
    )


def _examples(ads: TermAds, written: Sequence[_Written]) -> tuple[TermExample, ...]:
    """Choose ads of different advertisers, and of different words where there are."""
    seen: set[object] = set()
    found: list[TermExample] = []
    for each in written:
        owner = int(ads.owner[each.row])
        if owner in seen or each.around in seen:
            continue
        seen |= {owner, each.around}
        found.append(TermExample(ads.ids[each.row].as_py(), each.around))
    return tuple(found[:_EXAMPLES])


def _growth(risen: Risen, question: TermQuestion, place: int) -> Estimate:
    """Estimate the growth of a phrase that was chosen for growing, with a wider interval for that."""
    level = 1 - (1 - question.level) * max(len(risen.piece), 1) / max(risen.looked_at, 1)
    one = risen.rise.taken(np.array([place], np.intp))
    found = growth_of(one, level=level)
    value, low, high = (float(each[0]) for each in (found.value, found.low, found.high))
    return Estimate(
        value=value if np.isfinite(value) else None,
        low=low,
        high=high if np.isfinite(high) else None,
        level=question.level,
        status=Status.PROXY if np.isfinite(value) else Status.BOUNDS,
        method="clopper-pearson, for those selected",
        n=int(one.here[0] + one.there[0]),
        n_effective=float((one.here[0] + one.there[0]) / one.effect[0]),
        design_effect=float(one.effect[0]),
        numerator=float(one.here[0]),
        denominator=float(one.expected[0]),
        design="ads people happened to see: no random sample",
    )
