"""Whether the machine runs on its battery: asked of UPower, else read of the kernel.

UPower: upower.freedesktop.org/docs. The kernel: Documentation/ABI/testing/sysfs-class-power; what counts is as in
systemd's ConditionACPower=. (psutil is asked elsewhere only: on Linux it takes the battery of a mouse for the
machine's.)
"""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path

import psutil

from smartspec.commands.system.bus import Place, Untold, system_bus
from smartspec.value import frozen

_SUPPLIES = Path("/sys/class/power_supply")
_UPOWER = "org.freedesktop.UPower"
_DAEMON = Place(_UPOWER, "/org/freedesktop/UPower", _UPOWER)
_BATTERY = Place(_UPOWER, "/org/freedesktop/UPower/devices/DisplayDevice", f"{_UPOWER}.Device")


@frozen
class Power:
    """`on_battery` is None where the system does not tell; `percent` is what is left in it, None on mains too."""

    on_battery: bool | None = None
    percent: int | None = None


def read_power(supplies: Path = _SUPPLIES) -> Power:
    """A machine without a battery is on mains."""
    if sys.platform != "linux":
        return _elsewhere()
    try:
        return _of_upower()
    except Untold:
        return _of_kernel(supplies)


def _of_upower() -> Power:
    with system_bus() as bus:
        if not bus.get(_DAEMON, "OnBattery"):
            return Power(False)
        with suppress(Untold):
            return Power(True, round(bus.get(_BATTERY, "Percentage")))
        return Power(True)


def _of_kernel(supplies: Path) -> Power:
    try:
        found = [each for each in supplies.iterdir() if _read(each, "scope") != "Device"]
    except OSError:
        return Power()
    if any(_read(each, "type") != "Battery" and _read(each, "online") == "1" for each in found):
        return Power(False)
    drawn = [each for each in found if _read(each, "type") == "Battery" and _read(each, "status") == "Discharging"]
    if not drawn:
        return Power(False)
    left = _read(drawn[0], "capacity")
    return Power(True, int(left) if left.isdecimal() else None)


def _read(supply: Path, name: str) -> str:
    try:
        return (supply / name).read_text(encoding="ascii", errors="replace").strip()
    except OSError:
        return ""


def _elsewhere() -> Power:
    battery = psutil.sensors_battery()
    if battery is None:
        return Power(False)
    if battery.power_plugged is None:
        return Power()
    return Power(False) if battery.power_plugged else Power(True, round(battery.percent))
