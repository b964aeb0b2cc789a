"""Sessions and tokens: random, kept as hashes, ended in time; tries that fail slow down."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from shroff.domain.roles import Act, Role
from shroff.errors import ConfigError
from shroff.store.accounts import Accounts
from shroff.store.api_tokens import ApiTokens
from shroff.store.people_file import PeopleFile, instant
from shroff.store.sign_in_tries import FREE_BY_ADDRESS, FREE_BY_NAME, SignInTries
from shroff.store.sign_ins import Sessions, request_token

GOOD = "correct horse battery"


@pytest.fixture
def file(tmp_path: Path) -> PeopleFile:
    found = PeopleFile(tmp_path)
    Accounts(found).add("ann", Role.ADMIN, by="root", password=GOOD)
    return found


def test_the_file_holds_no_secret(file: PeopleFile) -> None:
    secret = Sessions(file=file).begin("ann", address="::1", agent="test")
    token = ApiTokens(file).make("ann", [Act.SEE], note="", by="ann")
    assert len(secret) >= 43  # 256 bits
    held = b"".join(path.read_bytes() for path in file.path.parent.iterdir())
    assert secret.encode() not in held
    assert token.encode() not in held
    assert token.split("_", 2)[-1].encode() not in held


def test_a_hash_from_the_file_opens_nothing(file: PeopleFile) -> None:
    sessions, tokens = Sessions(file=file), ApiTokens(file)
    sessions.begin("ann", address="::1", agent="test")
    token = tokens.make("ann", [Act.SEE], note="", by="ann")
    (kept,) = file.rows("SELECT hash FROM sessions")[0]
    (hashed,) = file.rows("SELECT hash FROM tokens")[0]
    assert sessions.of(kept) is None
    prefix = "_".join(token.split("_")[:2])
    for forged in (hashed, f"{prefix}_{hashed}", prefix, f"{prefix}_", "", "_", "shroff__"):
        assert tokens.of(forged) is None


def test_a_session_ends_in_time_and_when_nothing_is_done(file: PeopleFile) -> None:
    sessions = Sessions(file=file, hours=1, idle_minutes=30)
    secret = sessions.begin("ann", address="::1", agent="x" * 999)
    found = sessions.of(secret)
    assert found is not None
    assert (found.name, found.role, len(found.agent)) == ("ann", Role.ADMIN, 200)
    past = datetime.now(UTC)
    for column, minutes in (("seen", 31), ("until", 1)):
        again = sessions.begin("ann", address="::1", agent="")
        with file.change() as connection:
            connection.execute(
                f"UPDATE sessions SET {column} = ?", (instant(past - timedelta(minutes=minutes)),)
            )
        assert sessions.of(again) is None
        assert sessions.sessions() == ()


def test_sessions_are_ended_one_by_one_or_everywhere(file: PeopleFile) -> None:
    Accounts(file).add("bob", Role.VIEWER, by="ann", password=GOOD)
    sessions = Sessions(file=file)
    one, two, other = (sessions.begin(n, address="", agent="") for n in ("ann", "ann", "bob"))
    found = sessions.of(one)
    assert found is not None
    assert sessions.end(found.id[:16], name="bob") == 0
    assert sessions.end(found.id[:16], name="ann") == 1
    assert [sessions.of(each) is None for each in (one, two, other)] == [True, False, False]
    assert sessions.end("", name="ann") == 1
    assert sessions.of(other) is not None


def test_the_token_of_requests_is_bound_to_its_session(file: PeopleFile) -> None:
    sessions = Sessions(file=file)
    one, two = (sessions.begin("ann", address="", agent="") for _ in range(2))
    assert request_token(one) == request_token(one) != request_token(two)
    assert one not in request_token(one)


def test_a_token_says_whose_it_is_what_for_and_until_when(file: PeopleFile) -> None:
    tokens = ApiTokens(file)
    token = tokens.make("ann", [Act.WRITE, Act.SEE], note="pipeline", by="ann", days=1)
    found = tokens.of(token)
    assert found is not None
    assert token.startswith(found.prefix + "_")
    assert found.record()["scopes"] == ["see", "write"]
    assert tokens.tokens()[0].used
    with file.change() as connection:
        connection.execute("UPDATE tokens SET until = ?", (instant(),))
    assert tokens.of(token) is None
    assert tokens.tokens() == ()


def test_a_revoked_token_opens_nothing(file: PeopleFile) -> None:
    tokens = ApiTokens(file)
    token = tokens.make("ann", [Act.SEE], note="", by="ann")
    prefix = tokens.tokens()[0].prefix
    with pytest.raises(ConfigError, match="no token"):
        tokens.revoke(prefix, by="bob", name="bob")
    tokens.revoke(prefix, by="ann", name="ann")
    assert tokens.of(token) is None
    with pytest.raises(ConfigError, match="no token"):
        tokens.revoke(prefix, by="ann")


@pytest.mark.parametrize(
    ("scopes", "days"),
    [([], 1), ([Act.APPROVE], 1), ([Act.SEE, Act.MANAGE], 1), ([Act.SEE], 0), ([Act.SEE], 367)],
)
def test_tokens_that_may_too_much_or_live_too_long_are_refused(
    file: PeopleFile, scopes: list[Act], days: int
) -> None:
    with pytest.raises(ConfigError, match="a token"):
        ApiTokens(file).make("ann", scopes, note="", by="ann", days=days)


def test_the_more_tries_fail_the_longer_the_wait(file: PeopleFile) -> None:
    tries, at = SignInTries(file), datetime.now(UTC)
    waits: list[int] = []
    for number in range(FREE_BY_NAME + 14):
        wait = tries.enter("ann", f"10.0.0.{number}", now=at)
        waits.append(wait)
        at += timedelta(seconds=wait)
        assert wait == 0 or tries.enter("ann", f"10.0.0.{number}", now=at) == 0
    assert waits[:FREE_BY_NAME] == [0] * FREE_BY_NAME
    late = waits[FREE_BY_NAME:]
    assert late == sorted(late)
    assert (late[0], late[-1]) == (5, 15 * 60)


def test_an_account_is_guarded_whatever_address_tries_it(file: PeopleFile) -> None:
    tries, at = SignInTries(file), datetime.now(UTC)
    for number in range(FREE_BY_NAME):
        assert tries.enter("Ann", f"10.0.0.{number}", now=at) == 0
    assert tries.enter("ann", "10.9.9.9", now=at) > 0
    assert tries.enter("bob", "10.9.9.9", now=at) == 0
    tries.succeeded("ann")
    assert tries.enter("ann", "10.9.9.9", now=at) == 0


def test_an_address_is_slowed_down_even_if_it_signs_in_between(file: PeopleFile) -> None:
    tries, at = SignInTries(file), datetime.now(UTC)
    for number in range(FREE_BY_ADDRESS):
        assert tries.enter(f"name{number}", "10.0.0.1", now=at) == 0
        tries.succeeded(f"name{number}")
    assert tries.enter("ann", "10.0.0.1", now=at) > 0
    assert tries.enter("ann", "10.0.0.1", now=at + timedelta(hours=25)) == 0


def test_tries_at_once_are_counted_one_by_one(file: PeopleFile) -> None:
    tries, at = SignInTries(file), datetime.now(UTC)
    with ThreadPoolExecutor(8) as pool:
        waits = list(pool.map(lambda n: tries.enter("ann", f"a{n}", now=at), range(24)))
    assert waits.count(0) == FREE_BY_NAME
