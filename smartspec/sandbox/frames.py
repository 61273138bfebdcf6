"""Messages on a pipe: the length in eight bytes, then JSON."""

import json
import os

_LENGTH_BYTES = 8


def encode(value: object) -> bytes:
    """ASCII, so that any text goes through, halves of surrogate pairs too."""
    return json.dumps(value).encode("ascii")


def write(descriptor: int, payload: bytes) -> None:
    """Raises OSError when nobody reads any more."""
    left = memoryview(len(payload).to_bytes(_LENGTH_BYTES, "big") + payload)
    while left:
        left = left[os.write(descriptor, left) :]


def read(descriptor: int) -> bytes:
    """One message; empty at the end of the pipe."""
    length = int.from_bytes(_exactly(descriptor, _LENGTH_BYTES), "big")
    return _exactly(descriptor, length)


def _exactly(descriptor: int, length: int) -> bytes:
    taken = bytearray()
    while len(taken) < length:
        data = os.read(descriptor, min(length - len(taken), 1024 * 1024))
        if not data:
            return b""
        taken += data
    return bytes(taken)
