"""A report as files: a page and a text in each language, and the figures they show."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from shroff.domain.messages import Language
from shroff.domain.slices import EVERYTHING
from shroff.errors import EngineError
from shroff.measure.blocks import Figure, record_of
from shroff.report.document import Document
from shroff.report.publication import PublishRule
from shroff.report.render_html import render_html
from shroff.report.render_markdown import render_markdown
from shroff.report.weekly import published_report, weekly_report
from shroff.report.weekly_results import WeeklyResults

__all__ = ["ReportFiles", "ReportWriter", "write_document", "write_published", "write_working"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFiles:
    """The files of a report.

    Parameters
    ----------
    folder : Path
        Where they are.
    pages : tuple of Path
        HTML, one a language.
    texts : tuple of Path
        Markdown, one a language.
    figures : Path or None
        The figures as JSON; None for a published report.
    headline : str
        Its first sentence, in the first language.
    """

    folder: Path
    pages: tuple[Path, ...]
    texts: tuple[Path, ...]
    figures: Path | None
    headline: str

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "folder": str(self.folder),
            "pages": [str(path) for path in self.pages],
            "texts": [str(path) for path in self.texts],
            "figures": str(self.figures) if self.figures else None,
            "headline": self.headline,
        }


class ReportWriter(Protocol):
    """Writes a report in one of its forms."""

    def __call__(
        self,
        results: WeeklyResults,
        *,
        folder: Path,
        languages: Sequence[Language],
        rule: PublishRule,
    ) -> ReportFiles:
        """Write it."""
        ...


def write_working(
    results: WeeklyResults, *, folder: Path, languages: Sequence[Language], rule: PublishRule
) -> ReportFiles:
    """Write the working report: every figure, what is too uncertain greyed.

    Parameters
    ----------
    results : WeeklyResults
        What was measured.
    folder : Path
        Folder; made when missing.
    languages : sequence of Language
        Languages; at least one.
    rule : PublishRule
        How uncertain a firm figure may be.

    Returns
    -------
    ReportFiles
        The files: pages, texts, and the figures, which outlive the logs.
    """
    document = weekly_report(results, rule=rule)
    files = write_document(document, folder=folder, name="report", languages=languages)
    figures = folder / "figures.json"
    _write(figures, _figures_text(results))
    return replace(files, figures=figures)


def write_published(
    results: WeeklyResults, *, folder: Path, languages: Sequence[Language], rule: PublishRule
) -> ReportFiles:
    """Write the report that leaves the team: figures that are too uncertain are withheld.

    Parameters
    ----------
    results : WeeklyResults
        What was measured.
    folder : Path
        Folder; made when missing.
    languages : sequence of Language
        Languages; at least one.
    rule : PublishRule
        How uncertain a published figure may be.

    Returns
    -------
    ReportFiles
        The files.
    """
    document = published_report(results, rule=rule)
    return write_document(document, folder=folder, name="published", languages=languages)


def write_document(
    document: Document, *, folder: Path, name: str, languages: Sequence[Language]
) -> ReportFiles:
    """Write a document.

    Parameters
    ----------
    document : Document
        The document.
    folder : Path
        Folder; made when missing.
    name : str
        File name, to which language and ending are added.
    languages : sequence of Language
        Languages; at least one.

    Returns
    -------
    ReportFiles
        The files: a page and a text in each language.
    """
    pages: list[Path] = []
    texts: list[Path] = []
    for language in languages:
        pages.append(folder / f"{name}.{language}.html")
        _write(pages[-1], render_html(document, language=language))
        texts.append(folder / f"{name}.{language}.md")
        _write(texts[-1], render_markdown(document, language=language))
    return ReportFiles(
        folder=folder,
        pages=tuple(pages),
        texts=tuple(texts),
        figures=None,
        headline=document.headline.text(languages[0]),
    )


def _figures_text(results: WeeklyResults) -> str:
    record = {
        "workspace": results.workspace,
        "period": {"start": str(results.period.start), "end": str(results.period.end)},
        "as_of": results.as_of.isoformat(),
        "facts": {name.text(Language.EN): fact.text(Language.EN) for name, fact in results.facts},
        "figures": [record_of(figure) for figure in _figures(results)],
        "queries": dict(results.queries),
    }
    return json.dumps(record, ensure_ascii=False, indent=1)


def _figures(results: WeeklyResults) -> Iterator[Figure]:
    for metric, estimate in results.now.items():
        yield Figure(metric, EVERYTHING, estimate)
    for part in results.parts:
        yield Figure(part.metric, part.slice, part.estimate)


def _write(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    half = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        half.write_text(text, encoding="utf-8")
        half.replace(path)
    except OSError as error:
        raise EngineError(
            f"the report cannot be written: {error.strerror}", where=str(path)
        ) from None
