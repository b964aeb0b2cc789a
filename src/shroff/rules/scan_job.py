"""One scan with rule packs: what it reads, what it could not read, how its hits are told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from shroff.domain.messages import Message
from shroff.rules.compile import Compiled, compiled, pack_cache
from shroff.rules.masking import MASK
from shroff.rules.pack_paths import read_packs
from shroff.rules.rule import Pack
from shroff.rules.scanning import HITS, Columns, scan_batches, with_masks
from shroff.rules.text_batches import Faults, batches_of, json_batches

__all__ = ["Scan"]

_STREAM_ROWS = 1


@dataclass(slots=True)
class Scan:
    """A scan under way.

    Parameters
    ----------
    packs : tuple of Pack
        The rules.
    compiled : Compiled
        The same, compiled.
    columns : Columns
        Which columns of files are texts.
    masks : bool
        Whether contact details are masked in what matched.
    faults : Faults
        Lines that could not be read.
    scanned : int
        Texts or ads read so far.
    """

    packs: tuple[Pack, ...]
    compiled: Compiled
    columns: Columns
    masks: bool = True
    faults: Faults = field(default_factory=Faults)
    scanned: int = 0

    @staticmethod
    def of(paths: Sequence[str], *, columns: Sequence[str] = (), masks: bool = True) -> Scan:
        """Prepare a scan.

        Parameters
        ----------
        paths : sequence of str
            Files of packs.
        columns : sequence of str
            As for `Columns.of`.
        masks : bool
            Whether contact details are masked.

        Returns
        -------
        Scan
            The scan, nothing read yet.
        """
        packs = read_packs(paths)
        return Scan(packs, compiled(packs, cache=pack_cache()), Columns.of(columns), masks)

    @property
    def rules(self) -> int:
        """Count the rules."""
        return sum(len(pack.rules) for pack in self.packs)

    def files(self, paths: Iterable[Path]) -> pa.Table:
        """Scan files and give all hits; lines of JSON that cannot be read are left out."""
        return self.gathered(
            hits
            for path in paths
            for hits in self._through(batches_of(path, faults=self.faults), where=str(path))
        )

    def lines(self, lines: Iterable[str]) -> Iterator[pa.Table]:
        """Scan lines of JSON one by one, and give the hits of each at once."""
        batches = json_batches(lines, where="-", faults=self.faults, rows=_STREAM_ROWS)
        return (hits for hits in self._through(batches, where="-") if hits.num_rows)

    def _through(self, batches: Iterator[pa.RecordBatch], *, where: str) -> Iterator[pa.Table]:
        def counted() -> Iterator[pa.RecordBatch]:
            for batch in batches:
                self.scanned += batch.num_rows
                yield batch

        found = scan_batches(self.compiled, counted(), columns=self.columns, where=where)
        return (with_masks(hits) if self.masks else hits for hits in found)

    def gathered(self, parts: Iterable[pa.Table]) -> pa.Table:
        """Put hits together."""
        return pa.concat_tables(chain([HITS.empty_table()], parts))

    def is_offensive(self, rule_id: str) -> bool:
        """Tell whether what a rule matches is to be blurred."""
        return rule_id in {r.id for pack in self.packs for r in pack.rules if r.offensive}

    def summary(self, hits: pa.Table) -> Message:
        """Say in a sentence what was found."""
        ads = hits.select(["ad_id", "ad_version"]).group_by(["ad_id", "ad_version"]).aggregate([])
        rules = pc.call_function("count_distinct", [hits.column("rule_id")]).as_py()
        counts = {"hits": hits.num_rows, "rules": rules, "ads": ads.num_rows}
        return Message("scan.summary", {**counts, "scanned": self.scanned})

    def notes(self, hits: pa.Table) -> tuple[Message, ...]:
        """Say what is hidden, and what could not be read."""
        notes: list[Message] = []
        if any(map(self.is_offensive, hits.column("rule_id").unique().to_pylist())):
            notes.append(Message("scan.blurred"))
        if any(MASK in text for text in hits.column("matched").to_pylist()):
            notes.append(Message("scan.masked"))
        if self.faults.count:
            first = self.faults.first[0]
            notes.append(Message("scan.unread", {"count": self.faults.count, "first": first}))
        return tuple(notes)

    def flat(self, hits: pa.Table) -> pa.Table:
        """Give hits without lists, for CSV: disguises with plus signs between."""
        kinds = pa.array(["+".join(each) for each in hits.column("evasion").to_pylist()])
        return hits.set_column(HITS.get_field_index("evasion"), "evasion", kinds)

    def record(self, hits: pa.Table) -> dict[str, object]:
        """Give everything as a JSON-ready record."""
        return {
            "packs": [{"id": pack.id, "version": pack.version} for pack in self.packs],
            "rules": self.rules,
            "scanned": self.scanned,
            "hits": hits.to_pylist(),
            "unread": {"count": self.faults.count, "first": list(self.faults.first)},
            "sentence": self.summary(hits).record(),
        }
