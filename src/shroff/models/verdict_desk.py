"""Where people label one ad at a time: what is theirs to do, what they say, and what comes of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256

from shroff.domain.labels import Verdict
from shroff.errors import ConfigError, DesignError
from shroff.measure.label_batch import Batch, DrawnAd
from shroff.measure.label_batch_take import Taken
from shroff.measure.label_desk import DrawnBatch, LabelDesk
from shroff.measure.periods import covered
from shroff.models.golden_copies import turned
from shroff.models.golden_desk import GoldenDesk
from shroff.models.verdict_agreement import TwoVoices, two_voices
from shroff.models.verdict_rounds import FIRST, SECOND, SINGLE, THIRD, Round, rounds_of
from shroff.models.verdict_sheet import Sheet, batch_of_sheet, read_sheet
from shroff.models.verdict_turns import Ad, Turn, places_of
from shroff.models.verdict_work import Given, LabelTask, Shown, checked
from shroff.store.catalog import Catalog
from shroff.store.catalog_batches import BatchRecord
from shroff.store.catalog_verdicts import VerdictStep, given
from shroff.store.engine import Engine

__all__ = ["VerdictDesk"]


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictDesk:
    """Where people label one ad at a time.

    Parameters
    ----------
    catalog : Catalog
        What was drawn, and every step that was taken.
    engine : callable
        Opens a query engine over the logs.
    labels : LabelDesk
        Where labels are drawn and taken back.
    golden : GoldenDesk
        Where golden sets are kept.
    """

    catalog: Catalog
    engine: Callable[[], AbstractContextManager[Engine]]
    labels: LabelDesk
    golden: GoldenDesk

    def tasks(self, who: str) -> tuple[LabelTask, ...]:
        """List the batches with what is left of each, for everybody and for one person.

        Parameters
        ----------
        who : str
            The person.

        Returns
        -------
        tuple of LabelTask
            Oldest first; nothing of what anybody said.
        """
        return tuple(self._task(each, who) for each in rounds_of(self.catalog))

    def _task(self, each: Round, who: str) -> LabelTask:
        batch = self.catalog.labels.batch(each.batch_id)
        steps = self.catalog.verdicts.steps(each.batch_id)
        stand = given(steps)
        sent = max((at for at, step in enumerate(steps) if step.what == "sent"), default=-1)
        # what came back in files only is done; which ads did is read when it is opened
        back = bool(each.taken) and not steps
        turn = self._turn(each, batch, who, frozenset())
        return LabelTask(
            round=each,
            asked=len(turn.ads),
            given=len(turn.ads) if back else len(stand),
            mine=sum(step.who == who for step in stand.values()),
            left=0 if back else len(turn.left(steps)),
            seconds=sum(step.seconds for step in stand.values() if step.who == who),
            unsent=any(stand.get(step.place) is step for step in steps[sent + 1 :]),
        )

    def sheet(self, batch_id: str) -> Sheet:
        """Read what people see of the ads of a batch; the same until the logs change."""
        batch = self.catalog.labels.batch(batch_id)
        with self.engine() as engine:
            return read_sheet(engine, batch)

    def open(self, batch_id: str, who: str, *, sheet: Sheet) -> Shown | None:
        """Show a person the next ad, and keep it for them.

        Parameters
        ----------
        batch_id : str
            The batch.
        who : str
            The person.
        sheet : Sheet
            What is seen of the batch.

        Returns
        -------
        Shown or None
            The ad; None where nothing is left for this person.
        """
        turn = self._turn_of(batch_id, who, sheet)
        place, left, before = 0, 0, None

        def choose(steps: tuple[VerdictStep, ...]) -> VerdictStep | None:
            nonlocal place, left, before
            left = len(turn.left(steps))
            place, step = turn.open(steps)
            mine = [s for s in steps if s.who == who and s.place == place and s.what == "given"]
            before = mine[-1] if mine else None
            return step

        self.catalog.verdicts.take(batch_id, lambda steps: choose(tuple(steps)))
        if not place:
            return None
        return Shown(
            batch_id=batch_id,
            place=place,
            left=left,
            asked=len(turn.ads),
            content=sheet.content.get(place, {}),
            before=before,
        )

    def give(self, said: Given, who: str, *, sheet: Sheet) -> None:
        """Keep what a person says of an ad, at once.

        Parameters
        ----------
        said : Given
            The verdict.
        who : str
            The person.
        sheet : Sheet
            What they saw.

        Raises
        ------
        ConfigError
            If the ad is not theirs to label, or what is said cannot be understood.
        """
        turn = self._turn_of(said.batch_id, who, sheet)
        known = checked(said, sheet.content.get(said.place, {}))

        def choose(steps: tuple[VerdictStep, ...]) -> VerdictStep:
            turn.require(said.place, steps)
            made = turn.step(said.place, "given")
            spent = _spent(known.seconds, steps, made)
            return replace(made, verdict=str(known.verdict), detail=known.detail(), seconds=spent)

        self.catalog.verdicts.take(said.batch_id, lambda steps: choose(tuple(steps)))

    def skip(self, batch_id: str, place: int, who: str, *, sheet: Sheet) -> None:
        """Put an ad off: it comes again after the others."""
        turn = self._turn_of(batch_id, who, sheet)
        turn.require(place, ())
        self.catalog.verdicts.take(batch_id, lambda _: turn.step(place, "skipped"))

    def undo(self, batch_id: str, who: str, *, sheet: Sheet) -> int:
        """Take the last verdict of a person back, and open its ad again; 0 where there is none."""
        turn = self._turn_of(batch_id, who, sheet)
        place = 0

        def choose(steps: tuple[VerdictStep, ...]) -> VerdictStep | None:
            nonlocal place
            stand = given(steps)
            mine = [s for s in steps if s.who == who and stand.get(s.place) is s]
            place = mine[-1].place if mine else 0
            return turn.step(place, "undone") if place else None

        self.catalog.verdicts.take(batch_id, lambda steps: choose(tuple(steps)))
        if place:
            self.catalog.verdicts.take(batch_id, lambda _: turn.step(place, "opened"))
        return place

    def hand_in(self, batch_id: str) -> Taken:
        """Put what was said of a batch into the logs, with the chance each ad was drawn with.

        Parameters
        ----------
        batch_id : str
            The batch, whole or in part; as often as there are more labels.

        Returns
        -------
        Taken
            What came back.
        """
        each, batch = self._round(batch_id), self.catalog.labels.batch(batch_id)
        with self.engine() as engine:
            until = covered(engine).as_of
        stand = given(self.catalog.verdicts.steps(batch_id))
        rows = [
            {
                "batch_id": batch_id,
                "row": str(row.place),
                "ad_id": row.ad_id,
                "ad_version": str(row.ad_version),
                **(_label(stand[row.place], until) if row.place in stand else {}),
            }
            for row in batch.rows
            if row.place and row.ad_id is not None
        ]
        taken = self._taken(each, rows)
        step = VerdictStep(batch_id=batch_id, place=0, who="", what="sent")
        self.catalog.verdicts.take(batch_id, lambda _: step)
        return taken

    def _taken(self, each: Round, rows: Sequence[Mapping[str, str]]) -> Taken:
        name = each.batch_id
        if each.golden:
            return self.golden.take_rows({name: rows}, open_stay=True).taken[0]
        role = "SME" if each.part == THIRD else "L1"
        return self.labels.take_rows(rows, batch_id=name, role=role, where=name, open_stay=True)

    def double(self, batch_id: str) -> DrawnBatch:
        """Have the ads of a batch labelled by a second person too, in another order.

        Parameters
        ----------
        batch_id : str
            A batch that one person labels.

        Returns
        -------
        DrawnBatch
            The batch for the second.

        Raises
        ------
        ConfigError
            If it is labelled twice already.
        """
        if self._round(batch_id).part != SINGLE:
            raise ConfigError(f"{batch_id} is one of several already", where=batch_id)
        first = batch_of_sheet(self.catalog.labels.batch(batch_id), self.sheet(batch_id))
        return self._written(turned(first), first=batch_id, part=SECOND)

    def voices(self, batch_id: str) -> TwoVoices:
        """Tell how far the two people agree who labelled the ads of a batch.

        Parameters
        ----------
        batch_id : str
            One of the two batches.

        Returns
        -------
        TwoVoices
            Of what both judged so far.

        Raises
        ------
        ConfigError
            If nobody else labels these ads.
        """
        one, two = self._pair(batch_id)
        asked = set(one.values()) & set(two.values())
        return two_voices(*(self._said(each) for each in self._names(batch_id)), asked=len(asked))

    def adjudicate(self, batch_id: str) -> DrawnBatch:
        """Put the ads that two people dispute together, for a third.

        Parameters
        ----------
        batch_id : str
            One of the two batches.

        Returns
        -------
        DrawnBatch
            The batch for the third; it shows neither answer.

        Raises
        ------
        DesignError
            If the two have not labelled all, or agree.
        """
        each, voices = self._round(batch_id), self.voices(batch_id)
        if not voices.done:
            raise DesignError(
                f"{voices.asked - voices.both} ads lack the answer of one of the two",
                where=batch_id,
                hint="a third person decides when both have labelled all",
            )
        if not voices.disputed:
            raise DesignError("the two agree on every ad", where=batch_id)
        if each.golden:
            return self.golden.adjudicate(each.golden).batches[0][1]
        first = self._names(batch_id)[0]
        whole = batch_of_sheet(self.catalog.labels.batch(first), self.sheet(first))
        return self._written(_only(whole, set(voices.disputed)), first=first, part=THIRD)

    def _written(self, batch: Batch, *, first: str, part: str) -> DrawnBatch:
        file = self.labels.root / "audits" / f"{first}-{part}-{batch.id}.csv"
        with self.engine() as engine:
            made = self.labels.write_drawn(engine, batch, file)
        self.catalog.verdicts.set_round(made.id, first=first, part=part)
        return made

    def _round(self, batch_id: str) -> Round:
        self.catalog.labels.batch(batch_id)
        return next(each for each in rounds_of(self.catalog) if each.batch_id == batch_id)

    def _names(self, batch_id: str) -> tuple[str, str]:
        """Name the two batches of the pair that one belongs to."""
        mine = self._round(batch_id)
        ads = set(places_of(self.catalog.labels.batch(batch_id)).values())
        pair = {mine.part: batch_id}
        for each in rounds_of(self.catalog):
            there = set(places_of(self.catalog.labels.batch(each.batch_id)).values())
            if each.batch_id in mine.partners and ads & there:
                pair.setdefault(each.part, each.batch_id)
        if FIRST not in pair or SECOND not in pair:
            raise ConfigError(f"{batch_id} is labelled by one person", where=batch_id)
        return pair[FIRST], pair[SECOND]

    def _pair(self, batch_id: str) -> tuple[dict[int, Ad], dict[int, Ad]]:
        one, two = (places_of(self.catalog.labels.batch(e)) for e in self._names(batch_id))
        return one, two

    def _said(self, batch_id: str) -> dict[Ad, VerdictStep]:
        ads = places_of(self.catalog.labels.batch(batch_id))
        stand = given(self.catalog.verdicts.steps(batch_id))
        return {ads[place]: step for place, step in stand.items() if place in ads}

    def _turn_of(self, batch_id: str, who: str, sheet: Sheet) -> Turn:
        batch = self.catalog.labels.batch(batch_id)
        return self._turn(self._round(batch_id), batch, who, sheet.labelled)

    def _turn(self, each: Round, batch: BatchRecord, who: str, labelled: frozenset[int]) -> Turn:
        ads = places_of(batch)
        elsewhere = {
            ad
            for partner in each.partners
            for ad, step in self._said(partner).items()
            if step.who == who
        }
        closed = labelled | {place for place, ad in ads.items() if ad in elsewhere}
        return Turn(
            batch_id=batch.id, who=who, ads=ads, closed=frozenset(closed), now=datetime.now(UTC)
        )


def _only(batch: Batch, ads: set[Ad]) -> Batch:
    """Keep some ads of a batch, in an order that tells nothing."""
    kept = [ad for ad in batch.asked if (ad.ad_id, ad.ad_version) in ads]
    order = sorted(kept, key=_shuffled)
    moved = tuple(replace(ad, place=place) for place, ad in enumerate(order, start=1))
    content = {new.place: batch.content[old.place] for old, new in zip(order, moved, strict=True)}
    return Batch(moved, content)


def _shuffled(ad: DrawnAd) -> str:
    return sha256(f"third\0{ad.ad_id}\0{ad.ad_version}".encode()).hexdigest()


def _spent(told: float, steps: tuple[VerdictStep, ...], now: VerdictStep) -> float:
    """Believe no more time than there was since the ad was opened."""
    opened = [s for s in steps if s.place == now.place and s.who == now.who and s.what == "opened"]
    if not opened:
        return told
    since = datetime.fromisoformat(opened[-1].at)
    return round(min(told, (datetime.fromisoformat(now.at) - since).total_seconds()), 3)


def _label(step: VerdictStep, until: datetime) -> Mapping[str, str]:
    """Write a verdict as the columns of a batch's file."""
    at = min(datetime.fromisoformat(step.at).astimezone(UTC), until.astimezone(UTC))
    return {
        "verdict": str(Verdict(step.verdict)),
        "policies": ";".join(step.detail.get("policies", ())),
        "severity": str(step.detail.get("severity") or ""),
        "reviewer_id": step.who,
        "decided_at": at.isoformat(sep=" "),
        "active_ms": str(round(1000 * step.seconds)),
    }
