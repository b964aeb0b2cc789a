"""How fast ads are decided: one by one and in batches, over HTTP and within a process.

::

    python -m benchmarks.serving            # writes the table
    python -m benchmarks.serving --requests 20 --look     # a shorter run, writes nothing

A workspace of its own: the pack that `shroff demo` writes with every rule live, a champion whose
scores come with the ads, and a challenger. Ads are of the made-up platform. The dashboard runs in a
process of its own on loopback; CPU is its user and system time.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import urllib3

from shroff.advise.decider import Decider
from shroff.advise.live_ads import read_ads
from shroff.domain.registered import ModelState
from shroff.store.catalog_rules import RuleEvent
from shroff.store.model_records import ModelRecord, ModelStep
from shroff.synthetic.demo_pack import pack_yaml, rules
from shroff.synthetic.dice import Dice
from shroff.workspace import Workspace

RESULTS = Path(__file__).parent / "results" / "serving.md"
_WORDS = [
    "summer",
    "shoes",
    "free",
    "shipping",
    "new",
    "season",
    "learn",
    "piano",
    "in",
    "weeks",
    "official",
    "store",
    "新品上市",
    "限时优惠",
    "risk-free",
    "monthly",
    "return",
    "guaranteed",
    "money",
    "on",
    "autopilot",
    "claim",
    "your",
    "prize",
    "casino",
    "bonus",
    "cures",
    "diabetes",
    "for",
    "good",
    "best",
    "price",
    "today",
    "加微信",
    "免费领取",
    "quality",
    "you",
    "can",
    "trust",
]


def workspace(folder: Path) -> Workspace:
    """Make a workspace in which every rule of the demo's pack is live."""
    made = Workspace.create(folder)
    (made.root / "packs").mkdir()
    text = pack_yaml(rules(Dice(1)))
    (made.root / "packs" / "demo.yaml").write_text(text, encoding="utf-8")
    for pack in made.rules.packs():
        for rule in pack.rules:
            made.catalog.rules.note(
                RuleEvent(
                    at="2026-01-01", rule_id=rule.id, version=rule.version, state="live",
                    share=None, who="bench", why="bench",
                )
            )  # fmt: skip
    for version, state in (("v1", ModelState.CHAMPION), ("v2", ModelState.CHALLENGER)):
        lines = {"review": 0.5, "reject": 0.9}
        made.catalog.models.keep(
            ModelRecord(name="ads_risk", version=version, thresholds=lines), who="b", why="b"
        )
        step = ModelStep(name="ads_risk", version=version, state=state, who="bench", why="bench")
        made.catalog.models.move(step)
    return made


def ads(count: int) -> list[dict[str, object]]:
    """Make ads with a title of some words, a body of forty, and two scores."""
    rng = np.random.default_rng(1)
    texts = [" ".join(rng.choice(_WORDS, size)) for size in rng.integers(4, 60, 2 * count)]
    scores = rng.beta(0.5, 2.0, (count, 2)).round(4).tolist()
    return [
        {
            "ad_id": str(n), "title": texts[2 * n][:80], "body": texts[2 * n + 1], "market": "US",
            "language": "en", "scores": {"ads_risk": one, "ads_risk@v2": two},
        }
        for n, (one, two) in enumerate(scores)
    ]  # fmt: skip


def timed(work: Callable[[], object], *, times: int) -> list[float]:
    """Give the milliseconds of each of some calls, after one that is not counted."""
    work()
    found = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        found.append(1000 * (time.perf_counter() - start))
    return found


def cpu_of(pid: int) -> float:
    """Give the CPU seconds of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(") ", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def row(name: str, at_once: int, spent: Sequence[float], cpu: float) -> str:
    middle, slow = np.percentile(spent, [50, 99])
    ads_done = at_once * len(spent)
    return (
        f"| {name} | {at_once:,} | {len(spent)} | {middle:.1f} | {slow:.1f} "
        f"| {1000 * at_once / np.mean(spent):,.0f} | {1000 * cpu / ads_done:.3f} |"
    )


def within(root: Workspace, given: list[dict[str, object]], times: int) -> list[str]:
    """Measure deciding within this process."""
    lines = []
    with closing(Decider(root.root, catalog=root.catalog)) as decider:
        for at_once in (1, 1000):
            some, _ = read_ads(given[:at_once])
            before = time.process_time()
            spent = timed(lambda some=some: decider.decide(some), times=_count(times, at_once))
            cpu = (time.process_time() - before) * len(spent) / (len(spent) + 1)
            lines.append(row("in Python", at_once, spent, cpu))
            print(lines[-1], flush=True)
    return lines


def served(root: Workspace, given: list[dict[str, object]], times: int) -> list[str]:
    """Measure deciding over HTTP."""
    command = [sys.executable, "-m", "shroff", "serve", "-w", str(root.root), "--port", "0"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    lines = []
    try:
        assert process.stdout is not None
        address = process.stdout.readline().split()[-1].rstrip("/")
        with urllib3.PoolManager(timeout=60.0, retries=3) as pool:
            for form, at_once in (("JSON", 1), ("JSON", 1000), ("JSON Lines", 10_000)):
                path, body = _request(form, given[:at_once])
                count = _count(times, at_once)

                def post(path: str = path, body: bytes = body) -> None:
                    reply = pool.request(
                        "POST", address + path, body=body,
                        headers={"content-type": "application/json"},
                    )  # fmt: skip
                    assert reply.status == 200, reply.data[:200]

                before = cpu_of(process.pid)
                spent = timed(post, times=count)
                cpu = (cpu_of(process.pid) - before) * count / (count + 1)
                lines.append(row(f"over HTTP, {form}", at_once, spent, cpu))
                print(lines[-1], flush=True)
    finally:
        process.terminate()
        process.wait(timeout=30)
    return lines


def _count(times: int, at_once: int) -> int:
    return times if at_once == 1 else max(times // (10 if at_once <= 1000 else 40), 3)


def _request(form: str, given: list[dict[str, object]]) -> tuple[str, bytes]:
    if form == "JSON":
        return "/api/v1/decide", json.dumps({"ads": given}).encode()
    return "/api/v1/decide/lines", "\n".join(map(json.dumps, given)).encode()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=200, help="requests of one ad each")
    parser.add_argument("--look", action="store_true", help="write nothing")
    asked = parser.parse_args()
    times, load = asked.requests, os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder:
        root = workspace(Path(folder) / "here")
        given = ads(10_000)
        lines = [*within(root, given, times), *served(root, given, times)]
        rules = sum(len(pack.rules) for pack in root.rules.packs())
    text = "\n".join([
        "# Deciding on ads",
        "",
        f"{datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}, {os.cpu_count()} cores; "
        f"load of the machine when it began {load:.1f}. `python -m benchmarks.serving`",
        "",
        "| how | ads at once | requests | p50 ms | p99 ms | ads/s | CPU ms an ad |",
        "|---|---:|---:|---:|---:|---:|---:|",
        *lines,
        "",
        f"{rules} live rules, a champion and a challenger whose scores come with the ads; one "
        "request after the other, from one client on loopback. Every answer has the rules with "
        "their places, the lines with their scores, and what the challenger would do. Where the "
        "load is above the number of cores, times are longer than on a machine of its own; CPU is "
        "not.",
        "",
    ])  # fmt: skip
    print(text)
    if not asked.look:
        RESULTS.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
