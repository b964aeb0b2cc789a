"""The addresses of incidents: which there are, and what people make of them."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Depends, FastAPI, Query
from fastapi import Path as InPath
from pydantic import BaseModel, Field

from shroff.domain.messages import Language
from shroff.domain.metrics import Metric
from shroff.errors import ConfigError
from shroff.store.catalog_incidents import Incident
from shroff.watch.incident_desk import sentence_of
from shroff.watch.watched_metrics import WATCHED
from shroff.web.desk import Desk
from shroff.web.people import Act, Person, needs
from shroff.workspace import Workspace

__all__ = ["IncidentTold", "add"]

_Seer = Annotated[Person, Depends(needs(Act.SEE))]
_Writer = Annotated[Person, Depends(needs(Act.WRITE))]
_Name = Annotated[str, InPath(max_length=60)]
_State = Literal["open", "acknowledged", "closed", "resolved"]


class IncidentTold(BaseModel):
    """Something that changed, and what people made of it."""

    id: str
    state: _State
    onset: str = Field(description="First day.")
    en: str
    zh: str
    who: str
    why: str


class IncidentMoved(BaseModel):
    """What is made of an incident."""

    state: Literal["open", "acknowledged", "closed"]
    why: str = Field(default="", max_length=2000, description="The reason; closing needs one.")


def add(app: FastAPI, desk: Desk) -> None:
    """Add the addresses of incidents."""

    @app.get("/api/v1/incidents", tags=["incidents"])
    def incidents(
        _: _Seer, *, state: Annotated[list[_State] | None, Query()] = None
    ) -> list[IncidentTold]:
        """List incidents, newest onset first; all, or those in some states."""
        workspace = desk.workspace
        known = _metrics(workspace)
        return [
            _told(each, known) for each in workspace.catalog.incidents.incidents(*(state or ()))
        ]

    @app.post("/api/v1/incidents/{incident}", tags=["incidents"])
    def move(incident: _Name, said: IncidentMoved, person: _Writer) -> IncidentTold:
        """Acknowledge, close or open an incident; who did and why is remembered."""
        workspace = desk.workspace
        book = workspace.catalog.incidents
        if said.state == "closed" and not said.why.strip():
            raise ConfigError("say why it is closed", where="why")
        chosen = book.incident(incident)
        book.move(chosen.id, state=said.state, who=person.name, why=said.why.strip())
        return _told(book.incident(chosen.id), _metrics(workspace))


def _metrics(workspace: Workspace) -> dict[str, Metric]:
    return {**workspace.metrics(), **WATCHED}


def _told(incident: Incident, metrics: dict[str, Metric]) -> IncidentTold:
    said = sentence_of(incident, metrics)
    return IncidentTold.model_validate(
        {
            "id": incident.id,
            "state": incident.state,
            "onset": incident.onset,
            "en": said.text(Language.EN),
            "zh": said.text(Language.ZH),
            "who": incident.who,
            "why": incident.why,
        }
    )
