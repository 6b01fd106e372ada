"""How easy Swedish text is to read. Hints only: they never stop anything. Pure functions.

LIX: C. H. Björnsson, "Läsbarhet" (Liber, 1968): words per sentence + per cent of words longer than six letters; its bands are his.
Long sentences and the passive: "Myndigheternas skrivregler" (Språkrådet, 8th edition, 2014) and språklagen (2009:600) 11 §: the public
sector's language shall be plain. The forms of the s-passive: Svenska Akademiens grammatik (1999), vol. 4, "Satsbaser: passiv".
The passive is recognised by its form alone, so a hint may be wrong; what is common and never passive is listed and passed over.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from strategies.domain import documents
from strategies.domain.documents import Doc

LONG_WORD = 6  # letters; longer ones count (Björnsson)
LONG_SENTENCE = 25  # words
VERY_LONG = 40
FEW = 20  # words; below this LIX says nothing

WORD = re.compile(r"[^\W_]+(?:[-'’:][^\W_]+)*")
END = re.compile(r"[.!?…]+[\"”’')\]]*(?=\s|\Z)|[:;](?=\s*\n)|\n+")
ABBREVIATION = re.compile(
    r"(?:\b(?:t\.\s?ex|bl\.\s?a|m\.\s?m|d\.\s?v\.\s?s|dvs|o\.\s?s\.\s?v|osv|s\.\s?k|f\.\s?d|m\.\s?fl|p\.\s?g\.\s?a|e\.\s?d|resp|ca|kl|nr|jfr|prop|art|kap|mom|st|inkl|exkl|tel|max|min|eg|etc|sid|s|a|b)|\b\d{1,2}|\b[A-ZÅÄÖ])\.\Z",
    re.IGNORECASE,
)

#: after these an infinitive on -s is passive: "ska stärkas", "att genomföras"
BEFORE_INFINITIVE = frozenset(
    [
        "ska",
        "skall",
        "skulle",
        "kan",
        "kunde",
        "kunna",
        "bör",
        "borde",
        "måste",
        "får",
        "fick",
        "få",
        "må",
        "vill",
        "ville",
        "behöver",
        "behövde",
        "att",
        "kommer",
        "kunnat",
        "torde",
        "lär",
    ]
)
ADVERBS = frozenset(
    [
        "inte",
        "även",
        "också",
        "bara",
        "alltid",
        "aldrig",
        "ofta",
        "därför",
        "dock",
        "sedan",
        "då",
        "nu",
        "snarast",
        "gemensamt",
        "särskilt",
        "fortsatt",
        "bättre",
        "vidare",
        "löpande",
        "tydligt",
    ]
)
#: -s verbs that are active, and words that only look like verbs
NOT_PASSIVE = frozenset(
    [
        "finns",
        "fanns",
        "funnits",
        "finnas",
        "hoppas",
        "hoppades",
        "lyckas",
        "lyckades",
        "misslyckas",
        "trivs",
        "trivas",
        "trivdes",
        "minns",
        "minnas",
        "andas",
        "andades",
        "vistas",
        "vistades",
        "umgås",
        "tycks",
        "tycktes",
        "verkas",
        "behövs",
        "krävs",
        "låtsas",
        "färdas",
        "färdades",
        "svettas",
        "kräks",
        "skäms",
        "trängs",
        "slåss",
        "möts",
        "mötas",
        "träffas",
        "träffades",
        "ses",
        "hörs",
        "hjälps",
        "fattas",
        "fattades",
        "brottas",
        "avundas",
        "handskas",
        "återfinns",
        "återfinnas",
        "omges",
        "dras",
        "åldras",
        "åldrades",
        "väsnas",
        "tillsammans",
        "dess",
        "dels",
        "medels",
        "hittills",
        "annars",
        "ens",
        "minst",
        "inomhus",
        "utomhus",
        "sins",
        "hemifrån",
        "utrymmes",
        "mellanhavandes",
        "varas",
        "tas",
        "alias",
        "kanvas",
        "bias",
        "atlas",
        "gas",
        "glas",
        "gräs",
        "kas",
        "kaos",
        "stats",
        "privats",
        "plats",
        "insats",
        "insatser",
        "arbetsplats",
        "mötesplats",
        "resultats",
        "klimats",
        "mats",
        "hans",
        "dens",
        "deras",
        "vars",
        "varas",
        "allas",
        "bådas",
        "andras",
        "samtligas",
        "lokalers",
        "regioners",
        "kommuners",
    ]
)
NOUN_ENDINGS = (
    "ernas",
    "arnas",
    "ornas",
    "ienas",
    "enas",
    "platsens",
    "hetens",
    "ningens",
    "ingens",
    "insats",
    "plats",
    "markens",
)
PAST = re.compile(r".*[aeiouyåäö].*ades")
SUPINE = re.compile(r"(?:har|hade|ha)\Z")
PARTICIPLE = re.compile(
    r"\w{2,}(?:ad|at|ade|erad|erat|erade|tt|dda|da|ts|ta|gd|gt|gda|lts|vna|vet|ven|gen|get|gna|nen|net|ats)\Z"
)
BLI = frozenset(["blir", "blev", "bli", "blivit"])


@dataclass(frozen=True)
class Sentence:
    """``words``: how many. ``passive``: the forms that look passive."""

    text: str
    words: int
    passive: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reading:
    """``lix`` is None when the text is too short to say. ``long`` and ``passive`` are the sentences worth a look."""

    words: int = 0
    sentences: int = 0
    long_words: int = 0
    lix: int | None = None
    long: list[Sentence] = field(default_factory=list)
    passive: list[Sentence] = field(default_factory=list)


def reading_of(doc: Doc) -> Reading:
    """The figures of a section's text; tables and pictures are left out, a heading is no sentence."""
    return measure(
        " \n".join(
            block.text for block in documents.blocks(doc) if block.type == "paragraph" and "table" not in block.within
        )
    )


def measure(text: str) -> Reading:
    """The figures of a plain text; a line break ends a sentence."""
    text = text.replace(documents.OBJECT, "")
    found = [
        Sentence(words, count, tuple(passives(words)))
        for words in sentences(text)
        if (count := len(WORD.findall(words)))
    ]
    every = WORD.findall(text)
    long_words = sum(len(word) > LONG_WORD for word in every)
    return Reading(
        words=len(every), sentences=len(found), long_words=long_words, lix=lix(len(every), len(found), long_words),
        long=[row for row in found if row.words > LONG_SENTENCE], passive=[row for row in found if row.passive],
    )  # fmt: skip


def together(readings: list[Reading]) -> Reading:
    """Several texts as one."""
    words, count, long_words = (
        sum(getattr(row, name) for row in readings) for name in ("words", "sentences", "long_words")
    )
    return Reading(
        words, count, long_words, lix(words, count, long_words),
        [sentence for row in readings for sentence in row.long], [sentence for row in readings for sentence in row.passive],
    )  # fmt: skip


def lix(words: int, sentence_count: int, long_words: int) -> int | None:
    """Björnsson's figure, rounded; None for a text shorter than ``FEW`` words."""
    if words < FEW or not sentence_count:
        return None
    return round(words / sentence_count + 100 * long_words / words)


def band(value: int | None) -> str:
    """ "easy" under 40, "medium" under 50 (newspapers), "hard" under 60 (authorities), else "very_hard"; "" when not known."""
    if value is None:
        return ""
    return "easy" if value < 40 else "medium" if value < 50 else "hard" if value < 60 else "very_hard"


def sentences(text: str) -> Iterator[str]:
    """Sentences; a full stop in an abbreviation, a number or an initial ends none."""
    start = 0
    for match in END.finditer(text):
        piece = text[start : match.end()].strip()
        if (
            match[0].startswith(".")
            and len(match[0]) == 1
            and ABBREVIATION.search(text[start : match.end()].rstrip())
            and _goes_on(text[match.end() :])
        ):
            continue
        start = match.end()
        if piece:
            yield piece
    if rest := text[start:].strip():
        yield rest


def _goes_on(rest: str) -> bool:
    """Whether the text after a full stop goes on in the same sentence: with a small letter or a figure, on the same line."""
    after = rest.lstrip(" \u00a0")
    return bool(after) and (after[0].islower() or after[0].isdecimal() or after[0] in "(,")


def passives(sentence: str) -> Iterator[str]:
    """Words in the sentence that look like the passive: s-forms after a modal, past s-forms, "blir" with a participle."""
    words = WORD.findall(sentence)
    low = [word.lower() for word in words]
    for n, word in enumerate(low):
        before = _before(low, n)
        if word in BLI and n + 1 < len(low):
            if (
                after := next((other for other in low[n + 1 : n + 3] if PARTICIPLE.fullmatch(other)), None)
            ) and after not in NOT_PASSIVE:
                yield f"{words[n]} {after}"
        elif _s_passive(word, before):
            yield words[n]


def _before(low: list[str], n: int) -> str:
    """The word before, adverbs passed over."""
    n -= 1
    while n >= 0 and low[n] in ADVERBS:
        n -= 1
    return low[n] if n >= 0 else ""


def _s_passive(word: str, before: str) -> bool:
    if (
        len(word) < 3
        or not word.endswith("s")
        or word in NOT_PASSIVE
        or word.endswith("nas")
        and word.endswith(NOUN_ENDINGS)
    ):
        return False
    if before in BEFORE_INFINITIVE:
        return word.endswith(("as", "ås", "gs", "es"))  # "ska stärkas", "kan nås"
    if SUPINE.fullmatch(before):
        return word.endswith("ts")  # "har stärkts, beslutats"
    return bool(PAST.fullmatch(word)) or word.endswith(("eras", "iseras")) and len(word) > 6
