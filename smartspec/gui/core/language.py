"""The language of the window, and of Qt's own texts: the buttons of its dialogs, the menus of its fields."""

from __future__ import annotations

import sys

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from smartspec import languages

_OF_QT = "qt_texts"


def speak(setting: str) -> bool:
    """Speak what SMARTSPEC_LANG names, else the setting, else the system; True: it is another language than before."""
    before = languages.current()
    languages.use(wanted(setting))
    _translate_qt(languages.current())
    return languages.current() != before


def wanted(setting: str) -> str:
    """The language that `speak` would speak."""
    return languages.preferred(setting, _of_the_system())


def _of_the_system() -> str:
    """Where no variable says it, as on Linux: programs that are started with a click are given none."""
    named = QLocale.system().uiLanguages() if sys.platform in ("win32", "darwin") else []
    return named[0] if named else ""


def _translate_qt(language: str) -> None:
    app = QCoreApplication.instance()
    if app is None:
        return
    for old in app.findChildren(QTranslator, _OF_QT):
        app.removeTranslator(old)
        old.deleteLater()
    system = QLocale.system()
    is_same = system.name() != "C" and languages.known(system.name()) == language
    QLocale.setDefault(system if is_same else QLocale(language))
    if language == languages.ENGLISH:
        return
    texts = QTranslator(app)
    texts.setObjectName(_OF_QT)
    if texts.load(f"qtbase_{language}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        app.installTranslator(texts)
