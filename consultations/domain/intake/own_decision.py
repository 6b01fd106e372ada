"""What a document says about the decision on it: which body, when, which paragraph, and the organisation's own case number.

Proposed for the fields of the sign-off. Two different answers to the same question are none; what is only planned is none.
"""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from consultations.domain.intake.draft import Draft
from consultations.models import ItemWhat

MONTHS = "januari februari mars april maj juni juli augusti september oktober november december".split()
BODY = re.compile(
    r"\b((?:kommun|region|landstings|för(?:bunds|enings)|läns)?(?:styrelsen|fullmäktige)(?:s)?(?:\s+arbetsutskott)?|\w{3,40}(?:nämnden|utskottet)(?:s\s+arbetsutskott)?|generaldirektören|rektor|länsrådet|landshövdingen|(?:kommun|region|förvaltnings)direktören)\b",
    re.IGNORECASE,
)
DATE = re.compile(
    rf"\b(?:(20\d\d)-(\d\d)-(\d\d)|(?:den\s+)?(\d{{1,2}})(?:\s*:?e)?\s+({'|'.join(MONTHS)})\s+(20\d\d))\b",
    re.IGNORECASE,
)
PARAGRAPH = re.compile(r"§\s?(\d{1,4}(?:/\d{2,4})?)")
DECIDED = re.compile(r"\b(?:beslut(?:ade|at|ar|et)?|beslöt|antog|antagit|antagen|antaget|antogs|fastställd\w*|behandlade|sammanträd\w*|protokoll\w*|godkän(?:de|t|des))\b", re.IGNORECASE)  # fmt: skip
PLANNED = re.compile(r"\b(?:ska|skall|kommer\s+att|väntas|planeras|avses|föreslås|förslag\s+till\s+beslut|preliminär\w*|senast|inför|bereds)\b", re.IGNORECASE)  # fmt: skip
CASE = re.compile(
    r"(?P<whose>\b(?:er|ert|eder|region\w*|remissens)\s+)?\b(?:dnr|diarie\s?nr|diarienummer|ärendenr|ärendenummer|vår\s+beteckning|vårt\s+dnr|beteckning|vår\s+referens)\b\s*[.:]?\s*"
    r"(?P<number>(?:[A-ZÅÄÖ]{1,8}(?:[- ][A-ZÅÄÖ]{1,6})?[ -]?)?\d[\w./:-]{2,24})",
    re.IGNORECASE,
)
MOST_LINES = 3000
BEFORE, AFTER = 160, 200  # letters around a date that say what it is the date of


def decision_in(lines: list[dict[str, Any]]) -> Draft | None:
    """A proposal with ``facts``, or None. It stands at the line where the decision is told; else where the number is."""
    rows = [(n, " ".join(row["text"].split())) for n, row in enumerate(lines[:MOST_LINES]) if row.get("kind") != "note"]
    decisions = [(n, facts, words) for n, text in rows for facts, words in _decisions(text)]
    numbers = [(n, number) for n, text in rows for number in _numbers(text)]
    facts: dict[str, str] = {}
    at: list[int] = []
    said = _only([frozenset(found.items()) for _n, found, _words in decisions])
    if said:
        facts |= dict(said)
        at.append(next(n for n, found, _words in decisions if frozenset(found.items()) == said))
    number = _only([number for _n, number in numbers])
    if number:
        facts["case_number"] = number
        at.append(next(n for n, one in numbers if one == number))
    return Draft(what=ItemWhat.DECISION, facts=facts, first=at[0], last=at[0]) if facts else None


def _only(found: list[Any]) -> Any:
    """What all of them say; None when they differ. A decision told with more facts holds one told with fewer."""
    if not found:
        return None
    fullest = max(found, key=len)
    same = all(one == fullest or (isinstance(one, frozenset) and one < fullest) for one in found)
    return fullest if same else None


def _decisions(text: str) -> Iterable[tuple[dict[str, str], str]]:
    for match in DATE.finditer(text):
        day = _day(match)
        start = max(text.rfind(". ", 0, match.start()) + 1, match.start() - BEFORE, 0)
        stop = text.find(". ", match.end())
        words = text[start : stop if stop > 0 else match.end() + AFTER]
        body, paragraph = BODY.search(words), PARAGRAPH.search(words)
        if day is None or body is None or PLANNED.search(words) or not (paragraph or DECIDED.search(words)):
            continue
        facts = {"body": _named(body[1]), "decided_on": day.isoformat()}
        yield facts | ({"paragraph": f"§ {paragraph[1]}"} if paragraph else {}), words


def _named(body: str) -> str:
    return body[0].upper() + body[1:120]


def _day(match: re.Match[str]) -> date | None:
    try:
        if match[1]:
            return date(int(match[1]), int(match[2]), int(match[3]))
        return date(int(match[6]), MONTHS.index(match[5].casefold()) + 1, int(match[4]))
    except ValueError:
        return None


def _numbers(text: str) -> Iterable[str]:
    for match in CASE.finditer(text):
        if not match["whose"]:
            yield match["number"].strip(" .:-").strip()[:40]
