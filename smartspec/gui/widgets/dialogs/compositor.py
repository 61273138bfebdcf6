"""Whether the screen can show windows that are not rectangles without black corners."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication


def is_composited() -> bool:
    """False under X11 while no program mixes the windows: there a window is cut to its shape instead."""
    return QGuiApplication.platformName() != "xcb" or _x11_has_compositor()


def _x11_has_compositor() -> bool:
    import ctypes

    try:
        x11 = ctypes.CDLL("libX11.so.6")
    except OSError:
        return False
    x11.XOpenDisplay.restype = ctypes.c_void_p
    display = ctypes.c_void_p(x11.XOpenDisplay(None))
    if not display:
        return False
    x11.XInternAtom.restype = x11.XGetSelectionOwner.restype = ctypes.c_ulong
    name = b"_NET_WM_CM_S%d" % x11.XDefaultScreen(display)
    owner = x11.XGetSelectionOwner(display, ctypes.c_ulong(x11.XInternAtom(display, name, 0)))
    x11.XCloseDisplay(display)
    return bool(owner)
