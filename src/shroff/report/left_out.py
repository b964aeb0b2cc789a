"""Sections that a report does not compute for very many ads, and says so."""

from __future__ import annotations

from dataclasses import dataclass

from shroff.domain.messages import Message
from shroff.measure.scorecard import Scorecard
from shroff.report.document import Section

__all__ = ["Heavy"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heavy:
    """A section that looks at each ad.

    Parameters
    ----------
    id : str
        Of the section.
    title : Message
        Its question.
    command : str
        The command that answers it whatever it costs.
    most : int
        Ads beyond which a report leaves it to the command.
    """

    id: str
    title: Message
    command: str
    most: int

    def left_out(self, card: Scorecard) -> Section | None:
        """Say that a report leaves it out, if it does.

        Parameters
        ----------
        card : Scorecard
            The scorecard of the report's period.

        Returns
        -------
        Section or None
            None where there are few enough ads.
        """
        ads = sum(source.ads for source in card.frame.sources)
        if ads <= self.most:
            return None
        told = {"ads": f"{ads:,}", "most": f"{self.most:,}", "command": self.command}
        return Section(self.id, self.title, Message("report.left_out", dict(told)))
