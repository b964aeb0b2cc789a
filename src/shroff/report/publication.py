"""May this figure be published? Greying and withholding figures that are too uncertain."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass, replace
from types import MappingProxyType
from typing import TypeVar, cast

from shroff.report.document import Block, Cell, Document, FigureCard, Paragraph, Row, Section
from shroff.report.figures import Figure, Form, Weight
from shroff.report.wording import Sentence
from shroff.stats.estimate import Estimate, Status

__all__ = ["MayShow", "PublishRule", "for_publication", "for_work", "is_publishable"]

_Thing = TypeVar("_Thing")

MayShow = Callable[[Figure], bool]
"""Whether a figure is certain enough to be shown where it is meant to be read."""


@dataclass(frozen=True, slots=True)
class PublishRule:
    """How uncertain a published figure may be.

    Parameters
    ----------
    max_width : float
        Widest interval of a share or of a difference of shares, end to end.
    relative : bool
        Also withhold a share under ``max_width`` whose interval is wider than the share itself.
    """

    max_width: float = 0.05
    relative: bool = True


_DEFAULT = PublishRule()


def is_publishable(figure: Figure, rule: PublishRule = _DEFAULT) -> bool:
    """Say whether a figure is certain enough to leave the team.

    Parameters
    ----------
    figure : Figure
        The figure; only shares and differences of shares are judged.
    rule : PublishRule
        How uncertain it may be.

    Returns
    -------
    bool
        True when its interval is narrow enough, or when it has no doubt to judge; never for what
        scores alone expect.
    """
    width, value = figure.estimate.width, figure.estimate.value
    if figure.estimate.status is Status.MODELLED:
        return False  # nobody checked it
    if figure.form not in {Form.SHARE, Form.POINTS} or width is None:
        return True
    if width > rule.max_width:
        return False
    if figure.form is Form.POINTS or value is None or value >= rule.max_width:
        return True
    return not (rule.relative and width > value)


def for_work(document: Document, rule: PublishRule = _DEFAULT) -> Document:
    """Grey what could not be published, and proxies; hide nothing.

    Parameters
    ----------
    document : Document
        The report.
    rule : PublishRule
        How uncertain a firm figure may be.

    Returns
    -------
    Document
        The same report, figures that are too uncertain made faint.
    """

    def fade(figure: Figure) -> Figure:
        firm = is_publishable(figure, rule) and figure.estimate.status is not Status.PROXY
        return figure if firm else replace(figure, weight=Weight.FAINT)

    return _mapped(document, fade)


def for_publication(document: Document, rule: PublishRule = _DEFAULT) -> Document:
    """Withhold every figure that is too uncertain to leave the team.

    Parameters
    ----------
    document : Document
        The report.
    rule : PublishRule
        How uncertain a published figure may be.

    Returns
    -------
    Document
        The same report without values, ends and totals of such figures, in sentences, cards,
        tables and charts alike.
    """

    def withhold(figure: Figure) -> Figure:
        if is_publishable(figure, rule):
            return figure
        return replace(figure, estimate=_withheld(figure.estimate))

    return _mapped(document, withhold)


def _withheld(estimate: Estimate) -> Estimate:
    return replace(
        estimate,
        value=None,
        low=None,
        high=None,
        status=Status.SUPPRESSED,
        n_effective=None,
        design_effect=None,
        numerator=None,
        denominator=None,
    )


def _mapped(thing: _Thing, change: Callable[[Figure], Figure]) -> _Thing:
    """Rebuild a tree of frozen records with every figure in it changed."""
    return cast("_Thing", _rebuilt(thing, change))


def _rebuilt(thing: object, change: Callable[[Figure], Figure]) -> object:
    if isinstance(thing, Figure):
        return change(thing)
    if isinstance(thing, tuple):
        return tuple(_rebuilt(item, change) for item in cast("tuple[object, ...]", thing))
    if isinstance(thing, dict | MappingProxyType):
        pairs = cast("dict[str, object]", thing).items()
        return MappingProxyType({name: _rebuilt(value, change) for name, value in pairs})
    if is_dataclass(thing) and not isinstance(thing, type):
        parts = {item.name: _rebuilt(getattr(thing, item.name), change) for item in fields(thing)}
        return _without_leaks(replace(thing, **parts))
    return thing


def _without_leaks(thing: object) -> object:
    """Withhold what tells of a withheld figure: a difference beside it, a sentence about it alone."""
    if isinstance(thing, FigureCard) and _is_withheld(thing.figure):
        return replace(thing, change=None)
    if isinstance(thing, Row) and any(_is_withheld(cell) for cell in thing.cells):
        return replace(thing, cells=tuple(_without_difference(cell) for cell in thing.cells))
    if isinstance(thing, Section):
        return replace(thing, blocks=tuple(each for each in thing.blocks if not _hollow(each)))
    return thing


def _hollow(block: Block) -> bool:
    """Tell whether every figure that a paragraph is about was withheld."""
    if not isinstance(block, Paragraph) or not isinstance(block.text, Sentence):
        return False
    figures = [each for each in block.text.params.values() if isinstance(each, Figure)]
    return bool(figures) and all(map(_is_withheld, figures))


def _without_difference(cell: Cell) -> Cell:
    if isinstance(cell, Figure) and cell.form is Form.POINTS:
        return replace(cell, estimate=_withheld(cell.estimate))
    return cell


def _is_withheld(thing: object) -> bool:
    return isinstance(thing, Figure) and thing.estimate.status is Status.SUPPRESSED
