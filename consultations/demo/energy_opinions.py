"""What the consultees answer in the round on climate and energy, which is still open. Pure data, the same for the same seed."""

import random
from collections import Counter
from collections.abc import Iterator

from consultations.demo.consultees import Consultee, consultees
from consultations.demo.opinions import Opinion, View, written
from consultations.demo.reading import keyed

TALLMO, SUNDHAMN, KORNSLATT, ALVSTAD = "kommun:Tallmo", "kommun:Sundhamn", "kommun:Kornslätt", "kommun:Älvstad"
GRANFJARD, KVARNEDE, NATURE = "kommun:Granfjärd", "kommun:Kvarnede", "naturforeningen"
DECLINES, NO_OBJECTION, BY_FORM, BY_MAIL, MAIL_WAITS = "fiske", "polisomradet", "rtj_inland", "friluft", "skogsagarna"
# Those whose answers ``energy``, ``chain`` and ``incoming`` tell one by one.
TOLD = {TALLMO, SUNDHAMN, KORNSLATT, ALVSTAD, NATURE, DECLINES, NO_OBJECTION}
BESIDE = {GRANFJARD, KVARNEDE, BY_FORM, BY_MAIL, MAIL_WAITS}
SUBJECTS = {"d51", "d52", "p7", "d54"}
GOALS = ("m1", "m2", "m3", "p1", "p2", "p3", "p4")
MOST_USES = 3  # of one written opinion


def compose_energy(seed: int = 1) -> list[Opinion]:
    """By arrival; ``share`` above 0.7 is still being written, unless the story says otherwise."""
    rng = random.Random(f"{seed}/energy")
    everyone = [who for who in consultees(seed) if who.key not in BESIDE]
    told = [who for who in everyone if who.key in TOLD]
    others = [who for who in everyone if who not in told]
    near = [who for who in others if SUBJECTS & set(who.topics)]
    towns = [who for who in others if who.place and who not in near]
    answering = [*rng.sample(near, 9), *rng.sample(towns, 7)]
    voices = _Voices(rng)
    opinions = [voices.opinion(who, 0.1 if who.key == NATURE else 0.9) for who in told]
    opinions += [voices.opinion(who, 0.15 + 0.8 * index / len(answering)) for index, who in enumerate(answering)]
    return sorted(opinions, key=lambda opinion: opinion.share)


class _Voices:
    """Deals out what was written by hand, so that few say the same thing in the same words."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.uses: Counter[View] = Counter()
        self.texts = keyed("views/energy_answers.txt")
        self.turns = {key: self._turns(key) for key in self.texts}

    def _turns(self, key: str) -> Iterator[str]:
        """One after another in an order of its own, round and round."""
        while True:
            yield from self.rng.sample(self.texts[key]["a"], len(self.texts[key]["a"]))

    def opinion(self, who: Consultee, share: float) -> Opinion:
        if who.key in (DECLINES, NO_OBJECTION):
            return Opinion(who, "declines" if who.key == DECLINES else "no_objection", 0.3, answers=["", ""])
        views = self._views(who)
        stances = {key: ("supports", "") for key in GOALS if self.rng.random() < 0.8}
        for view in views:
            if view.section in stances and view.kind in ("change", "objection"):
                stances[view.section] = ("supports_with_changes", view.text)
        summary = next(self.turns["sammanfattning_m" if who.place else "sammanfattning_o"]).format(name=who.name)
        answers = [str(self.rng.choices([2, 3, 4, 5], [1, 3, 6, 4])[0]), next(self.turns["fraga2"])]
        return Opinion(who, "answer", share, summary, stances, answers, views)

    def _views(self, who: Consultee) -> list[View]:
        mine = [
            view
            for view in written("energy.txt")
            if who.letters & set(view.source.split()) and self.uses[view] < MOST_USES
        ]
        chosen = self.rng.sample(mine, min(len(mine), self.rng.randint(3, 6)))
        self.uses.update(chosen)
        return [View(view.kind, view.section, view.quote, view.text, view.wording) for view in chosen]
