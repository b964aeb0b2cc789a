"""Rules as a detector: what an engine runs over its ads, in its workers where it has some.

What is sent to a worker is the compiled pack, arrays and texts; a worker compiles nothing. It does
need this package with what the package needs (Hyperscan, numba, RE2), of the same version as here:
their machine code cannot be sent along. Install it on the workers as it is installed here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pyarrow as pa

from shroff.rules.compiled import Compiled
from shroff.rules.hit_table import COLUMNS
from shroff.rules.match import Scanner

__all__ = ["RuleDetector"]


@dataclass(slots=True)
class RuleDetector:
    """Finds rules in ads, and says for each finding which ad it is of.

    Parameters
    ----------
    compiled : Compiled
        The rules.
    keys : mapping of str to str
        Columns that name an ad, with their types as DuckDB names them; they are copied to its
        findings.
    id : str
        Name in the logs.
    """

    compiled: Compiled
    keys: Mapping[str, str]
    id: str = "rules"
    _scanner: Scanner | None = field(default=None, init=False, repr=False)

    @property
    def kind(self) -> str:
        """What it is."""
        return "rule"

    @property
    def version(self) -> str:
        """Digest of its packs, shortened."""
        return self.compiled.digest[:12]

    @property
    def deterministic(self) -> bool:
        """Whether the same batch always gives the same findings: it does."""
        return True

    @property
    def columns(self) -> Mapping[str, str]:
        """The keys, then those of `Scanner.scan` without `row`."""
        return {**self.keys, **{name: kind for name, kind in COLUMNS.items() if name != "row"}}

    def set_up(self) -> None:
        """Make the pack usable in this process."""
        self._scanner = Scanner(self.compiled)

    def run(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Find the rules in one batch.

        Parameters
        ----------
        batch : RecordBatch
            Ads: the keys, fields, and the columns that rules ask for.

        Returns
        -------
        RecordBatch
            A row a finding.
        """
        scanner = self._scanner or Scanner(self.compiled)
        found = scanner.scan(batch)
        rows = found.column("row").combine_chunks()
        keyed = [batch.column(name).take(rows) for name in self.keys]
        names = [name for name in found.schema.names if name != "row"]
        told = [found.column(name).combine_chunks() for name in names]
        return pa.RecordBatch.from_arrays([*keyed, *told], names=list(self.columns))
