"""What an update adds to kept cubes: ads that changed as they are, less as they were."""

from __future__ import annotations

from dataclasses import dataclass

from shroff.measure.celling import (
    CELL_SUMS,
    SCORE_KEYS,
    exposed_fine_sql,
    fine_sql,
    frame_sql,
    netted_sql,
    shown_sql,
)
from shroff.measure.decided import only
from shroff.measure.merging import CELL_KEYS
from shroff.measure.standing import LOOKED_AT, SHOWN_KEYS, Standing, numbered
from shroff.measure.touching import Touched
from shroff.store.sql import ident, idents

__all__ = ["Difference"]

_TIMES = (("now", 1), ("was", -1))


@dataclass(frozen=True, slots=True)
class Difference:
    """Writes what changed.

    An ad that was only shown is like what it was: of it, the days that came are added.

    Parameters
    ----------
    standing : Standing
        Counts ads.
    ads : Touched
        Those that changed.
    """

    standing: Standing
    ads: Touched

    def queries(self, number: int) -> dict[str, str]:
        """Count the ads, and write the query for each kept table.

        Parameters
        ----------
        number : int
            Number of the update.

        Returns
        -------
        dict of str
            Queries by table; what they read stands in the session.
        """
        self._stand()
        standing, ads = self.standing, self.ads
        standing.engine.materialise("kept_seen", ads.seen_sql("now", LOOKED_AT))
        frame = frame_sql(standing.cubing, standing.own, sources=only(ads.now, "kept_seen"))
        standing.engine.materialise("kept_frame", frame)
        return {
            "cells": self._cells(),
            "scores": self._scores(),
            "frame": numbered("SELECT * FROM kept_frame", number),
            "shown": numbered(self._shown(), number),
            "gone": numbered(ads.seen_sql("was", LOOKED_AT), number),
        }

    def _stand(self) -> None:
        standing, ads = self.standing, self.ads
        standing.code("touched", ads.now)
        stand = standing.engine.materialise
        for name, whole in (("now", 1), ("light", 0)):
            stand(f"kept_coded_{name}", ads.part_sql("kept_coded_touched", whole=whole))
        stand("kept_codes_now", "SELECT * FROM kept_codes_touched")
        exposure = [exposed_fine_sql("kept_coded_light", impressions=ads.exposure("now", whole=0))]
        if ads.reshown:
            was = ads.exposure("was", whole=0)
            exposure.append(exposed_fine_sql("kept_coded_light", impressions=was, sign=-1))
        fine = fine_sql("kept_coded_now", impressions=ads.exposure("now", whole=1))
        stand("kept_fine_now", " UNION ALL ".join([fine, *exposure]))
        standing.stand("was", {**ads.was, "impressions": ads.exposure("was", whole=1)})

    def _cells(self) -> str:
        types = self.standing.types("now")
        cells = " UNION ALL ".join(
            f"({self.standing.cells(types, name, sign=sign)})" for name, sign in _TIMES
        )
        keys = [*CELL_KEYS, *self.standing.cubing.columns]
        return netted_sql(f"({cells}) AS signed", keys=keys, sums=CELL_SUMS)

    def _scores(self) -> str:
        scores = " UNION ALL ".join(
            f"SELECT {idents(SCORE_KEYS)}, {sign} * n AS n"
            f" FROM ({self.standing.scores(name, self.ads.sources(name))}) AS {name}"
            for name, sign in _TIMES
        )
        return netted_sql(f"({scores}) AS signed", keys=list(SCORE_KEYS), sums={"n": "BIGINT"})

    def _shown(self) -> str:
        """Write the query for exposure: whole for ads that are replaced, else what was gained."""
        ads = self.ads
        self.standing.engine.materialise("kept_lightly", ads.lightly_sql(LOOKED_AT))
        whole = shown_sql(
            "kept_coded_now", impressions=_of("kept_seen", ads.exposure("now", whole=1))
        )
        now = shown_sql(
            "kept_coded_light", impressions=_of("kept_lightly", ads.exposure("now", whole=0))
        )
        if not ads.reshown:
            return f"{whole} UNION ALL {now}"
        was = shown_sql(
            "kept_coded_light", impressions=_of("kept_lightly", ads.exposure("was", whole=0))
        )
        keys = idents(SHOWN_KEYS)
        both = (
            f"{now} UNION ALL SELECT {keys}, -impressions AS impressions, -spend AS spend"
            f" FROM ({was}) AS was"
        )
        more = netted_sql(
            f"({both}) AS signed",
            keys=SHOWN_KEYS,
            sums={"impressions": "DOUBLE", "spend": "DOUBLE"},
        )
        return f"{whole} UNION ALL ({more})"


def _of(table: str, exposure: str) -> str:
    """Keep the exposure of the ads that a table names."""
    return (
        f"(SELECT x.* FROM {exposure} AS x JOIN {ident(table)} AS only_ ON x.ad_id = only_.ad_id)"
    )
