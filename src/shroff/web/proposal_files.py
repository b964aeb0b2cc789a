"""Proposals that the dashboard keeps: files in the folder ``proposals`` of the workspace."""

from __future__ import annotations

import re
from pathlib import Path

from shroff.advise.proposal import Proposal
from shroff.advise.proposal_file import read_proposal, write_proposal
from shroff.errors import ConfigError

__all__ = ["keep_proposal"]

_PLAIN = re.compile(r"[^\w-]+")


def keep_proposal(root: Path, proposal: Proposal) -> Path:
    """Write a proposal under its own name.

    Parameters
    ----------
    root : Path
        Folder of the workspace.
    proposal : Proposal
        The proposal.

    Returns
    -------
    Path
        Its file; one that says the same stays as it is.

    Raises
    ------
    ConfigError
        If another proposal has that name.
    """
    name = _PLAIN.sub("-", proposal.name).strip("-").lower() or proposal.id
    file = root / "proposals" / f"{name}.json"
    if file.exists() and read_proposal(file).id != proposal.id:
        raise ConfigError(
            f"another proposal is named {proposal.name!r}",
            where=str(file),
            hint="name it otherwise",
        )
    write_proposal(proposal, file)
    return file
