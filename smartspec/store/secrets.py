"""Secrets, kept by the keyring of the operating system; the database holds only what each is called there."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from smartspec.domain.ids import new_id
from smartspec.errors import NoKeyring
from smartspec.messages import _

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

_SERVICE = "smartspec"
_PREFIX = "keyring:"


def _keyring() -> KeyringBackend:
    """Raises NoKeyring."""
    import keyring  # 50 ms: only for those who have secrets
    from keyring.backends import fail, null

    backend = keyring.get_keyring()
    if isinstance(backend, fail.Keyring | null.Keyring):
        raise NoKeyring(_("This machine has no keyring that keeps secrets."))
    return backend


def is_there() -> bool:
    """Whether there is a keyring that keeps secrets."""
    try:
        _keyring()
    except NoKeyring:
        return False
    return True


def add(secret: str) -> str:
    """Keep a secret; the answer is its reference. Raises NoKeyring."""
    reference = _PREFIX + new_id()
    try:
        _keyring().set_password(_SERVICE, reference.removeprefix(_PREFIX), secret)
    except NoKeyring:
        raise
    except Exception as error:
        raise _refused(error) from error
    return reference


def get(reference: str) -> str | None:
    """None where the keyring does not have it (any more). Raises NoKeyring."""
    try:
        return _keyring().get_password(_SERVICE, reference.removeprefix(_PREFIX))
    except NoKeyring:
        raise
    except Exception as error:
        raise _refused(error) from error


def remove(reference: str) -> None:
    """Forget one; where that fails it stays in the keyring, and nothing refers to it."""
    with suppress(Exception):
        _keyring().delete_password(_SERVICE, reference.removeprefix(_PREFIX))


def _refused(error: Exception) -> NoKeyring:
    why = str(error).strip() or type(error).__name__
    return NoKeyring(_("The keyring of this machine refused: {why}.", why=why))
