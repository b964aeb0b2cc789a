"""Session tables that kept cubes are counted from: ads coded by what they are like, and their days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from shroff.measure.celling import (
    CELL_SUMS,
    SCORE_KEYS,
    cells_sql,
    coded_sql,
    codes_sql,
    fine_sql,
    records_sql,
    scores_sql,
)
from shroff.measure.cubing import Cubing
from shroff.measure.decided import Sources
from shroff.measure.merging import CELL_KEYS
from shroff.measure.population import ad_columns
from shroff.store.engine import Engine

__all__ = ["LOOKED_AT", "SHOWN_KEYS", "Standing", "numbered"]

SHOWN_KEYS = ("ad_id", "ad_version", "day", "since")
"""What exposure of single ads is kept by."""

LOOKED_AT = ("reviews", "appeals")
"""Logs whose ads are kept one by one."""

_SHOWN_COLUMNS = {
    "ad_id": "VARCHAR",
    "ad_version": "BIGINT",
    "day": "DATE",
    "since": "DATE",
    "impressions": "DOUBLE",
    "spend": "DOUBLE",
    "_number": "BIGINT",
}
_GONE_COLUMNS = {"ad_id": "VARCHAR", "_number": "BIGINT"}


@dataclass(frozen=True, slots=True)
class Standing:
    """Counts ads by day and what they are like, in tables of the session.

    Parameters
    ----------
    engine : Engine
        The logs.
    cubing : Cubing
        What to keep.
    """

    engine: Engine
    cubing: Cubing

    def stand(self, name: str, sources: Sources) -> None:
        """Count some ads: tables ``kept_codes_``, ``kept_coded_`` and ``kept_fine_`` of a name."""
        self.code(name, sources)
        coded, fine = f"kept_coded_{name}", f"kept_fine_{name}"
        self.engine.materialise(fine, fine_sql(coded, impressions=sources["impressions"]))

    def code(self, name: str, sources: Sources) -> None:
        """Tell what some ads are like: tables ``kept_codes_`` and ``kept_coded_`` of a name."""
        records, codes, coded = (f"kept_{each}_{name}" for each in ("records", "codes", "coded"))
        stand = self.engine.materialise
        stand(records, records_sql(self.cubing, self.own, sources=sources))
        stand(codes, codes_sql(self.cubing, records=records))
        stand(coded, coded_sql(self.cubing, records=records, codes=codes))
        stand(records, "SELECT 0 AS nothing")  # wide, and not needed any more

    def cells(self, types: Mapping[str, str], name: str, *, sign: int = 1) -> str:
        """Write the query for the cells of ads that stand under a name."""
        fine, codes = f"kept_fine_{name}", f"kept_codes_{name}"
        return cells_sql(self.cubing, types, fine=fine, codes=codes, sign=sign)

    def scores(self, name: str, sources: Sources) -> str:
        """Write the query for the score histograms of ads that stand under a name."""
        coded, codes = f"kept_coded_{name}", f"kept_codes_{name}"
        return scores_sql(coded, codes=codes, scores=sources["scores"])

    @property
    def own(self) -> dict[str, dict[str, str]]:
        """The logs' names for the columns of decisions and ads."""
        return {name: ad_columns(self.engine, name) for name in ("decisions", "ads")}

    def types(self, name: str) -> dict[str, str]:
        """Give the types of the columns that cells have."""
        found = self.engine.columns(f"kept_codes_{name}")
        return {column: found[column] for column in self.cubing.columns}

    def columns(self, types: Mapping[str, str]) -> dict[str, Mapping[str, str]]:
        """Give the columns of every kept table; the label frame stands as ``kept_frame``."""
        return {
            "cells": {**CELL_KEYS, **types, **CELL_SUMS},
            "scores": {**SCORE_KEYS, "n": "BIGINT"},
            "frame": {**self.engine.columns("kept_frame"), "_number": "BIGINT"},
            "shown": _SHOWN_COLUMNS,
            "gone": _GONE_COLUMNS,
        }


def numbered(query: str, number: int) -> str:
    """Add the number of an update to the rows of a query."""
    return f"SELECT numbered.*, CAST({number} AS BIGINT) AS _number FROM ({query}) AS numbered"
