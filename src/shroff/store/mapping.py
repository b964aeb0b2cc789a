"""How the columns of a user's own files become canonical ones."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["MappingSpec"]


class MappingSpec(BaseModel):
    """One ``[mapping.<table>]`` section; a column named like the canonical one needs none.

    A canonical column is taken from the first of: `constants`, `expressions`, `columns`, a source
    column of the same name (case does not matter). Source columns that nothing takes are kept as
    extra columns, unless `leave_out` names them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    columns: dict[str, str] = Field(
        default_factory=dict, description="canonical column = source column"
    )
    expressions: dict[str, str] = Field(
        default_factory=dict,
        description="canonical column = SQL expression over source columns (text in text files)",
    )
    constants: dict[str, str | int | float | bool] = Field(
        default_factory=dict, description="canonical column = one value for all rows"
    )
    values: dict[str, dict[str, str]] = Field(
        default_factory=dict,
        description='translation of values, e.g. action = { PASS = "approve", "通过" = "approve" }; '
        'a value translated to "" is missing',
    )
    leave_out: tuple[str, ...] = Field(
        default=(),
        description="source columns not kept as extra columns, e.g. ids of people in a table "
        "that is not about them",
    )
    time_zone: str = Field(
        default="UTC", description="zone of times that state none, e.g. Asia/Shanghai"
    )
    time_formats: tuple[str, ...] = Field(
        default=(),
        description="strptime formats tried in order, before ISO 8601 and epoch s, ms, us or ns",
    )
    encoding: str = Field(default="utf-8", description="encoding of text files, e.g. gb18030")
    delimiter: str | None = Field(
        default=None, description="delimiter of CSV files; found when absent"
    )
    list_separator: str = Field(
        default=",", description="what separates the items of a list column"
    )
    on_conflict: Literal["last"] = Field(
        default="last",
        description="which row wins when a key comes again with other content: the last",
    )
