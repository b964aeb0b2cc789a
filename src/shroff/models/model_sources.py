"""Where a model comes from: a file, a function, an endpoint, a policy text, or only the log."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NoReturn

from shroff.domain.messages import Language
from shroff.domain.registered import ModelKind
from shroff.errors import ConfigError, DataError
from shroff.models.policy_file import load_policy
from shroff.models.prompt import Sampling, prompt_version

__all__ = ["TEXTS", "Named", "Source", "checked_file", "sha256_of", "source_of"]

TEXTS = ("title", "body", "ocr_text", "asr_text")
"""Columns of an ad that hold what people read or hear."""

_KINDS = {
    ".onnx": ModelKind.ONNX,
    ".skops": ModelKind.SKLEARN,
    ".pkl": ModelKind.SKLEARN,
    ".pickle": ModelKind.SKLEARN,
    ".joblib": ModelKind.SKLEARN,
    ".npz": ModelKind.BUILTIN,
}
PICKLES = frozenset({".pkl", ".pickle", ".joblib"})
_DIGITS = 12
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What a user says a model comes from; at most one of the first four.

    Parameters
    ----------
    file : str
        File of a model.
    function : str
        ``module:function`` of the user's own code.
    endpoint : str
        Name of an endpoint in the settings.
    policy_text : str
        File of a policy that an LLM judges by; needs an endpoint too.
    model : str
        Name of the model at the endpoint.
    params : mapping
        Parameters of the model, JSON-ready.
    language : str
        Language of the prompt; that of the policy text when empty.
    columns : tuple of str
        Columns of an ad that it reads.
    trusted : str
        SHA-256 of a pickle that may be loaded although it can run any code.
    """

    file: str = ""
    function: str = ""
    endpoint: str = ""
    policy_text: str = ""
    model: str = ""
    params: Mapping[str, object] = field(default_factory=dict[str, object])
    language: str = ""
    columns: tuple[str, ...] = TEXTS
    trusted: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """What a model is, and where it comes from.

    Parameters
    ----------
    kind : ModelKind
        What it is.
    version : str
        Names what it comes from; empty where only its owner can tell.
    detail : mapping
        JSON-ready, as the registry keeps it.
    """

    kind: ModelKind
    version: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict[str, Any])


def source_of(named: Named, *, root: Path) -> Source:
    """Understand where a model comes from; nothing of it is run.

    Parameters
    ----------
    named : Named
        What the user says.
    root : Path
        Folder of the workspace; files in it are named from there.

    Returns
    -------
    Source
        Kind, version and what is needed to load it.

    Raises
    ------
    ConfigError
        If several sources are named, or one is not what it is said to be.
    """
    if sum(map(bool, (named.file, named.function, named.endpoint))) > 1:
        raise ConfigError(
            "a model has one source",
            hint="give one of --file, --callable and --endpoint",
        )
    if named.policy_text and not named.endpoint:
        raise ConfigError(
            "a policy text judges by an LLM, and no --endpoint is named",
            where=named.policy_text,
            hint="name one of [models.endpoints] in shroff.toml",
        )
    if named.file:
        return _of_file(named, root)
    if named.function:
        return _of_function(named)
    if named.endpoint:
        return _of_endpoint(named, root)
    return Source(ModelKind.LOG)


def _of_file(named: Named, root: Path) -> Source:
    path = Path(named.file).expanduser().resolve()
    kind = _KINDS.get(path.suffix.lower())
    if kind is None:
        raise ConfigError(
            f"{path.suffix or 'a file without ending'} is no kind of model that can be loaded",
            where=named.file,
            hint="there are " + ", ".join(_KINDS),
        )
    digest = sha256_of(path)
    if path.suffix.lower() in PICKLES:
        _require_trust(path, digest, trusted=named.trusted)
    inside = path.is_relative_to(root.resolve())
    detail: dict[str, Any] = {
        "file": str(path.relative_to(root.resolve())) if inside else str(path),
        "sha256": digest,
        "columns": list(named.columns),
    }
    if named.params:
        detail["params"] = dict(named.params)
    return Source(kind, digest[:_DIGITS], detail)


def _require_trust(path: Path, digest: str, *, trusted: str) -> None:
    if trusted == digest:
        return
    raise ConfigError(
        "this file is a pickle: whoever wrote it can run any code here when it is loaded"
        if not trusted
        else "this is not the pickle that is trusted",
        where=str(path),
        hint=f"save it with skops.io.dump instead, or, if you wrote it: --trust-pickle {digest}",
    )


def _of_function(named: Named) -> Source:
    module, sign, function = named.function.partition(":")
    if not sign or not all(part.isidentifier() for part in [*module.split("."), function]):
        raise ConfigError(
            f"{named.function!r} is not module:function",
            where="--callable",
            hint="e.g. scoring:risk for the function risk of scoring.py",
        )
    try:
        spec = find_spec(module)
    except (ImportError, ValueError):
        spec = None
    if spec is None or not spec.origin or not Path(spec.origin).is_file():
        raise ConfigError(
            f"there is no module {module!r} here",
            where="--callable",
            hint="install it beside Shroff, or set PYTHONPATH to its folder",
        )
    digest = sha256_of(Path(spec.origin))
    detail = {"function": named.function, "sha256": digest, "columns": list(named.columns)}
    return Source(ModelKind.CALLABLE, digest[:_DIGITS], detail)


def _of_endpoint(named: Named, root: Path) -> Source:
    detail: dict[str, Any] = {"endpoint": named.endpoint}
    if named.model:
        detail["model"] = named.model
    if named.params:
        detail["params"] = dict(named.params)
    if not named.policy_text:
        return Source(ModelKind.HTTP, "", {**detail, "columns": list(named.columns)})
    path = Path(named.policy_text).expanduser().resolve()
    policy = load_policy(path)
    if not policy.languages:
        raise ConfigError(
            "the policy has no section",
            where=named.policy_text,
            hint="shroff models prompt lint tells what is missing",
        )
    language = Language(named.language) if named.language else policy.languages[0]
    sampling = Sampling(model=named.model, params=named.params)
    inside = path.is_relative_to(root.resolve())
    detail |= {
        "policy": policy.policy,
        "policy_text": str(path.relative_to(root.resolve())) if inside else str(path),
        "sha256": sha256_of(path),
        "language": str(language),
    }
    return Source(ModelKind.LLM, prompt_version(policy, sampling, language=language), detail)


def sha256_of(path: Path) -> str:
    """Hash a file.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    str
        Hexadecimal digits.

    Raises
    ------
    ConfigError
        If it cannot be read.
    """
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                digest.update(block)
    except OSError as error:
        raise ConfigError(
            f"cannot read: {error.strerror}", where=str(path), hint="look at its path"
        ) from None
    return digest.hexdigest()


def checked_file(detail: Mapping[str, Any], *, root: Path) -> Path:
    """Find the file of a model, and see that it is what was registered.

    Parameters
    ----------
    detail : mapping
        Source as the registry keeps it.
    root : Path
        Folder of the workspace.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    DataError
        If it was changed since.
    """
    path = root / str(detail["file"])
    if sha256_of(path) != detail["sha256"]:
        _changed(path)
    return path


def _changed(path: Path) -> NoReturn:
    raise DataError(
        "this file is not what was registered",
        where=str(path),
        hint="put it back, or register what it is now as another version",
    )
