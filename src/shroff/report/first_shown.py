"""A sentence chosen among several: the first that withholds nothing."""

from __future__ import annotations

from dataclasses import dataclass

from shroff.domain.messages import Language
from shroff.report.figures import Figure
from shroff.report.wording import Sayable, Sentence
from shroff.stats.estimate import Status

__all__ = ["FirstShown"]


@dataclass(frozen=True, slots=True)
class FirstShown:
    """What is said first of what may be said: a figure that is withheld is in no sentence.

    Parameters
    ----------
    items : tuple of Sentence
        Sentences, the most telling first.
    otherwise : Sayable
        What is said when each of them withholds something.
    """

    items: tuple[Sentence, ...]
    otherwise: Sayable

    def text(self, language: Language = Language.EN) -> str:
        """Say it."""
        shown = (item for item in self.items if not _withholds(item))
        return next(shown, self.otherwise).text(language)


def _withholds(item: Sentence) -> bool:
    return any(
        isinstance(value, Figure) and value.estimate.status is Status.SUPPRESSED
        for value in item.params.values()
    )
