"""What counts as a secret, by its name or by itself."""

from __future__ import annotations

import pytest

from smartspec.domain.secret_looks import ends_secret, looks_secret


@pytest.mark.parametrize(
    "name", ["PGPASSWORD", "DB_PASS", "S3_SECRET", "GHTOKEN", "api_key", "APIKEY", "RESTIC_KEY", "KEY", "AUTH"]
)
def test_a_name_that_ends_as_that_of_a_secret(name: str) -> None:
    assert ends_secret(name) and looks_secret(name, "")


@pytest.mark.parametrize("name", ["PWD", "OLDPWD", "SSH_AUTH_SOCK", "MONKEY", "EDITOR", "my-own_KEY?"])
def test_a_name_that_does_not(name: str) -> None:
    assert not ends_secret(name)


def test_a_word_within_the_name_is_enough_to_keep_nothing() -> None:
    assert looks_secret("TOKEN_OF_CI", "") and not ends_secret("TOKEN_OF_CI")
    assert looks_secret("my-own_TOKEN", "") and not looks_secret("SSH_AUTH_SOCK", "/run/agent")


@pytest.mark.parametrize(
    "value", ["https://mira:hunter22@example.org", "-----BEGIN RSA PRIVATE KEY-----", "ghs_a", "xoxr-1", "AKIA12"]
)
def test_a_value_that_speaks_for_itself(value: str) -> None:
    assert looks_secret("PLACE", value) and not looks_secret("PLACE", "https://example.org:8080/a@b")
