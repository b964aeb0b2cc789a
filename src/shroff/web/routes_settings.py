"""The addresses of settings: what holds and why, the file, and changing it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fastapi import Depends, FastAPI
from pydantic import BaseModel, ConfigDict, Field
from pydantic import JsonValue as Json

from shroff.store.audit_trail import AuditTrail
from shroff.store.people_file import PeopleFile
from shroff.web.desk import Desk
from shroff.web.people import Act, Person, needs
from shroff.web.settings_editing import FILE_ONLY, SettingsFile

__all__ = ["add"]

_Admin = Annotated[Person, Depends(needs(Act.MANAGE))]
_LONGEST = 200_000


class SettingTold(BaseModel):
    """One setting."""

    table: str
    key: str
    value: Json
    line: int | None = Field(description="Line of shroff.toml; none where the default holds.")
    about: str


class FileTold(BaseModel):
    """The settings file."""

    text: str
    version: str = Field(description="Names what it says; to be sent back with a change.")
    fixed: list[str] = Field(description="Tables that are changed in the file itself only.")


class Draft(BaseModel):
    """A text that may become the settings."""

    model_config = ConfigDict(extra="forbid")
    text: str = Field(max_length=_LONGEST)


class Change(Draft):
    """A text that is to become the settings."""

    was: str = Field(max_length=64, description="Version of what it was made from.")


class Fits(BaseModel):
    """That a text can be the settings."""

    fits: bool


def add(app: FastAPI, desk: Desk) -> None:
    """Add the addresses of settings."""
    root = desk.answers.workspace.root
    file = SettingsFile(root)

    @app.get("/api/v1/settings", tags=["settings"])
    def settings(_: _Admin) -> list[SettingTold]:
        """List every setting with what holds now and the line that says so."""
        return [
            SettingTold.model_validate({**asdict(each), "line": each.line or None})
            for each in file.shown()
        ]

    @app.get("/api/v1/settings/file", tags=["settings"])
    def settings_file(_: _Admin) -> FileTold:
        """Give the settings file."""
        return _file_told(file)

    @app.post("/api/v1/settings/check", tags=["settings"])
    def check_settings(draft: Draft, _: _Admin) -> Fits:
        """See whether a text can be the settings; every fault is told with its line."""
        file.check(draft.text)
        return Fits(fits=True)

    @app.put("/api/v1/settings/file", tags=["settings"])
    def change_settings(change: Change, person: _Admin) -> FileTold:
        """Change the settings; what changed is a line of the audit log."""
        changed = file.save(change.text, was=change.was)
        trail = AuditTrail(PeopleFile(root))
        trail.add(person.name, "changed settings", detail={"lines": changed[:20_000]})
        return _file_told(file)


def _file_told(file: SettingsFile) -> FileTold:
    text = file.text()
    return FileTold(text=text, version=file.version(text), fixed=list(FILE_ONLY))
