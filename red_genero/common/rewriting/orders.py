"""What the text of a document may order a program to do: fields, formulas, and the parts that fetch by themselves."""

import re
from collections.abc import Iterator
from typing import Final

from lxml import etree

from red_genero.common.rewriting.kinds import Refusal
from red_genero.common.rewriting.packages import local

ORDERS: Final = {
    "ddeLink": "office_dde",
    "oleLink": "office_dde",
    "connections": "office_dde",
    "queryTable": "office_dde",
    "mailMerge": "office_dde",
    "macrosheet": "office_macros",
    "dialogsheet": "office_macros",
    "altChunk": "office_objects",
    "taskpanes": "office_objects",
    "webextension": "office_objects",
}
"""Elements that run, fetch or bring in what was not read here."""
NEVER: Final = frozenset(
    [
        "DDE",
        "DDEAUTO",
        "DATABASE",
        "EMBED",
        "IMPORT",
        "INCLUDE",
        "INCLUDEPICTURE",
        "INCLUDETEXT",
        "LINK",
        "MACROBUTTON",
        "RD",
    ]
)
KEYWORD: Final = re.compile(r"[\s\"'“”]*([^\s\\\"'“”]*)")
LINKED: Final = re.compile(r"\s*HYPERLINK\s+[\"“]?([^\s\"”]+)", re.IGNORECASE)
SCHEMES: Final = ("http://", "https://", "mailto:", "tel:", "#")
NESTED: Final = "\0"
TYPED: Final = frozenset({"instrText", "delInstrText"})
CALLS: Final = re.compile(
    r"\b(?:WEBSERVICE|IMAGE|RTD|CALL|REGISTER(?:\.ID)?|EXEC|DDE|SQL\.REQUEST)\s*\(", re.IGNORECASE
)
QUOTED: Final = re.compile(r"\"[^\"]*\"|'[^']*'")
SHEET: Final = re.compile(r"\"[^\"]*\"|('[^']*')")
AWAY: Final = re.compile(r"://|\\\\")
"""A sheet of a workbook that is on another machine."""
ROWS: Final = re.compile(r"\{[^{}]*\}")
FORMULAS: Final = frozenset(
    [
        "f",
        "formula",
        "formula1",
        "formula2",
        "definedName",
        "calculatedColumnFormula",
        "totalsRowFormula",
    ]
)


def check(root: "etree._Element") -> None:
    """Refuse a part of an office document that would run, fetch or open something."""
    for element in root.iter():
        tag = local(element.tag)
        if tag in ORDERS:
            raise Refusal(ORDERS[tag], tag)
        if tag in FORMULAS and _calls(element.text or ""):
            raise Refusal("office_dde")
    if any(_runs(code) for code in codes(root)):
        raise Refusal("office_dde")


def check_open_formula(formula: str) -> None:
    """Refuse a formula of OpenDocument that fetches or opens something; there a bar also parts rows of constants."""
    if _calls(ROWS.sub("", formula)):
        raise Refusal("office_dde")


def codes(root: "etree._Element") -> Iterator[str]:
    """Yield what each field says, put together from its pieces; a field inside another leaves a mark there."""
    loose: list[str] = []
    still_open: list[list[str]] = []
    for element in root.iter():
        tag = local(element.tag)
        if tag in TYPED:
            (still_open[-1] if still_open else loose).append(element.text or "")
        elif tag == "fldSimple":
            yield from (str(value) for value in element.attrib.values())
        elif tag == "fldChar":
            kind = next(
                (str(v) for k, v in element.attrib.items() if local(k) == "fldCharType"), ""
            )
            if kind == "begin":
                for code in still_open[-1:]:
                    code.append(NESTED)
                still_open.append([])
            elif kind == "end" and still_open:
                yield "".join(still_open.pop())
    yield from ("".join(code) for code in (loose, *still_open))


def _runs(code: str) -> bool:
    """Whether a field opens a program or a file, or hides its first word in another field."""
    found = KEYWORD.match(code)
    word = found[1].upper() if found else ""
    if NESTED in word or word in NEVER:
        return True
    link = LINKED.match(code)
    return link is not None and _strays(link[1])


def _strays(target: str) -> bool:
    """Whether a link of a field leads to something that is neither a page nor a place in the document."""
    lowered = target.lower()
    if lowered.startswith(("\\\\", "//")):
        return True
    return ":" in lowered.split("/")[0] and not lowered.startswith(SCHEMES)


def _calls(formula: str) -> bool:
    """Whether a formula asks another program or another machine."""
    if any(AWAY.search(sheet) for sheet in SHEET.findall(formula)):
        return True
    return bool(CALLS.search(formula)) or "|" in QUOTED.sub("", formula)
