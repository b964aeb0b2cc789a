"""A search made a rule: the ads it found become its examples."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from shroff.errors import ConfigError, DesignError
from shroff.rules.found import Found, FoundAd
from shroff.rules.pack_file import inspect, load_pack
from shroff.rules.rule import Bilingual, Example, Pack, Rule, Span
from shroff.rules.written import write_pack, write_rule

__all__ = ["rule_of", "rule_text"]

_EXAMPLES = 8


def rule_of(found: Found, rule_id: str) -> Rule:
    """Make a rule of a search.

    Parameters
    ----------
    found : Found
        What the search found.
    rule_id : str
        Id of the rule.

    Returns
    -------
    Rule
        It queues ads for people, and has as examples one ad for each disguise, then those seen
        most.

    Raises
    ------
    DesignError
        If the search found nothing, so that there is no example.
    """
    if not found.ads:
        raise DesignError(
            "the search found no ad, and a rule without an example is not tested",
            hint="search all ads, without --period, or write the rule and its examples by hand",
        )
    return replace(
        found.rule,
        id=rule_id,
        name=Bilingual(en=found.query),
        must_match=tuple(_example(ad, found.rule) for ad in _chosen(found)),
    )


def _chosen(found: Found) -> list[FoundAd]:
    ways = [each.example for each in found.disguises if each.example is not None]
    texts: dict[tuple[tuple[str, str], ...], FoundAd] = {}
    for ad in (*ways, *found.shown):
        if ad.spots:
            texts.setdefault(tuple(ad.texts.items()), ad)
    return list(texts.values())[:_EXAMPLES]


def _example(ad: FoundAd, rule: Rule) -> Example:
    # an ad of one market only tests a rule for that market if it says so
    columns = {"market": ad.market if rule.markets else None}
    columns["language"] = ad.language if rule.languages else None
    return Example(
        texts=tuple(ad.texts.items()),
        columns=tuple((name, value) for name, value in columns.items() if value is not None),
        spans=tuple(
            Span(spot.field, spot.start, spot.end) for spot in ad.spots if spot.field in ad.texts
        ),
        note=f"{ad.ad_id}/{ad.ad_version}",
    )


def rule_text(found: Found, rule_id: str, *, pack: Path | None = None) -> str:
    """Write a search as a rule, and into a pack where one is named.

    Parameters
    ----------
    found : Found
        What the search found.
    rule_id : str
        Id of the rule.
    pack : Path, optional
        The pack that gets it; made when it is not there.

    Returns
    -------
    str
        YAML: the rule as an entry of ``rules``, or the whole pack.

    Raises
    ------
    ConfigError
        If the pack has a rule of that id, or cannot be written.
    """
    rule = rule_of(found, rule_id)
    if pack is None:
        return write_rule(rule)
    if not pack.exists():
        return _written(pack, write_pack(Pack(id=pack.stem, rules=(rule,))))
    old = load_pack(pack)
    if any(each.id == rule_id for each in old.rules):
        raise ConfigError(
            f"the pack has a rule {rule_id!r} already",
            where=str(pack),
            hint="history keeps the names of rules: give the new one its own",
        )
    # what somebody wrote stays as it is, remarks included
    text = pack.read_text(encoding="utf-8-sig").rstrip("\n")
    added = f"{text}\n{_indented(write_rule(rule), like=text)}\n"
    whole = replace(old, rules=(*old.rules, rule))
    return _written(pack, added if _reads_as(added, whole) else write_pack(whole))


def _indented(entry: str, *, like: str) -> str:
    """Set an entry as far in as the entries of the pack."""
    lines = like.splitlines()
    first = next((i for i, line in enumerate(lines) if line.startswith("rules:")), len(lines))
    entries = (line for line in lines[first + 1 :] if line.lstrip().startswith("- "))
    wanted = next((len(line) - len(line.lstrip()) for line in entries), 2)
    own = len(entry) - len(entry.lstrip(" "))
    shift = wanted - own
    return "\n".join(
        (" " * shift + line if shift >= 0 else line[-shift:]) if line.strip() else line
        for line in entry.rstrip("\n").splitlines()
    )


def _reads_as(text: str, pack: Pack) -> bool:
    read, _ = inspect(text, path=pack.path)
    return read is not None and [r.id for r in read.rules] == [r.id for r in pack.rules]


def _written(path: Path, text: str) -> str:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as fault:
        raise ConfigError(f"cannot write: {fault.strerror}", where=str(path)) from None
    return text
