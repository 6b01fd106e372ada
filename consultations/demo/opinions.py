"""What the consultees answer: 90 responses with 900 points, composed from ``text/views`` and tied to exact words.

Pure data, the same for the same seed; ``story`` hands it in through the real verbs.
"""

import random
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from consultations.demo.consultees import Consultee, consultees
from consultations.demo.corpus import Section
from consultations.demo.facts import indicators
from consultations.demo.reading import TEXT, keyed
from consultations.demo.swedish import decimal, whole
from strategies.domain.documents import OBJECT, blocks

KINDS = {"c": "change", "o": "objection", "s": "support", "q": "question", "r": "remark", "e": "error"}
RESPONSES, POINTS = 90, 900
DECLINE, NO_OBJECTION, LATE = 7, 6, 9
ALWAYS = {
    "kommun:Tallmo",
    "kommun:Granfjärd",
    "kommun:Sundhamn",
    "kommun:Älvstad",
    "naturforeningen",
    "lansstyrelsen",
    "universitetet",
}
# What Naturvännerna also write, the last sentence of which the region masks: section, words, words that are masked.
EAGLE = (
    "d53",
    "Gammelskogen ovanför Storforsa bör undantas från avverkning.",
    "Ett kungsörnspar häckar där, vid östra stranden av Lilla Hornsjön.",
)
MOST_USES = 4  # of one written opinion
WITH_STANCE = ("goal", "subgoal", "priority")


@dataclass(frozen=True, slots=True)
class View:
    """One point. ``quote`` are exact words of ``section`` (a key); both may be missing. ``source`` names what was written by hand."""

    kind: str
    section: str | None
    quote: str
    text: str
    wording: str = ""
    source: str = ""


@dataclass(slots=True)
class Opinion:
    """One consultee's response. ``share``: how far into the round it arrives, above 1 when late."""

    who: Consultee
    kind: str
    share: float  # of the round's length, above 1 when late
    summary: str = ""
    stances: dict[str, tuple[str, str]] = field(default_factory=dict)
    answers: list[str] = field(default_factory=list)
    views: list[View] = field(default_factory=list)


@cache
def written(files: str = "points_*.txt") -> tuple[View, ...]:
    """The opinions written by hand; ``source`` holds who may say them."""
    found: list[View] = []
    for path in sorted((TEXT / "views").glob(files)):
        section: str | None = None
        for line in path.read_text("utf-8").splitlines():
            if line.startswith("["):
                section = line.strip("[]") or None
            elif line and not line.startswith("#"):
                kind, who, quote, text, wording = line.split("|")
                found.append(View(KINDS[kind], section, quote, text, wording, who))
    return tuple(found)


class Chorus:
    """Composes the opinions of everyone."""

    def __init__(self, sections: list[Section], seed: int) -> None:
        self.rng = random.Random(f"{seed}/opinions")
        self.seed = seed
        self.sections = {section["key"]: section for section in sections}
        self.texts = {key: [b.text for b in blocks(section["doc"])] for key, section in self.sections.items()}
        self.templates = keyed("views/templates.txt")
        self.uses: Counter[View] = Counter()
        self.said: set[tuple[str | None, str, str]] = set()
        self.contexts: set[str] = set()  # already used by the one who is speaking
        self.places = self._places()

    # --- Who answers, when and how much ---

    def all(self) -> list[Opinion]:
        """Exactly RESPONSES opinions with POINTS views together."""
        everyone = list(consultees(self.seed))
        towns, others = everyone[:33], everyone[33:]
        self.rng.shuffle(others)
        always = [who for who in everyone if who.key in ALWAYS]
        towns, others = ([who for who in group if who not in always] for group in (towns, others))
        own = [who for who in always if who.place]
        answering = own + self.rng.sample(towns, 30 - len(own))
        answering += [who for who in always if not who.place] + others
        answering = answering[:RESPONSES]
        self.rng.shuffle(answering)
        short = [who for who in answering if who.kind != "municipality" and who.key not in ALWAYS]
        declining, silent = short[:DECLINE], short[DECLINE : DECLINE + NO_OBJECTION]
        opinions = [
            Opinion(
                who, "declines" if who in declining else "no_objection" if who in silent else "answer", self._in_time()
            )
            for who in answering
        ]
        speaking = [opinion for opinion in opinions if opinion.kind == "answer"]
        for opinion in self.rng.sample([o for o in speaking if o.who.key not in ALWAYS], LATE):
            opinion.share = 1 + self.rng.uniform(0.04, 0.2)
        for opinion, count in zip(speaking, self._counts(speaking), strict=True):
            self._compose(opinion, count)
        return sorted(opinions, key=lambda opinion: opinion.share)

    def _in_time(self) -> float:
        """Most arrive in the last fifth."""
        return min(0.999, self.rng.betavariate(5, 1.2))

    def _counts(self, speaking: list[Opinion]) -> list[int]:
        """How many points each makes; POINTS together."""
        weight = {"municipality": 1.35, "county_board": 2.6, "university": 1.1, "state_agency": 0.7, "region": 0.5}
        raw = [weight.get(o.who.kind, 0.85) * self.rng.uniform(0.45, 1.6) for o in speaking]
        counts = [max(2, round(POINTS * value / sum(raw))) for value in raw]
        while (off := POINTS - sum(counts)) != 0:
            index = self.rng.randrange(len(counts))
            if counts[index] + (1 if off > 0 else -1) >= 2:
                counts[index] += 1 if off > 0 else -1
        return counts

    # --- One response ---

    def _compose(self, opinion: Opinion, count: int) -> None:
        who, rng = opinion.who, self.rng
        self.contexts.clear()
        own = self._written_for(who)
        chosen = own[: max(2, round(count * 0.58))]
        for view in chosen:
            self.uses[view] += 1
        opinion.views = [self._in_own_words(view, who) for view in chosen[:count]]
        while len(opinion.views) < count:
            view = self._templated(who)
            if not view.quote or view.quote not in {other.quote for other in opinion.views}:
                opinion.views.append(view)
        rng.shuffle(opinion.views)
        opinion.summary = self._summary(who)
        opinion.stances = self._stances(opinion)
        opinion.answers = self._answers(who)

    def _written_for(self, who: Consultee) -> list[View]:
        """Opinions that this consultee may hold, its own topics first, never both sides of one passage."""
        near = set(who.topics) | {topic[:1] + topic[1:2] for topic in who.topics if topic[0] == "d"}
        ranked = []
        for view in written():
            if not who.letters & set(view.source.split()) or self.uses[view] >= MOST_USES:
                continue
            ranked.append((view.section not in near, self.uses[view], self.rng.random(), view))
        passages: set[tuple[str | None, str]] = set()
        found = []
        for _far, _uses, _chance, view in sorted(ranked, key=lambda row: row[:3]):
            if not view.quote or (view.section, view.quote) not in passages:
                passages.add((view.section, view.quote))
                found.append(view)
        return found

    def _in_own_words(self, view: View, who: Consultee) -> View:
        """The opinion, with a sentence of this consultee's own when it has been said before, and always a unique text."""
        text = view.text
        if self.uses[view] > 1 or self.rng.random() < 0.35:
            text = f"{text} {self._context(who)}".strip()
        source = f"{view.section}/{view.quote}/{view.wording}" if view.wording else ""
        return View(view.kind, view.section, view.quote, text, view.wording, source)

    def _context(self, who: Consultee) -> str:
        letter = {"municipality": "m", "business": "b", "civil_society": "v", "university": "u"}.get(who.kind, "t")
        near = who.place is not None and who.place.minutes < 30
        options = [
            text
            for text in self.templates[f"sammanhang_{letter}"]["a"]
            if text not in self.contexts and not (near and "{minutes}" in text)
        ]
        if not options:
            return ""
        chosen = self.rng.choice(options)
        self.contexts.add(chosen)
        return chosen.format_map(self._values(who))

    def _values(self, who: Consultee) -> dict[str, Any]:
        names = [self.sections[topic]["title"] for topic in who.topics if topic in self.sections]
        first, second = (names * 2)[:2]
        values: dict[str, Any] = {
            "name": who.name,
            "one": f"”{first}”",
            "two": f"”{second}”" if first != second else "”Genomförande”",
        }
        if who.place:
            p = who.place
            values |= {
                "name": who.name, "people": whole(p.people), "older": decimal(p.older), "minutes": p.minutes, "trades": p.trades,
                "neighbour": p.neighbour,
            }  # fmt: skip
        return values

    # --- Templates, tied to what really stands in the text ---

    def _places(self) -> dict[str, list[tuple[str, str, dict[str, Any]]]]:
        """Kind of place -> [(section key, exact words, values)]."""
        found: dict[str, list[tuple[str, str, dict[str, Any]]]] = defaultdict(list)
        goals = {i.title: i for i in indicators()}
        for key, section in self.sections.items():
            kind, title = section["kind"], section["title"]
            for text in self.texts[key]:
                if OBJECT in text or "\n" in text:
                    continue
                head, _, tail = text.partition(": ")
                if kind == "subgoal" and text.split(". ")[0] in goals:
                    i = goals[text.split(". ")[0]]
                    found["indikator"].append((key, i.title, {"ind": i.title, "target": i.target, "now": i.now}))
                elif kind == "subgoal" and tail and len(head) < 40 and not text.endswith(":"):
                    found["bidrag"].append(
                        (key, tail, {"actor": head[0].lower() + head[1:] if head.endswith("na") else head})
                    )
                elif kind == "subgoal" and 60 < len(text) < 260 and self._is_example(key, text):
                    found["exempel"].append((key, text, {}))
                elif kind == "priority" and self._is_commitment(key, text):
                    found["atagande"].append((key, text, {}))
                for sentence in text.split(". "):
                    if sentence.startswith("Regionen ska tillsammans med") and section["key"].startswith(
                        ("d", "p", "genom", "persp")
                    ):
                        found["regionenska"].append((key, sentence.removesuffix("."), {}))
            if kind in WITH_STANCE or key.startswith(("nul_", "persp_", "genom_", "uppf_")):
                found["avsnitt"].append((key, "", {"title": title}))
        return found

    def _is_example(self, key: str, text: str) -> bool:
        heading = "Exempel från länet"
        return (
            heading in self.texts[key]
            and self.texts[key].index(text) > self.texts[key].index(heading)
            and text.endswith(".")
        )

    def _is_commitment(self, key: str, text: str) -> bool:
        told = keyed("priorities.txt").get(key, {})
        return any(row.split("|")[0] == text for row in told.get("A", []))

    def _templated(self, who: Consultee) -> View:
        """A view on a real place in the text that nobody has commented in just these words."""
        kinds = ["indikator", "bidrag", "atagande", "regionenska", "avsnitt", "exempel"]
        for _attempt in range(400):
            kind = self.rng.choice(kinds)
            if who.place and self.rng.random() < 0.1:
                view = self._about_own_profile(who)
            else:
                options = self.places[kind]
                near = [place for place in options if place[0] in who.topics or place[0][:2] in who.topics]
                view = self._on_place(
                    kind, self.rng.choice(near if near and self.rng.random() < 0.45 else options), who
                )
            if (view.section, view.quote, view.text) not in self.said:
                self.said.add((view.section, view.quote, view.text))
                return view
        raise RuntimeError("no more to say")

    def _on_place(self, kind: str, place: tuple[str, str, dict[str, Any]], who: Consultee) -> View:
        key, quote, values = place
        letter = self.rng.choice([letter for letter, texts in self.templates[kind].items() for _text in texts])
        text = self.rng.choice(self.templates[kind][letter]).format_map(values)
        if self.rng.random() < 0.4:
            text = f"{text} {self._context(who)}".strip()
        return View(KINDS[letter], key, quote, text)

    def _about_own_profile(self, who: Consultee) -> View:
        assert who.place is not None
        key = f"kom_{who.place.part}"
        start = self.texts[key].index(who.place.name)
        sentences = [
            s
            for text in self.texts[key][start + 1 : start + 4]
            for s in text.split(". ")
            if OBJECT not in s and len(s) > 30
        ]
        letter = self.rng.choice(list(self.templates["profil"]))
        return View(
            KINDS[letter],
            key,
            self.rng.choice(sentences).removesuffix("."),
            self.rng.choice(self.templates["profil"][letter]),
        )

    # --- The rest of a response ---

    def _summary(self, who: Consultee) -> str:
        kind = "m" if who.place else "o"
        return self.rng.choice(self.templates[f"sammanfattning_{kind}"]["a"]).format_map(self._values(who))

    def _stances(self, opinion: Opinion) -> dict[str, tuple[str, str]]:
        """Positions on most goals and priorities; fewer from small organisations; in line with the points."""
        mood = self.rng.betavariate(4, 1.6)
        objects = Counter(view.section for view in opinion.views if view.kind == "objection")
        changes = Counter(view.section for view in opinion.views if view.kind == "change")
        found = {}
        for key, section in self.sections.items():
            chance = 0.72 if opinion.who.place else 0.2
            near = key in opinion.who.topics or objects[key] or changes[key]
            if section["kind"] not in WITH_STANCE or (not near and self.rng.random() > chance):
                continue
            found[key] = self._stance(mood, objects[key], changes[key], bool(near), opinion.who.place is not None)
        return found

    def _stance(self, mood: float, objections: int, changes: int, near: bool, town: bool) -> tuple[str, str]:
        roll = self.rng.random()
        if objections and roll > mood:
            return "opposes", self.rng.choice(
                self.templates["skal_av"]["a"][0 if town else 1 :]
            )  # the first is a municipality's
        if objections or (changes and roll < 0.7) or roll > 0.6 + mood * 0.38:
            return "supports_with_changes", self.rng.choice(self.templates["skal_sma"]["a"])
        if not near and roll < 0.1:
            return "no_opinion", ""
        return "supports", ""

    def _answers(self, who: Consultee) -> list[str]:
        """To the four questions of ``story.QUESTIONS``: scale, choice, free, free. Empty when not answered."""
        prios = [topic for topic in who.topics if topic[0] == "p"] or [f"p{self.rng.randint(1, 8)}"]
        replies = [text for text in self.templates["fraga3"]["a"] if who.place or "politiskt" not in text]
        third = self.rng.choice(replies).format(prio=f"”{self.sections[self.rng.choice(prios)]['title']}”")
        goal = next((int(topic[1]) - 1 for topic in who.topics if topic[0] in "dm"), 5)
        return [
            str(self.rng.choices([1, 2, 3, 4, 5], [1, 4, 14, 42, 29])[0]),
            str(goal if self.rng.random() < 0.85 else 5),
            third,
            self.rng.choice(self.templates["fraga4"]["a"]) if self.rng.random() < 0.8 else "",
        ]


def compose(sections: list[Section], seed: int = 1) -> list[Opinion]:
    """All opinions on these sections, by arrival."""
    made = Chorus(sections, seed).all()
    if any(row["key"] == EAGLE[0] for row in sections):
        nature = next(opinion for opinion in made if opinion.who.key == "naturforeningen")
        nature.views[-1] = View("remark", EAGLE[0], "", f"{EAGLE[1]} {EAGLE[2]}", source="")
    return made
