"""Golden sets of one workspace: drawn, labelled twice, adjudicated, taken back, looked at."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from shroff.domain.slices import Period
from shroff.errors import ConfigError, DesignError
from shroff.measure.briefing import brief_of
from shroff.measure.label_batch import Batch, draw
from shroff.measure.label_batch_files import read_rows
from shroff.measure.label_batch_take import Taken, batch_of
from shroff.measure.label_desk import LabelDesk
from shroff.measure.periods import covered
from shroff.measure.population import build_population
from shroff.models.golden_batches import GoldenBatches, GoldenTaken
from shroff.models.golden_copies import disputed_batch, golden_texts, turned
from shroff.models.golden_draw import DrawAsked, golden_drawing
from shroff.models.golden_labels import read_reviews, settled_items
from shroff.models.golden_policies import PolicyBook, iso, policy_book
from shroff.models.golden_standing import FEWEST, GoldenStanding, newest_versions, standing
from shroff.store.catalog import Catalog
from shroff.store.engine import Engine
from shroff.store.golden_records import GoldenItem, GoldenSet
from shroff.store.settings import Settings

__all__ = ["GoldenDesk"]

_FIRST, _SECOND, _THIRD = "first", "second", "third"


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldenDesk:
    """Where golden sets are made and kept.

    Parameters
    ----------
    settings : Settings
        What the workspace's shroff.toml says.
    catalog : Catalog
        What was done.
    engine : callable
        Opens a query engine over the logs.
    labels : LabelDesk
        Where labels are drawn and taken back.
    """

    settings: Settings
    catalog: Catalog
    engine: Callable[[], AbstractContextManager[Engine]]
    labels: LabelDesk

    def draw(
        self, asked: DrawAsked, *, period: str | Period = "", form: str = "csv"
    ) -> GoldenBatches:
        """Draw a golden set, and write one file for each of two labellers.

        Parameters
        ----------
        asked : DrawAsked
            The set; more ads of one that was drawn before are added to it.
        period : str or Period
            Days whose ads are drawn.
        form : str
            ``csv``, ``xlsx`` or ``jsonl``.

        Returns
        -------
        GoldenBatches
            The two files. Both hold the same ads, each in an order of its own, and nothing of
            what the machine made of them.
        """
        self.catalog.writable()
        with self.engine() as engine:
            brief = brief_of(self.settings, engine, by=(), period=period)
            args = {"golden": asked.name, "ads": asked.ads, "period": brief.period.label()}
            with self.catalog.run("golden draw", args=args, snapshot=engine.snapshot):
                build_population(
                    engine, brief.period, derived=brief.derived, week_starts=brief.week_starts
                )
                book = policy_book(engine)
                drawing, strata = golden_drawing(engine, brief, asked, book=book)
                batch = draw(engine, brief, drawing)
                at = iso(covered(engine).as_of)
                detail = {
                    "kind": "drawn",
                    "period": drawing.period,
                    "asked": asdict(asked),
                    "strata": [asdict(each) for each in strata],
                }
                return self._drawn(engine, batch, detail, name=asked.name, form=form, at=at)

    def _drawn(
        self,
        engine: Engine,
        batch: Batch,
        detail: dict[str, Any],
        *,
        name: str,
        form: str,
        at: str,
    ) -> GoldenBatches:
        design = batch.drawn[0].design_id if batch.drawn else f"golden-{name}"
        before = self._known(name)
        files = dict(before.detail.get("batches", {})) if before else {}
        pair = ((_FIRST, batch), (_SECOND, turned(batch)))
        made = tuple(
            (who, self.labels.write_drawn(engine, each, self._file(name, who, each, form=form)))
            for who, each in pair
        )
        files.update({each.id: who for who, each in made if each.file is not None})
        golden = GoldenSet(
            name=name,
            revision=0,
            at=at,
            design_id=design,
            detail={**detail, "batches": files},
            items=before.items if before else (),
        )
        fresh = _fresh(batch, golden)
        kept = self.catalog.golden.keep(replace(golden, items=(*golden.items, *fresh)))
        return GoldenBatches(golden=kept, batches=made, strata=len(detail["strata"]))

    def _file(self, name: str, who: str, batch: Batch, *, form: str) -> Path:
        return self.labels.root / "audits" / f"golden-{name}-{who}-{batch.id}.{form}"

    def _known(self, name: str) -> GoldenSet | None:
        names = {each.name: each for each in self.catalog.golden.sets()}
        return names.get(name)

    def adopt(self, name: str, *, design: str) -> GoldenTaken:
        """Make a golden set of ads that a design of the logs drew and two people labelled blind.

        Parameters
        ----------
        name : str
            Name of the set.
        design : str
            The design, as in ``design_id`` of reviews.

        Returns
        -------
        GoldenTaken
            The set.

        Raises
        ------
        DesignError
            If the design drew nothing, without a chance, or nobody labelled twice.
        """
        self.catalog.writable()
        DrawAsked(name=name)
        with self.engine() as engine:
            args = {"golden": name, "design": design}
            with self.catalog.run("golden adopt", args=args, snapshot=engine.snapshot):
                golden = self._frozen(
                    engine,
                    GoldenSet(
                        name=name,
                        revision=0,
                        at=iso(covered(engine).as_of),
                        design_id=design,
                        detail={"kind": "adopted", "batches": {}},
                    ),
                )
        return _taken(golden, ())

    def _frozen(self, engine: Engine, golden: GoldenSet) -> GoldenSet:
        """Settle every ad of a set by the reviews there are now, and keep that."""
        strata = golden.detail.get("strata", ())
        items = settled_items(
            read_reviews(engine, golden.design_id),
            book=policy_book(engine),
            drawn_for={str(each["code"]): str(each["policy"]) for each in strata},
        )
        if not any(item.is_settled for item in items) and golden.detail["kind"] == "adopted":
            raise DesignError(
                f"no ad of design {golden.design_id!r} was labelled by two people blind",
                hint="shroff models golden draw draws ads and writes a file for each of two",
            )
        if any(not 0 < item.sampling_prob <= 1 for item in items):
            raise DesignError(
                f"ads of design {golden.design_id!r} have no sampling_prob",
                hint="a golden set speaks for other ads by the chance each ad was drawn with",
            )
        there = {(item.ad_id, item.ad_version) for item in items}
        waiting = [each for each in golden.items if (each.ad_id, each.ad_version) not in there]
        waiting = [each for each in waiting if each.ad_id is not None and not each.labels]
        at = iso(covered(engine).as_of)
        return self.catalog.golden.keep(replace(golden, at=at, items=(*items, *waiting)))

    def take(self, files: Sequence[str | Path]) -> GoldenTaken:
        """Take labels back, and settle what both labellers say alike.

        Parameters
        ----------
        files : sequence of str or Path
            Files of the set, in any order; as often as there are more labels.

        Returns
        -------
        GoldenTaken
            The set as it is now: a new revision if anything changed.

        Raises
        ------
        ConfigError
            If a file is of no golden set.
        """
        by_batch: dict[str, list[Mapping[str, str]]] = {}
        for file in map(Path, files):
            rows = read_rows(file)
            by_batch.setdefault(batch_of(rows), []).extend(rows)
        return self.take_rows(by_batch)

    def take_rows(
        self, by_batch: Mapping[str, Sequence[Mapping[str, str]]], *, open_stay: bool = False
    ) -> GoldenTaken:
        """Take rows back, wherever they were filled in; see `take`.

        Parameters
        ----------
        by_batch : mapping
            Rows of each batch.
        open_stay : bool
            Whether a row without a verdict leaves a label that came back before as it is.

        Returns
        -------
        GoldenTaken
            The set as it is now.

        Raises
        ------
        ConfigError
            If a batch is of no golden set.
        """
        self.catalog.writable()
        goldens = {batch: self._of_batch(batch) for batch in by_batch}
        if len({golden.name for golden in goldens.values()}) > 1:
            raise ConfigError("files of several golden sets", hint="take one set at a time")
        taken = tuple(
            self.labels.take_rows(
                rows,
                batch_id=batch,
                role="SME" if goldens[batch].detail["batches"][batch] == _THIRD else "L1",
                where=batch,
                open_stay=open_stay,
            )
            for batch, rows in by_batch.items()
        )
        golden = next(iter(goldens.values()))
        with self.engine() as engine:
            args = {"golden": golden.name}
            with self.catalog.run("golden take", args=args, snapshot=engine.snapshot):
                return _taken(self._frozen(engine, golden), taken)

    def _of_batch(self, batch: str) -> GoldenSet:
        for golden in self.catalog.golden.sets():
            if batch in golden.detail.get("batches", {}):
                return golden
        raise ConfigError(
            f"{batch} is of no golden set", hint="shroff labels take takes other batches"
        )

    def adjudicate(self, name: str = "", *, form: str = "csv") -> GoldenBatches:
        """Write the ads on which the two disagree, for a third.

        Parameters
        ----------
        name : str
            The set; the one that was changed last when empty.
        form : str
            ``csv``, ``xlsx`` or ``jsonl``.

        Returns
        -------
        GoldenBatches
            The file; it shows neither answer.

        Raises
        ------
        DesignError
            If nothing is disputed.
        """
        self.catalog.writable()
        golden = self.catalog.golden.find(name)
        disputed = [i for i in golden.items if i.settled == "disputed" and i.ad_id is not None]
        if not disputed:
            raise DesignError(
                f"nothing is disputed in golden set {golden.name}",
                hint="take the labels of both labellers first: shroff models golden take",
            )
        with self.engine() as engine:
            args = {"golden": golden.name, "disputed": len(disputed)}
            with self.catalog.run("golden adjudicate", args=args, snapshot=engine.snapshot):
                batch = disputed_batch(engine, golden, disputed)
                file = self._file(golden.name, _THIRD, batch, form=form)
                made = self.labels.write_drawn(engine, batch, file)
        files = {**golden.detail.get("batches", {}), made.id: _THIRD}
        kept = self.catalog.golden.keep(
            replace(golden, detail={**golden.detail, "batches": files})
        )
        return GoldenBatches(golden=kept, batches=((_THIRD, made),))

    def texts(self, name: str = "") -> dict[str, dict[str, str]]:
        """Give the words of a set's ads, by ad; the set changed last if none is named."""
        golden = self.catalog.golden.find(name)
        with self.engine() as engine:
            found = golden_texts(engine, golden)
        return {ad: fields for (ad, _), fields in found.items()}

    def standing(self, name: str = "", *, days: int = 180, fewest: int = FEWEST) -> GoldenStanding:
        """Say what a golden set is worth today.

        Parameters
        ----------
        name : str
            The set; the one that was changed last when empty.
        days : int
            Days after which a label is old.
        fewest : int
            Violating ads that a cell of policy and language needs.

        Returns
        -------
        GoldenStanding
            Stale items, and coverage.
        """
        golden = self.catalog.golden.find(name)
        with self.engine() as engine:
            book: PolicyBook = policy_book(engine)
            return standing(
                golden,
                book=book,
                newest=newest_versions(engine, golden),
                now=iso(covered(engine).as_of),
                days=days,
                fewest=fewest,
            )


def _fresh(batch: Batch, golden: GoldenSet) -> tuple[GoldenItem, ...]:
    """List the ads of a batch that are new in a set."""
    known = {(item.ad_id, item.ad_version) for item in golden.items}
    policies = {str(each["code"]): str(each["policy"]) for each in golden.detail["strata"]}
    return tuple(
        GoldenItem(
            ad_id=ad.ad_id,
            ad_version=ad.ad_version,
            language=batch.content.get(ad.place, {}).get("language", ""),
            market=batch.content.get(ad.place, {}).get("market", ""),
            policy=policies.get(ad.stratum, ""),
            stratum=ad.stratum,
            sampling_prob=ad.sampling_prob,
        )
        for ad in batch.asked
        if (ad.ad_id, ad.ad_version) not in known
    )


def _taken(golden: GoldenSet, taken: tuple[Taken, ...]) -> GoldenTaken:
    disputed = sum(item.settled == "disputed" for item in golden.items)
    return GoldenTaken(golden=golden, taken=taken, disputed=disputed)
