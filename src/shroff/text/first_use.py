"""Is the machine code of the kernels there, or will the first use compile it?"""

from __future__ import annotations

import os

from shroff.text.kernel_cache import cache_folder

__all__ = ["compiles_first"]


def compiles_first() -> bool:
    """Tell whether reading texts will first compile, which takes up to a minute, once a version."""
    try:
        with os.scandir(cache_folder()) as inside:
            return not any(inside)
    except OSError:
        return True
