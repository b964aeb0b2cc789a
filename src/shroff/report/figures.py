"""Estimates as a reader sees them: value, interval, and a word on what they are worth."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from shroff.domain.messages import Language, count, number, percent, say
from shroff.stats.estimate import Estimate, Status

__all__ = ["Figure", "Form", "Part", "Weight"]

_FINEST = 4


class Form(StrEnum):
    """How the numbers of a figure are written."""

    SHARE = "share"
    POINTS = "points"
    COUNT = "count"
    NUMBER = "number"
    HOURS = "hours"
    MINUTES = "minutes"


class Part(StrEnum):
    """How much of a figure a sentence says."""

    WHOLE = "whole"
    VALUE = "value"
    INTERVAL = "interval"


class Weight(StrEnum):
    """How firmly a figure is shown; faint ones are too uncertain to publish."""

    FIRM = "firm"
    FAINT = "faint"


@dataclass(frozen=True, slots=True)
class Figure:
    """One estimate and how to write it.

    Parameters
    ----------
    estimate : Estimate
        The figure.
    form : Form
        Percent, points, count, plain number, hours or minutes.
    part : Part
        What of it is said in a sentence.
    weight : Weight
        Firm, or faint where it is too uncertain to publish.
    """

    estimate: Estimate
    form: Form = Form.SHARE
    part: Part = Part.WHOLE
    weight: Weight = Weight.FIRM

    @property
    def has_value(self) -> bool:
        """Whether there is a point estimate to show."""
        return self.estimate.value is not None

    @property
    def has_interval(self) -> bool:
        """Whether there is doubt to show: ends that differ, or a lower end alone."""
        return bool(self.estimate.width) or self._is_open

    @property
    def _is_open(self) -> bool:
        """Whether only a lower end is known."""
        return self.estimate.low is not None and self.estimate.high is None

    def text(self, language: Language = Language.EN) -> str:
        """Say it in a sentence.

        Parameters
        ----------
        language : Language
            Language wanted.

        Returns
        -------
        str
            Value and interval, or why there is none.
        """
        status = self.estimate.status
        if status in {Status.SUPPRESSED, Status.UNKNOWN}:
            return say(f"report.figure.{status}", language)
        if not self.has_value:
            return self._bounds(language)
        if self.part is Part.INTERVAL and self.has_interval:
            return self.interval(language)
        value = self._spoken(language)
        if self.part is Part.VALUE or not self.has_interval:
            return value
        slots = {"value": value, "interval": self.interval(language)}
        return say("report.figure.whole", language, slots)

    def _spoken(self, language: Language) -> str:
        value = self.value(language)
        if self.form is Form.POINTS:
            return say("report.figure.in_points", language, {"number": value})
        return value

    def value(self, language: Language = Language.EN) -> str:
        """Write the point estimate, ``–`` when there is none."""
        value = self.estimate.value
        if value is None:
            return "–"
        return self._unit(self._never_nothing(value, self._write(value)), language)

    def interval(self, language: Language = Language.EN) -> str:
        """Write the interval, "" when there is none."""
        low, high = self.estimate.low, self.estimate.high
        if low is not None and high is None:
            return self._unit(f"≥ {self._write(low)}", language)
        if low is None or high is None or not self.has_interval:
            return ""
        if self.form is Form.POINTS:
            slots = {"low": self._write(low), "high": self._write(high)}
            return say("report.figure.from_to", language, slots)
        ends = f"{self._write(low)}–{self._write(high)}"
        return f"{ends}%" if self.form is Form.SHARE else ends

    def _bounds(self, language: Language) -> str:
        if self.estimate.low is None:
            return say("report.figure.unknown", language)
        if self._is_open:
            return self.interval(language)
        return say("report.figure.bounds", language, {"interval": self.interval(language)})

    def _unit(self, text: str, language: Language) -> str:
        """Add the unit; percentage points go without, their column or sentence names them."""
        if self.form is Form.SHARE:
            return f"{text}%"
        if self.form in {Form.HOURS, Form.MINUTES}:
            return say(f"report.figure.in_{self.form}", language, {"number": text})
        return text

    def _write(self, value: float) -> str:
        """Write one number, with digits that the interval deserves."""
        if self.form is Form.COUNT:
            return count(value)
        if self.form is Form.SHARE:
            return _share(100 * value, self._decimals(100)) if self.has_interval else _bare(value)
        if self.form is Form.POINTS:
            return _signed(100 * value, self._decimals(100) if self.has_interval else 1)
        return f"{value:.{self._decimals(1)}f}" if self.has_interval else number(value)

    def _never_nothing(self, value: float, text: str) -> str:
        """Keep a share that is little from being read as none, or as all."""
        if self.form is not Form.SHARE or text not in {"0", "100"} or value in {0, 1}:
            return text
        decimals = self._decimals(100)
        least = f"{10**-decimals:.{decimals}f}"
        return f"<{least}" if text == "0" else f">{100 - float(least):.{decimals}f}"

    def _decimals(self, scale: int) -> int:
        """Choose decimals: two figures of the width, one more where an end would look like zero."""
        estimate = self.estimate
        width = scale * (estimate.width or estimate.low or 0)
        wanted = {Form.POINTS: 20, Form.SHARE: 10}.get(self.form, 5)
        decimals = 0
        while decimals < _FINEST and width * 10**decimals < wanted:
            decimals += 1
        ends = [scale * abs(end) for end in (estimate.low, estimate.value, estimate.high) if end]
        hidden = any(end * 10**decimals <= 0.5 for end in ends)
        return decimals + hidden


def _bare(share: float) -> str:
    return percent(share).removesuffix("%")


def _share(value: float, decimals: int) -> str:
    return f"{value:.0f}" if round(value, decimals) in {0, 100} else f"{value:.{decimals}f}"


def _signed(value: float, decimals: int) -> str:
    text = f"{value:+.{decimals}f}"
    return text.lstrip("+-") if float(text) == 0 else text.replace("-", "−")
