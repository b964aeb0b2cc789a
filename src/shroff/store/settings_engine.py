"""What shroff.toml may say of the query engine: which, how much of a machine, which tables."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from shroff.store.mapping_faults import suggestion
from shroff.store.schema import TABLES

__all__ = ["ENGINES", "EngineSettings", "Section", "TableName"]

ENGINES = ("duckdb", "spark")
"""Engines by name, the default first."""


class Section(BaseModel):
    """A table of shroff.toml; an unknown key is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _a_table(name: str) -> str:
    if name not in TABLES:
        raise ValueError(f"there is no table '{name}'" + suggestion(name, tuple(TABLES)))
    return name


TableName = Annotated[str, AfterValidator(_a_table)]


class EngineSettings(Section):
    """Which engine answers queries, and what of the machine it may use."""

    name: Literal["duckdb", "spark"] = Field(
        default="duckdb", description="Query engine; `--engine` asks another for one command."
    )
    memory_gb: float = Field(
        default=1.0, gt=0.1, description="Memory a query may use, in gigabytes; of duckdb."
    )
    threads: int | None = Field(
        default=None, ge=1, description="Threads; all cores when left out; of duckdb."
    )
    master: str = Field(
        default="local[*]",
        description='Spark\'s master, e.g. "spark://HOST:7077", "yarn" or "local[4]".',
    )
    app_name: str = Field(default="shroff", description="Name shown in Spark's own pages.")
    conf: dict[str, str | bool | int | float] = Field(
        default_factory=dict[str, str | bool | int | float],
        description='Further settings of Spark, e.g. "spark.executor.memory" = "8g".',
    )
    python: str = Field(
        default="",
        description="Python of Spark's workers, of the same minor version as this one; "
        "this one's path when left out.",
    )
    scratch: str = Field(
        default="",
        description="Folder that Spark and its workers share, for what one command counts; "
        "without it that is kept in the workers' memory and on their disks.",
    )
    wait_seconds: float = Field(
        default=60.0, gt=0, description="Longest wait for the first of Spark's workers."
    )
    tables: dict[TableName, str] = Field(
        default_factory=dict[str, str],
        description="Canonical tables that are read from tables of Spark, or from Parquet or "
        "Delta folders, by name or path; `[mapping.<table>]` says how.",
    )
