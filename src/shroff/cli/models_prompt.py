"""`shroff models prompt`: policies as people write them, as models read them."""

from __future__ import annotations

import click

from shroff.cli.lazy_group import LazyGroup

__all__ = ["PROMPT_COMMANDS", "command"]

PROMPT_COMMANDS: dict[str, tuple[str, str]] = {
    "init": ("models_prompt_init", "Write a policy to begin with, in English and Chinese."),
    "lint": ("models_prompt_lint", "Tell what is wrong with policies, with places and reasons."),
    "diff": ("models_prompt_diff", "Tell what changed between two texts of a policy."),
    "render": (
        "models_prompt_render",
        "Write the prompt that asks whether an ad breaks a policy.",
    ),
    "attacks": ("models_prompt_attacks", "Write ads that try to talk a model out of its verdict."),
    "check": ("models_prompt_check", "Check an answer: its form, and its quotes against the ad."),
}
"""Subcommands: module and summary; a module is imported when its command runs."""


class _Prompt(LazyGroup):
    table = PROMPT_COMMANDS


@click.group(cls=_Prompt)
def command() -> None:
    """Write policies as Markdown, and judge by them: a policy text is a prompt.

    Nothing is sent anywhere by these commands.
    """
