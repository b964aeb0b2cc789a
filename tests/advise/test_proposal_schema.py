"""The schema of proposals accepts what is read and refuses what is not."""

import json

import jsonschema
import pytest

from shroff.advise.proposal import Proposal, Shift, Staffing, ThresholdChange, terms_of
from shroff.advise.proposal_schema import proposal_schema

_PROPOSAL = Proposal(
    thresholds=(ThresholdChange(model="risk", where=terms_of({"market": "ID"}), review_from=0.4),),
    staffing=(
        Staffing(
            queue="en_sea",
            shifts=(Shift(days=("mon",), start=9.0, end=17.5, reviewers=2.5),),
        ),
    ),
)


def test_the_schema_accepts_what_is_written() -> None:
    jsonschema.validate(json.loads(_PROPOSAL.to_json()), proposal_schema())


def test_the_schema_refuses_an_unknown_key() -> None:
    told = json.loads(_PROPOSAL.to_json()) | {"lines": []}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(told, proposal_schema())
