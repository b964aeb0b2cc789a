"""`shroff models`: what scores are worth, and which version to take."""

from __future__ import annotations

import click

from shroff.cli.lazy_group import LazyGroup

__all__ = ["MODELS_COMMANDS", "command"]

MODELS_COMMANDS: dict[str, tuple[str, str]] = {
    "curves": ("models_curves", "Tell what each threshold would catch, and what it would take."),
    "calibration": ("models_calibration", "Tell whether scores mean what they say, and still do."),
    "recalibrate": ("models_recalibrate", "Fit chances to a score, kept as a detector."),
    "compare": ("models_compare", "Tell which of two versions is better, on the same ads."),
    "card": ("models_card", "Write the card of a version: what it is, how good, where weak."),
    "prompt": ("models_prompt", "Write policies as prompts: lint, diff, render, check answers."),
    "register": ("models_register", "Register something that scores or judges."),
    "list": ("models_list", "List what scores or judges: registered, or only in the logs."),
    "show": ("models_show", "Show all that is known of a model: source, history, runs."),
    "state": ("models_state", "Bring a version into another state: shadow, champion, ..."),
    "golden": ("models_golden", "Keep golden sets: draw, take, show, results, repeat runs."),
    "gate": ("models_gate", "Let a challenger pass, or not: for CI, fails only beyond noise."),
    "labeller": ("models_labeller", "Tell what an LLM's labels are worth beside people's."),
    "probe": ("models_probe", "Find out what a model server honours, and remember it."),
    "judge": ("models_judge", "Ask a model whether ads break a policy; write what it says."),
    "batch": ("models_batch", "Judge by files of requests, at half the price."),
    "sent": ("models_sent", "List every batch that was sent to a model server."),
    "operations": ("models_operations", "Tell how LLM judges run: errors, latency, cost, drift."),
    "shadow": ("models_shadow", "Hold a version in shadow beside the one that decides."),
    "kill": ("models_kill", "Switch a model off, at once."),
    "revive": ("models_revive", "Switch a model on again."),
    "train": ("models_train", "Train a small text classifier on the workspace's labels."),
    "score": ("models_score", "Run a registered model over ads, and log its scores."),
    "classify": ("models_classify", "Score the texts of a plain file."),
    "disagreements": ("models_disagreements", "Draw ads to label on which two versions disagree."),
}
"""Subcommands: module and summary; a module is imported when its command runs."""


class _Models(LazyGroup):
    table = MODELS_COMMANDS


@click.group(cls=_Models)
def command() -> None:
    """Tell what a model's scores are worth, at which threshold, and which version is better."""
