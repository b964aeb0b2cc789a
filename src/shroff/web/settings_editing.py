"""The settings as a page shows and changes them: each with where it stands, the file checked first."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path

from pydantic import BaseModel
from pydantic_core import to_jsonable_python

from shroff.errors import ConfigError
from shroff.store.settings import SETTINGS_FILE, Settings, parse_settings
from shroff.store.settings_faults import lines_of_keys

__all__ = ["FILE_ONLY", "SettingsFile", "Shown"]

FILE_ONLY = ("engine", "sources", "models", "web")
"""Tables that reach beyond the logs, or say who comes in: changed in the file itself only."""

_LONGEST = 200_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One setting.

    Parameters
    ----------
    table, key : str
        Where it stands in the file.
    value : object
        What holds now, JSON-ready.
    line : int
        Line that says so; 0 where the default holds.
    about : str
        What it means.
    """

    table: str
    key: str
    value: object
    line: int
    about: str


@dataclass(frozen=True, slots=True)
class SettingsFile:
    """The settings file of a workspace.

    Parameters
    ----------
    root : Path
        Folder of the workspace.
    """

    root: Path

    @property
    def path(self) -> Path:
        """Where it is."""
        return self.root / SETTINGS_FILE

    def text(self) -> str:
        """Give what it says."""
        return self.path.read_text(encoding="utf-8-sig")

    @staticmethod
    def version(text: str) -> str:
        """Name what a file says, so that nobody overwrites what another has changed."""
        return hashlib.sha256(text.encode()).hexdigest()

    def shown(self) -> list[Shown]:
        """List every setting that there is, with where it stands."""
        text = self.text()
        settings, lines = parse_settings(text, name=str(self.path)), lines_of_keys(text)
        return list(_shown(settings, lines))

    def check(self, text: str) -> None:
        """See that a text can be the settings.

        Parameters
        ----------
        text : str
            TOML.

        Raises
        ------
        ConfigError
            If it cannot be understood, or changes what is changed in the file only; all faults
            are named at once.
        """
        if len(text) > _LONGEST:
            raise ConfigError(f"settings are longer than {_LONGEST:,} characters")
        before = parse_settings(self.text(), name=str(self.path))
        after = parse_settings(text)
        changed = [name for name in FILE_ONLY if getattr(before, name) != getattr(after, name)]
        if changed:
            raise ConfigError(
                "these reach beyond the logs and are changed in the file itself: "
                + ", ".join(f"[{name}]" for name in changed),
                where=SETTINGS_FILE,
                hint=f"edit {self.path} on the machine that serves the dashboard",
            )

    def save(self, text: str, *, was: str) -> str:
        """Replace the file at once, or not at all.

        Parameters
        ----------
        text : str
            TOML.
        was : str
            Version of what it was made from.

        Returns
        -------
        str
            What changed, line by line.

        Raises
        ------
        ConfigError
            If it cannot be understood, somebody else changed it meanwhile, or it cannot be
            written.
        """
        self.check(text)
        before = self.text()
        if self.version(before) != was:
            raise ConfigError(
                "the settings have changed since you opened them",
                where=SETTINGS_FILE,
                hint="copy what you wrote, load the page again, and put it in there",
            )
        try:
            handle, fresh = tempfile.mkstemp(dir=self.root, prefix=".shroff-", suffix=".toml")
            with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
                stream.write(text)
            Path(fresh).chmod(self.path.stat().st_mode & 0o777)
            Path(fresh).replace(self.path)
        except OSError as fault:
            raise ConfigError(
                f"the settings cannot be written: {fault.strerror}", where=str(self.path)
            ) from fault
        lines = unified_diff(before.splitlines(), text.splitlines(), lineterm="", n=0)
        return "\n".join(line for line in lines if not line.startswith(("---", "+++")))


def _shown(settings: Settings, lines: Mapping[tuple[str, ...], int]) -> Iterator[Shown]:
    for table, field in Settings.model_fields.items():
        held = getattr(settings, table)
        if isinstance(held, BaseModel):
            for key, inner in type(held).model_fields.items():
                yield Shown(
                    table=table, key=key, value=to_jsonable_python(getattr(held, key)),
                    line=lines.get((table, key), 0), about=inner.description or "",
                )  # fmt: skip
            continue
        for key, value in held.items():
            yield Shown(
                table=table, key=key, value=to_jsonable_python(value),
                line=lines.get((table, key), 0), about=field.description or "",
            )  # fmt: skip
