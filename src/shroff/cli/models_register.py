"""`shroff models register`."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict, Unpack

import click

from shroff.cli.endings import Session
from shroff.cli.options import json_option, open_workspace, workspace_option

if TYPE_CHECKING:
    from pathlib import Path

    from shroff.models.model_sources import Named
    from shroff.models.modeller import Registered
    from shroff.store.model_records import ModelRecord

__all__ = ["command", "show_registered"]


class _Options(TypedDict):
    name: str
    version: str
    owner: str
    policies: tuple[str, ...]
    thresholds: tuple[str, ...]
    state: str
    file: str
    function: str
    endpoint: str
    policy_text: str
    model: str
    params: tuple[str, ...]
    language: str
    columns: tuple[str, ...]
    trusted: str
    note: str
    who: str
    why: str
    folder: str
    as_json: bool


@click.command()
@click.argument("name")
@click.option(
    "--version", default="", help="Its version, as in the log. [default: a hash of its source]"
)
@click.option("--owner", default="", help="Who answers for it.")
@click.option(
    "--policy", "policies", multiple=True, metavar="ID", help="Policy it speaks of. Repeatable."
)
@click.option(
    "--threshold", "thresholds", multiple=True, metavar="ACTION=SCORE",
    help="Score from which it acts, e.g. reject=0.9. Repeatable.",
)  # fmt: skip
@click.option(
    "--state",
    type=click.Choice(["shadow", "challenger", "champion", "retired"]),
    default="shadow",
    show_default=True,
    help="Where it is in its life, if it is new.",
)
@click.option(
    "--file", default="", metavar="FILE", help=".onnx, .skops, .npz or a trusted pickle."
)
@click.option(
    "--callable", "function", default="", metavar="MODULE:FUNCTION", help="Your own Python code."
)
@click.option("--endpoint", default="", metavar="NAME", help="One of [models.endpoints].")
@click.option(
    "--policy-text", default="", metavar="FILE.md", help="Policy by which an LLM there judges."
)
@click.option("--model", default="", help="Name of the model at the endpoint.")
@click.option(
    "--param", "params", multiple=True, metavar="NAME=VALUE",
    help="Parameter, e.g. temperature=0. Repeatable.",
)  # fmt: skip
@click.option("--language", type=click.Choice(["", "en", "zh"]), default="", help="Of the prompt.")
@click.option(
    "--column", "columns", multiple=True, metavar="COLUMN",
    help="Column of ads it reads. Repeatable. [default: title, body, ocr_text, asr_text]",
)  # fmt: skip
@click.option(
    "--trust-pickle", "trusted", default="", metavar="SHA256",
    help="Load a pickle with this hash: it can run any code.",
)  # fmt: skip
@click.option("--note", default="", metavar="TEXT", help="In words.")
@click.option("--who", default="", metavar="NAME", envvar="USER", help="Who registers it.")
@click.option("--why", default="", metavar="TEXT", help="Why; kept with the step.")
@workspace_option
@json_option
@click.pass_context
def command(ctx: click.Context, **options: Unpack[_Options]) -> None:
    """Register NAME, something that scores or judges: who answers for it, and where it comes from.

    Without a source it is known from the log only. A version never changes; registering it again
    renews what is given of owner, policies, thresholds and note.

    \b
    shroff models register text_classifier --version v1 --owner lin --threshold reject=0.95
    shroff models register spam --file models/spam.onnx --policy L6
    shroff models register judge --endpoint local --model qwen --policy-text policies/E4.md
    """  # noqa: D301 - click keeps the lines after \b
    from shroff.cli.console import print_json

    workspace = open_workspace(ctx.ensure_object(Session), options["folder"])
    modeller = workspace.modeller
    record = _record(options, workspace.root)
    found = modeller.register(record, who=options["who"], why=options["why"])
    if options["as_json"]:
        print_json(found.record())
    else:
        show_registered(found, "registry.registered", workspace.settings.workspace.language)


def show_registered(found: Registered, key: str, language: str) -> None:
    """Say what became of a version, and which champion it took down.

    Parameters
    ----------
    found : Registered
        The version.
    key : str
        Phrase that says it.
    language : str
        Language.
    """
    from shroff.domain.messages import Language, say

    spoken, model = Language(language), found.model
    told = {"name": model.name, "version": model.version}
    state = say(f"registry.state.{model.state}", spoken)
    click.echo(say(key, spoken, {**told, "state": state}))
    for each in found.demoted:
        names = {"old": f"{each.name} {each.version}", "new": f"{model.name} {model.version}"}
        click.echo(say("registry.demoted", spoken, names))
        lost = [policy for policy in each.policies if policy not in model.policies]
        if lost:
            comma = ", " if spoken is Language.EN else "、"
            click.echo(say("registry.without", spoken, {"policies": comma.join(lost)}))


def _record(options: _Options, root: Path) -> ModelRecord:
    from shroff.domain.registered import ModelState
    from shroff.errors import ConfigError
    from shroff.models.model_sources import source_of
    from shroff.store.model_records import ModelRecord

    source = source_of(_named(options), root=root)
    version = options["version"] or source.version
    if not version:
        raise ConfigError(
            f"which version of {options['name']} is this?",
            where="--version",
            hint="as the log names it; of an endpoint, as its owner does",
        )
    policy = source.detail.get("policy")
    return ModelRecord(
        name=options["name"],
        version=version,
        kind=source.kind,
        state=ModelState(options["state"]),
        owner=options["owner"],
        policies=options["policies"] or ((str(policy),) if policy else ()),
        thresholds=_thresholds(options["thresholds"]),
        source=source.detail,
        note=options["note"],
    )


def _named(options: _Options) -> Named:
    from shroff.cli.models_prompt_render import params_of
    from shroff.models.model_sources import TEXTS, Named

    return Named(
        file=options["file"],
        function=options["function"],
        endpoint=options["endpoint"],
        policy_text=options["policy_text"],
        model=options["model"],
        params=params_of(options["params"]),
        language=options["language"],
        columns=options["columns"] or TEXTS,
        trusted=options["trusted"],
    )


def _thresholds(told: tuple[str, ...]) -> dict[str, float]:
    from shroff.domain.decisions import Action
    from shroff.errors import ConfigError

    found: dict[str, float] = {}
    for each in told:
        action, _, value = each.partition("=")
        try:
            found[str(Action(action))] = float(value)
            good = 0 <= float(value) <= 1
        except ValueError:
            good = False
        if not good:
            hint = "e.g. reject=0.9, with scores from 0 to 1; actions are " + ", ".join(Action)
            raise ConfigError(f"{each!r} is not ACTION=SCORE", where="--threshold", hint=hint)
    return found
