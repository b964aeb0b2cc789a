"""The tables of the catalog, version by version."""

from __future__ import annotations

import sqlite3

from shroff.errors import EngineError

__all__ = ["bring_up"]

_MIGRATIONS = (
    """
    CREATE TABLE runs (
        id INTEGER PRIMARY KEY, command TEXT NOT NULL, args TEXT NOT NULL, started TEXT NOT NULL,
        finished TEXT, status TEXT NOT NULL, snapshot TEXT NOT NULL
    );
    CREATE TABLE ingests (
        ingest_id TEXT PRIMARY KEY, run_id INTEGER REFERENCES runs(id), at TEXT NOT NULL,
        table_name TEXT NOT NULL, summary TEXT NOT NULL
    );
    CREATE TABLE reports (
        id INTEGER PRIMARY KEY, run_id INTEGER REFERENCES runs(id), at TEXT NOT NULL,
        path TEXT NOT NULL, period TEXT NOT NULL
    );
    CREATE TABLE audit (
        id INTEGER PRIMARY KEY, at TEXT NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL,
        detail TEXT NOT NULL
    );
    """,
    """
    ALTER TABLE runs ADD COLUMN pid INTEGER;
    CREATE TABLE tombstones (hash TEXT PRIMARY KEY, at TEXT NOT NULL);
    """,
    """
    CREATE TABLE label_plans (plan_id TEXT PRIMARY KEY, at TEXT NOT NULL, plan TEXT NOT NULL);
    CREATE TABLE label_batches (
        batch_id TEXT PRIMARY KEY, at TEXT NOT NULL, signature TEXT NOT NULL, file TEXT NOT NULL,
        taken TEXT
    );
    CREATE TABLE label_rows (
        batch_id TEXT NOT NULL REFERENCES label_batches(batch_id), place INTEGER NOT NULL,
        ad_id TEXT, ad_version INTEGER NOT NULL, design_id TEXT NOT NULL, stratum TEXT NOT NULL,
        sampling_prob REAL NOT NULL, digest TEXT NOT NULL
    );
    CREATE INDEX label_rows_of_batch ON label_rows (batch_id);
    CREATE INDEX label_rows_of_ad ON label_rows (ad_id);
    """,
    """
    CREATE TABLE rule_forecasts (
        forecast_id TEXT PRIMARY KEY, at TEXT NOT NULL, digest TEXT NOT NULL,
        forecast TEXT NOT NULL
    );
    CREATE TABLE rule_states (
        id INTEGER PRIMARY KEY, at TEXT NOT NULL, rule_id TEXT NOT NULL, version INTEGER NOT NULL,
        state TEXT NOT NULL, share REAL, who TEXT NOT NULL, why TEXT NOT NULL,
        detail TEXT NOT NULL
    );
    CREATE INDEX rule_states_of_rule ON rule_states (rule_id);
    """,
    """
    CREATE TABLE findings (
        finding_id TEXT PRIMARY KEY, at TEXT NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL,
        detail TEXT NOT NULL
    );
    CREATE INDEX findings_of_kind ON findings (kind);
    CREATE TABLE incidents (
        incident_id TEXT PRIMARY KEY, opened_at TEXT NOT NULL, state TEXT NOT NULL,
        subject TEXT NOT NULL, kind TEXT NOT NULL, onset TEXT NOT NULL, detail TEXT NOT NULL,
        who TEXT NOT NULL, why TEXT NOT NULL
    );
    CREATE TABLE incident_states (
        id INTEGER PRIMARY KEY, at TEXT NOT NULL, incident_id TEXT NOT NULL, state TEXT NOT NULL,
        who TEXT NOT NULL, why TEXT NOT NULL
    );
    CREATE INDEX incident_states_of_incident ON incident_states (incident_id);
    """,
    """
    CREATE TABLE advice (
        advice_id TEXT PRIMARY KEY, first_at TEXT NOT NULL, last_at TEXT NOT NULL,
        kind TEXT NOT NULL, subject TEXT NOT NULL, detail TEXT NOT NULL, state TEXT NOT NULL,
        who TEXT NOT NULL, why TEXT NOT NULL
    );
    CREATE TABLE advice_states (
        id INTEGER PRIMARY KEY, at TEXT NOT NULL, advice_id TEXT NOT NULL, state TEXT NOT NULL,
        who TEXT NOT NULL, why TEXT NOT NULL, detail TEXT NOT NULL
    );
    CREATE INDEX advice_states_of_advice ON advice_states (advice_id);
    CREATE TABLE advice_outcomes (
        outcome_id TEXT PRIMARY KEY, at TEXT NOT NULL, advice_id TEXT NOT NULL,
        detail TEXT NOT NULL
    );
    """,
    """
    CREATE TABLE models (
        name TEXT NOT NULL, version TEXT NOT NULL, kind TEXT NOT NULL, state TEXT NOT NULL,
        owner TEXT NOT NULL, at TEXT NOT NULL, policies TEXT NOT NULL, thresholds TEXT NOT NULL,
        source TEXT NOT NULL, note TEXT NOT NULL, PRIMARY KEY (name, version)
    );
    CREATE TABLE model_states (
        id INTEGER PRIMARY KEY, at TEXT NOT NULL, name TEXT NOT NULL, version TEXT NOT NULL,
        state TEXT NOT NULL, who TEXT NOT NULL, why TEXT NOT NULL
    );
    CREATE INDEX model_states_of_model ON model_states (name, version);
    CREATE TABLE model_runs (
        id INTEGER PRIMARY KEY, at TEXT NOT NULL, name TEXT NOT NULL, version TEXT NOT NULL,
        what TEXT NOT NULL, ads INTEGER NOT NULL, seconds REAL NOT NULL, detail TEXT NOT NULL
    );
    CREATE INDEX model_runs_of_model ON model_runs (name, version);
    """,
    """
    CREATE TABLE endpoint_probes (
        id INTEGER PRIMARY KEY, at TEXT NOT NULL, endpoint TEXT NOT NULL, detail TEXT NOT NULL
    );
    CREATE TABLE sent_batches (
        id INTEGER PRIMARY KEY, at TEXT NOT NULL, run TEXT NOT NULL, what TEXT NOT NULL,
        endpoint TEXT NOT NULL, host TEXT NOT NULL, model TEXT NOT NULL, policy TEXT NOT NULL,
        version TEXT NOT NULL, masked INTEGER NOT NULL, ads INTEGER NOT NULL,
        requests INTEGER NOT NULL, tokens INTEGER NOT NULL, cost REAL, currency TEXT NOT NULL,
        state TEXT NOT NULL
    );
    """,
    """
    CREATE TABLE golden_sets (
        name TEXT NOT NULL, revision INTEGER NOT NULL, at TEXT NOT NULL, design_id TEXT NOT NULL,
        hash TEXT NOT NULL, detail TEXT NOT NULL, UNIQUE (name, revision)
    );
    CREATE TABLE golden_items (
        name TEXT NOT NULL, revision INTEGER NOT NULL, digest TEXT NOT NULL, ad_id TEXT,
        ad_version INTEGER NOT NULL, market TEXT NOT NULL, language TEXT NOT NULL,
        policy TEXT NOT NULL, stratum TEXT NOT NULL, sampling_prob REAL NOT NULL,
        verdict TEXT NOT NULL, policies TEXT NOT NULL, settled TEXT NOT NULL,
        labels INTEGER NOT NULL, labelled_at TEXT NOT NULL, policy_versions TEXT NOT NULL
    );
    CREATE INDEX golden_items_of_set ON golden_items (name, revision);
    CREATE INDEX golden_items_of_ad ON golden_items (ad_id);
    """,
    """
    CREATE TABLE report_schedules (
        schedule_id TEXT PRIMARY KEY, at TEXT NOT NULL, who TEXT NOT NULL, cron TEXT NOT NULL,
        zone TEXT NOT NULL, ordered TEXT NOT NULL, sends INTEGER NOT NULL, until TEXT NOT NULL
    );
    CREATE TABLE report_turns (
        id INTEGER PRIMARY KEY, at TEXT NOT NULL, schedule_id TEXT NOT NULL, due TEXT NOT NULL,
        state TEXT NOT NULL, detail TEXT NOT NULL, pid INTEGER NOT NULL
    );
    """,
    """
    CREATE TABLE approvals (
        request_id TEXT PRIMARY KEY, at TEXT NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL,
        asked TEXT NOT NULL, who TEXT NOT NULL, why TEXT NOT NULL, state TEXT NOT NULL,
        settled TEXT NOT NULL, by_whom TEXT NOT NULL, note TEXT NOT NULL
    );
    """,
    """
    CREATE TABLE verdict_steps (
        id INTEGER PRIMARY KEY, at TEXT NOT NULL, batch_id TEXT NOT NULL, place INTEGER NOT NULL,
        who TEXT NOT NULL, what TEXT NOT NULL, verdict TEXT NOT NULL, detail TEXT NOT NULL,
        seconds REAL NOT NULL
    );
    CREATE INDEX verdict_steps_of_batch ON verdict_steps (batch_id, place);
    CREATE TABLE verdict_rounds (
        batch_id TEXT PRIMARY KEY, first_batch TEXT NOT NULL, part TEXT NOT NULL
    );
    """,
)
"""One script a schema version; a new version appends, none is ever edited."""


def bring_up(connection: sqlite3.Connection, *, where: str) -> None:
    """Give a catalog the tables of this version.

    Parameters
    ----------
    connection : Connection
        The catalog.
    where : str
        Place to name.

    Raises
    ------
    EngineError
        If a newer Shroff wrote it.
    """
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > len(_MIGRATIONS):
        raise EngineError(
            f"the catalog has version {version}, this Shroff knows {len(_MIGRATIONS)}",
            where=where,
            hint="update Shroff",
        )
    for script in _MIGRATIONS[version:]:
        for statement in filter(str.strip, script.split(";")):
            connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {len(_MIGRATIONS)}")
