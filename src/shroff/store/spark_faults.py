"""What goes wrong in Spark, in our words: one cause, one place, one hint and no stack trace."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator
from contextlib import contextmanager

from shroff.errors import EngineError

__all__ = ["RAISED", "explained", "told"]

RAISED = "shroff-stops|"
"""How a message begins that our own SQL stops a query with: then the table, then the cause."""

_SAYS = re.compile(r"\[([A-Z_]+)(?:\.[A-Z_]+)*\]\s*")
_SAYS_NOTHING = ("at ", "An error occurred while calling ")
_JAVA = re.compile(r"^: (?:[\w$]+\.)*")
_WORKER = "a worker of Spark failed: "
_STATE = re.compile(r"\s*SQLSTATE: \w+.*", re.DOTALL)


@contextmanager
def explained(*, where: str = "", blamed: str = "") -> Generator[None]:
    """Turn a fault of Spark into an `EngineError`.

    Parameters
    ----------
    where : str
        Place to name.
    blamed : str
        The detector at work, which a fault in a worker is put down to.

    Raises
    ------
    EngineError
        If Spark refuses or fails.
    """
    from py4j.protocol import Py4JError, Py4JNetworkError  # noqa: PLC0415 - only with Spark
    from pyspark.errors import PySparkException  # noqa: PLC0415

    try:
        yield
    except Py4JNetworkError:
        hint = "it may have run out of memory: raise spark.driver.memory in [engine.conf]"
        raise EngineError("Spark has gone away", where=where, hint=hint) from None
    except (PySparkException, Py4JError) as error:
        cause, place, hint = told(str(error))
        if blamed and cause.startswith(_WORKER):
            cause = f"the {blamed} failed: {cause.removeprefix(_WORKER)}"
        raise EngineError(cause, where=where or place, hint=hint) from None


def told(message: str) -> tuple[str, str, str]:
    """Put what Spark says in words.

    Parameters
    ----------
    message : str
        All that Spark says, with stack traces.

    Returns
    -------
    cause, where, hint : str
        What went wrong, where ("" when unknown) and what to do about it.
    """
    for pattern, say in _KNOWN:
        if found := re.search(pattern, message, re.DOTALL):
            return say(found)
    condition = _SAYS.search(message)
    text = message[condition.end() :] if condition else message
    lines = (line.strip() for line in _STATE.sub("", text).splitlines())
    line = next((line for line in lines if line and not line.startswith(_SAYS_NOTHING)), "")
    return _JAVA.sub("", line).rstrip(".") or "Spark failed", "", ""


def _stopped(found: re.Match[str]) -> tuple[str, str, str]:
    return (
        found[2].strip(),
        f"[mapping.{found[1]}]",
        "translate the value in [mapping], or leave such rows out by a view in Spark",
    )


def _column(found: re.Match[str]) -> tuple[str, str, str]:
    near = re.search(r"\[(`.*?`)\]", found[2])
    hint = f"did you mean one of {near[1].replace('`', '')}?" if near else ""
    return f"there is no column {found[1]}", "", hint


def _table(found: re.Match[str]) -> tuple[str, str, str]:
    name = found[1].replace("`", "")
    return (
        f"there is no table {name} in Spark",
        "",
        "see [engine.tables], and SHOW TABLES in Spark",
    )


def _unreadable(found: re.Match[str]) -> tuple[str, str, str]:
    path = re.sub(r"^(file:)?/+", "/", found[1])
    return (
        f"a worker of Spark cannot read {path}",
        "",
        "every worker must see the files under the same path as this machine: mount the folder "
        "there, or map tables that Spark has by [engine.tables]",
    )


def _gone_file(found: re.Match[str]) -> tuple[str, str, str]:
    path = re.sub(r"^file:/*", "/", found[1])
    return f"there is no file {path}", "", "the path is read on Spark's side: see that it is there"


def _python(found: re.Match[str]) -> tuple[str, str, str]:
    versions = re.findall(r"(\d+\.\d+|\(\d+, \d+\))", found[0])
    plain = [each.strip("()").replace(", ", ".") for each in versions[:2]]
    said = f": {plain[0]} there, {plain[1]} here" if len(plain) == 2 else ""
    return (
        f"Spark's workers run another Python than this machine{said}",
        "[engine] python",
        "give a Python of the same minor version that every worker has: [engine] python",
    )


def _no_python(found: re.Match[str]) -> tuple[str, str, str]:
    return (
        f"Spark's workers have no Python {found[1]}",
        "[engine] python",
        "give the path of a Python that every worker has: [engine] python",
    )


def _no_module(found: re.Match[str]) -> tuple[str, str, str]:
    return (
        f"the Python of Spark's workers lacks the module {found[1]}",
        "[engine] python",
        "install it for the Python of every worker: pyarrow always, shroff for its own detectors",
    )


def _in_worker(found: re.Match[str]) -> tuple[str, str, str]:
    text = _STATE.sub("", found[0])
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    raised = [line for line in lines if re.match(r"[\w.]+: ", line)]
    return f"{_WORKER}{raised[-1] if raised else lines[-1]}", "", ""


def _memory(_: re.Match[str]) -> tuple[str, str, str]:
    return (
        "Spark ran out of memory",
        "[engine.conf]",
        "raise spark.driver.memory, or spark.executor.memory where a worker says so",
    )


def _lost(_: re.Match[str]) -> tuple[str, str, str]:
    return (
        "Spark lost its workers",
        "[engine] master",
        "see that workers are registered and alive; run the same command again",
    )


_KNOWN: tuple[tuple[str, Callable[[re.Match[str]], tuple[str, str, str]]], ...] = (
    (r"USER_RAISED_EXCEPTION\]\s*" + re.escape(RAISED) + r"(\w+)\|([^\n]*?)(?: SQLSTATE|\n|$)", _stopped),
    (r"java\.lang\.OutOfMemoryError", _memory),
    (r"PYTHON_VERSION_MISMATCH[^\n]*", _python),
    (r'Cannot run program "([^"]+)"', _no_python),
    (r"ModuleNotFoundError: No module named '([^']+)'", _no_module),
    (r"UNRESOLVED_COLUMN[^\]]*\][^`]*`([^\n]+?)` cannot be resolved(.*?)(?:SQLSTATE|$)", _column),
    (r"TABLE_OR_VIEW_NOT_FOUND\] The table or view (\S+) cannot", _table),
    (r"PATH_NOT_FOUND\][^\n]*?: (\S+?)\.? (?:SQLSTATE|\n)", _gone_file),
    (r"FAILED_READ_FILE[^\n]*?file:?\s+(\S+?)\.? ", _unreadable),
    (r"FileNotFoundException: File (\S+) does not exist", _unreadable),
    (r"Traceback \(most recent call last\):.*?(?=\n\s*at |\n\n|$)", _in_worker),
    (r"All masters are unresponsive|MASTER_UNRESPONSIVE|Job aborted due to stage failure: "
     r"Master removed", _lost),
)  # fmt: skip
