"""Sentences of the weekly report, (English, 中文) by key."""

from __future__ import annotations

__all__ = ["WEEKLY"]

WEEKLY: dict[str, tuple[str, str]] = {}
