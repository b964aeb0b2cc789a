"""Lets ``python -m shroff`` run the command line."""

from __future__ import annotations

from shroff.cli.app import main

__all__: list[str] = []

if __name__ == "__main__":
    main()
