"""`shroff models prompt init`."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

import click

__all__ = ["command"]


@click.command()
@click.argument("file", type=Path, default=Path("policies/E4.md"))
@click.option("--replace", is_flag=True, help="Overwrite a file that is there.")
def command(*, file: Path, replace: bool) -> None:
    """Write a worked policy to FILE, to be changed into yours.

    It is on quick weight loss, in English and Chinese, with every section there can be.
    """
    from importlib.resources import files

    if file.exists() and not replace:
        _refuse(file)
    text = files("shroff.models").joinpath("starter_policy.md").read_text(encoding="utf-8")
    _write(file, text)
    click.echo(f"{file}: written; look at it with: shroff models prompt lint {file}")


def _write(file: Path, text: str) -> None:
    from shroff.errors import ConfigError

    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        hint = "name a file in a folder that can be written to"
        raise ConfigError(f"cannot write: {error.strerror}", where=str(file), hint=hint) from None


def _refuse(file: Path) -> NoReturn:
    from shroff.errors import ConfigError

    hint = "name another file" + ("" if file.is_dir() else ", or overwrite it with --replace")
    raise ConfigError("the file is there already", where=str(file), hint=hint)
