"""Packs that are being written: in a folder of their own, where no rule acts."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path

from shroff.domain.findings import Level
from shroff.errors import ConfigError, RuleError
from shroff.rules.finding_catalogue import finding
from shroff.rules.lint import Linted, Source, lint
from shroff.rules.lint_runs import run_findings
from shroff.rules.pack_diff import diff_packs
from shroff.rules.pack_file import pack_text
from shroff.rules.rule import Pack

__all__ = ["LONGEST_DRAFT", "DraftPacks", "PackText", "text_digest"]

LONGEST_DRAFT = 2_000_000
"""Most characters of a draft."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,59}\Z")


def text_digest(text: str) -> str:
    """Name a text by what it says."""
    return sha256(text.encode("utf-8", "replace")).hexdigest()


@dataclass(frozen=True, slots=True)
class PackText:
    """A pack as it is written.

    Parameters
    ----------
    name : str
        Name of its file, without the suffix.
    text : str
        What it says.
    draft : bool
        Whether nobody uses it.
    """

    name: str
    text: str
    draft: bool

    @property
    def digest(self) -> str:
        """Name it by what it says."""
        return text_digest(self.text)


@dataclass(frozen=True, slots=True)
class DraftPacks:
    """The folders ``packs`` and ``drafts`` of a workspace.

    Parameters
    ----------
    root : Path
        Folder of the workspace.
    """

    root: Path

    def every(self) -> tuple[PackText, ...]:
        """Read all packs that are used, then all drafts; those that are not UTF-8 are left out."""
        return (*self._folder(draft=False), *self._folder(draft=True))

    def _folder(self, *, draft: bool) -> tuple[PackText, ...]:
        place = self.root / ("drafts" if draft else "packs")
        files = sorted([*place.glob("*.yaml"), *place.glob("*.yml")])
        found: list[PackText] = []
        for file in files:
            try:
                found.append(PackText(file.stem, pack_text(file), draft))
            except RuleError:
                continue
        return tuple(found)

    def file(self, name: str, *, draft: bool) -> Path:
        """Tell where a pack is, or would be.

        Returns
        -------
        Path
            Its file.

        Raises
        ------
        ConfigError
            If that is no name of a file.
        """
        if not _NAME.match(name):
            raise ConfigError(
                f"a pack cannot be named {name[:80]!r}",
                where="name",
                hint="letters, digits, hyphens and underscores, at most 60",
            )
        place = self.root / ("drafts" if draft else "packs")
        other = place / f"{name}.yml"
        return other if other.exists() else place / f"{name}.yaml"

    def read(self, name: str) -> PackText:
        """Read a draft, or the pack where there is no draft of it.

        Returns
        -------
        PackText
            What it says.

        Raises
        ------
        ConfigError
            If there is neither.
        RuleError
            If it is not UTF-8.
        """
        for draft in (True, False):
            file = self.file(name, draft=draft)
            if file.exists():
                return PackText(name, pack_text(file), draft)
        raise ConfigError(f"there is no pack {name!r}", where="name", hint="write a draft of it")

    def begin(self, name: str) -> Path:
        """Give the file of a draft; where there is none yet, a copy of the pack of that name."""
        file, used = self.file(name, draft=True), self.file(name, draft=False)
        if not file.exists() and used.exists():
            _write(file, pack_text(used))
        return file

    def save(self, name: str, text: str, *, before: str = "") -> PackText:
        """Keep a draft, whatever is wrong with it.

        Parameters
        ----------
        name : str
            Its name.
        text : str
            What it is to say.
        before : str
            Digest of the draft that was changed; empty for one that is new.

        Returns
        -------
        PackText
            The draft.

        Raises
        ------
        ConfigError
            If someone else has written it meanwhile, or it is too long.
        """
        if len(text) > LONGEST_DRAFT:
            raise ConfigError(f"a draft of more than {LONGEST_DRAFT:,} characters", where="text")
        file = self.file(name, draft=True)
        now = text_digest(pack_text(file)) if file.exists() else ""
        if now not in {"", before}:
            raise ConfigError(
                "someone else has saved this draft since you opened it",
                where=name,
                hint="copy what you wrote, open the draft again, and put both together",
            )
        _write(file, text)
        return PackText(name, text, draft=True)

    def drop(self, name: str) -> None:
        """Let go of a draft."""
        self.file(name, draft=True).unlink(missing_ok=True)

    def looked_at(self, name: str, text: str, *, today: date) -> Linted:
        """Lint a text as the pack of a name, beside the other packs that are used.

        Parameters
        ----------
        name : str
            The pack that it is to be.
        text : str
            What it says.
        today : date
            Today.

        Returns
        -------
        Linted
            What is to be said of it; of the other packs nothing.
        """
        own = Source(name, text)
        others = [
            Source(f"packs/{each.name}", each.text)
            for each in self._folder(draft=False)
            if each.name != name
        ]
        found = lint([own, *others], today=today)
        mine = Linted(
            tuple(each for each in found.findings if each.where.path == name),
            tuple(pack for pack in found.packs if pack.path == name),
            (own,),
        )
        taken = {rule.id: rule for pack in found.packs if pack.path != name for rule in pack.rules}
        twice = [
            finding("R010", rule.where, rule=rule.id, id=rule.id, other=str(taken[rule.id].where))
            for pack in mine.packs
            for rule in pack.rules
            if rule.id in taken
        ]
        return mine.with_more([*twice, *run_findings(mine)])

    def adopt(self, name: str, *, today: date) -> PackText:
        """Make a draft the pack that is used.

        Parameters
        ----------
        name : str
            The draft.
        today : date
            Today.

        Returns
        -------
        PackText
            The pack; the draft is gone.

        Raises
        ------
        ConfigError
            If there is no draft, it has errors, or a rule says something else under its old version.

        Notes
        -----
        No rule acts by this: a step in the life of each says when, and holds for one version only.
        """
        draft = self.read(name)
        if not draft.draft:
            raise ConfigError(f"there is no draft of {name!r}", where="name")
        found = self.looked_at(name, draft.text, today=today)
        errors = found.count(Level.ERROR)
        if errors or not found.packs:
            raise ConfigError(
                f"the draft has {max(errors, 1)} errors", where=name, hint="mend them first"
            )
        target = self.file(name, draft=False)
        if target.exists():
            _require_versions(_packs(name, pack_text(target), today=today), found.packs)
        _write(target, draft.text)
        self.drop(name)
        return PackText(name, draft.text, draft=False)


def _packs(name: str, text: str, *, today: date) -> tuple[Pack, ...]:
    return lint([Source(name, text)], today=today).packs


def _require_versions(old: Sequence[Pack], new: Sequence[Pack]) -> None:
    before = {rule.id: rule.version for pack in old for rule in pack.rules}
    after = {rule.id: rule.version for pack in new for rule in pack.rules}
    same = [name for name, _ in diff_packs(old, new).changed if after[name] <= before[name]]
    if same:
        raise ConfigError(
            f"{', '.join(same[:5])} says something else and has no higher version",
            where=same[0],
            hint="raise its version: logged hits of the old rule are told from the new one's by it",
        )


def _write(file: Path, text: str) -> None:
    """Write a file so that nobody reads half of it."""
    part = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(text.encode("utf-8"))
        part.replace(file)
    except (OSError, UnicodeEncodeError) as fault:
        part.unlink(missing_ok=True)
        raise ConfigError(f"cannot write: {fault}", where=str(file)) from None
