"""What a written report is asked for: readers, days, ads, languages, kinds of files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from importlib.util import find_spec
from typing import Any

from shroff.domain.messages import Language
from shroff.errors import ConfigError
from shroff.report.audiences import EDITIONS, Audience
from shroff.report.document import Document
from shroff.report.render_html import render_html
from shroff.report.render_markdown import render_markdown
from shroff.report.render_pdf import print_pdf, printing_browser
from shroff.report.render_pptx import render_pptx
from shroff.report.render_xlsx import render_xlsx

__all__ = ["BOTH", "PAGES", "FileKind", "Order", "missing", "rendered", "require"]


class FileKind(StrEnum):
    """Kinds of files that a report is written as."""

    HTML = "html"
    MD = "md"
    PDF = "pdf"
    PPTX = "pptx"
    XLSX = "xlsx"


BOTH = (Language.EN, Language.ZH)
PAGES = (FileKind.HTML, FileKind.MD)
_MODULES = {FileKind.PPTX: ("pptx", "pptx"), FileKind.XLSX: ("xlsxwriter", "xlsx")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A report that is asked for.

    Parameters
    ----------
    audience : Audience
        Whom it is for.
    period : str
        As `Workspace.measure` takes it.
    languages : tuple of Language
        At least one.
    kinds : tuple of FileKind
        Kinds of files; at least one.
    where : mapping
        Columns and the values wanted of each; all ads when empty.
    publish : bool
        Whether figures that are too uncertain are withheld, as they are for those outside.
    """

    audience: Audience = Audience.TEAM
    period: str = ""
    languages: tuple[Language, ...] = BOTH
    kinds: tuple[FileKind, ...] = PAGES
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    publish: bool = False

    @property
    def published(self) -> bool:
        """Whether it leaves the team."""
        return self.publish or EDITIONS[self.audience].leaves_team

    @property
    def name(self) -> str:
        """Name of its files, to which language and ending are added."""
        if self.audience is not Audience.TEAM:
            return str(self.audience)
        return "published" if self.publish else "report"

    def record(self) -> dict[str, Any]:
        """Give it as a JSON-ready record, of which it can be made again."""
        return {
            "audience": str(self.audience),
            "period": self.period,
            "languages": [str(each) for each in self.languages],
            "kinds": [str(each) for each in self.kinds],
            "where": {name: list(values) for name, values in self.where.items()},
            "publish": self.publish,
        }

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> Order:
        """Make it of a record."""
        return cls(
            audience=Audience(record["audience"]),
            period=str(record["period"]),
            languages=tuple(Language(each) for each in record["languages"]),
            kinds=tuple(FileKind(each) for each in record["kinds"]),
            where={name: tuple(values) for name, values in record["where"].items()},
            publish=bool(record["publish"]),
        )


def missing(*, browser: str = "") -> dict[FileKind, str]:
    """Tell which kinds cannot be written here, and what each needs."""
    lacks = {
        kind: f"pip install 'shroff[{extra}]'"
        for kind, (module, extra) in _MODULES.items()
        if find_spec(module) is None
    }
    if not (browser or printing_browser()):
        lacks[FileKind.PDF] = "Chromium, Chrome or Edge"
    return lacks


def require(order: Order, *, browser: str = "") -> None:
    """See that everything asked for can be written, before anything is measured.

    Parameters
    ----------
    order : Order
        What is asked for.
    browser : str
        Browser of the settings that prints.

    Raises
    ------
    ConfigError
        If a kind needs what is not installed, or no kind or language is asked for.
    """
    if not order.kinds or not order.languages:
        raise ConfigError("a report needs a kind of file and a language")
    lacks = {kind: what for kind, what in missing(browser=browser).items() if kind in order.kinds}
    if lacks:
        raise ConfigError(
            "; ".join(
                f"{kind} cannot be written here: it needs {what}" for kind, what in lacks.items()
            ),
            where="report",
            hint="install it, or leave the kind out",
        )


def rendered(
    document: Document, kind: FileKind, *, language: Language, browser: str = ""
) -> bytes:
    """Write a document as a file of a kind.

    Parameters
    ----------
    document : Document
        The report.
    kind : FileKind
        The kind.
    language : Language
        The language.
    browser : str
        Browser of the settings that prints.

    Returns
    -------
    bytes
        The file.
    """
    if kind is FileKind.PDF:
        return print_pdf(render_html(document, language=language), browser=browser)
    if kind in _TEXTS:
        return _TEXTS[kind](document, language=language).encode()
    return (
        render_pptx(document, language=language)
        if kind is FileKind.PPTX
        else render_xlsx(document, language=language)
    )


_TEXTS: dict[FileKind, Callable[..., str]] = {
    FileKind.HTML: render_html,
    FileKind.MD: render_markdown,
}
