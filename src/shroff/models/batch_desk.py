"""Batches: ads written as files of requests, and answers taken back, at half the price."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from shroff.domain.judgements import JudgementOutcome
from shroff.domain.messages import Language
from shroff.errors import ConfigError, DataError
from shroff.models.abilities import Abilities
from shroff.models.batch_files import MANIFEST, BatchLine, RequestFiles, lines_of, make_folder
from shroff.models.batch_result import BatchRead, BatchWritten
from shroff.models.combining import combine
from shroff.models.endpoint import Endpoint
from shroff.models.judge_asking import JudgeAsked, ads_to_judge, asking_of, judge_of
from shroff.models.judge_desk import JudgeDesk
from shroff.models.judgement_rows import AdRef, Judge, judgement_id, judgement_row
from shroff.models.judgement_writer import JudgementWriter
from shroff.models.judging_run import Wording
from shroff.models.prices import NO_TOKENS, Cost, Usage
from shroff.models.prompt import Prompt
from shroff.models.questioner import request_body, units_of
from shroff.models.sample import Sample, sample_of
from shroff.store.answer_store import ANSWERS_FILE, AnswerStore, Asked, KeptAnswer
from shroff.store.catalog_judging import SentBatch
from shroff.store.engine import Engine

__all__ = ["read_batch", "write_batch"]

_AT_ONCE = 500
_KEY = 32


def write_batch(
    desk: JudgeDesk, engine: Engine, asked: JudgeAsked, *, folder: Path
) -> BatchWritten:
    """Write ads as files of requests; what was answered before is not asked again.

    Parameters
    ----------
    desk : JudgeDesk
        The workspace.
    engine : Engine
        The logs.
    asked : JudgeAsked
        What is asked.
    folder : Path
        Where to; made, and never written over.

    Returns
    -------
    BatchWritten
        What was written.

    Raises
    ------
    ConfigError
        If there is such a folder already, or it cannot be made.
    """
    endpoint = desk.endpoint(asked.endpoint)
    judge = judge_of(asked, endpoint)
    abilities = Abilities.of(desk.catalog.judging.probe(endpoint.name) or {})
    make_folder(folder)
    asking = asking_of(asked, endpoint)
    _, batches = ads_to_judge(
        engine, asked, judge=judge, asking=asking, week_starts=desk.settings.periods.week_starts
    )
    files = RequestFiles(folder=folder)
    with AnswerStore(desk.root / ANSWERS_FILE) as store, closing(files):
        written = _Writing(endpoint, replace(abilities, n=False), files, store)
        with (folder / MANIFEST).open("x", encoding="utf-8") as manifest:
            head = {"judge": asdict(judge), "language": str(asking.form.language)}
            manifest.write(json.dumps(head, ensure_ascii=False) + "\n")
            for batch in batches:
                manifest.writelines(written.lines(batch))
    cost = endpoint.cost(written.most, "", at=datetime.now(UTC), batch=True)
    desk.catalog.judging.open(_sent(endpoint, judge, written))
    return BatchWritten(
        folder=folder,
        files=tuple(files.files),
        ads=written.ads,
        requests=files.requests,
        scope=asking.scope,
        textless=asking.textless,
        masked=asking.masked,
        cost=cost.amount if cost else None,
        currency=cost.currency if cost else "",
    )


def _sent(endpoint: Endpoint, judge: Judge, written: _Writing) -> SentBatch:
    return SentBatch(
        run=judge.run,
        what="batch file",
        endpoint=endpoint.name,
        host=endpoint.host,
        model=endpoint.spec.model,
        policy=judge.policy,
        version=judge.version,
        masked=endpoint.spec.mask,
        ads=written.ads,
        requests=written.files.requests,
        state="done",
    )


@dataclass(slots=True)
class _Writing:
    """A batch being written."""

    endpoint: Endpoint
    abilities: Abilities
    files: RequestFiles
    store: AnswerStore
    ads: int = 0
    most: Usage = NO_TOKENS
    seen: set[str] = field(default_factory=set[str])

    def lines(self, batch: Sequence[Wording]) -> Iterator[str]:
        asked = [(each, units_of(each.prompt, self.endpoint, self.abilities)) for each in batch]
        known = self.store.known(unit.key for _, units in asked for unit in units)
        for wording, units in asked:
            keys = [unit.key for unit in units]
            told: dict[str, object] = {"keys": keys, "ads": [asdict(a) for a in wording.ads]}
            if keys[0][:_KEY] not in self.seen:
                self.seen.add(keys[0][:_KEY])
                prompt = wording.prompt
                told |= {"fields": prompt.ad, "schema": prompt.schema, "version": prompt.version}
                wanted = [unit for unit in units if not _answered(known.get(unit.key))]
                told["asked"] = [unit.key for unit in wanted]
                for unit in wanted:
                    self._add(prompt, unit.key, unit.sample)
            self.ads += len(wording.ads)
            yield json.dumps(told, ensure_ascii=False) + "\n"

    def _add(self, prompt: Prompt, key: str, sample: int) -> None:
        spec = self.endpoint.spec
        given = spec.params.get("seed")
        seed = given + sample if isinstance(given, int) else None
        if seed is None and spec.samples > 1 and self.abilities.seed:
            seed = sample + 1
        body = request_body(prompt, endpoint=self.endpoint, abilities=self.abilities, seed=seed)
        for name in ("stream", "stream_options"):
            body.pop(name, None)
        self.files.add(key, body)
        read = len(prompt.system.encode()) + len(prompt.user.encode())
        self.most += Usage(read=read, written=spec.max_tokens)


def _answered(kept: KeptAnswer | None) -> bool:
    return kept is not None and kept.state == "answered"


def read_batch(desk: JudgeDesk, folder: Path, files: Sequence[Path]) -> BatchRead:
    """Take back what a batch brought: answers in any order, errors, and what expired.

    Parameters
    ----------
    desk : JudgeDesk
        The workspace.
    folder : Path
        Folder of the batch, as `write_batch` made it.
    files : sequence of Path
        Files that came back; those of the folder that are not requests when empty.

    Returns
    -------
    BatchRead
        What came back; the judgements are in the logs.

    Raises
    ------
    ConfigError
        If the folder holds no batch, or no answer.
    """
    head, asked = _manifest(folder)
    found = list(files) or sorted(
        path
        for path in folder.glob("*.jsonl")
        if path.name != MANIFEST and not path.name.startswith("requests-")
    )
    if not found:
        raise ConfigError(
            "there is no file of answers",
            where=str(folder),
            hint="put output and error files there, or name them",
        )
    judge = Judge(**head["judge"])
    endpoint = desk.endpoint(judge.endpoint)
    reading = _Reading(judge, endpoint, Language(head["language"]), asked)
    writer = JudgementWriter(
        lake=desk.lake,
        catalog=desk.catalog,
        engine=desk.settings.engine,
        folder=desk.root / "tmp" / f"batch-{judge.run}",
    )
    with AnswerStore(desk.root / ANSWERS_FILE) as store:
        for path in found:
            reading.take(lines_of(path), store)
        for row in reading.rows(folder, store):
            writer.add(row)
        writer.flush()
    return reading.result(writer)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A wording that was asked about: where the manifest tells of it."""

    keys: tuple[str, ...]
    told: Mapping[str, Any]


def _manifest(folder: Path) -> tuple[dict[str, Any], dict[str, _Asked]]:
    """Read which wording each request is about."""
    try:
        with (folder / MANIFEST).open(encoding="utf-8") as stream:
            head = json.loads(stream.readline())
            asked: dict[str, _Asked] = {}
            for line in stream:
                told = json.loads(line)
                if "fields" in told:
                    wording = _Asked(tuple(told["keys"]), told)
                    asked.update(dict.fromkeys(told["asked"], wording))
    except OSError as error:
        raise ConfigError(
            f"there is no batch: {error.strerror}",
            where=str(folder),
            hint="name the folder that shroff models batch write made",
        ) from None
    except (ValueError, KeyError, TypeError):
        raise DataError(
            "the manifest is damaged",
            where=str(folder / MANIFEST),
            hint="put it back as it was written, or write the batch anew: shroff models batch write",
        ) from None
    return head, asked


@dataclass(slots=True)
class _Reading:
    """A batch being read."""

    judge: Judge
    endpoint: Endpoint
    language: Language
    asked: Mapping[str, _Asked]
    came: set[str] = field(default_factory=set[str])
    faults: Counter[str] = field(default_factory=Counter[str])
    strange: int = 0
    unreadable: int = 0
    first: str = ""
    twice: int = 0
    unpriced: int = 0
    cost: float = 0.0
    usage: Usage = NO_TOKENS
    outcomes: Counter[str] = field(default_factory=Counter[str])

    def take(self, lines: Iterator[BatchLine], store: AnswerStore) -> None:
        """Keep the answers of a file, some at a time."""
        part: list[tuple[Asked, dict[str, object]]] = []
        for line in lines:
            kept = self._kept(line)
            if kept is not None:
                part.append(kept)
            if len(part) >= _AT_ONCE:
                store.keep(*zip(*part, strict=True))
                part = []
        if part:
            store.keep(*zip(*part, strict=True))

    def _kept(self, line: BatchLine) -> tuple[Asked, dict[str, object]] | None:
        if not line.key:
            self.unreadable += 1
            self.first = self.first or line.fault
            return None
        wording = self.asked.get(line.key)
        if wording is None:
            self.strange += 1
            return None
        if line.reply is None and not line.filtered:
            self.faults[line.fault] += 1
            return None
        if line.key in self.came:
            self.twice += 1  # a file that was given twice, or a server that answers twice
            return None
        self.came.add(line.key)
        ad = AdRef(**wording.told["ads"][0])
        origin = judgement_id(ad, self.judge)
        asked = Asked(
            key=line.key, run=self.judge.run, endpoint=self.endpoint.name, ad_id=ad.ad_id
        )
        sample = self._sample(line, wording)
        return asked, {"origin": origin, "samples": [sample.record()]}

    def _sample(self, line: BatchLine, wording: _Asked) -> Sample:
        if line.reply is None:
            return Sample(outcome=JudgementOutcome.FILTERED, reason=line.fault, attempts=1)
        reply = line.reply
        cost = None
        if reply.counted:
            cost = self.endpoint.cost(reply.usage, reply.model, at=datetime.now(UTC), batch=True)
        self.unpriced += cost is None
        self.usage += reply.usage
        self.cost += cost.amount if cost else 0.0
        told = cost or Cost(0.0, "")
        choice = reply.choices[0]
        hide = self.endpoint.secret.hide
        choice = replace(choice, content=hide(choice.content), refusal=hide(choice.refusal))
        return replace(
            sample_of(choice, self._prompt(wording.told)),
            model=hide(reply.model),
            fingerprint=hide(reply.fingerprint),
            usage=reply.usage,
            attempts=1,
            cost=cost.amount if cost else None,
            currency=told.currency,
        )

    def _prompt(self, told: Mapping[str, Any]) -> Prompt:
        return Prompt(
            policy=self.judge.policy,
            language=self.language,
            version=told["version"],
            system="",
            user="",
            schema=told["schema"],
            ad=told["fields"],
        )

    def rows(self, folder: Path, store: AnswerStore) -> Iterator[dict[str, object]]:
        """Give a judgement for each ad whose questions are all answered."""
        with (folder / MANIFEST).open(encoding="utf-8") as stream:
            next(stream)
            part: list[Mapping[str, Any]] = []
            for line in stream:
                part.append(json.loads(line))
                if len(part) == _AT_ONCE:
                    yield from self._judged(part, store)
                    part = []
            yield from self._judged(part, store)

    def _judged(
        self, part: Sequence[Mapping[str, Any]], store: AnswerStore
    ) -> Iterator[dict[str, object]]:
        known = store.known(key for told in part for key in told["keys"])
        now = datetime.now(UTC)
        for told in part:
            kept = [known.get(key) for key in told["keys"]]
            answered = [each for each in kept if each is not None and each.state == "answered"]
            if len(answered) < len(kept):
                continue
            found = combine([Sample.of(s) for each in answered for s in each.answer["samples"]])
            origin = str(answered[0].answer.get("origin", ""))
            for ad in (AdRef(**each) for each in told["ads"]):
                own = judgement_id(ad, self.judge)
                self.outcomes[str(found.outcome)] += 1
                yield judgement_row(
                    ad, self.judge, found=found, at=now, copy_of="" if own == origin else origin
                )

    def result(self, writer: JudgementWriter) -> BatchRead:
        """Say what came back."""
        prices = self.endpoint.prices
        verdicts = self.outcomes["verdict"]
        return BatchRead(
            asked=len(self.asked),
            answered=len(self.came),
            missing=len(self.asked) - len(self.came),
            strange=self.strange,
            unreadable=self.unreadable,
            first=self.first,
            faults=dict(self.faults),
            twice=self.twice,
            unpriced=self.unpriced,
            verdicts=verdicts,
            others=self.outcomes.total() - verdicts,
            written=writer.fresh,
            scored=writer.scored,
            cost=self.cost if prices else None,
            currency=prices.currency if prices else "",
            tokens=self.usage.tokens,
        )
