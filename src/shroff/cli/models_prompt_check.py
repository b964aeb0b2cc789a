"""`shroff models prompt check`."""

from __future__ import annotations

from pathlib import Path

import click

from shroff.cli.endings import FINDING
from shroff.cli.models_prompt_render import ad_from
from shroff.cli.options import json_option

__all__ = ["command"]


@click.command()
@click.argument("policy", type=Path)
@click.argument("answer", type=Path)
@click.option("--title", default="", help="Title of the ad.")
@click.option("--body", default="", help="Body of the ad.")
@click.option("--ad", "ad_file", metavar="FILE", help="The ad as a JSON object; -: stdin.")
@click.option("--zh", "chinese", is_flag=True, help="Say it in Chinese.")
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    *,
    policy: Path,
    answer: Path,
    title: str,
    body: str,
    ad_file: str | None,
    chinese: bool,
    as_json: bool,
) -> None:
    """Check the file ANSWER, what a model wrote when asked whether an ad breaks POLICY.

    An answer holds if it has the form asked for, only offered values, and quotes that stand in
    the ad. Ends with 1 if it does not hold; an invalid answer is no verdict.
    """
    from shroff.cli.console import print_json
    from shroff.domain.messages import Language, say
    from shroff.models.judgement import Invalid, read_answer
    from shroff.models.policy_file import load_policy, policy_source
    from shroff.models.prompt import Sampling, render_prompt

    ad = ad_from(ad_file, title=title, body=body)
    prompt = render_prompt(load_policy(policy), ad, sampling=Sampling(model=""))
    found = read_answer(policy_source(answer), prompt)
    language = Language.ZH if chinese else Language.EN
    if as_json:
        print_json(found.record())
    elif isinstance(found, Invalid):
        said = dict.fromkeys(fault.text(language) for fault in found.faults)
        reasons = ("；" if chinese else "; ").join(said)
        click.echo(say("policies.answer.bad", language, {"reasons": reasons}))
    else:
        slots: dict[str, str | int | float | None] = {
            "verdict": str(found.verdict),
            "confidence": str(found.confidence),
            "evidence": len(found.evidence),
        }
        click.echo(say("policies.answer.good", language, slots))
    if isinstance(found, Invalid):
        ctx.exit(FINDING)
