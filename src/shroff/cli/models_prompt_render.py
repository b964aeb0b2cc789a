"""`shroff models prompt render`."""

from __future__ import annotations

from pathlib import Path

import click

from shroff.cli.options import json_option

__all__ = ["ad_from", "command", "params_of"]


@click.command()
@click.argument("policy", type=Path)
@click.option("--title", default="", help="Title of the ad.")
@click.option("--body", default="", help="Body of the ad.")
@click.option("--ad", "ad_file", metavar="FILE", help="The ad as a JSON object; -: stdin.")
@click.option("--language", type=click.Choice(["en", "zh"]), help="Language of the prompt.")
@click.option("--model", default="", help="Name of the model, part of the version.")
@click.option(
    "--param", "params", multiple=True, metavar="NAME=VALUE",
    help="Parameter of the model, e.g. temperature=0. Repeatable.",
)  # fmt: skip
@json_option
def command(
    *,
    policy: Path,
    title: str,
    body: str,
    ad_file: str | None,
    language: str | None,
    model: str,
    params: tuple[str, ...],
    as_json: bool,
) -> None:
    """Write the prompt that asks whether an ad breaks POLICY.

    The ad is data between marks that it cannot hold; the version names policy text, words around
    it, model and parameters.

    \b
    shroff models prompt render policies/E4.md --title "Lose 10 kg in a week"
    shroff models prompt render policies/E4.md --ad ad.json --model judge-1 --param temperature=0 --json
    """  # noqa: D301 - click keeps the lines after \b
    from shroff.cli.console import print_json
    from shroff.domain.messages import Language
    from shroff.models.policy_file import load_policy
    from shroff.models.prompt import Sampling, render_prompt

    prompt = render_prompt(
        load_policy(policy),
        ad_from(ad_file, title=title, body=body),
        sampling=Sampling(model=model, params=params_of(params)),
        language=Language(language) if language else None,
    )
    if as_json:
        print_json(prompt.record())
        return
    click.echo(f"version {prompt.version}\n")
    for message in prompt.messages():
        click.echo(f"--- {message['role']}\n{message['content']}\n")


def ad_from(file: str | None, *, title: str, body: str) -> dict[str, str | None]:
    """Put an ad together from a file and options.

    Parameters
    ----------
    file : str or None
        JSON object of texts; ``-`` for the standard input.
    title, body : str
        Used where not empty.

    Returns
    -------
    dict of str to str
        Texts by field.

    Raises
    ------
    DataError
        If the file is no JSON object of texts.
    """
    import json
    import sys

    from shroff.errors import DataError
    from shroff.models.policy_file import policy_source

    told: object = {}
    if file:
        text = sys.stdin.read() if file == "-" else policy_source(Path(file))
        try:
            told = json.loads(text)
        except (ValueError, RecursionError) as error:
            hint = '{"title": "...", "body": "..."}'
            raise DataError(f"this is not JSON: {error}", where=file, hint=hint) from None
    if not isinstance(told, dict) or not all(isinstance(v, str | None) for v in told.values()):
        raise DataError(
            "an ad is a JSON object whose values are texts",
            where=file or "",
            hint='{"title": "...", "body": "..."}',
        )
    named = {"title": title, "body": body}
    return {**told, **{name: value for name, value in named.items() if value}}


def params_of(told: tuple[str, ...]) -> dict[str, object]:
    """Read parameters of a model, as ``NAME=VALUE`` with values in JSON or plain.

    Parameters
    ----------
    told : tuple of str
        The parameters.

    Returns
    -------
    dict
        Values by name.

    Raises
    ------
    ConfigError
        If one has no name or no value.
    """
    import json

    from shroff.errors import ConfigError

    found: dict[str, object] = {}
    for each in told:
        name, sign, value = each.partition("=")
        if not name or not sign:
            raise ConfigError(
                f"{each!r} is not NAME=VALUE", where="--param", hint="e.g. temperature=0"
            )
        try:
            found[name] = json.loads(value)
        except ValueError:
            found[name] = value
    return found
