"""Signing in elsewhere: OpenID Connect, authorization code with PKCE, every claim checked."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

import urllib3

from shroff.errors import ConfigError
from shroff.store.settings_web import OidcSettings

__all__ = ["Attempt", "Identity", "Issuer"]

_SECONDS = 10.0
_LARGEST = 2**20
_FRESH_SECONDS = 3600.0
_AGAIN_SECONDS = 60.0
_LEEWAY_SECONDS = 60
_WHERE = "[web.oidc]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One try to sign in elsewhere; its browser holds it until it comes back.

    Parameters
    ----------
    state, nonce, verifier : str
        What ties the answer, the token and the code to this browser.
    wanted : str
        Address to go on to.
    """

    state: str
    nonce: str
    verifier: str
    wanted: str

    @classmethod
    def begin(cls, wanted: str) -> Attempt:
        """Begin one."""
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        return cls(state=state, nonce=nonce, verifier=verifier, wanted=wanted)

    def cookie(self) -> str:
        """Write it for its browser."""
        told = json.dumps([self.state, self.nonce, self.verifier, self.wanted])
        return base64.urlsafe_b64encode(told.encode()).decode()

    @classmethod
    def read(cls, cookie: str) -> Attempt | None:
        """Read what a browser brings back; None where it is none."""
        try:
            parts = json.loads(base64.urlsafe_b64decode(cookie.encode()))
        except ValueError:
            return None
        if not isinstance(parts, list) or [type(each) for each in parts] != [str] * 4:
            return None
        state, nonce, verifier, wanted = parts
        return cls(state=state, nonce=nonce, verifier=verifier, wanted=wanted)


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom the issuer says someone is.

    Parameters
    ----------
    subject : str
        What it calls them, for good.
    email : str
        Their mail address, which it has verified; lower case.
    """

    subject: str
    email: str


@dataclass
class Issuer:
    """Asks an issuer who someone is.

    Parameters
    ----------
    settings : OidcSettings
        Which issuer, and what of it is believed.
    """

    settings: OidcSettings
    _pool: urllib3.PoolManager = field(
        default_factory=lambda: urllib3.PoolManager(retries=False, timeout=_SECONDS, maxsize=2)
    )
    _about: tuple[float, dict[str, Any]] | None = None
    _keys: tuple[float, dict[str, Any]] | None = None

    def address(self, attempt: Attempt, *, back: str) -> str:
        """Give the address that someone signs in at.

        Parameters
        ----------
        attempt : Attempt
            The try.
        back : str
            Our address that the issuer sends them back to.

        Returns
        -------
        str
            The address.
        """
        hashed = hashlib.sha256(attempt.verifier.encode()).digest()
        asked = {
            "response_type": "code",
            "client_id": self.settings.client_id,
            "redirect_uri": back,
            "scope": "openid email",
            "state": attempt.state,
            "nonce": attempt.nonce,
            "code_challenge": base64.urlsafe_b64encode(hashed).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }
        return f"{self._endpoint('authorization_endpoint')}?{urlencode(asked)}"

    def identity(self, answer: Mapping[str, str], attempt: Attempt, *, back: str) -> Identity:
        """Tell who came back.

        Parameters
        ----------
        answer : mapping
            The query that they came back with.
        attempt : Attempt
            What their browser holds.
        back : str
            Our address.

        Returns
        -------
        Identity
            Who they are.

        Raises
        ------
        ConfigError
            If anything of it does not fit, or the issuer cannot be asked.
        """
        self._require_ours(answer, attempt)
        asked = {
            "grant_type": "authorization_code",
            "code": answer["code"],
            "redirect_uri": back,
            "code_verifier": attempt.verifier,
            "client_id": self.settings.client_id,
        }
        told = self._json(self._endpoint("token_endpoint"), form=asked)
        claims = self._claims(str(told.get("id_token", "")))
        return self._checked(claims, attempt)

    def _require_ours(self, answer: Mapping[str, str], attempt: Attempt) -> None:
        """See that the answer is to what this browser asked, and gives a code."""
        if not hmac.compare_digest(answer.get("state", "").encode(), attempt.state.encode()):
            raise _unfit("the answer belongs to another try")
        if answer.get("iss", self.settings.issuer) != self.settings.issuer:
            raise _unfit("the answer is another issuer's")
        if "code" not in answer:
            raise _unfit(f"the issuer refused: {answer.get('error', 'no reason given')[:100]}")

    def _checked(self, claims: Mapping[str, Any], attempt: Attempt) -> Identity:
        ours, audience = self.settings.client_id, claims.get("aud")
        heard = audience if isinstance(audience, list) else [audience]
        nonce = str(claims.get("nonce", ""))
        subject, email = claims.get("sub"), claims.get("email")
        faults = {
            "the token is another issuer's": claims.get("iss") != self.settings.issuer,
            "the token is for another client": ours not in heard,
            "the token was given to another client": claims.get("azp", ours) != ours
            or (len(heard) > 1 and "azp" not in claims),
            "the token belongs to another try": not hmac.compare_digest(
                nonce.encode(), attempt.nonce.encode()
            ),
            "the token names nobody": not isinstance(subject, str) or not subject,
            "no verified mail address is told": claims.get("email_verified") is not True
            or not isinstance(email, str),
        }
        for fault, found in faults.items():
            if found:
                raise _unfit(fault)
        return Identity(str(subject), str(email).lower())

    def _claims(self, token: str) -> Mapping[str, Any]:
        """Read a token whose signature one of the issuer's keys fits, and which holds now."""
        try:
            from joserfc import errors, jwt  # noqa: PLC0415  (an extra)
            from joserfc.jwk import KeySet  # noqa: PLC0415
        except ImportError as fault:
            raise ConfigError(
                "signing in elsewhere needs joserfc", where=_WHERE,
                hint="pip install 'shroff[oidc]'",
            ) from fault  # fmt: skip
        lasts = jwt.JWTClaimsRegistry(
            leeway=_LEEWAY_SECONDS, exp={"essential": True}, iat={"essential": True}
        )
        for again in (False, True):
            keys: Any = self._key_set(again=again)
            try:
                found = jwt.decode(
                    token, KeySet.import_key_set(keys), algorithms=self.settings.algorithms
                )
                lasts.validate(found.claims)
            except (errors.InvalidKeyIdError, errors.BadSignatureError) as fault:
                if again:
                    raise _unfit("the token is not signed by the issuer") from fault
            except (errors.JoseError, ValueError, TypeError, KeyError) as fault:
                raise _unfit(f"the token does not hold: {fault}") from fault
            else:
                return found.claims
        raise _unfit("the token is not signed by the issuer")

    def _key_set(self, *, again: bool) -> dict[str, Any]:
        """Give the issuer's keys; they change now and then."""
        age = time.monotonic() - self._keys[0] if self._keys else _FRESH_SECONDS
        if self._keys is None or age >= (_AGAIN_SECONDS if again else _FRESH_SECONDS):
            self._keys = (time.monotonic(), self._json(self._endpoint("jwks_uri")))
        return self._keys[1]

    def _endpoint(self, name: str) -> str:
        issuer = self.settings.issuer
        if self._about is None or time.monotonic() - self._about[0] > _FRESH_SECONDS:
            told = self._json(issuer.rstrip("/") + "/.well-known/openid-configuration")
            if told.get("issuer") != issuer:
                raise _unfit("what it tells of itself is another issuer's")
            self._about = (time.monotonic(), told)
        found = str(self._about[1].get(name, ""))
        if urlsplit(found).scheme not in {"https", urlsplit(issuer).scheme}:
            raise _unfit(f"its {name} is no address that can be trusted")
        return found

    def _json(self, address: str, *, form: Mapping[str, str] | None = None) -> dict[str, Any]:
        headers = {"Accept": "application/json"}
        secret = os.environ.get(self.settings.secret_env, "") if self.settings.secret_env else ""
        if form is not None and secret:
            headers |= urllib3.make_headers(basic_auth=f"{self.settings.client_id}:{secret}")
        try:
            reply = self._pool.request(
                "GET" if form is None else "POST", address, headers=headers, redirect=False,
                body=None if form is None else urlencode(form), preload_content=False,
            )  # fmt: skip
            with reply:
                told = json.loads(reply.read(_LARGEST))
        except (urllib3.exceptions.HTTPError, ValueError) as fault:
            raise ConfigError(
                f"the issuer cannot be asked: {type(fault).__name__}", where=_WHERE
            ) from fault
        if reply.status != 200 or not isinstance(told, dict):
            raise _unfit(f"the issuer answered {reply.status}")
        return told


def _unfit(cause: str) -> ConfigError:
    return ConfigError(cause, where=_WHERE, hint="try to sign in again")
