"""Where a workspace's rules are tried: searches, scans, backtests, and what became of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from shroff.domain.slices import Period
from shroff.measure.briefing import brief_of
from shroff.rules.rule import RuleAction
from shroff.rules.watch_desk import WatchDesk
from shroff.store.engine import Engine

if TYPE_CHECKING:
    import pyarrow as pa

    from shroff.measure.label_desk import DrawnBatch, LabelDesk
    from shroff.rules.backtest_result import Backtest
    from shroff.rules.found import Found
    from shroff.rules.rule import Pack
    from shroff.rules.rule_steps import Ask, Taken
    from shroff.rules.scan_job import Scan

__all__ = ["RuleDesk"]


class RuleDesk(WatchDesk):
    """Where rules are tried on a workspace's logs.

    Parameters
    ----------
    root : Path
        Folder of the workspace.
    settings : Settings
        What its shroff.toml says.
    lake : Lake
        The logs.
    catalog : Catalog
        What was done.
    engine : callable
        Opens a query engine over the logs.
    """

    def find(self, query: str, *, period: str | Period = "", limit: int = 10) -> Found:
        """Search all ads, live or past.

        Parameters
        ----------
        query : str
            One line in the language of rules.
        period : str or Period
            Days on which ads were submitted; all when empty.
        limit : int
            Ads to show.

        Returns
        -------
        Found
            How many ads match, since when, whose, what they served, who catches them already, how
            the words are hidden, and some of the ads.
        """
        from shroff.rules.find import Search, find  # noqa: PLC0415  (numba is slow)

        with self.engine() as engine:
            days = self._submitted(engine, period)
            search = Search(query=query, period=days, limit=limit)
            args = {"query": query, "period": days.label() if days else "all"}
            with self.catalog.noted("find", args=args, snapshot=engine.snapshot):
                return find(engine, search, lake=self.lake.root)

    def scan(self, scan: Scan, *, period: str | Period = "") -> pa.Table:
        """Scan ads with rule packs.

        Parameters
        ----------
        scan : Scan
            The packs; told how many ads were read.
        period : str or Period
            Days on which ads were submitted; all when empty.

        Returns
        -------
        Table
            One row for each ad, rule, field and span.
        """
        from shroff.rules.find import submitted_sql  # noqa: PLC0415
        from shroff.rules.scanning import scan_ads, with_masks  # noqa: PLC0415

        with self.engine() as engine:
            days = self._submitted(engine, period)
            source = submitted_sql(days)
            args = {"packs": [pack.id for pack in scan.packs]}
            with self.catalog.noted("rules scan", args=args, snapshot=engine.snapshot):
                found = engine.query(f"SELECT COUNT(*) AS n FROM {source}")
                scan.scanned += int(found.column("n")[0].as_py())
                hits = scan_ads(engine, scan.packs, scan.compiled, source=source)
                return scan.gathered(with_masks(each) if scan.masks else each for each in hits)

    def backtest(
        self,
        packs: Sequence[Pack],
        *,
        against: Sequence[Pack] = (),
        by: Sequence[str] | None = None,
        period: str | Period = "",
        level: float = 0.95,
    ) -> Backtest:
        """Tell what rules would have done on the ads of a period.

        Parameters
        ----------
        packs : sequence of Pack
            The rules.
        against : sequence of Pack
            Rules that would be live beside them: what they hit is nothing new.
        by : sequence of str, optional
            Columns by which wrong hits are told; the settings' slice columns when absent.
        period : str or Period
            Days on which ads were decided; the last four whole weeks when empty.
        level : float
            Coverage of the intervals, in (0, 1).

        Returns
        -------
        Backtest
            Hits, precision, recall, what is new, work and overlap of each rule and of all.
        """
        from shroff.rules.backtest import Proposal, backtest  # noqa: PLC0415  (numba is slow)

        proposal = Proposal(packs=tuple(packs), against=tuple(against))
        with self.engine() as engine:
            brief = brief_of(self.settings, engine, by=by, period=period, level=level)
            args = {"packs": [pack.id for pack in packs], "period": brief.period.label()}
            with self.catalog.noted("rules backtest", args=args, snapshot=engine.snapshot):
                return backtest(engine, brief, proposal, lake=self.lake.root)

    def freeze(self, tried: Backtest) -> str:
        """Keep what a backtest says will happen; give the name of the forecast."""
        from shroff.rules.forecast import forecast_of  # noqa: PLC0415

        self.catalog.writable()
        kept = forecast_of(tried, at=datetime.now(UTC))
        self.catalog.rules.keep(kept)
        return kept.id

    def draw_deck(
        self,
        packs: Sequence[Pack],
        *,
        desk: LabelDesk,
        labels: int,
        form: str = "csv",
        out: str | Path = "",
        period: str | Period = "",
    ) -> DrawnBatch:
        """Draw ads to label among those that rules would treat otherwise than was done.

        Parameters
        ----------
        packs : sequence of Pack
            The rules.
        desk : LabelDesk
            Where batches are kept: ``workspace.labels``, which takes the labels back.
        labels : int
            Labels wanted.
        form : str
            ``csv``, ``xlsx`` or ``jsonl``.
        out : str or Path
            File; ``audits/BATCH.FORM`` in the workspace when empty.
        period : str or Period
            As for `backtest`.

        Returns
        -------
        DrawnBatch
            What was drawn; the next `backtest` of the same rules uses its labels.
        """
        from shroff.rules.backtest import Proposal  # noqa: PLC0415  (numba is slow)
        from shroff.rules.backtest_deck import standing_deck  # noqa: PLC0415

        self.catalog.writable()
        proposal = Proposal(packs=tuple(packs))
        with self.engine() as engine:
            brief = brief_of(self.settings, engine, by=(), period=period)
            args = {"packs": [pack.id for pack in packs], "labels": labels}
            with (
                self.catalog.run("rules backtest", args=args, snapshot=engine.snapshot),
                standing_deck(
                    engine, brief, proposal, labels=labels, lake=self.lake.root
                ) as drawing,
            ):
                return desk.write(engine, brief, drawing, form=form, out=out)

    def promote(self, ask: Ask, packs: Sequence[Pack] = (), *, period: str | Period = "") -> Taken:
        """Check a step in the life of a rule and note it, unless something speaks against it.

        Parameters
        ----------
        ask : Ask
            The step.
        packs : sequence of Pack
            Where the rule is; the workspace's ``packs`` folder when empty.
        period : str or Period
            Days on which a rule that rejects is backtested, as for `backtest`.

        Returns
        -------
        Taken
            What was noted, and what speaks against it; where people sign in, a step after which
            the rule acts waits for a second one.
        """
        from shroff.rules.rule_approval import holding  # noqa: PLC0415
        from shroff.rules.rule_steps import rule_in, take  # noqa: PLC0415
        from shroff.rules.rule_watching import latest_forecasts  # noqa: PLC0415

        self.catalog.writable()
        chosen = tuple(packs) or self.packs()
        rule = rule_in(chosen, ask.rule_id)
        own = next(pack for pack in chosen if rule in pack.rules)
        hold = holding(self.catalog, ask, replace(own, rules=(rule,)), period=period)
        tried = None
        if rule.action is RuleAction.REJECT and ask.to in {"canary", "live"}:
            tried = self.backtest([own], by=(), period=period).rule(rule.id)
        return take(
            ask,
            rule,
            book=self.catalog.rules,
            now=datetime.now(UTC),
            tried=tried,
            forecast=latest_forecasts(self.catalog.rules).get(rule.id),
            hold=hold,
        )

    def rule_text(self, found: Found, rule_id: str, *, pack: str | Path = "") -> str:
        """Write a search as a rule with the ads it found as its examples.

        Parameters
        ----------
        found : Found
            What a search found.
        rule_id : str
            Id of the rule.
        pack : str or Path
            Pack that gets it, made when it is not there; none when empty.

        Returns
        -------
        str
            The rule, or the pack with it.
        """
        from shroff.rules.rule_writing import rule_text  # noqa: PLC0415

        return rule_text(found, rule_id, pack=Path(pack) if pack else None)

    def _submitted(self, engine: Engine, period: str | Period) -> Period | None:
        from shroff.rules.find import submitted_days  # noqa: PLC0415  (numba is slow)

        return submitted_days(engine, period, week_starts=self.settings.periods.week_starts)
