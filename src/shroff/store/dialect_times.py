"""Days and times: what is cut and counted otherwise in Spark."""

from __future__ import annotations

from sqlglot import exp

from shroff.store.dialect_parts import call, cast, number, refuse, text

__all__ = ["difference", "extracted", "truncated", "weekday"]

_SECONDS = {"SECOND": 1, "MINUTE": 60, "HOUR": 3600}
_MONTHS = {"MONTH": 1, "QUARTER": 3, "YEAR": 12}
_UNITS = ("SECOND", "MINUTE", "HOUR", "DAY", "WEEK", "MONTH", "QUARTER", "YEAR")


def difference(node: exp.Expr) -> exp.Expr:
    """Count the borders between two times, as DuckDB does; Spark counts whole units."""
    until, since = node.args["this"], node.args["expression"]
    unit = node.text("unit").upper()
    if unit in _SECONDS:
        ends = [call("UNIX_SECONDS", _cut(unit, each)) for each in (until, since)]
        gap = exp.Paren(this=exp.Sub(this=ends[0], expression=ends[1]))
        return exp.Paren(this=exp.IntDiv(this=gap, expression=number(_SECONDS[unit])))
    if unit == "DAY":
        return cast(call("DATE_DIFF", cast(until, "DATE"), cast(since, "DATE")), "BIGINT")
    if unit not in _MONTHS:
        refuse(node, hint="count by second, minute, hour, day, month, quarter or year")
    ends = [_months(unit, each) for each in (until, since)]
    return exp.Paren(this=exp.Sub(this=ends[0], expression=ends[1]))


def _months(unit: str, part: exp.Expr) -> exp.Expr:
    year, size = call("YEAR", part), 12 // _MONTHS[unit]
    if unit == "YEAR":
        return cast(year, "BIGINT")
    of_year = call(unit, part)
    months = exp.Add(this=exp.Mul(this=year, expression=number(size)), expression=of_year)
    return cast(exp.Paren(this=months), "BIGINT")


def _cut(unit: str, part: exp.Expr) -> exp.Expr:
    return call("DATE_TRUNC", text(unit), part)


def truncated(node: exp.Expr) -> exp.Expr:
    """Cut a time to a unit; a week starts on Monday."""
    unit = node.text("unit").upper()
    if unit not in _UNITS or node.args.get("zone") is not None:
        refuse(node)
    return _cut(unit, node.args["this"])


def extracted(node: exp.Expr) -> exp.Expr:
    """Take a part of a time; days of the week count from Sunday as 0, or from Monday as 1."""
    part, unit = node.args["expression"], node.name.upper()
    if unit == "EPOCH":
        micros = call("UNIX_MICROS", cast(part, "TIMESTAMP"))
        return exp.Paren(this=exp.Div(this=micros, expression=cast(number(1000000), "DOUBLE")))
    if unit in ("DOW", "DAYOFWEEK"):
        return exp.Paren(this=exp.Sub(this=call("DAYOFWEEK", part), expression=number(1)))
    if unit == "ISODOW":
        return exp.Paren(this=exp.Add(this=call("WEEKDAY", part), expression=number(1)))
    if unit not in ("YEAR", "QUARTER", "MONTH", "WEEK", "DAY", "DOY", "HOUR", "MINUTE", "SECOND"):
        refuse(node)
    return call({"WEEK": "WEEKOFYEAR", "DOY": "DAYOFYEAR"}.get(unit, unit), part)


def weekday(node: exp.Expr) -> exp.Expr:
    """Count days of the week from Sunday as 0; Spark counts from 1."""
    day = call("DAYOFWEEK", node.args["this"])
    return exp.Paren(this=exp.Sub(this=day, expression=number(1)))
