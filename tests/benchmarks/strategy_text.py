"""Eighty pages that read like a strategy, repeated phrases included, and a next draft whose every sentence is accounted for.

Each ``Sentence`` keeps its identity through edits, so that where a sentence really went is known and not guessed.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from itertools import count
from typing import Any

WHO = [
    "Regionen",
    "Regionen",
    "Regionen",
    "Kommunerna",
    "Länsstyrelsen",
    "Universitetet",
    "Näringslivet",
    "Civilsamhället",
]
WITH = [
    "tillsammans med kommunerna",
    "i samverkan med länets aktörer",
    "i dialog med civilsamhället",
    "tillsammans med staten",
]
DO = ["utveckla", "stärka", "samordna", "främja", "säkerställa", "bidra till", "följa upp", "verka för"]
WHAT = [
    "kollektivtrafiken", "kompetensförsörjningen", "en god och jämlik hälsa", "den biologiska mångfalden", "bredbandsutbyggnaden",
    "bostadsförsörjningen", "de gröna näringarna", "forskning och innovation", "kulturens frihet", "en robust elförsörjning",
    "tågtrafiken över länsgränsen", "ungas etablering på arbetsmarknaden", "en cirkulär ekonomi", "tillgängliga livsmiljöer",
    "landsbygdens service", "den regionala fysiska planeringen", "klimatanpassningen", "besöksnäringen", "livsmedelsberedskapen",
    "digital delaktighet", "vattenförsörjningen", "omställningen av transportsystemet", "entreprenörskapet", "tilliten i samhället",
]  # fmt: skip
WHERE = [
    "i hela länet",
    "i både stad och land",
    "i alla kommuner",
    "längs de större stråken",
    "i gränsregionen",
    "på landsbygden",
    "inom vården",
]
WHY = [
    "så att fler kan bo och verka i länet", "för att nå klimatmålen", "med ett tydligt barnrättsperspektiv", "utifrån invånarnas behov",
    "eftersom förutsättningarna skiljer sig åt", "för att minska sårbarheten", "så att ingen lämnas utanför", "i linje med Agenda 2030",
]  # fmt: skip
FACTS = [
    "Under {y} var andelen {p} procent, vilket är {q} procentenheter högre än i riket.", "Antalet invånare väntas öka med {n} personer till {y}.",
    "Av de som pendlar reser {p} procent med bil – en andel som minskat sedan {y}.", "År {y} omsatte branschen {n} miljoner kronor.",
    "Bara {p} procent av hushållen på landsbygden har tillgång till fiber, jämfört med {q} procent i tätorterna.",
]  # fmt: skip
REPEATED = [
    "Regionen ska tillsammans med kommunerna följa upp arbetet årligen.",
    "Målet följs upp genom indikatorer som redovisas varje år.",
    "Arbetet sker i bred samverkan mellan länets aktörer.",
    "Ansvaret delas mellan regionen, kommunerna och staten.",
    "Hållbarhetens tre dimensioner ska beaktas i alla insatser.",
]
SWAP = {
    "ska": "kommer att", "stärka": "kraftigt stärka", "utveckla": "vidareutveckla", "kommunerna": "länets kommuner",
    "länet": "regionen", "årligen": "vartannat år", "invånarnas": "medborgarnas", "alla": "samtliga", "procent": "%", "bred": "nära",
}  # fmt: skip

_ids = count(1)


@dataclass(eq=False)
class Sentence:
    text: str
    id: int = field(default_factory=lambda: next(_ids))


@dataclass(eq=False)
class Paragraph:
    id: str
    sentences: list[Sentence]
    kind: str = "paragraph"

    @property
    def text(self) -> str:
        return " ".join(s.text for s in self.sentences)

    def node(self) -> dict[str, Any]:
        content = [{"type": "text", "text": self.text}] if self.text else []
        attrs = {"id": self.id, **({"level": 2} if self.kind == "heading" else {})}
        return {"type": self.kind, "attrs": attrs, "content": content}


@dataclass(eq=False)
class Part:
    """One section of the strategy."""

    uuid: str
    title: str
    paragraphs: list[Paragraph]

    def doc(self) -> dict[str, Any]:
        return {"type": "doc", "content": [p.node() for p in self.paragraphs]}

    def section(self) -> dict[str, Any]:
        return {"uuid": self.uuid, "kind": "text", "title": self.title, "code": "", "doc": self.doc(), "metadata": {}}


def sentence(rng: random.Random) -> str:
    roll = rng.random()
    if roll < 0.15:
        return rng.choice(REPEATED)
    if roll < 0.3:
        fact = rng.choice(FACTS)
        return fact.format(
            y=rng.randint(2015, 2035), p=rng.randint(8, 92), q=rng.randint(2, 40), n=rng.randint(2, 90) * 500
        )
    said = f"{rng.choice(WHO)} ska {rng.choice(WITH)} {rng.choice(DO)} {rng.choice(WHAT)}"
    if rng.random() < 0.6:
        said += f" {rng.choice(WHERE)}"
    if rng.random() < 0.5:
        said += f", {rng.choice(WHY)}"
    return said + "."


def strategy(rng: random.Random, characters: int = 440_000) -> list[Part]:
    parts: list[Part] = []
    written = 0
    while written < characters:
        part = Part(f"00000000-0000-4000-8000-{len(parts):012d}", f"Avsnitt {len(parts) + 1}", [])
        for n in range(rng.randint(9, 16)):
            many = 1 if n % 6 == 0 else rng.randint(2, 6)
            part.paragraphs.append(
                Paragraph(
                    f"p{len(parts)}x{n}",
                    [Sentence(sentence(rng)) for _ in range(many)],
                    "heading" if n % 6 == 0 else "paragraph",
                )
            )
        parts.append(part)
        written += sum(len(p.text) for p in part.paragraphs)
    return parts


def copy(parts: list[Part]) -> list[Part]:
    """The forked draft: same ids, same sentences."""
    return [
        Part(
            p.uuid,
            p.title,
            [Paragraph(b.id, [Sentence(s.text, s.id) for s in b.sentences], b.kind) for b in p.paragraphs],
        )
        for p in parts
    ]


def reword(rng: random.Random, text: str) -> str:
    words = text.split(" ")
    places = [n for n, word in enumerate(words) if word.strip(".,") in SWAP]
    for n in rng.sample(places, min(len(places), 2)):
        bare = words[n].strip(".,")
        words[n] = words[n].replace(bare, SWAP[bare])
    if not places or rng.random() < 0.3:
        words.insert(rng.randint(1, len(words) - 1), rng.choice(["dessutom", "fortsatt", "även", "gemensamt"]))
    return " ".join(words)


class Draft:
    """Edits a strategy the way officers do. A sentence that was copied is not deleted afterwards: the copy that is left
    would in any reader's eyes be the sentence, moved."""

    def __init__(self, rng: random.Random, parts: list[Part]) -> None:
        self.rng, self.parts, self.made = rng, parts, 0
        self.copied: set[int] = set()
        self.dropped: set[tuple[str, str]] = set()

    def new_id(self) -> str:
        self.made += 1
        return f"n{self.made}"

    def revise(self, share: float) -> list[Part]:
        edits = [self.reword, self.reword, self.reword, self.insert, self.delete, self.delete_beside_lookalike, self.move_sentence,
                 self.swap_sentences, self.split, self.merge, self.move_paragraph, self.delete_paragraph, self.duplicate,
                 self.copy_lookalike, self.recreate]  # fmt: skip
        total = sum(len(p.paragraphs) for p in self.parts)
        for _ in range(int(total * share)):
            part = self.rng.choice(self.parts)
            if len(part.paragraphs) > 2:
                self.rng.choice(edits)(part, self.rng.randrange(1, len(part.paragraphs)))
        if share > 0.05:
            self.parts.insert(1, self.parts.pop(self.rng.randrange(2, len(self.parts))))
        return self.parts

    def _sentence(self, part: Part, at: int) -> tuple[Paragraph, int]:
        block = part.paragraphs[at]
        return block, self.rng.randrange(len(block.sentences)) if block.sentences else -1

    def reword(self, part: Part, at: int) -> None:
        block, n = self._sentence(part, at)
        if n >= 0:
            self.dropped.add((block.id, block.sentences[n].text))
            block.sentences[n].text = reword(self.rng, block.sentences[n].text)

    def insert(self, part: Part, at: int) -> None:
        block = part.paragraphs[at]
        self._write(block, sentence(self.rng))

    def _write(self, block: Paragraph, text: str) -> None:
        """A new sentence, but not one that was just dropped there: nobody could call that another sentence."""
        if (block.id, text) not in self.dropped:
            block.sentences.insert(self.rng.randint(0, len(block.sentences)), Sentence(text))

    def delete(self, part: Part, at: int) -> None:
        block, n = self._sentence(part, at)
        if n >= 0 and block.sentences[n].id not in self.copied:
            self.dropped.add((block.id, block.sentences[n].text))
            del block.sentences[n]

    def delete_beside_lookalike(self, part: Part, at: int) -> None:
        """A refrain goes here and stays in twenty other places, one of them new."""
        block = part.paragraphs[at]
        for n, said in enumerate(block.sentences):
            if said.text in REPEATED and said.id not in self.copied:
                self.dropped.add((block.id, said.text))
                del block.sentences[n]
                self._write(self.rng.choice(self.rng.choice(self.parts).paragraphs), said.text)
                return

    def move_sentence(self, part: Part, at: int) -> None:
        block, n = self._sentence(part, at)
        if n >= 0 and block.sentences[n].text not in REPEATED:
            other = self.rng.choice(self.rng.choice(self.parts).paragraphs)
            other.sentences.insert(self.rng.randint(0, len(other.sentences)), block.sentences.pop(n))

    def swap_sentences(self, part: Part, at: int) -> None:
        said = part.paragraphs[at].sentences
        if len({s.text for s in said}) == len(said):
            self.rng.shuffle(said)

    def split(self, part: Part, at: int) -> None:
        block = part.paragraphs[at]
        if len(block.sentences) > 1:
            n = self.rng.randrange(1, len(block.sentences))
            part.paragraphs.insert(at + 1, Paragraph(self.new_id(), block.sentences[n:]))
            block.sentences = block.sentences[:n]

    def merge(self, part: Part, at: int) -> None:
        if part.paragraphs[at - 1].kind == part.paragraphs[at].kind == "paragraph":
            part.paragraphs[at - 1].sentences += part.paragraphs.pop(at).sentences

    def move_paragraph(self, part: Part, at: int) -> None:
        block = part.paragraphs.pop(at)
        other = self.rng.choice(self.parts)
        other.paragraphs.insert(self.rng.randint(0, len(other.paragraphs)), block)

    def delete_paragraph(self, part: Part, at: int) -> None:
        if not self.copied & {s.id for s in part.paragraphs[at].sentences}:
            del part.paragraphs[at]

    def duplicate(self, part: Part, at: int) -> None:
        block = part.paragraphs[at]
        self.copied |= {s.id for s in block.sentences}
        twin = Paragraph(self.new_id(), [Sentence(s.text) for s in block.sentences])
        self.rng.choice(self.parts).paragraphs.append(twin)

    def copy_lookalike(self, part: Part, at: int) -> None:
        """A new paragraph made of another's sentences, each a little different."""
        block = part.paragraphs[at]
        self.copied |= {s.id for s in block.sentences}
        twin = Paragraph(self.new_id(), [Sentence(reword(self.rng, s.text)) for s in block.sentences])
        part.paragraphs.insert(self.rng.randrange(len(part.paragraphs)), twin)

    def recreate(self, part: Part, at: int) -> None:
        """Cut and pasted: the same words in a block with a new id, elsewhere in the section."""
        block = part.paragraphs.pop(at)
        part.paragraphs.insert(
            self.rng.randint(0, len(part.paragraphs)), Paragraph(self.new_id(), block.sentences, block.kind)
        )


@dataclass
class Truth:
    """Where every sentence is: id -> (section, block, text, first offset, last offset)."""

    places: dict[int, tuple[str, str, str, int, int]]

    @classmethod
    def of(cls, parts: list[Part]) -> Truth:
        places = {}
        for part in parts:
            for block in part.paragraphs:
                at = 0
                for said in block.sentences:
                    places[said.id] = (part.uuid, block.id, said.text, at, at + len(said.text))
                    at += len(said.text) + 1
        return cls(places)
