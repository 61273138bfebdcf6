"""The clocks that no change of the date moves: one counts the time that the machine sleeps, the other does not.

Waits and the delays of retries go by `boottime`, limits and durations by `uptime`; both are seconds since a moment that
stands still while the machine is up, and mean nothing in another process after a restart. What is due at a date goes by
the wall clock (`domain.times`).
"""

import sys
import time

# The longest that is waited without a look at the clock: waiting itself does not notice that the machine slept.
LONGEST_LOOK_AWAY_SECONDS = 1.0

if sys.platform == "linux":

    def boottime() -> float:
        return time.clock_gettime(time.CLOCK_BOOTTIME)

    uptime = time.monotonic

elif sys.platform == "darwin":

    def boottime() -> float:
        return time.clock_gettime(time.CLOCK_MONOTONIC)

    def uptime() -> float:
        return time.clock_gettime(time.CLOCK_UPTIME_RAW)

elif sys.platform == "win32":
    import ctypes

    boottime = time.monotonic  # GetTickCount64

    def uptime() -> float:
        since_start = ctypes.c_ulonglong()  # in units of 100 ns
        ctypes.windll.kernel32.QueryUnbiasedInterruptTime(ctypes.byref(since_start))
        return since_start.value / 10_000_000

else:
    boottime = uptime = time.monotonic
