"""What a person changes of a proposed mapping, before anything is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from shroff.store.mapping import MappingSpec
from shroff.store.propose import Proposal, TableProposal
from shroff.store.propose_values import Translation

__all__ = ["edited", "spec_of"]


def spec_of(
    table: TableProposal,
    *,
    columns: Mapping[str, str],
    constants: Mapping[str, str],
    values: Mapping[str, Mapping[str, str]],
    time_zone: str,
) -> MappingSpec:
    """Give the mapping of a table as a person wants it.

    Parameters
    ----------
    table : TableProposal
        What was proposed; how its files are read is kept.
    columns : mapping
        Column of the file by canonical column.
    constants : mapping
        One value for all rows, by canonical column.
    values : mapping
        Translation of values, by canonical column.
    time_zone : str
        Zone of times that name none.

    Returns
    -------
    MappingSpec
        The mapping.
    """
    told = table.spec.model_dump()
    told["columns"] = {name: source for name, source in columns.items() if source}
    told["constants"] = {name: value for name, value in constants.items() if value}
    told["values"] = {
        name: {raw: word for raw, word in pairs.items() if word} for name, pairs in values.items()
    }
    told["time_zone"] = time_zone or "UTC"
    return MappingSpec.model_validate(told)


def edited(proposal: Proposal, specs: Mapping[str, MappingSpec]) -> Proposal:
    """Put the mappings that a person wants into a proposal.

    Parameters
    ----------
    proposal : Proposal
        What was proposed.
    specs : mapping
        Mapping by table; a table that is not named is left out.

    Returns
    -------
    Proposal
        The proposal, without the questions that were answered.
    """
    tables = tuple(
        _settled(table, specs[table.table]) for table in proposal.tables if table.table in specs
    )
    return replace(proposal, tables=tables)


def _settled(table: TableProposal, spec: MappingSpec) -> TableProposal:
    filled = {*spec.columns, *spec.constants}
    told = {each.column: each for each in table.translations}
    translations = tuple(
        Translation(
            column,
            dict(spec.values.get(column, {})),
            {
                value: meaning
                for value, meaning in (told[column].likely if column in told else {}).items()
                if value not in spec.values.get(column, {})
            },
            (),
        )
        for column in dict.fromkeys([*told, *spec.values])
    )
    return replace(
        table,
        spec=spec,
        perhaps=tuple(each for each in table.perhaps if each.column not in filled),
        needed=tuple(each for each in table.needed if each.column not in filled),
        translations=translations,
    )
