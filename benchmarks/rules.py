"""What does it cost to look for thousands of rules, beside engines that look for less?

::

    python -m benchmarks.rules                      # all of it, writes the tables
    python -m benchmarks.rules --texts 20000        # a look

Texts and rules are our own (`benchmarks.rule_corpus`): half English, half Chinese, about 140 bytes,
keyword-heavy. *shroff* takes an Arrow column and gives an Arrow table of findings with their places in
the original, all default evasion switches on. The others look for the same words and expressions in
the raw text and only say which rule hits which text; none sees through a disguise. Each runs in a
process of its own; times are CPU seconds of that process, best of seven runs (slow ones: of fewer texts,
once). Peak memory is that of the process, compiling included.
"""

from __future__ import annotations

import argparse
import json
import re
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pyarrow as pa
from benchmarks.rule_corpus import pack_of, real_texts, rule_atoms, texts_of

from shroff.rules.clauses import Atom, Regex

__all__ = ["main"]

RESULTS = Path(__file__).parent / "results" / "rules.md"
PEERS = ("shroff", "hyperscan bare", "yara-x", "RE2 Set", "ahocorasick_rs", "re")
SLOW = {"RE2 Set": 20, "yara-x": 4, "re": 400}
"""How many times fewer texts a slow engine gets."""

Run = Callable[[Sequence[str]], int]


def _pattern(atom: Atom) -> str:
    if isinstance(atom, Regex):
        return atom.pattern
    text = re.escape(atom.text)
    return rf"\b{text}\b" if atom.text.isascii() else text


def _shroff(atoms: Sequence[Atom]) -> Callable[[pa.Array], int]:
    from shroff.rules.compile import compiled
    from shroff.rules.match import Scanner

    scanner = Scanner(compiled([pack_of(atoms)]))
    return lambda texts: len(scanner.texts(texts))


def _hyperscan(atoms: Sequence[Atom]) -> Callable[[pa.Array], int]:
    """Scan one buffer for the raw patterns and only count: what scanning alone costs."""
    import hyperscan

    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    database.compile(
        expressions=[_pattern(atom).encode() for atom in atoms],
        ids=list(range(len(atoms))),
        elements=len(atoms),
        flags=[hyperscan.HS_FLAG_UTF8 | hyperscan.HS_FLAG_CASELESS] * len(atoms),
    )

    def run(texts: pa.Array) -> int:
        found: list[int] = []
        buffer = "\n".join(texts.to_pylist()).encode()

        def note(number: int, *_: object) -> None:
            found.append(number)

        database.scan(buffer, match_event_handler=note)
        return len(found)

    return run


def _re(atoms: Sequence[Atom]) -> Callable[[pa.Array], int]:
    patterns = [re.compile(_pattern(atom), re.ASCII | re.IGNORECASE) for atom in atoms]
    return lambda texts: sum(
        one.search(text) is not None for text in texts.to_pylist() for one in patterns
    )


def _re2(atoms: Sequence[Atom]) -> Callable[[pa.Array], int]:
    import re2

    options = re2.Options()
    options.max_mem = 2 << 30
    options.case_sensitive = False
    patterns = re2.Set.SearchSet(options)
    for atom in atoms:
        patterns.Add(_pattern(atom))
    patterns.Compile()
    return lambda texts: sum(len(patterns.Match(text) or ()) for text in texts.to_pylist())


def _aho(atoms: Sequence[Atom]) -> Callable[[pa.Array], int]:
    """Words only: it knows no expressions and no edges of words."""
    import ahocorasick_rs

    words = [atom.text for atom in atoms if not isinstance(atom, Regex)]
    finder = ahocorasick_rs.AhoCorasick(words)
    return lambda texts: sum(
        len(finder.find_matches_as_indexes(text, overlapping=True)) for text in texts.to_pylist()
    )


def _yara(atoms: Sequence[Atom]) -> Callable[[pa.Array], int]:
    import yara_x

    compiler = yara_x.Compiler(relaxed_re_syntax=True)
    for number, atom in enumerate(atoms):
        if isinstance(atom, Regex):
            what = f"/{atom.pattern.replace('/', chr(92) + '/')}/ nocase"
        else:
            ascii_word = atom.text.isascii()
            what = json.dumps(atom.text, ensure_ascii=False) + (" nocase fullword" * ascii_word)
        try:
            compiler.add_source(f"rule r{number} {{ strings: $a = {what} condition: $a }}")
        except yara_x.CompileError:
            continue
    scanner = yara_x.Scanner(compiler.build())
    return lambda texts: sum(
        len(scanner.scan(text.encode()).matching_rules) for text in texts.to_pylist()
    )


MAKERS: dict[str, Callable[[Sequence[Atom]], Callable[[pa.Array], int]]] = {
    "shroff": _shroff,
    "hyperscan bare": _hyperscan,
    "yara-x": _yara,
    "RE2 Set": _re2,
    "ahocorasick_rs": _aho,
    "re": _re,
}


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _one(asked: argparse.Namespace) -> None:
    """Time one engine in this process, and print what it cost."""
    atoms = rule_atoms(asked.rules)
    count = max(asked.texts // SLOW.get(asked.one, 1), 50)
    texts = real_texts(count) if asked.real else texts_of(count, atoms, busy=asked.busy)
    if asked.joined > 1:
        lines = texts.to_pylist()
        step = asked.joined
        texts = pa.array([" ".join(lines[n : n + step]) for n in range(0, count, step)])
    began = _cpu()
    run = MAKERS[asked.one](atoms)
    made = _cpu() - began
    run(texts[:50])
    times = []
    for _ in range(1 if asked.one in SLOW else 7):
        began = _cpu()
        hits = run(texts)
        times.append(_cpu() - began)
    told = {
        "texts": len(texts),
        "bytes": texts.nbytes,
        "compile": made,
        "seconds": min(times),
        "hits": hits,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    print(json.dumps(told))


def _run(engine: str, rules: int, texts: int, **more: float) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.rules", "--one", engine]
    command += ["--rules", str(rules), "--texts", str(texts)]
    for name, value in more.items():
        command += [f"--{name}", str(value)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"{engine}: {done.stderr.strip().splitlines()[-1]}", file=sys.stderr)
        return {}
    told: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return told


def _row(name: str, told: dict[str, float], ours: dict[str, float]) -> str:
    if not told:
        return f"| {name} | - | - | - | - | - | - |\n"
    rate, mine = told["texts"] / told["seconds"], ours["texts"] / ours["seconds"]
    return (
        f"| {name} | {rate:,.0f} | {told['bytes'] / told['seconds'] / 1e6:,.1f} | {mine / rate:,.2f} "
        f"| {told['hits'] / told['texts']:.2f} | {told['compile']:.2f} | {told['peak_mb']:,.0f} |\n"
    )


HEAD = (
    "| engine | texts/s | MB/s | shroff is times as fast | hits a text | compile, CPU s | peak, MB |\n"
    "|---|---|---|---|---|---|---|\n"
)


def _tables(asked: argparse.Namespace) -> str:
    text = (
        "# What looking for rules costs\n\n" + "\n".join((__doc__ or "").splitlines()[7:]) + "\n"
    )
    for rules in (2_000, 10_000):
        told = {peer: _run(peer, rules, asked.texts) for peer in PEERS}
        text += f"\n## {rules:,} rules\n\n" + HEAD
        text += "".join(_row(peer, told[peer], told["shroff"]) for peer in PEERS)
    text += "\n## One text in two holds something for an expression\n\n" + HEAD
    busy = {peer: _run(peer, 2_000, asked.texts, busy=0.5) for peer in ("shroff", "yara-x")}
    text += "".join(_row(peer, busy[peer], busy["shroff"]) for peer in busy)
    text += "\n## Growth\n\n| rules | texts joined | texts/s | MB/s | compile, CPU s |\n|---|---|---|---|---|\n"
    for rules in (0, 100, 1_000, 10_000, 50_000):
        text += _growth(_run("shroff", rules, asked.texts), rules, 1)
    for joined in (10, 100, 1_000):
        text += _growth(_run("shroff", 2_000, asked.texts, joined=joined), 2_000, joined)
    return text


def _growth(told: dict[str, float], rules: int, joined: int) -> str:
    if not told:
        return f"| {rules:,} | {joined:,} | - | - | - |\n"
    rate, speed = told["texts"] / told["seconds"], told["bytes"] / told["seconds"] / 1e6
    return f"| {rules:,} | {joined:,} | {rate:,.0f} | {speed:,.1f} | {told['compile']:.2f} |\n"


def main() -> None:
    """Run the engines and write the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=int, default=200_000)
    parser.add_argument("--rules", type=int, default=2_000)
    parser.add_argument("--busy", type=float, default=0.0)
    parser.add_argument("--joined", type=int, default=1)
    parser.add_argument("--real", type=int, default=0)
    parser.add_argument("--one", choices=PEERS)
    asked = parser.parse_args()
    if asked.one:
        _one(asked)
        return
    began = time.strftime("%Y-%m-%d")
    RESULTS.write_text(_tables(asked) + f"\nMeasured {began}.\n", encoding="utf-8")


if __name__ == "__main__":
    main()
