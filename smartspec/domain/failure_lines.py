"""How programs report that they failed: which lines of their output speak of an error, and which only seem to.

A log is bytes, so all of it is asked of bytes. Each way of failing has a stem, lower case, that every line of it holds:
what holds none need not be looked at closely, and whole pieces of a log are told apart by their stems alone.
"""

from __future__ import annotations

import re

_WORD = r"(?<![\w/.\-]){word}(?![\w/\-]|\.\w)"  # as a word, not in a path, an option or the name of a file
# What says so wherever it stands in a line
_SENTENCES = (
    "timeoutexpired", "keyboardinterrupt", "✗", "✘", "❌", "no such", "not found", "not exist", "not permitted",
    "not allowed", "no route to host", "reset by peer", "broken pipe", "timed out", "no space left", "quota exceeded",
    "read-only file system", "too many open files", "resource busy", "out of memory", "memory exhausted",
    "is a directory", "not a directory", "file exists", "directory not empty", "text file busy",
    "argument list too long", "stale file handle", "input/output error", "segmentation fault", "segfault",
    "core dumped", "illegal instruction", "stack overflow", "stack smashing", "double free", "invalid pointer",
    "can’t", "could not", "couldn't", "unable to", "not able to", "is not defined", "unbound variable",
    "ambiguous redirect", "illegal option", "no rule to make", "no module named", "division by zero",
    "divide by zero", "null pointer", "lost connection", "too many requests", "bad gateway", "service unavailable",
    # German, French, Spanish, Russian, Chinese, Japanese, Korean
    "nicht gefunden", "keine berechtigung", "verweigert", "fehlgeschlagen", "aucun fichier", "non accordée",
    "introuvable", "échec", "no existe", "denegado", "ошибка", "Ошибка", "не удалось", "Нет такого", "отказано", "错误",
    "失败", "异常", "无法", "没有那个文件", "权限不够", "拒绝",
    "找不到", "不存在", "未找到", "超时", "段错误", "已杀死", "崩溃",
    "錯誤", "失敗", "エラー", "例外",
    "見つかりません", "拒否", "오류", "실패",
)  # fmt: skip
# A stem, and what a line with it looks like that speaks of an error
_SHAPES = (
    ("error", _WORD.format(word="(?!terror)[a-z]*errors?") + r"|(?-i:[A-Z]\w*Error)\b|error(?:_code|_count)?=[1-9]"),
    ("exception", _WORD.format(word="[a-z]*exceptions?") + r"|(?-i:[A-Z]\w*Exception)\b"),
    ("fail", _WORD.format(word="(?:fail|fails|failed|failure|failures)") + r"|fail(?:ed|ures)=[1-9]"),
    ("fatal", _WORD.format(word="fatal")),
    ("panic", r"\bpanicked at|\bpanic[:!(]|\bkernel panic"),
    ("traceback", r"traceback \(most recent call last\)"),
    ("caused by", r"^\s*caused by:"),
    ("uncaught", r"\buncaught\b"),
    ("unhandled", r"\bunhandled (?:rejection|exception|promise|error)"),
    ("critical", r"(?-i:\bCRITICAL\b)|\bcritical[:\]]"),
    ("severe", r"(?-i:\bSEVERE\b)"),
    ("emerg", r"(?-i:\bEMERG\b)|\[emerg\]"),
    ("err", r"\bnpm err!|(?-i:\bERR\b)|\[err\]|^err[: ]"),
    ("\ne: ", r"(?-i:^E: )"),
    ("\ne0", r"(?-i:^E0\d{3} \d\d:)"),
    ("\ne1", r"(?-i:^E1[0-2]\d\d \d\d:)"),
    ("not ok", r"^not ok\b"),
    ("oops", r"\boops:"),
    ("bug:", r"(?-i:\bBUG:)"),
    ("denied", r"\bdenied\b"),
    ("unreachable", r"\bunreachable\b"),
    ("refused", r"\brefused\b"),
    ("oom", r"\boom[- ]?kill"),
    ("not known", r"name or service not known"),
    ("name resolution", r"name resolution"),
    ("exec format", r"exec format"),
    (
        "timeout",
        r"\b(?:connect\w*|read|write|gateway|operation|request|response|i/o|handshake|lock|"
        r"wait) time-?out\b|\btime-?out (?:expired|exceeded|reached|after|while|waiting)",
    ),
    ("killed", r"^\s*(?:[^\s:]+: )*(?:line \d+:\s+)?(?:\d+\s+)?killed\b|\bkilled by\b|\bwas killed\b|\boomkilled\b"),
    ("terminated", r"^\s*(?:[^\s:]+: )*(?:line \d+:\s+)?(?:\d+\s+)?terminated\b|\bterminated (?:by|abnormally)"),
    ("aborted", r"\baborted\b"),
    ("aborting", r"\baborting\b"),
    ("crash", r"\bcrash(?:ed|loopbackoff)\b"),
    ("deadlock", r"\bdeadlock(?:ed)?\b"),
    ("exit", r"\bexit(?:ed|s|ing)?(?: with)?(?: (?:a )?non-?zero)?(?: (?:exit )?(?:status|code))?[ :=]+-?[1-9]\d*\b"),
    ("returned", r"\breturned [1-9]\d* exit status|\breturned non-?zero"),
    ("cannot", r"\bcannot\b"),
    ("can't", r"\bcan't\b"),
    ("undefined", r"\bundefined (?:reference|symbol|variable|method|local|array|index|function|is not)"),
    ("unresolved", r"\bunresolved\b"),
    (
        "bad ",
        r"\bbad (?:substitution|interpreter|file descriptor|request|gateway|address|credentials|magic|"
        r"option|argument|configuration)",
    ),
    ("unrecognized", r"\bunrecognized\b"),
    ("unrecognised", r"\bunrecognised\b"),
    (
        "unknown",
        r"\bunknown (?:option|command|host|argument|flag|column|table|database|user|module|package|"
        r"function|key|method|type|parameter|property|file)",
    ),
    (
        "unexpected",
        r"\bunexpected(?:ly)? (?:end|token|eof|character|identifier|argument|response|operator|indent|"
        r"value|closed|keyword|status)",
    ),
    ("invalid", r"\binvalid\b"),
    ("unsupported", r"\bunsupported\b"),
    ("incompatible", r"\bincompatible\b"),
    (
        "missing",
        r"\bmissing (?:operand|argument|required|dependenc|module|file|separator|parenthes|value|parameter|"
        r"key|package|environment)|\bis missing\b",
    ),
    ("no match", r"\bno match(?:es|ing)?\b"),
    ("too large", r"\btoo large\b"),
    ("rejected", r"\brejected\b"),
    ("violat", r"\bviolat(?:es|ed|ion)\b"),
    ("corrupt", r"\bcorrupt(?:ed|ion)?\b"),
    ("mismatch", r"\bmismatch(?:ed)?\b"),
    ("conflict", r"^conflict\b|\bmerge conflict"),
    ("connection", r"\bconnection (?:was |unexpectedly )?(?:lost|closed|reset|aborted)"),
    ("certificate", r"\bcertificate (?:has expired|is not trusted|problem|unknown)"),
    ("unauthorized", r"\bunauthorized\b"),
    ("forbidden", r"\bforbidden\b"),
    ("rate limit", r"\brate limit (?:exceeded|reached)"),
    ("http", r"\bhttp(?:/\d(?:\.\d)?)?[ :=]+(?:status[ :=]+)?[45]\d\d\b"),
    ("status", r"\bstatus(?:[ _]?code)?[ :=]+[45]\d\d\b"),
    ("fehler", r"\w*fehler\b"),
    ("erreur", r"\berreurs?\b"),
    ("fallo", r"\bfallo\b"),
    ("errore", r"\berrore\b"),
    ("erro", r"\berro\b"),
)  # fmt: skip
_NOUN = r"(?:errors?|failures?|failed|fatal|exceptions?|problems?|conflicts?|crash(?:es)?|mismatch(?:es)?|timeouts?)"
# What is taken out of a line before it is asked: that nothing failed, what would be done if it did, names of packages
_HARMLESS = re.compile(
    "|".join((
        rf"\b(?:no|0|zero|without(?: any)?|free of|any)\s+(?:[\w\-]+\s+){{0,2}}?{_NOUN}\b(?!\s+to\b)",
        rf"\b{_NOUN}(?:[_ ]?(?:count|total|rate|code|num|number|status))?\W{{1,4}}"
        r"(?:0(?:\.0+)?%?|none|null|nil|false|\[\]|\{\}|\"\"|'')(?=\s*(?:$|[,;|}\])]|\s[\w\-]+\s*[=:]|\s\d))",
        r"\b(?:on|upon|in case of(?: an?)?|ignor\w+|handl\w+|if(?: an?| it)?|until)\s+"
        r"(?:errors?|failures?|exceptions?|fails?)\b",
        r"\berrors?\s+(?:handl\w+|reporting|pages?|rates?|budget|correction|bars?|tolerance|logs?\b)",
        r"^\s*(?:compiling|checking|downloaded|downloading|fetching|fresh|collecting|using cached)\s+\S+",
        r"^checking (?:for|whether|if) .*\.\.\..*$", r"^.*\.\.\. ?(?:ok|passed|done|yes)\s*$",
        r"^\s*(?:✓|✔|√|\[ok\]|ok\b|pass(?:ed)?\b).*$",
        r"^\s+at [\w.$/<>]+\(.*$", r"^\s+File \".*\", line \d+.*$",  # where it was, in Java and Python
    )).encode(),
    re.IGNORECASE,
)  # fmt: skip
# These say only that something failed of which a line before them tells more
_ECHOES = re.compile(
    "|".join((
        r"^make(?:\[\d+\])?: \*\*\*", r"^collect2: ", r"\bld returned \d+ exit status", r"a complete log of this run",
        r"\bcould not compile\b", r"\baborting due to\b", r"\bprocess completed with exit code", r"\belifecycle\b",
        r"^npm err!\s*(?:$|code |errno |lifecycle |this is probably|a complete|path |syscall )",
        r"^(?:some|\d+) (?:checks?|tests?) failed", r"^failed \((?:errors|failures)=",
        r"^\d+ errors? (?:generated|found)",
        r"^=+ .*\bfailed\b.* =+$", r"^build failed\b",
        r"^rsync(?: error)?: (?:unexplained error|connection unexpectedly closed|some files)",
        r"^error: process .* did not exit successfully",
        r"^(?:the )?command .*(?:failed|exited|returned) .*(?:exit )?(?:code|status) \d+\.?$",
    )).encode(),
    re.IGNORECASE,
)  # fmt: skip
_WARNS = re.compile(rb"\b(?:warn|warning|deprecated)\b", re.IGNORECASE)


def _compiled() -> dict[bytes, re.Pattern[bytes]]:
    ways = {**{each: re.escape(each) for each in _SENTENCES}, **dict(_SHAPES)}
    return {stem.encode(): re.compile(pattern.encode(), re.IGNORECASE) for stem, pattern in ways.items()}


_PATTERNS: dict[bytes, re.Pattern[bytes]] = {}


def patterns() -> dict[bytes, re.Pattern[bytes]]:
    """Each way of failing by its stem, made when it is first asked for: most starts never ask."""
    if not _PATTERNS:
        _PATTERNS.update(_compiled())
    return _PATTERNS


def speaks_of_error(line: bytes) -> bool:
    """Whether a line of a program's output, without its newline, says that something failed."""
    held = b"\n" + line.lower()
    found = [pattern for stem, pattern in patterns().items() if stem in held]
    if not found:
        return False
    told = _HARMLESS.sub(b" ", line)
    return any(pattern.search(told) for pattern in found)


def is_echo(line: bytes) -> bool:
    """Whether it speaks of an error of which another line tells more."""
    return _ECHOES.search(line) is not None


def speaks_of_warning(line: bytes) -> bool:
    return _WARNS.search(line) is not None


def lines_with_stems(data: bytes) -> list[int]:
    """Of whole lines the offsets, in their order, of those that may speak of an error: each is to be asked."""
    held = b"\n" + data.lower()  # the newline before a line stands where the line stands in the data
    found = set[int]()
    is_ascii = data.isascii()
    for stem in patterns():
        if is_ascii and not stem.isascii():
            continue
        at = held.find(stem)
        while at >= 0:
            found.add(held.rfind(b"\n", 0, at + 1))
            end = held.find(b"\n", at + 1)
            at = held.find(stem, end) if end >= 0 else -1
    return sorted(found)
