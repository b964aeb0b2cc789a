"""What a workspace's shroff.toml may say."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    Field,
    ValidationError,
    model_validator,
)

from shroff.domain.labels import Basis, DesignKind, QueueReason
from shroff.domain.messages import Language
from shroff.errors import ConfigError
from shroff.store.mapping import MappingSpec
from shroff.store.mapping_faults import mapping_faults, suggestion
from shroff.store.schema import TABLES
from shroff.store.settings_deciding import DecideSettings
from shroff.store.settings_engine import ENGINES, EngineSettings, Section, TableName
from shroff.store.settings_faults import lines_of_keys, parse_toml, told
from shroff.store.settings_models import ModelSettings
from shroff.store.settings_reports import ReportSettings
from shroff.store.settings_watch import WatchSettings
from shroff.store.settings_web import WebSettings

__all__ = [
    "SETTINGS_FILE",
    "AppealSettings",
    "CheckSettings",
    "CostSettings",
    "CubeSettings",
    "DecideSettings",
    "DesignSpec",
    "EngineSettings",
    "GoalSpec",
    "MappingSpec",
    "MetricSpec",
    "PeriodSettings",
    "PublishSettings",
    "ReportSettings",
    "Settings",
    "SliceSettings",
    "WatchSettings",
    "WebSettings",
    "WorkspaceSettings",
    "parse_settings",
    "read_settings",
]

SETTINGS_FILE = "shroff.toml"
"""Name of the settings file in a workspace."""

_NAME = re.compile(r"[a-z][a-z0-9_]*")


def _a_kept_table(name: str) -> str:
    if name != "quarantine" and name not in TABLES:
        raise ValueError(f"there is no table '{name}'" + suggestion(name, tuple(TABLES)))
    return name


def _a_name(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ValueError(f"'{name}' must be lower-case letters, digits and underscores")
    return name


KeptTable = Annotated[str, AfterValidator(_a_kept_table)]
Name = Annotated[str, AfterValidator(_a_name)]


class WorkspaceSettings(Section):
    """Who the workspace is."""

    name: str = Field(
        default="", description="Name shown on reports; the folder's name when empty."
    )
    language: Language = Field(
        default=Language.EN,
        description=(
            'Language of figures, findings and reports, "en" or "zh"; errors and help are English.'
        ),
    )


class CubeSettings(Section):
    """What is counted once and kept."""

    keep: bool = Field(
        default=True,
        description="Keep cubes by day, and count only ads whose rows changed.",
    )


class SliceSettings(Section):
    """By which columns the scorecard is always cut."""

    columns: tuple[str, ...] = Field(
        default=("market", "language", "industry", "format"),
        description="Columns of ads or decisions to slice by, your own extra columns included.",
    )
    derived: dict[Name, str] = Field(
        default_factory=dict[str, str],
        description="Further slices: name = SQL expression over columns of ads and decisions.",
    )


class DesignSpec(Section):
    """How some labels were drawn, so that they can speak for ads nobody labelled."""

    kind: DesignKind = Field(
        default=DesignKind.STRATIFIED,
        description="census, stratified (without replacement), poisson (each on its own) or pps.",
    )
    basis: Basis = Field(
        default=Basis.LOGGED,
        description="Why the probability is believed: logged, declared (say by whom) or certain.",
    )
    by: str = Field(
        default="", description="Who declares it; printed beside every figure that uses it."
    )
    queues: tuple[str, ...] = Field(default=(), description="Review queues whose labels it drew.")
    queue_reasons: tuple[QueueReason, ...] = Field(
        default=(), description="Queue reasons whose labels it drew."
    )
    design_id: str = Field(
        default="", description="reviews.design_id it answers to; its key when empty."
    )
    stratum: str = Field(
        default="",
        description="SQL expression over action, policy_id, market, score, ... giving the stratum.",
    )
    cluster: str = Field(default="", description='Column drawn as a whole, e.g. "advertiser_id".')
    sampling_prob: float | None = Field(
        default=None,
        gt=0,
        le=1,
        description="Declared probability; from counts by stratum if left out.",
    )

    @model_validator(mode="after")
    def _declared_by_someone(self) -> DesignSpec:
        if self.basis is Basis.DECLARED and not self.by:
            raise ValueError('a declared design must say who declares it: by = "NAME"')
        if self.sampling_prob is not None and self.basis is Basis.LOGGED:
            raise ValueError('a probability given here is declared: basis = "declared"')
        return self


class GoalSpec(Section):
    """What a metric should reach."""

    at_most: float | None = Field(default=None, description="The metric should not be above this.")
    at_least: float | None = Field(
        default=None, description="The metric should not be below this."
    )
    since: date | None = Field(
        default=None, description="First day the goal is judged by; the quarter's when absent."
    )
    metric: str = Field(default="", description="Id of the metric; the goal's name when empty.")
    where: dict[str, str] = Field(
        default_factory=dict[str, str], description="Of which ads: column and value; all if empty."
    )
    owner: str = Field(default="", description="Who answers for it.")
    due: date | None = Field(default=None, description="Day by which it is to be reached.")

    @model_validator(mode="after")
    def _says_something(self) -> GoalSpec:
        if (self.at_most is None) == (self.at_least is None):
            raise ValueError("a goal is either at_most = NUMBER or at_least = NUMBER")
        return self


class MetricSpec(Section):
    """A metric of your own: a ratio over labelled decisions."""

    name_en: str = Field(description="Name in English.")
    name_zh: str = Field(default="", description="Name in Chinese; the English one when empty.")
    definition_en: str = Field(default="", description="Definition in English.")
    definition_zh: str = Field(default="", description="Definition in Chinese.")
    numerator: str = Field(
        description="SQL condition over the label frame, e.g. \"violating AND action = 'approve'\"."
    )
    denominator: str = Field(description="SQL condition over the label frame.")
    weight: Literal["ads", "impressions", "spend"] = Field(
        default="ads", description="What is counted: ads, impressions or spend."
    )
    direction: Literal["up_good", "down_good", "neutral"] = Field(
        default="neutral", description="Which way is good."
    )


class CostSettings(Section):
    """What mistakes and work cost, in one currency."""

    currency: str = Field(default="USD", description="Currency of the figures below.")
    missed_violation: float | None = Field(
        default=None, ge=0, description="Cost of one missed ad."
    )
    wrong_reject: float | None = Field(default=None, ge=0, description="Cost of one wrong reject.")
    appeal: float | None = Field(
        default=None,
        ge=0,
        description="Cost of handling one appeal; its logged work when not set.",
    )
    reviewer_hour: float | None = Field(
        default=None, ge=0, description="Cost of one reviewer hour."
    )


class PublishSettings(Section):
    """When a published figure is withheld; working views only grey it."""

    max_width: float = Field(
        default=0.05, gt=0, le=1, description="Widest interval that is published, as a share."
    )
    relative: bool = Field(
        default=True,
        description="For figures under max_width: withhold when wider than the figure itself.",
    )


class AppealSettings(Section):
    """How long an advertiser may appeal."""

    window_days: int = Field(
        default=30, ge=1, description="Days after a decision in which to appeal."
    )


class PeriodSettings(Section):
    """How days are grouped."""

    week_starts: Literal["monday", "sunday", "saturday"] = Field(
        default="monday", description="First day of a week."
    )


class CheckSettings(Section):
    """What `shroff check` minds."""

    late_days: float = Field(
        default=2.0, gt=0, description="Days after which a row counts as ingested late."
    )
    ignore: tuple[str, ...] = Field(
        default=(), description="Codes of findings that are not shown."
    )


class Settings(Section):
    """Everything shroff.toml may say; every table may be left out."""

    workspace: WorkspaceSettings = Field(default=WorkspaceSettings(), description="The workspace.")
    engine: EngineSettings = Field(default=EngineSettings(), description="The query engine.")
    cubes: CubeSettings = Field(default=CubeSettings(), description="Kept cubes.")
    slices: SliceSettings = Field(default=SliceSettings(), description="Slices.")
    sources: dict[TableName, tuple[str, ...]] = Field(
        default_factory=dict[str, tuple[str, ...]],
        description="Files, folders or globs of each table, read by `shroff ingest --all`.",
    )
    mapping: dict[TableName, MappingSpec] = Field(
        default_factory=dict[str, MappingSpec], description="How files become each table."
    )
    designs: dict[Name, DesignSpec] = Field(
        default_factory=dict[str, DesignSpec], description="How labels were drawn."
    )
    goals: dict[str, GoalSpec] = Field(
        default_factory=dict[str, GoalSpec], description="Goals, by metric."
    )
    metrics: dict[Name, MetricSpec] = Field(
        default_factory=dict[str, MetricSpec], description="Metrics of your own."
    )
    costs: CostSettings = Field(default=CostSettings(), description="Costs.")
    retention: dict[KeptTable, Annotated[int, Field(ge=7)]] = Field(
        default_factory=dict[str, int],
        description="Days each table (and quarantine) is kept; others are kept for good.",
    )
    publish: PublishSettings = Field(default=PublishSettings(), description="Publication.")
    appeals: AppealSettings = Field(default=AppealSettings(), description="Appeals.")
    periods: PeriodSettings = Field(default=PeriodSettings(), description="Periods.")
    check: CheckSettings = Field(default=CheckSettings(), description="Data health.")
    watch: WatchSettings = Field(default=WatchSettings(), description="Watching.")
    reports: ReportSettings = Field(default=ReportSettings(), description="Telling of reports.")
    models: ModelSettings = Field(default=ModelSettings(), description="Models that are asked.")
    decide: DecideSettings = Field(default=DecideSettings(), description="Deciding on ads.")
    web: WebSettings = Field(default=WebSettings(), description="The dashboard.")

    @model_validator(mode="after")
    def _mappings_name_columns(self) -> Settings:
        faults = [
            fault for name, spec in self.mapping.items() for fault in mapping_faults(name, spec)
        ]
        if faults:
            raise ValueError("\n".join(faults))
        return self

    def asking(self, engine: str) -> Settings:
        """Give these settings with another engine.

        Parameters
        ----------
        engine : str
            Its name.

        Returns
        -------
        Settings
            The settings.

        Raises
        ------
        ConfigError
            If there is no such engine.
        """
        if engine not in ENGINES:
            raise ConfigError(f"there is no engine {engine!r}{suggestion(engine, ENGINES)}")
        asked = self.engine.model_copy(update={"name": engine})
        return self.model_copy(update={"engine": asked})

    def mapping_of(self, table: str) -> MappingSpec:
        """Give the mapping of a table; every column keeps its name when none is set."""
        return self.mapping.get(table) or MappingSpec.model_validate({})


def parse_settings(text: str, *, name: str = SETTINGS_FILE) -> Settings:
    """Understand the text of a settings file.

    Parameters
    ----------
    text : str
        TOML.
    name : str
        Name of the file, for error messages.

    Returns
    -------
    Settings
        The settings.

    Raises
    ------
    ConfigError
        If it is not TOML or says something unknown or impossible; all faults are named at once.
    """
    values = parse_toml(text, name=name)
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        cause, where = told(error, model=Settings, lines=lines_of_keys(text), name=name)
        raise ConfigError(cause, where=where) from None


def read_settings(path: Path) -> Settings:
    """Read a settings file.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    Settings
        The settings.

    Raises
    ------
    ConfigError
        If it cannot be read or understood; all faults are named at once.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ConfigError(
            f"cannot read the settings: {error.strerror}", where=str(path), hint="run shroff init"
        ) from None
    except UnicodeDecodeError as error:
        raise ConfigError(
            "the settings are not UTF-8", where=f"{path}, byte {error.start}", hint="save as UTF-8"
        ) from None
    return parse_settings(text, name=str(path))
