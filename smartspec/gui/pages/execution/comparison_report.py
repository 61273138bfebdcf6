"""A comparison as text, for a note or a mail."""

from __future__ import annotations

from smartspec.domain.compare.comparison import Comparison
from smartspec.gui.style.formatting import number
from smartspec.gui.widgets.log import ansi
from smartspec.messages import tr
from smartspec.vocabulary import LIKELIHOOD_WORDS


def report(found: Comparison) -> str:
    """Each difference on a line, then the first line of each log that differs."""
    lines = [f"{found.old.label} → {found.new.label}", ""]
    lines += [
        tr("{likelihood}: {sentence} ({why})", likelihood=LIKELIHOOD_WORDS[each.likelihood], sentence=each.sentence,
           why=each.why)
        for each in found.findings
    ]  # fmt: skip
    lines += ["", *(
        tr("{task}, line {line}: {old} → {new}", task=task, line=number(each.line), old=log_line(each.old),
           new=log_line(each.new))
        for task, each in found.log.items()
    )]  # fmt: skip
    return "\n".join(lines).strip()


def log_line(text: str | None) -> str:
    """Without escapes; None is where the log has ended."""
    return tr("(its end)") if text is None else ansi.strip_ansi(text.encode())
