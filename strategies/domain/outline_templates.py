"""What a new strategy's outline is made of (the shape that regional strategies have in common). Data, easy to change.

Headings are content in Swedish, not interface: they become the strategy's own text.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Chapter:
    """A chapter that can be chosen. ``parts`` are the headings of its first sections; ``purpose`` is said in the wizard."""

    key: str
    title: str
    parts: tuple[str, ...]
    purpose: Promise
    law: str = ""
    always: bool = False


CHAPTERS: tuple[Chapter, ...] = (
    Chapter("foreword", "Förord", (), _("Några ord från regionens politiska ledning.")),
    Chapter(
        "purpose",
        "Syfte och uppdrag",
        ("Vad strategin är till för", "Så har strategin tagits fram", "Så hänger strategin ihop med andra mål och planer"),
        _("Varför strategin finns, vem som står bakom den och hur den förhåller sig till andra mål och planer."),
        "förordning (2017:583) 10–11 §§",
    ),
    Chapter(
        "analysis",
        "Nulägesanalys",
        ("Befolkning och geografi", "Arbetsliv och kompetens", "Livsmiljö och hälsa", "Klimat, miljö och energi", "Slutsatser"),
        _("Länets förutsättningar, med ett territoriellt perspektiv."),
        "förordning (2017:583) 9 §",
    ),
    Chapter("vision", "Målbild", (), _("Hur länet ser ut när strategin har genomförts.")),
    Chapter(
        "goals",
        "Mål",
        ("Så läser du målen",),
        _("Mål och delmål. Du lägger till dem i dispositionen när strategin har skapats."),
        "förordning (2017:583) 7–8 §§",
        always=True,
    ),
    Chapter(
        "priorities",
        "Prioriteringar",
        ("Så läser du prioriteringarna",),
        _("Det som ska göras först och längst. Du lägger till prioriteringarna i dispositionen."),
        "förordning (2017:583) 7–8 §§",
        always=True,
    ),
    Chapter(
        "perspectives",
        "Genomgående perspektiv",
        ("Social hållbarhet och jämställdhet", "Miljömässig hållbarhet", "Ekonomisk hållbarhet"),
        _("Det som ska märkas i alla mål: ekonomisk, social och miljömässig hållbarhet."),
        "förordning (2017:583) 3–4 §§",
    ),
    Chapter(
        "implementation",
        "Genomförande",
        ("Roller och ansvar", "Samverkan", "Finansiering"),
        _("Vem som gör vad, hur ni samverkar och hur det betalas."),
        "lag (2010:630) 8–9 §§",
    ),
    Chapter(
        "follow_up",
        "Uppföljning och lärande",
        ("Så följs målen upp", "Utvärdering och lärande", "Översyn av strategin"),
        _("Fortlöpande och systematisk uppföljning, och när strategin ses över."),
        "förordning (2017:583) 12 och 16 §§",
    ),
)  # fmt: skip
KEYS = tuple(chapter.key for chapter in CHAPTERS)
ALWAYS = tuple(chapter.key for chapter in CHAPTERS if chapter.always)


def chosen(keys: list[str] | tuple[str, ...] | set[str]) -> list[Chapter]:
    """The chapters of ``keys`` and those that are always there, in the document's own order."""
    return [chapter for chapter in CHAPTERS if chapter.always or chapter.key in keys]
