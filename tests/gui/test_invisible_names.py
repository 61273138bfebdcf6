"""Names that a ledger holds from before: what they hide is written out."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication

from smartspec.gui.style import painting, theme
from smartspec.gui.widgets.labels import Elided, label


def test_labels_and_paintings_write_out_what_turns_a_text_around(qapp: QApplication) -> None:
    turned = "photo\u202egpj.exe"
    assert label(turned).text() == "photo\\u202egpj.exe"
    line = Elided()
    line.setText(f"{turned}\nsecond")
    assert line.full_text == "photo\\u202egpj.exe\\nsecond"
    painted: list[str] = []
    painting.report_texts(lambda painter, rect, text, whole: painted.append(text))
    image = QImage(200, 40, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    painting.text(painter, QRectF(0, 0, 200, 40), turned, "text", theme.font())
    painter.end()
    painting.report_texts(None)
    assert painted == ["photo\\u202egpj.exe"]
