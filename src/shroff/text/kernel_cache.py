"""Compiling kernels once for a user, not once a process, and never into the package's folder."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Callable
from functools import cache
from importlib.metadata import version
from typing import Any, TypeVar, cast

import numba
from numba.core import config as numba_config

__all__ = ["allocating_kernel", "cache_folder", "kernel"]

Function = TypeVar("Function", bound=Callable[..., object])

# a call would hand over every array of a tuple of arrays: far more than what most kernels do
_OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy", "forceinline": True}


def cache_folder() -> str:
    """Name the folder of this user for machine code; it is made when it is first written.

    Returns
    -------
    str
        ``NUMBA_CACHE_DIR`` where that is set, else a folder among the user's caches, another one
        for other sources of any room: numba looks at a kernel's own file only, not at the files of
        the kernels that it calls.
    """
    chosen = os.environ.get("NUMBA_CACHE_DIR")
    if chosen:
        return chosen
    home = os.environ.get("XDG_CACHE_HOME") or os.path.join(  # noqa: PTH118  no pathlib here
        os.path.expanduser("~"),  # noqa: PTH111
        ".cache",
    )
    return os.path.join(home, "shroff", f"kernels-{_sources()}")  # noqa: PTH118


@cache
def _sources() -> str:
    """Tell versions of the kernels apart: by release, Python, and the stamps of their files."""
    package = os.path.dirname(os.path.dirname(__file__))  # noqa: PTH120
    with os.scandir(package) as rooms:
        folders = sorted(room.path for room in rooms if room.is_dir())
    stamps = [stamp for folder in folders for stamp in _stamps(folder)]
    told = f"{version('shroff')} {sys.version_info[:2]} {stamps}"
    return hashlib.blake2b(told.encode(), digest_size=8).hexdigest()


def _stamps(folder: str) -> list[tuple[str, int]]:
    with os.scandir(folder) as files:
        return sorted((one.name, one.stat().st_mtime_ns) for one in files if "kernel" in one.name)


def kernel(function: Function) -> Function:
    """Compile a function at its first call, or take it from the cache of this user.

    Parameters
    ----------
    function : callable
        Within what numba understands. It allocates nothing: arrays are then not counted each time
        one is touched, which would cost more than what is done with them.

    Returns
    -------
    callable
        The same function, compiled when it is called; it releases the interpreter lock. Where the
        cache cannot be written it is compiled anew in each process.
    """
    return _compiling(function, counting=False)


def allocating_kernel(function: Function) -> Function:
    """Compile a function that allocates arrays; as `kernel` otherwise.

    Parameters
    ----------
    function : callable
        Within what numba understands; loops belong into a `kernel` that it calls.

    Returns
    -------
    callable
        The same function.
    """
    return _compiling(function, counting=True)


def _compiling(function: Function, *, counting: bool) -> Function:
    options = {**_OPTIONS, "_nrt": counting}
    compiler: Any = numba.njit
    settings: Any = numba_config
    before = settings.CACHE_DIR
    settings.CACHE_DIR = cache_folder()
    try:
        return cast("Function", compiler(cache=True, **options)(function))
    except (RuntimeError, OSError):
        return cast("Function", compiler(**options)(function))
    finally:
        settings.CACHE_DIR = before
