"""Secrets, kept by the keyring of the operating system; the database holds only what each is called there."""

from __future__ import annotations

import queue
import threading
from contextlib import closing, suppress
from typing import TYPE_CHECKING

from smartspec.domain.ids import new_id
from smartspec.errors import KeyringLocked, NoKeyring
from smartspec.messages import _

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

_SERVICE = "smartspec"
_PREFIX = "keyring:"
_LONGEST_S = 10.0  # a keyring of another kind may show its question before it answers

_may_prompt = True


def never_prompt() -> None:
    """From now on this process asks nobody to unlock a keyring: a question at night would hold up all the others."""
    global _may_prompt
    _may_prompt = False


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
    """None where the keyring does not have it (any more). Raises NoKeyring, KeyringLocked."""
    backend, name = _keyring(), reference.removeprefix(_PREFIX)
    try:
        return backend.get_password(_SERVICE, name) if _may_prompt else _without_prompt(backend, name)
    except NoKeyring:
        raise
    except Exception as error:
        raise _refused(error) from error


def _without_prompt(backend: KeyringBackend, name: str) -> str | None:
    """Raises KeyringLocked, also where it does not answer in time; and what the keyring raises."""
    answers = queue.SimpleQueue[str | Exception | None]()

    def ask() -> None:
        try:
            if _is_locked(backend):
                raise KeyringLocked
            answers.put(backend.get_password(_SERVICE, name))
        except Exception as error:  # noqa: BLE001 - raised again where it was asked
            answers.put(error)

    threading.Thread(target=ask, name="keyring", daemon=True).start()
    try:
        answer = answers.get(timeout=_LONGEST_S)
    except queue.Empty:
        raise KeyringLocked from None
    if isinstance(answer, Exception):
        raise answer
    return answer


def _is_locked(backend: KeyringBackend) -> bool:
    """Of a Secret Service (GNOME Keyring, KeePassXC, KWallet), which would ask; of others it is not known."""
    from keyring.backends import SecretService, chainer

    backends = backend.backends if isinstance(backend, chainer.ChainerBackend) else [backend]
    if not any(isinstance(each, SecretService.Keyring) for each in backends):
        return False
    import secretstorage

    with closing(secretstorage.dbus_init()) as bus:
        return secretstorage.Collection(bus).is_locked()


def remove(reference: str) -> None:
    """Forget one; where that fails it stays in the keyring, and nothing refers to it."""
    with suppress(Exception):
        _keyring().delete_password(_SERVICE, reference.removeprefix(_PREFIX))


def _refused(error: Exception) -> NoKeyring:
    why = str(error).strip() or type(error).__name__
    return NoKeyring(_("The keyring of this machine refused: {why}.", why=why))
