"""A key of an endpoint: read from the environment, and kept out of everything that is told."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from shroff.errors import ConfigError

__all__ = ["HIDDEN", "Secret", "read_secret"]

HIDDEN = "[key]"
"""What stands where a key stood."""

_LEAST = 4


@dataclass(frozen=True, slots=True, repr=False)
class Secret:
    """A key that does not show itself.

    Parameters
    ----------
    value : str
        The key; empty when the endpoint wants none.
    """

    value: str

    def __repr__(self) -> str:
        return "Secret()"

    def headers(self) -> dict[str, str]:
        """Give the header that proves who asks."""
        return {"Authorization": f"Bearer {self.value}"} if self.value else {}

    def hide(self, text: str) -> str:
        """Take the key out of a text, however a server may have written it.

        Parameters
        ----------
        text : str
            What a server said, or an error.

        Returns
        -------
        str
            The same without the key, plain, quoted, as JSON, in base64 or reversed.
        """
        if len(self.value) < _LEAST:
            return text
        for form in self._forms():
            text = text.replace(form, HIDDEN)
        return text

    def _forms(self) -> tuple[str, ...]:
        plain = self.value
        encoded = base64.b64encode(plain.encode()).decode().rstrip("=")
        forms = (
            plain,
            json.dumps(plain)[1:-1],
            "".join(f"\\u{ord(sign):04x}" for sign in plain),
            quote(plain, safe=""),
            encoded,
            plain[::-1],
        )
        return tuple(dict.fromkeys(forms))


def read_secret(name: str, *, endpoint: str, environ: Mapping[str, str] | None = None) -> Secret:
    """Read the key of an endpoint.

    Parameters
    ----------
    name : str
        Environment variable; none when empty.
    endpoint : str
        Endpoint, for the error.
    environ : mapping of str to str, optional
        The environment; this process's when None.

    Returns
    -------
    Secret
        The key.

    Raises
    ------
    ConfigError
        If the variable is not set, or what it holds cannot be sent.
    """
    if not name:
        return Secret("")
    value = (os.environ if environ is None else environ).get(name, "").strip()
    where = f"[models.endpoints.{endpoint}] key_env"
    if not value:
        raise ConfigError(
            f"the environment variable {name} is not set",
            where=where,
            hint=f"set it for this command: export {name}=...; keys are kept in no file of ours",
        )
    if not value.isascii() or not value.isprintable() or " " in value:
        raise ConfigError(
            f"what {name} holds is no key: it has spaces or signs that no header may have",
            where=where,
            hint="was more copied than the key?",
        )
    return Secret(value)
