"""What Spark says is put in one sentence, with a place and a hint."""

from __future__ import annotations

import pytest

from shroff.store.spark_faults import told

_STACK = "\n\tat org.apache.spark.Foo.bar(Foo.scala:1)\n\tat java.base/java.lang.Thread.run\n"
_TABLE = (
    "[TABLE_OR_VIEW_NOT_FOUND] The table or view `prod`.`decisions` cannot be found. Verify the "
    "spelling and correctness of the schema and catalog. SQLSTATE: 42P01"
)
_COLUMN = (
    "[UNRESOLVED_COLUMN.WITH_SUGGESTION] A column, variable, or function parameter with name "
    "`knd` cannot be resolved. Did you mean one of the following? [`kind`, `at`]. SQLSTATE: 42703"
)
_VERSIONS = (
    "pyspark.errors.exceptions.base.PySparkRuntimeError: [PYTHON_VERSION_MISMATCH] Python in "
    "worker has different version: 3.9 than that in driver: 3.11, PySpark cannot run"
)
_MODULE = (
    'Traceback (most recent call last):\n  File "x.py", line 1\n'
    "ModuleNotFoundError: No module named 'pyarrow'\n"
)
_PROGRAM = 'java.io.IOException: Cannot run program "/opt/python3": error=2, No such file'
_GONE = (
    "[FAILED_READ_FILE.FILE_NOT_EXIST] Encountered error while reading file "
    "file:/lake/ads/part%20a.parquet. File does not exist. SQLSTATE: KD001"
)
_PATH = "[PATH_NOT_FOUND] Path does not exist: file:/data/decisions. SQLSTATE: 42K03"
_CALL = "An error occurred while calling o147.collectToPython.\n: "
_HEAP = _CALL + "java.lang.OutOfMemoryError: Java heap space"
_STATE = _CALL + "java.lang.IllegalStateException: the context was stopped."
_RAISED = (
    "[USER_RAISED_EXCEPTION] shroff-stops|decisions|decisions.action is none of approve, reject "
    "but PASS SQLSTATE: P0001"
)


@pytest.mark.parametrize(
    ("message", "cause", "where", "hint"),
    [
        (_TABLE, "there is no table prod.decisions in Spark", "", "[engine.tables]"),
        (_COLUMN, "there is no column knd", "", "did you mean one of kind, at?"),
        (_VERSIONS, "3.9 there, 3.11 here", "[engine] python", "same minor version"),
        (_MODULE, "lacks the module pyarrow", "[engine] python", "install it"),
        (_PROGRAM, "no Python /opt/python3", "[engine] python", "every worker has"),
        (_GONE, "cannot read /lake/ads/part%20a.parquet", "", "the same path"),
        (_PATH, "there is no file /data/decisions", "", "Spark's side"),
        (_RAISED, "but PASS", "[mapping.decisions]", "translate the value"),
        ("[DIVIDE_BY_ZERO] Division by zero. SQLSTATE: 22012", "Division by zero", "", ""),
        (_HEAP, "Spark ran out of memory", "[engine.conf]", "spark.driver.memory"),
        (_STATE, "IllegalStateException: the context was stopped", "", ""),
        ("", "Spark failed", "", ""),
    ],
)
def test_what_spark_says_is_put_in_words(message: str, cause: str, where: str, hint: str) -> None:
    said = told(message + _STACK)
    assert cause in said[0]
    assert said[1] == where
    assert hint in said[2]
    assert not any("org.apache" in part or "SQLSTATE" in part or "\n" in part for part in said)


def test_a_stop_of_our_own_is_not_read_out_of_a_plan() -> None:
    plan = "\n+- Project [raise_error(shroff-stops|decisions|a row has no id)]"
    assert told(_COLUMN + plan)[0] == "there is no column knd"
