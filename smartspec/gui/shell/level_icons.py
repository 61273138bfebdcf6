"""Icon and colour of a message, by its level."""

LEVEL_ICONS = {
    "error": ("x-circle-fill", "failed"), "warning": ("warning-fill", "retrying"), "info": ("info", "running"),
}  # fmt: skip
