"""What a view says that it is about: "s. 14", "mål 2.3", "avsnitt 4", "2.3 stycke 5", and the words that it quotes."""

import re

from django.utils.translation import gettext as _

from consultations.domain.intake.places import Place, Places
from strategies.models import Section

CODE = r"\d{1,2}(?:\.\d{1,2}){0,3}"
NAMED = re.compile(
    rf"\b(?P<word>delmål(?:et)?|mål(?:et)?|prioritering(?:en)?|avsnitt(?:et)?|kapitel|kap\.?|insatsområde|P(?=\d))\s*(?P<code>{CODE})(?!\d|\s*%)"
    r"(?:[.,]?\s*(?:stycke|st\.|¶)\s*(?P<paragraph>\d{1,4}))?",
    re.IGNORECASE,
)
BARE = re.compile(rf"(?:^|[\s(])(?P<code>{CODE})[.,]?\s*(?:stycke|st\.|¶)\s*(?P<paragraph>\d{{1,4}})", re.IGNORECASE)
ALONE = re.compile(r"\b(?:stycke|¶)\s*(?P<paragraph>\d{1,4})", re.IGNORECASE)
PAGE = re.compile(
    r"(?<![\w.])(?:s\.|sid\.?|sida|sidan|sidorna|p\.|page)\s*(\d{1,3})(?:\s*[-–]\s*(\d{1,3}))?(?!\d)", re.IGNORECASE
)
GLOBAL = re.compile(r"(?:globala?|agenda\s*2030|FN:?s?|SDG|de globala målen)[^.]{0,30}$", re.IGNORECASE)
QUOTED = re.compile(
    r"”([^”“\n]{8,2000})”|“([^”“\n]{8,2000})”|»([^»«\n]{8,2000})[«»]|«([^»«\n]{8,2000})»|\"([^\"\n]{8,2000})\"|’’([^’\n]{8,2000})’’"
)
REPLACES = re.compile(
    r"(?:ändras till|ersätts (?:av|med)|ersätt\w* (?:av|med)|bytas? (?:ut )?(?:till|mot)|lyda|lydelse\w*|formuleras|skrivas|till(?: följande)?)\s*[:–-]?\s*$",
    re.IGNORECASE,
)
WORDING = re.compile(
    r"(?:^|\n|\.\s+)(?:Förslag till|Föreslagen|Ny|Vårt förslag till) (?:ny )?(?:lydelse|formulering|text)\s*[:–-]\s*(.{3,})\Z",
    re.IGNORECASE | re.DOTALL,
)  # fmt: skip
FORMS = {
    "delmålet": "delmål",
    "målet": "mål",
    "prioriteringen": "prioritering",
    "p": "prioritering",
    "insatsområde": "prioritering",
}


def place_of(text: str, places: Places, context: Section | None = None) -> Place:
    """What a view is about. ``context``: the section that the heading above it names. Quoted words decide before references."""
    named = _named(text, places, context)
    within = named.section or context
    doubt = ""
    for quote in quotes_in(text):
        found = places.find(quote, within)
        if found is not None and (found.section is not None or found.alternatives):
            return found
        doubt = doubt or _("De citerade orden finns inte i texten.")
    if named.section is None and context is not None:
        named = Place(context, score=0.95)
    named.doubt = named.doubt or doubt
    return named


def _named(text: str, places: Places, context: Section | None) -> Place:
    found: list[Place] = []
    for match in NAMED.finditer(text):
        if GLOBAL.search(text[: match.start()]):
            continue
        word = match["word"].casefold().rstrip(".")
        code = f"{FORMS.get(word, word.removesuffix('et'))} {match['code']}"
        section = places.coded(code)
        if section is not None:
            found.append(_paragraph(section, match["paragraph"], places))
    for match in BARE.finditer(text):
        section = places.coded(match["code"])
        if section is not None:
            found.append(_paragraph(section, match["paragraph"], places))
    alone = ALONE.search(text)
    if not found and alone and context is not None:
        found.append(_paragraph(context, alone["paragraph"], places))
    return _one(found, places) if found else _by_page(text, places, context)


def _paragraph(section: Section, number: str | None, places: Places) -> Place:
    if number:
        code = places.outline.labels[str(section.uuid)][0]
        place = places.paragraph(code, int(number))
        if place is not None:
            return place
        return Place(section, score=0.8, doubt=_("Stycke %(n)s finns inte i avsnittet.") % {"n": number})
    return Place(section, score=1.0)


def _one(found: list[Place], places: Places) -> Place:
    """The first that was named; with doubt when others were named too. A sub-goal beside its own goal is the one meant."""
    exact = [place for place in found if place.start is not None]
    first = exact[0] if exact else found[0]
    others = [place.section for place in found if place.section is not None and place.section != first.section]
    for other in others:
        if not exact and other.parent_id == (first.section.pk if first.section else None):
            first = next(place for place in found if place.section == other)
            others = [row for row in others if row != other]
            break
    if others and not exact:
        names = ", ".join(dict.fromkeys(places.name_of(row) for row in others))[:200]
        return Place(first.section, score=0.7, doubt=_("Texten nämner också %(names)s.") % {"names": names})
    return first


def _by_page(text: str, places: Places, context: Section | None) -> Place:
    match = PAGE.search(text)
    if match is None:
        return Place()
    if not places.pages:
        return Place(doubt=_("Hänvisar till en sida, men versionen har ingen publicerad PDF att slå upp den i."))
    sections = places.on_page(int(match[1]))
    if not sections:
        return Place(doubt=_("Sidan %(n)s finns inte i den publicerade PDF-filen.") % {"n": match[1]})
    if len(sections) == 1:
        return Place(sections[0], score=0.9)
    names = ", ".join(places.name_of(row) for row in sections)[:200]
    return Place(
        context if context in sections else sections[0],
        score=0.5,
        doubt=_("På sidan %(n)s finns flera avsnitt: %(names)s.") % {"n": match[1], "names": names},
    )


def quotes_in(text: str) -> list[str]:
    """Quoted passages, in order, those that are proposed as new words left out."""
    found = []
    for match in QUOTED.finditer(text):
        if not REPLACES.search(text[: match.start()]):
            found.append(next(group for group in match.groups() if group))
    return found


def wording_in(text: str) -> tuple[str, str]:
    """(the view without it, the wording that it proposes or "")."""
    match = WORDING.search(text)
    if match:
        before = text[: match.start()].rstrip()
        if before and text[match.start() : match.start() + 1] == ".":
            before += "."
        return before or text, match[1].strip().strip('”"“»«')
    for quoted in QUOTED.finditer(text):
        if REPLACES.search(text[: quoted.start()]):
            return text, next(group for group in quoted.groups() if group)
    return text, ""


KINDS = (
    ("error", re.compile(r"\b(?:sakfel|felaktig\w*|stavfel|skrivfel|fel siffra|stämmer inte)\b", re.IGNORECASE)),
    ("objection", re.compile(r"\b(?:avstyrker|motsätter|invänder|ställer oss inte bakom|kan inte ställa|invändning)\b", re.IGNORECASE)),
    (
        "change",
        re.compile(
            r"\b(?:föreslår|bör|behöver|borde|ändras|lägg till|läggs till|tilläggas|kompletteras|stryk\w*|ersätts?|saknas|saknar|önskar|förtydligas|lydelse)\b",
            re.IGNORECASE,
        ),
    ),
    ("support", re.compile(r"\b(?:tillstyrker|välkomnar|positiv\w*|stödjer|stöder|instämmer|ställer oss bakom|ser positivt)\b", re.IGNORECASE)),
)  # fmt: skip


def kind_of(text: str) -> str:
    """The kind of point that the words sound like."""
    if text.rstrip().endswith("?") and text.count(".") == 0:
        return "question"
    return next((kind for kind, words in KINDS if words.search(text)), "remark")
