"""Jobs as the API tells them."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field

from shroff.web.jobs import Job, JobState

__all__ = ["FaultTold", "JobTold", "job_told"]


class FaultTold(BaseModel):
    """What went wrong, where, and what to do about it."""

    cause: str
    where: str
    hint: str


class JobTold(BaseModel):
    """How far a job is, and what came of it."""

    id: str = Field(description="Name of the job.")
    kind: str = Field(description="What is worked out.")
    state: JobState
    seconds: float = Field(description="How long it took, or has taken so far.")
    done: int = Field(description="How much is done.")
    of: int = Field(description="Of how much; 0 where nobody can tell.")
    error: FaultTold | None = None
    result: dict[str, Any] | None = Field(default=None, description="The result, once it is done.")


def job_told(job: Job) -> JobTold:
    """Tell how far a job is.

    Parameters
    ----------
    job : Job
        The job.

    Returns
    -------
    JobTold
        With its result where it is done, and its fault where it failed.
    """
    fault, result = job.fault, job.result
    return JobTold(
        id=job.id,
        kind=job.kind,
        state=job.state,
        seconds=round(job.seconds, 2),
        done=job.done,
        of=job.of,
        error=FaultTold(cause=fault.cause, where=fault.where, hint=fault.hint) if fault else None,
        result=dict(result.record) if result else None,
    )
