"""The logs of some ads only, as if there were no others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches

from shroff.errors import ConfigError
from shroff.store.engine import Engine
from shroff.store.schema import TABLES
from shroff.store.sql import ident, literal

__all__ = ["POLICY", "Where", "ads_in_both", "narrow", "narrowing_columns", "table_of_column"]

Where = Mapping[str, Sequence[str]]
"""Columns of ads or of decisions, and the values wanted of each; an empty text stands for no value."""

POLICY = "policy"
"""What puts one policy in scope: it chooses no ads, but what is said of them."""

_CHOSEN, _COMPARED = "chosen_ads", "compared_ads"
_RECORDS, _OTHER_DAYS = "chosen_records", "other_days"
_NOT_OF_ADS = frozenset(
    {"title", "body", "ocr_text", "asr_text", "landing_url", "landing_final_url", "media_ref",
     "thumbnail_ref", "ad_id", "ad_version", POLICY}
)  # fmt: skip
_NOT_OF_DECISIONS = frozenset({"decision_id", "ad_id", "ad_version", "market", "shadow", POLICY})
_SCOPED = ("scores", "judgements", "hits")
"""Logs that say for which policy a row stands."""

_MACHINE = """machine AS (
  SELECT * FROM decisions WHERE NOT COALESCE(shadow, FALSE) AND source <> 'human'
),
several AS (SELECT ad_id FROM machine GROUP BY ad_id HAVING COUNT(*) > 1)"""


def narrowing_columns(engine: Engine) -> tuple[str, ...]:
    """Name the columns by which logs can be narrowed.

    Parameters
    ----------
    engine : Engine
        The logs.

    Returns
    -------
    tuple of str
        The policy in scope, then columns of ads and of the machine's decisions on them that hold
        words or numbers, not texts or times. What both have is the decision's, but for markets.
    """
    return tuple(dict.fromkeys((POLICY, *_of_ads(engine), *_of_decisions(engine))))


def table_of_column(engine: Engine, name: str) -> str:
    """Tell whether logs are narrowed by a column of ``ads`` or of ``decisions``.

    Parameters
    ----------
    engine : Engine
        The logs.
    name : str
        One of `narrowing_columns`, not the policy in scope.

    Returns
    -------
    str
        The table.
    """
    return "decisions" if name in _of_decisions(engine) else "ads"


def _of_ads(engine: Engine) -> list[str]:
    return _plain(engine, "ads", without=_NOT_OF_ADS)


def _of_decisions(engine: Engine) -> list[str]:
    return _plain(engine, "decisions", without=_NOT_OF_DECISIONS)


def _plain(engine: Engine, table: str, *, without: frozenset[str]) -> list[str]:
    return [
        name
        for name, kind in engine.columns(table).items()
        if name not in without and not kind.startswith("TIMESTAMP") and not kind.endswith("[]")
    ]


def narrow(engine: Engine, where: Where) -> None:
    """Show, for the rest of a session, the logs of some ads only.

    Every table that speaks of ads shows what it says of those; whatever is asked of the logs
    afterwards is asked of these ads. An ad is chosen by what its version says, in a market
    also by the market of each decision, and by its decision of record: the machine's first one on
    the version in a market. A policy chooses no ads: of scores, judgements and hits it leaves those
    that stand for it or for none; to measure with it in scope, name it in the brief too.

    Parameters
    ----------
    engine : Engine
        The logs; their canonical tables are replaced in its session.
    where : mapping
        Columns and the values wanted of each; nothing leaves the logs as they are.

    Raises
    ------
    ConfigError
        If there is no such column, or more than one policy is wanted.
    """
    said, decided = _sorted(engine, where)
    conditions = _rows_of(engine, said, decided) if said or decided else {}
    for policy in where.get(POLICY, ()):
        for table in _SCOPED:
            conditions.setdefault(table, []).append(_stands_for(policy))
    for table, tests in conditions.items():
        engine.restrict(table, " AND ".join(tests))


def ads_in_both(engine: Engine, one: Where, other: Where) -> int:
    """Count versions of ads that two choices share; asked before logs are narrowed.

    Parameters
    ----------
    engine : Engine
        The logs.
    one, other : mapping
        Columns and the values wanted of each, as for `narrow`.

    Returns
    -------
    int
        How many are in both.
    """
    for table, where in ((_COMPARED, other), (_CHOSEN, one)):
        _choose(engine, *_sorted(engine, where), table=table)
    both = engine.query(
        f"SELECT COUNT(*) AS n FROM {_CHOSEN} AS a"
        f" JOIN {_COMPARED} AS b ON a.ad_id = b.ad_id AND a.ad_version = b.ad_version"
    )
    return int(both.column("n")[0].as_py())


def _sorted(engine: Engine, where: Where) -> tuple[Where, Where]:
    """Tell what is wanted of ads from what is wanted of decisions."""
    known = narrowing_columns(engine)
    for name in where:
        _require(name, known)
    wanted = len(where.get(POLICY, ()))
    if wanted > 1:
        raise ConfigError(
            f"{wanted} policies are wanted at once",
            where="filters",
            hint="one policy can be in scope at a time; take the others out",
        )
    decided = {name: where[name] for name in _of_decisions(engine) if name in where}
    said = {name: values for name, values in where.items() if name not in {*decided, POLICY}}
    return said, decided


def _choose(engine: Engine, said: Where, decided: Where, *, table: str) -> None:
    """Make a table of the versions of ads that are chosen."""
    if decided:
        engine.materialise(_RECORDS, _records_sql(decided))
    tests = [_any_of(ident(name), values) for name, values in said.items()]
    if decided:
        tests.append(f"(ad_id, ad_version) IN (SELECT ad_id, ad_version FROM {_RECORDS})")
    wanted = " AND ".join(tests) or "TRUE"
    chosen = f"SELECT ad_id, ad_version FROM ads WHERE {wanted}"
    if decided and not said:  # logs may tell of decisions on ads that they do not hold
        chosen = f"SELECT DISTINCT ad_id, ad_version FROM {_RECORDS}"
    engine.materialise(table, chosen)


def _rows_of(engine: Engine, said: Where, decided: Where) -> dict[str, list[str]]:
    """Choose ads, and write for each table which of its rows speak of them."""
    _choose(engine, said, decided, table=_CHOSEN)
    engine.materialise(_OTHER_DAYS, _OTHER_DAYS_SQL)
    conditions: dict[str, list[str]] = {}
    for table in TABLES:
        columns = engine.columns(table)
        if "ad_id" in columns:
            conditions[table] = [_seen(columns)]
    if "market" in said:
        of_market = f"(market IS NULL OR {_any_of(ident('market'), said['market'])})"
        conditions["decisions"].append(of_market)
    if decided:
        records = f"SELECT ad_id, ad_version, market FROM {_RECORDS}"
        here = "(ad_id, COALESCE(ad_version, 1), COALESCE(market, ''))"
        conditions["decisions"].append(f"{here} IN ({records})")
    days = f"(ad_id, day) NOT IN (SELECT ad_id, day FROM {_OTHER_DAYS})"
    conditions["impressions"].append(days)
    return conditions


def _records_sql(decided: Where) -> str:
    """Write the query for decisions of record; most ads are decided once, the others are put in order."""
    tests = " AND ".join(_any_of(f"m.{ident(name)}", values) for name, values in decided.items())
    keys = "m.ad_id, COALESCE(m.ad_version, 1) AS ad_version, COALESCE(m.market, '') AS market"
    return f"""WITH {_MACHINE},
ranked AS (
  SELECT d.*, ROW_NUMBER() OVER (PARTITION BY d.ad_id, COALESCE(d.ad_version, 1), d.market
                                 ORDER BY d.decided_at, d.decision_id) AS _place
  FROM machine AS d JOIN several AS s ON d.ad_id = s.ad_id
)
SELECT {keys} FROM machine AS m LEFT JOIN several AS s ON m.ad_id = s.ad_id
WHERE s.ad_id IS NULL AND {tests}
UNION ALL
SELECT {keys} FROM ranked AS m WHERE m._place = 1 AND {tests}"""


_OTHER_DAYS_SQL = f"""WITH {_MACHINE},
versions AS (
  SELECT d.ad_id, COALESCE(d.ad_version, 1) AS ad_version,
         MIN(CAST(d.decided_at AS DATE)) AS since
  FROM machine AS d JOIN several AS s ON d.ad_id = s.ad_id
  GROUP BY d.ad_id, COALESCE(d.ad_version, 1)
),
served AS (
  SELECT ad_id, ad_version,
         CASE WHEN ROW_NUMBER() OVER (PARTITION BY ad_id ORDER BY since, ad_version) = 1
              THEN DATE '0001-01-01' ELSE since END AS from_day,
         COALESCE(LEAD(since) OVER (PARTITION BY ad_id ORDER BY since, ad_version),
                  DATE '9999-12-31') AS to_day
  FROM versions
)
SELECT i.ad_id, i.day
FROM impressions AS i
JOIN served AS v ON i.ad_id = v.ad_id AND i.day >= v.from_day AND i.day < v.to_day
LEFT JOIN {_CHOSEN} AS c ON v.ad_id = c.ad_id AND v.ad_version = c.ad_version
WHERE c.ad_id IS NULL AND i.ad_id IN (SELECT ad_id FROM {_CHOSEN})"""
"""Days on which a chosen ad was shown as another version of it."""


def _require(name: str, known: Sequence[str]) -> None:
    if name in known:
        return
    close = get_close_matches(name, known, n=1)
    hint = f"did you mean {close[0]!r}? " if close else ""
    raise ConfigError(
        f"neither ads nor decisions have a column {name!r} to choose by",
        where="where",
        hint=hint + ", ".join(known),
    )


def _seen(columns: Mapping[str, str]) -> str:
    if "ad_version" not in columns:
        return f"ad_id IN (SELECT ad_id FROM {_CHOSEN})"
    return f"(ad_id, COALESCE(ad_version, 1)) IN (SELECT ad_id, ad_version FROM {_CHOSEN})"


def _stands_for(policy: str) -> str:
    return f"(policy_id IS NULL OR policy_id = {literal(policy)})"


def _any_of(column: str, values: Sequence[str]) -> str:
    said = [value for value in values if value]
    text = f"CAST({column} AS VARCHAR)"
    tests = [f"{text} IN ({', '.join(map(literal, said))})"] if said else []
    if len(said) < len(values):
        tests.append(f"{text} IS NULL OR {text} = ''")
    return f"({' OR '.join(tests)})"
