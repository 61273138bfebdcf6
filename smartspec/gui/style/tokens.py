"""The colours in force: light or dark, each also with strong edges; and the contrast they must reach (WCAG 2.x)."""

from __future__ import annotations

from collections.abc import Iterator

from smartspec.value import frozen, replace


@frozen
class Tokens:
    """Surfaces from back to front, lines, text, accent, outcomes, code; each #RRGGBB, the scrim #AARRGGBB."""

    name: str
    chrome: str
    pane: str
    surface: str
    sunken: str
    raised: str
    line: str
    line_strong: str
    outline: str
    text: str
    text2: str
    text3: str
    accent: str
    accent_hover: str
    on_accent: str
    accent_text: str
    accent_soft: str
    focus: str
    hover: str
    pending: str
    running: str
    retrying: str
    paused: str
    interrupted: str
    completed: str
    failed: str
    cancelled: str
    timeout: str
    skipped: str
    ok_soft: str
    bad_soft: str
    warn_soft: str
    info_soft: str
    syn_key: str
    syn_str: str
    syn_num: str
    syn_com: str
    syn_tpl: str
    add_bg: str
    add_word: str
    del_bg: str
    del_word: str
    toast: str
    on_toast: str
    toast_action: str
    scrim: str
    strong: bool = False  # every edge is to be seen, and what is selected has one


LIGHT = Tokens(
    name="light",
    chrome="#F1F3F6", pane="#F8F9FB", surface="#FFFFFF", sunken="#EBEEF2", raised="#FFFFFF",
    line="#E4E8ED", line_strong="#CCD3DC", outline="#7D8898",
    text="#18202B", text2="#475264", text3="#5F6B7C",
    accent="#2B5FD0", accent_hover="#2352B8", on_accent="#FFFFFF", accent_text="#2456C2",
    accent_soft="#E3EBFB", focus="#2B5FD0", hover="#F0F3F7",
    pending="#566274", running="#0869AB", retrying="#835300", paused="#6448C4",
    interrupted="#A94A0A", completed="#1B7440", failed="#C02830", cancelled="#566274",
    timeout="#A62465", skipped="#5F6B7C",
    ok_soft="#E2F3E8", bad_soft="#FCE9E9", warn_soft="#FBF0DC", info_soft="#E1F0FA",
    syn_key="#1D56A8", syn_str="#1B7040", syn_num="#9A4A00", syn_com="#667284", syn_tpl="#7A3DB8",
    add_bg="#E4F5E9", add_word="#B5E3C2", del_bg="#FCEAEA", del_word="#F6C3C3",
    toast="#222A36", on_toast="#F3F5F8", toast_action="#9DBEFF", scrim="#6618202B",
)  # fmt: skip

DARK = Tokens(
    name="dark",
    chrome="#14171C", pane="#181C22", surface="#1C2027", sunken="#252B34", raised="#252A33",
    line="#2A303A", line_strong="#3B4350", outline="#7C8796",
    text="#E7EAEF", text2="#B0B9C6", text3="#96A1B0",
    accent="#3D6FE0", accent_hover="#3565D2", on_accent="#FFFFFF", accent_text="#8DB2FF",
    accent_soft="#253556", focus="#7FA8FF", hover="#232932",
    pending="#A3ADBB", running="#58B4F0", retrying="#E2B450", paused="#B7A5FF",
    interrupted="#F29C62", completed="#52C27F", failed="#FF8080", cancelled="#A3ADBB",
    timeout="#F28ABA", skipped="#98A2B0",
    ok_soft="#1B3326", bad_soft="#3C2227", warn_soft="#382D18", info_soft="#182F40",
    syn_key="#86B7FF", syn_str="#7FCB98", syn_num="#E8A76B", syn_com="#8A95A5", syn_tpl="#CBA3F5",
    add_bg="#1A3125", add_word="#265B3B", del_bg="#3A2126", del_word="#6D2F35",
    toast="#E7EAEF", on_toast="#1B2029", toast_action="#2352B8", scrim="#8C000000",
)  # fmt: skip


def _strong(scheme: Tokens) -> Tokens:
    text = scheme.text2
    return replace(
        scheme, strong=True, line=scheme.outline, line_strong=text, outline=text, text2=scheme.text, text3=text
    )


SCHEMES = {(each.name, each.strong): each for each in (LIGHT, DARK, _strong(LIGHT), _strong(DARK))}


def contrast(one: str, other: str) -> float:
    """From 1 to 21, by the relative luminance of WCAG 2.x."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


_STATUSES = (
    "pending", "running", "retrying", "paused", "interrupted", "completed", "failed", "cancelled", "timeout", "skipped",
)  # fmt: skip


def pairs() -> Iterator[tuple[str, str, float]]:
    """(foreground, background, least contrast) as the widgets use them: 4.5 for text, 3 for what must be seen."""
    texts = ("text", "text2", "text3")
    yield from ((fore, back, 4.5) for fore in texts for back in
                ("chrome", "pane", "surface", "raised", "hover", "accent_soft", "sunken"))  # fmt: skip
    yield from (("on_accent", back, 4.5) for back in ("accent", "accent_hover"))
    yield from (("accent_text", back, 4.5) for back in ("surface", "pane", "accent_soft", "raised"))
    yield from ((fore, back, 4.5) for fore in _STATUSES for back in ("surface", "pane", "hover", "accent_soft"))
    soft = (("completed", "ok_soft"), ("failed", "bad_soft"), ("timeout", "bad_soft"), ("retrying", "warn_soft"),
            ("interrupted", "warn_soft"), ("running", "info_soft"), ("text", "bad_soft"), ("text2", "bad_soft"),
            ("text", "warn_soft"), ("text2", "warn_soft"), ("text", "ok_soft"), ("text", "info_soft"))  # fmt: skip
    yield from ((fore, back, 4.5) for fore, back in soft)
    yield from ((f"syn_{kind}", "surface", 4.5) for kind in ("key", "str", "num", "com", "tpl"))
    yield from (("text", back, 4.5) for back in ("add_bg", "add_word", "del_bg", "del_word"))
    yield from ((fore, "toast", 4.5) for fore in ("on_toast", "toast_action"))
    yield from ((fore, back, 3.0) for fore in ("focus", "outline") for back in ("surface", "pane", "chrome"))
