"""How a command ends when it does not end well."""

from __future__ import annotations

import errno
import json
import os
import sys
import traceback
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import gettempdir

import click

from shroff.errors import ShroffError

__all__ = ["FINDING", "INTERNAL", "STOPPED", "WRONG_USE", "Session", "ending"]

FINDING = 1
WRONG_USE = 2
INTERNAL = 70
STOPPED = 130
_DENIED = frozenset({errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC})


@dataclass(slots=True)
class Session:
    """What the command line knows of the command it runs.

    Parameters
    ----------
    as_json : bool
        Whether results and faults are told as JSON.
    logs : Path or None
        Folder for tracebacks; the workspace's once it is known.
    finished : list of str
        What was done for good, told when the user stops the command.
    unfinished : str
        What is under way, and what stopping it means.
    engine : str
        Engine asked for; empty for the one of the settings.
    """

    as_json: bool = False
    logs: Path | None = None
    finished: list[str] = field(default_factory=list[str])
    unfinished: str = ""
    engine: str = ""


def ending(fault: BaseException, session: Session) -> int:
    """Tell a fault on the error stream.

    Parameters
    ----------
    fault : BaseException
        What ended the command.
    session : Session
        What it was doing.

    Returns
    -------
    int
        Exit code.
    """
    if isinstance(fault, SystemExit):
        return fault.code if isinstance(fault.code, int) else 0
    if isinstance(fault, BrokenPipeError):
        return _reader_left()
    if known := _known(fault):
        return _told(session, known, WRONG_USE)
    if isinstance(fault, (click.exceptions.Abort, KeyboardInterrupt)):
        return _stopped(session)
    return _told(session, _unexpected(fault, session), INTERNAL)


def _known(fault: BaseException) -> dict[str, str] | None:
    """Put in words what is not a fault of Shroff."""
    if isinstance(fault, ShroffError):
        return _record(fault)
    if isinstance(fault, click.ClickException):
        return _usage_record(fault)
    if isinstance(fault, OSError) and fault.errno in _DENIED:
        return _denied(fault)
    return None


def _record(fault: ShroffError) -> dict[str, str]:
    return {
        "kind": type(fault).__name__,
        "cause": fault.cause,
        "where": fault.where,
        "hint": fault.hint,
    }


def _denied(fault: OSError) -> dict[str, str]:
    return {
        "kind": "EngineError",
        "cause": f"this cannot be read or written: {fault.strerror}",
        "where": str(fault.filename or ""),
        "hint": "see that the disk has room and that you may write there",
    }


def _usage_record(fault: click.ClickException) -> dict[str, str]:
    context = fault.ctx if isinstance(fault, click.UsageError) else None
    hint = f"see {context.command_path} --help" if context else ""
    cause = fault.format_message().rstrip(".")
    return {"kind": "UsageError", "cause": cause, "where": "", "hint": hint}


def _told(session: Session, record: dict[str, str], code: int) -> int:
    if session.as_json:
        click.echo(json.dumps({"error": record}, ensure_ascii=False), err=True)
        return code
    place = f"{record['where']}: " if record["where"] else ""
    click.echo(click.style("error: ", fg="red", bold=True) + place + record["cause"], err=True)
    if record["hint"]:
        click.echo(f"  hint: {record['hint']}", err=True)
    return code


def _stopped(session: Session) -> int:
    done = "; ".join(session.finished) or "nothing"
    record = {
        "kind": "Stopped",
        "cause": f"stopped; done before that: {done}",
        "where": "",
        "hint": session.unfinished or "run the same command again",
    }
    return _told(session, record, STOPPED)


def _reader_left() -> int:
    """End quietly when the reader of a pipe (head, less) has left."""
    # otherwise the interpreter complains when it flushes the closed pipe
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _unexpected(fault: BaseException, session: Session) -> dict[str, str]:
    told = "".join(traceback.format_exception(fault))
    name = f"shroff-{datetime.now(UTC):%Y%m%d-%H%M%S}-{os.getpid()}.log"
    place = _written(told, name, session.logs) or _written(told, name, Path(gettempdir()))
    return {
        "kind": "InternalError",
        "cause": f"this is a fault of Shroff, not of yours: {type(fault).__name__}: {fault}",
        "where": "",
        "hint": f"please report it with the details in {place}" if place else told,
    }


def _written(text: str, name: str, folder: Path | None) -> Path | None:
    if folder is None:
        return None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    except OSError:
        return None
    return folder / name
