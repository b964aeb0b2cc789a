"""A report as files: a page and a text in each language, and the figures they show."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from shroff.domain.messages import Language
from shroff.domain.slices import EVERYTHING
from shroff.errors import EngineError
from shroff.measure.blocks import Figure, record_of
from shroff.report.audiences import Audience, for_audience
from shroff.report.document import Document
from shroff.report.ordering import FileKind, Order, rendered
from shroff.report.publication import PublishRule
from shroff.report.render_html import render_html
from shroff.report.render_markdown import render_markdown
from shroff.report.weekly import published_report, weekly_report
from shroff.report.weekly_results import WeeklyResults

__all__ = ["ReportFiles", "write_document", "write_report"]


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
        The figures as JSON; None where some are withheld or left out.
    headline : str
        Its first sentence, in the first language.
    others : tuple of Path
        PDF, slides and workbooks.
    summary : Path or None
        What it says in a few sentences, as JSON by language.
    run : int or None
        Number of the run that wrote it; None where it is not remembered.
    """

    folder: Path
    pages: tuple[Path, ...]
    texts: tuple[Path, ...]
    figures: Path | None
    headline: str
    others: tuple[Path, ...] = ()
    summary: Path | None = None
    run: int | None = None

    @property
    def files(self) -> tuple[Path, ...]:
        """Every file that is remembered."""
        rest = (self.summary,) if self.summary else ()
        return (*self.pages, *self.texts, *self.others, *rest)

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "folder": str(self.folder),
            "pages": [str(path) for path in self.pages],
            "texts": [str(path) for path in self.texts],
            "figures": str(self.figures) if self.figures else None,
            "headline": self.headline,
            "others": [str(path) for path in self.others],
            "run": self.run,
        }


def write_report(
    results: WeeklyResults, order: Order, *, folder: Path, rule: PublishRule, browser: str = ""
) -> ReportFiles:
    """Write a report for its readers.

    Parameters
    ----------
    results : WeeklyResults
        What was measured.
    order : Order
        Readers, languages and kinds of files.
    folder : Path
        Folder; made when missing.
    rule : PublishRule
        How uncertain a firm, or a published, figure may be.
    browser : str
        Browser of the settings that prints.

    Returns
    -------
    ReportFiles
        The files: in each language every kind, what it says in short, and, where everything is
        shown, the figures, which outlive the logs.
    """
    build = published_report if order.published else weekly_report
    document = for_audience(build(results, rule=rule), order.audience)
    found: dict[FileKind, list[Path]] = {kind: [] for kind in FileKind}
    for language in order.languages:
        for kind in order.kinds:
            path = folder / f"{order.name}.{language}.{kind}"
            _write(path, rendered(document, kind, language=language, browser=browser))
            found[kind].append(path)
    figures = None
    if not order.published and order.audience is Audience.TEAM:
        figures = folder / "figures.json"
        _write(figures, _figures_text(results).encode())
    summary = folder / f"{order.name}.summary.json"
    _write(summary, _summary(document, order.languages).encode())
    return ReportFiles(
        folder=folder,
        pages=tuple(found[FileKind.HTML]),
        texts=tuple(found[FileKind.MD]),
        others=tuple(
            p for kind in (FileKind.PDF, FileKind.PPTX, FileKind.XLSX) for p in found[kind]
        ),
        figures=figures,
        summary=summary,
        headline=document.headline.text(order.languages[0]),
    )


def _summary(document: Document, languages: Sequence[Language]) -> str:
    told = {
        str(language): [document.headline.text(language)]
        + [sentence.text(language) for sentence in document.support]
        for language in languages
    }
    return json.dumps(told, ensure_ascii=False, indent=1)


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
        _write(pages[-1], render_html(document, language=language).encode())
        texts.append(folder / f"{name}.{language}.md")
        _write(texts[-1], render_markdown(document, language=language).encode())
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


def _write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    half = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        half.write_bytes(content)
        half.replace(path)
    except OSError as error:
        raise EngineError(
            f"the report cannot be written: {error.strerror}", where=str(path)
        ) from None
