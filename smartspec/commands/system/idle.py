"""For how long nobody has used this machine.

login1: org.freedesktop.login1(5). A session is idle from when its desktop says so, or its terminal was last used; the
machine is once all are, and has been since it started where nobody is logged in.
"""

from __future__ import annotations

import sys
import time

from smartspec.commands.system import elsewhere
from smartspec.commands.system.bus import Place, Untold, system_bus

_LOGIN = Place("org.freedesktop.login1", "/org/freedesktop/login1", "org.freedesktop.login1.Manager")


def read_idle_ms() -> int | None:
    """None: this system does not tell."""
    if sys.platform != "linux":
        return elsewhere.idle_ms()
    try:
        with system_bus() as bus:
            if not bus.get(_LOGIN, "IdleHint"):
                return 0
            since_us = int(bus.get(_LOGIN, "IdleSinceHintMonotonic"))
    except Untold:
        return None
    return max(0, round(time.clock_gettime(time.CLOCK_MONOTONIC) * 1000) - since_us // 1000)
