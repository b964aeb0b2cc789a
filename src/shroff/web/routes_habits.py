"""What every page offers: values to filter by, saved views, notes, tables as files, taking a question back."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from urllib.parse import parse_qsl, urlencode

from fastapi import Depends, FastAPI, HTTPException, Query, Request, Response
from fastapi import Path as InPath
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool

from shroff.domain.messages import Language
from shroff.report.render_csv import render_csv
from shroff.store.view_book import Note, SavedView, ViewBook
from shroff.web.choices import ChoiceColumn, Choices
from shroff.web.desk import Desk
from shroff.web.pages import Page, page_of
from shroff.web.people import Act, Person, needs
from shroff.web.tables_named import table_named
from shroff.web.viewing import is_ours, view_of

__all__ = ["add"]

_Name = Annotated[str, InPath(max_length=40)]
_Key = Annotated[str, InPath(pattern="^[0-9a-f]{16}$")]
_Writer = Annotated[Person, Depends(needs(Act.WRITE))]
_Reader = Annotated[Person, Depends(needs(Act.SEE))]


class ViewAsked(BaseModel):
    """A view to be kept."""

    name: str = Field(min_length=1, max_length=80, pattern=r"\S")
    page: str = Field(max_length=40)
    query: str = Field(default="", max_length=4000)


class ViewKept(BaseModel):
    """A view somebody keeps."""

    id: str
    name: str
    page: str
    query: str


class NoteAsked(BaseModel):
    """A note to be kept."""

    day: date
    text: str = Field(min_length=1, max_length=300, pattern=r"\S")


class TakenBack(BaseModel):
    """What became of a question that was taken back."""

    stopped: bool
    """Whether nobody works on it any more; somebody else may still wait for it."""


class NoteKept(BaseModel):
    """A note on a day."""

    id: str
    day: date
    text: str
    who: str
    mine: bool
    """Whether who asks may take it away."""


def add(app: FastAPI, desk: Desk) -> None:
    """Add what every page offers."""
    _add_choices(app, desk)
    _add_views(app, desk)
    _add_notes(app, desk)
    _add_tables(app, desk)
    _add_taking_back(app, desk)


def _add_taking_back(app: FastAPI, desk: Desk) -> None:
    @app.delete("/api/v1/pages/{name}", tags=["pages"])
    async def take_back(
        request: Request,
        name: _Name,
        _: _Reader,
        *,
        reader: Annotated[str, Query(max_length=40)] = "",
    ) -> TakenBack:
        """Wait for a page no more: where nobody else does, working it out stops."""
        view, page = desk.view(request), _page(name)
        if page.build is None:
            raise HTTPException(404, f"the page {name!r} is a tool: nothing is worked out for it")
        asking = await run_in_threadpool(desk.answers.ask, page, view)

        def cancel() -> bool:
            return desk.answers.cancel(asking, reader=reader)

        return TakenBack(stopped=await run_in_threadpool(cancel))


def _add_choices(app: FastAPI, desk: Desk) -> None:
    choices = Choices()

    @app.get("/api/v1/choices", tags=["habits"])
    async def all_choices(request: Request, _: _Reader) -> list[ChoiceColumn]:
        """List every column that pages can be filtered by; the common ones with their values."""
        language = desk.view(request).language
        return await run_in_threadpool(choices.common, desk.workspace, language)

    @app.get("/api/v1/choices/{column}", tags=["habits"])
    async def one_column(
        request: Request, column: Annotated[str, InPath(max_length=200)], _: _Reader
    ) -> ChoiceColumn:
        """List the values of one column, the most common ones first."""
        language = desk.view(request).language
        return await run_in_threadpool(choices.of, desk.workspace, column, language)


def _add_views(app: FastAPI, desk: Desk) -> None:
    book = ViewBook(desk.answers.workspace.root)

    @app.get("/api/v1/views", tags=["habits"])
    async def views(person: _Reader) -> list[ViewKept]:
        """List the views that who asks keeps."""
        return [_view(each) for each in await run_in_threadpool(book.views, person.name)]

    @app.post("/api/v1/views", tags=["habits"], status_code=201)
    async def save_view(asked: ViewAsked, person: _Writer) -> ViewKept:
        """Keep a page as it is looked at now; one of the same name is replaced."""
        page = _page(asked.page)
        query = _canonical(asked.query)

        def save() -> SavedView:
            return book.save(person.name, asked.name.strip(), page=page.id, query=query)

        return _view(await run_in_threadpool(save))

    @app.delete("/api/v1/views/{key}", tags=["habits"], status_code=204)
    async def drop_view(key: _Key, person: _Writer) -> None:
        """Let go of a view."""

        def drop() -> bool:
            return book.drop_view(key, who=person.name)

        if not await run_in_threadpool(drop):
            raise HTTPException(404, "you keep no such view")


def _add_notes(app: FastAPI, desk: Desk) -> None:
    book = ViewBook(desk.answers.workspace.root)

    @app.get("/api/v1/notes", tags=["habits"])
    async def notes(person: _Reader) -> list[NoteKept]:
        """List the notes that are drawn on charts of time, by day."""
        return [_note(each, person) for each in await run_in_threadpool(book.notes)]

    @app.post("/api/v1/notes", tags=["habits"], status_code=201)
    async def write_note(asked: NoteAsked, person: _Writer) -> NoteKept:
        """Write down what happened on a day, for all who look at its figures."""

        def write() -> Note:
            return book.note(asked.day, asked.text.strip(), who=person.name)

        return _note(await run_in_threadpool(write), person)

    @app.delete("/api/v1/notes/{key}", tags=["habits"], status_code=204)
    async def drop_note(key: _Key, person: _Writer) -> None:
        """Take a note away: one's own, or anybody's for who manages the dashboard."""
        who = None if person.may(Act.MANAGE) else person.name

        def drop() -> bool:
            return book.drop_note(key, who=who)

        if not await run_in_threadpool(drop):
            raise HTTPException(404, "there is no such note of yours")


def _add_tables(app: FastAPI, desk: Desk) -> None:
    @app.get("/api/v1/pages/{name}/tables/{table}.csv", tags=["pages"])
    async def table_data(
        request: Request,
        name: _Name,
        table: Annotated[str, InPath(max_length=200)],
        *,
        _: _Reader,
    ) -> Response:
        """Give a table of a page, or the numbers of a chart, as CSV with intervals and labels."""
        view, page = desk.view(request), _page(name)
        if page.build is None:
            raise HTTPException(404, f"the page {name!r} is a tool: it has no tables")
        asking = await run_in_threadpool(desk.answers.ask, page, view)
        answer = await run_in_threadpool(asking.future.result)
        found = table_named(answer.sections, table)
        if found is None:
            raise HTTPException(404, f"the page has no table {table!r}")
        named = f"shroff-{name}-{table}.csv".replace('"', "").encode("ascii", "ignore").decode()
        return Response(
            render_csv(found, language=view.language),
            media_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{named}"'},
        )


def _page(name: str) -> Page:
    page = page_of(name)
    if page is None:
        raise HTTPException(404, f"there is no page {name!r}")
    return page


def _canonical(query: str) -> str:
    """Write a query as pages do, without the language; what cannot be read is refused."""
    given = parse_qsl(query, keep_blank_values=True)
    tools = [pair for pair in given if not is_ours(pair[0])]
    return urlencode([*view_of(given, default=Language.EN).pairs(), *tools])


def _view(kept: SavedView) -> ViewKept:
    return ViewKept(id=kept.id, name=kept.name, page=kept.page, query=kept.query)


def _note(kept: Note, person: Person) -> NoteKept:
    mine = kept.who == person.name or person.may(Act.MANAGE)
    return NoteKept(id=kept.id, day=kept.day, text=kept.text, who=kept.who, mine=mine)
