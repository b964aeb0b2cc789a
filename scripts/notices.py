"""Write THIRD_PARTY_NOTICES.md from the packages that run.lock installs.

Shroff bundles none of them: the file says under which terms each comes when it is installed.
"""

from __future__ import annotations

import sys
from importlib import metadata
from pathlib import Path

from check_locks import pins

__all__ = ["PERMISSIVE", "licence", "main", "notices", "permissive"]

ROOT = Path(__file__).parent.parent
PERMISSIVE = frozenset(
    {
        "0BSD",
        "Apache-2.0",
        "Apache-2.0 WITH LLVM-exception",
        "Apache License 2.0",
        "Apache Software License",
        "BSD",
        "BSD License",
        "BSD-2-Clause",
        "BSD-3-Clause",
        "CC0-1.0",
        "ISC",
        "ISC License (ISCL)",
        "MIT",
        "MIT License",
        "MIT-0",
        "PSF-2.0",
        "Zlib",
    }
)
"""Terms that let anyone use, change and pass on the code, as packages spell them."""

HEAD = """# Third-party notices

Shroff is licensed under Apache-2.0 (LICENSE). It bundles no third-party code. Installing it installs
the packages below, each under its own permissive terms; the text of each licence is in the
package's own `dist-info` folder, with those of the libraries that its binary wheel carries. Written by `make notices` from `requirements/run.lock`.

| package | version | licence |
|---|---|---|
"""


def licence(package: str) -> str:
    """Name the licence of an installed package.

    Parameters
    ----------
    package : str
        Its name.

    Returns
    -------
    str
        SPDX expression, else the licence field, else what its classifiers say.
    """
    about = metadata.metadata(package)
    if stated := about.get("License-Expression"):
        return stated
    short = (about.get("License") or "").strip()
    if short and "\n" not in short:
        return short
    classifiers = about.get_all("Classifier") or []
    return " OR ".join(c.rpartition(" :: ")[2] for c in classifiers if c.startswith("License"))


def permissive(terms: str) -> bool:
    """Say whether terms are permissive.

    Parameters
    ----------
    terms : str
        As `licence` gives them.

    Returns
    -------
    bool
        True when one alternative consists of permissive licences only.
    """
    flat = terms.replace("(", "").replace(")", "")
    return any(
        all(part.strip() in PERMISSIVE for part in alternative.split(" AND "))
        for alternative in flat.split(" OR ")
    )


def notices() -> str:
    """Write the page.

    Returns
    -------
    str
        Markdown, one row a package.

    Raises
    ------
    SystemExit
        When a package has no permissive licence.
    """
    lock = (ROOT / "requirements" / "run.lock").read_text(encoding="utf-8")
    rows: list[str] = []
    for name, version in sorted(pins(lock).items()):
        terms = licence(name)
        if not permissive(terms):
            message = (
                f"{name} {version}: {terms or 'no licence stated'} is not known as permissive"
            )
            raise SystemExit(message)
        rows.append(f"| {name} | {version} | {terms} |\n")
    return HEAD + "".join(rows)


def main() -> int:
    """Write the file.

    Returns
    -------
    int
        Exit status.
    """
    (ROOT / "THIRD_PARTY_NOTICES.md").write_text(notices(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
