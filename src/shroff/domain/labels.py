"""Reviews and appeals as labels: how each was drawn, and which one is believed."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["Basis", "DesignKind", "Outcome", "QueueReason", "Role", "Verdict"]


class Verdict(StrEnum):
    """What a reviewer said of an ad."""

    VIOLATING = "violating"
    COMPLIANT = "compliant"
    UNCLEAR = "unclear"


class QueueReason(StrEnum):
    """Why an ad came before people."""

    MODEL = "model"
    RULE = "rule"
    RANDOM = "random"
    REPORT = "report"
    APPEAL = "appeal"
    RECHECK = "recheck"
    SEEDED = "seeded"


class Role(StrEnum):
    """Who labelled."""

    L1 = "L1"
    L2 = "L2"
    QA = "QA"
    SME = "SME"
    LLM = "LLM"


class Outcome(StrEnum):
    """How an appeal ended."""

    UPHELD = "upheld"
    PARTLY_REVERSED = "partly_reversed"
    REVERSED = "reversed"
    OMITTED = "omitted"


class DesignKind(StrEnum):
    """How labels were drawn from a stratum.

    ``CENSUS`` labels everything; ``STRATIFIED`` is a simple random sample without replacement in
    each stratum; ``POISSON`` draws each ad on its own with its own probability; ``PPS`` draws with
    replacement, in proportion to a size.
    """

    CENSUS = "census"
    STRATIFIED = "stratified"
    POISSON = "poisson"
    PPS = "pps"


class Basis(StrEnum):
    """Why a sampling probability is believed.

    ``LOGGED`` with the label, ``DECLARED`` in the settings, ``CERTAIN`` because a queue was worked
    in full.
    """

    LOGGED = "logged"
    DECLARED = "declared"
    CERTAIN = "certain"
