"""Policies as those see them who label: names from the logs, texts from the folder ``policies``."""

from __future__ import annotations

from shroff.errors import PolicyError
from shroff.models.golden_policies import policy_book
from shroff.models.policy_file import load_policy, policy_source
from shroff.web.label_requests import PolicyTold
from shroff.workspace import Workspace

__all__ = ["policies_told"]

_MOST_FILES = 200


def policies_told(workspace: Workspace) -> list[PolicyTold]:
    """List the policies to judge by.

    Parameters
    ----------
    workspace : Workspace
        Its log of policies, and its folder ``policies`` of texts.

    Returns
    -------
    list of PolicyTold
        Policies at the ends of the tree, and those that only a text speaks of, by id.
    """
    texts = _texts(workspace)
    with workspace.engine() as engine:
        book = policy_book(engine)
    inner = set(book.parents.values())
    named = {policy for policy in book.versions if policy not in inner} | set(texts)
    return [
        PolicyTold(
            id=policy,
            name_en=book.names.get(policy, ("", ""))[0],
            name_zh=book.names.get(policy, ("", ""))[1],
            text=texts.get(policy, ""),
        )
        for policy in sorted(named)
    ]


def _texts(workspace: Workspace) -> dict[str, str]:
    folder = workspace.root / "policies"
    found: dict[str, str] = {}
    for path in sorted(folder.glob("*.md"))[:_MOST_FILES]:
        try:
            found[load_policy(path).policy] = policy_source(path)
        except PolicyError:
            continue  # shroff models prompt lint says what is wrong with it
    return found
