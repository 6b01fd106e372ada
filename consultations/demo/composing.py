"""The parts of the text that are composed from facts: municipality profiles, sub-goals, commitments, tables.

Each composer gives markup (see ``markup``). Wording varies with the seed; the sentences stand in ``text/phrases.txt``.
"""

import random
from collections.abc import Callable

from consultations.demo.facts import COUNTY, PARTS, Indicator, Place, indicators, part_of, places, share_older
from consultations.demo.reading import keyed, rows
from consultations.demo.swedish import capital, decimal, listed, municipality_name, whole, words

SUBGOAL_LINKS = {
    "d11": "p1 p5", "d12": "p5 p8", "d13": "p3 p5", "d14": "p5 p3", "d21": "p2 p3", "d22": "p2 p4", "d23": "p2 p3",
    "d24": "p2 p5", "d31": "p4 p7", "d32": "p4 p5", "d33": "p5 p4", "d41": "p6 p1", "d42": "p6 p7", "d43": "p8 p5",
    "d51": "p7 p4", "d52": "p7 p5", "d53": "p5 p1", "d54": "p8 p6",
}  # fmt: skip
SUBGOAL_YEARS = {
    "d11": 2035, "d12": 2030, "d13": 2040, "d14": 2030, "d21": 2035, "d22": 2030, "d23": 2035, "d24": 2030, "d31": 2035,
    "d32": 2030, "d33": 2040, "d41": 2035, "d42": 2035, "d43": 2030, "d51": 2040, "d52": 2035, "d53": 2040, "d54": 2030,
}  # fmt: skip


ORDINALS = [
    "första", "andra", "tredje", "fjärde", "femte", "sjätte", "sjunde", "åttonde", "nionde", "tionde", "elfte", "tolfte", "trettonde",
    "fjortonde", "femtonde", "sextonde", "sjuttonde", "artonde", "nittonde", "tjugonde",
]  # fmt: skip


class Composer:
    """One text under composition. ``rng`` belongs to the section, so that a change in one does not move the others."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.phrases = keyed("phrases.txt")
        self.subgoals, self.priorities = keyed("subgoals.txt"), keyed("priorities.txt")

    def expand(self, name: str, argument: str, key: str) -> str:
        """Markup for the directive ``@name argument`` in section ``key``."""
        made: dict[str, Callable[[str, random.Random], str]] = {
            "nulage": self.situation, "exempel": self.contributions, "uppfoljning": self.follow_up, "prio": self.commitments,
            "profiler": self.profiles, "table": self.table, "parter": self.parties, "korta": self.short_profiles,
        }  # fmt: skip
        return made[name](argument, random.Random(f"{self.seed}/{key}/{name}"))

    def pick(self, rng: random.Random, key: str, variant: str = "a", **values: object) -> str:
        return rng.choice(self.phrases[key][variant]).format_map(values)

    # --- Sub-goals ---

    def situation(self, key: str, rng: random.Random) -> str:
        mine = [i for i in indicators() if i.subgoal == key]
        parts = ["## Läget", *self.subgoals[key]["L"], self._indicator_table(mine)]
        parts += [self._trend(i, key, rng) for i in mine]
        best, worst = (
            rng.sample(["Älvdalarna", "Slätten", "Kusten"], 1)[0],
            rng.choice(["Skogslandet", "Skogslandet", "Kusten"]),
        )
        if best == worst:
            best = "Slätten"
        return "\n\n".join(
            [*parts, self.pick(rng, "delar", best=best, worst=worst, inbest=_in(best), inworst=_in(worst))]
        )

    def _indicator_table(self, mine: list[Indicator]) -> str:
        head = "|Indikator|Enhet|2016|Kvinnor 2024|Män 2024|Totalt 2024|Målvärde|"
        return "\n".join(
            [
                head,
                *(f"|{i.title}|{i.unit}|{i.before}|{i.women or '–'}|{i.men or '–'}|{i.now}|{i.target}|" for i in mine),
            ]
        )

    def _trend(self, i: Indicator, key: str, rng: random.Random) -> str:
        before, now, target = (Indicator.value(v) for v in (i.before, i.now, i.target))
        better = (target - now) * (now - before) > 0
        verb = "ökat" if now > before else "minskat"
        years = SUBGOAL_YEARS[key] - 2024
        pace, sofar = abs(target - now) / years, abs(now - before) / 8
        speed = (
            "vilket är ungefär samma takt som hittills" if better and pace < 1.25 * sofar
            else "vilket är en betydligt snabbare takt än hittills" if better else "och riktningen måste brytas"
        )  # fmt: skip
        unit = i.unit if i.unit != "procent" else "procentenheter"
        places_ = 0 if pace >= 20 else 1 if pace >= 0.15 else 2
        said = f"**{i.title}.** " + self.pick(
            rng, "trend", "bättre" if better else "sämre", verb=verb, before=i.before, now=i.now, unit=i.unit
        )
        said += " " + self.pick(
            rng,
            "takt",
            target=i.target,
            year=SUBGOAL_YEARS[key],
            pace=decimal(pace, places_),
            unit=unit,
            pacewords=speed,
        )
        if i.women and i.men:
            gap = abs(Indicator.value(i.women) - Indicator.value(i.men))
            gapwords = rng.choice(["ökat något", "minskat något", "varit i stort sett oförändrad"])
            said += " " + self.pick(rng, "kon", gap=decimal(gap), gapunit=unit, gapwords=gapwords)
        return said

    def contributions(self, key: str, rng: random.Random) -> str:
        """What the actors need to do, and what somebody in the county has already tried."""
        todo = "\n".join("- **{}:** {}".format(*text.split(": ", 1)) for text in self.subgoals[key]["G"])
        names = [place.name for place in places(self.seed) if place.people < 25_000]
        told = []
        for text in self.subgoals[key]["E"]:
            a, b = rng.sample(names, 2)
            told.append("- " + text.format(a=a, b=b))
        intro = self.pick(rng, "gor")
        return "\n\n".join(["## Vad aktörerna behöver göra", intro, todo, "## Exempel från länet", "\n".join(told)])

    def follow_up(self, key: str, rng: random.Random) -> str:
        one, two = (i.title[0].lower() + i.title[1:] for i in indicators() if i.subgoal == key)
        links = listed([f"[[{link}]]" for link in SUBGOAL_LINKS[key].split()])
        text = self.pick(rng, "folj", one=one, two=two) + " " + self.pick(rng, "folj2")
        return "\n\n".join(["## Så följs delmålet upp", text, self.pick(rng, "folj3", links=links)])

    # --- Priorities ---

    def commitments(self, key: str, rng: random.Random) -> str:
        told = self.priorities[key]
        links = [f"[[{subgoal}]]" for subgoal, to in SUBGOAL_LINKS.items() if key in to.split()]
        table = "\n".join(["|Åtagande|Ansvarig|Klart senast|Bedömd kostnad|", *(f"|{row}|" for row in told["A"])])
        signs = "\n".join(f"- {sign}" for sign in told["S"])
        return "\n\n".join([
            "## Inriktning", told["I"][0], self.pick(rng, "bidrar", links=listed(links)), self.pick(rng, "samordn"),
            "## Förslag till åtaganden", self.pick(rng, "atag"), table, self.pick(rng, "risk"),
            "## Tecken på framgång", "Senast 2030 ser vi att prioriteringen har gjort skillnad genom", signs,
        ])  # fmt: skip

    # --- Municipalities ---

    def profiles(self, part: str, rng: random.Random) -> str:
        return "\n\n".join(self._profile(place, rng) for place in part_of(part, self.seed))

    def short_profiles(self, part: str, rng: random.Random) -> str:
        """The earlier edition: one paragraph per municipality."""
        made = []
        for place in part_of(part, self.seed):
            values = {
                "name": municipality_name(place.name), "people": whole(place.people_2014 + (place.people - place.people_2014) * 0.3),
                "minutes": place.minutes, "trades": place.trades, "neighbour": place.neighbour, "employer": place.employer,
                "older": decimal(place.older_2014 + 0.8), "out": place.out - 3,
            }  # fmt: skip
            made.append(
                f"### {place.name}\n\n" + self.pick(rng, "kort", **values) + " " + self.pick(rng, "kort2", **values)
            )
            made.append(self.pick(rng, "kort3"))
        return "\n\n".join(made)

    def _profile(self, place: Place, rng: random.Random) -> str:
        everywhere = sorted(places(self.seed), key=lambda p: -p.people)
        rank = everywhere.index(place) + 1
        mean = sum(p.price * p.people for p in everywhere) / sum(p.people for p in everywhere)
        values = {
            "name": municipality_name(place.name), "people": whole(place.people), "diff": whole(abs(place.people - place.people_2014)),
            "pct": decimal(abs(place.growth)), "older": decimal(place.older), "rank": _rank(rank),
            "agewords": "ung i jämförelse med länet" if place.older < 22 else "ungefär lika gammal som i länet" if place.older < 26 else "äldre än i länet i övrigt", "out": place.out, "Out": place.out,
            "inward": place.inward, "minutes": place.minutes, "neighbour": place.neighbour, "trades": place.trades,
            "employer": place.employer, "workw": decimal(place.work_w), "workm": decimal(place.work_m),
            "workwords": "hög" if place.work_w + place.work_m > 163 else "lägre än i länet som helhet", "shops": words(place.shops), "Shops": capital(words(place.shops)),
            "fibre": decimal(place.fibre), "price": whole(place.price), "schoolw": decimal(place.school_w),
            "schoolm": decimal(place.school_m), "higherw": decimal(place.higher_w), "higherm": decimal(place.higher_m),
            "pricewords": "mer än genomsnittet i länet" if place.price > mean else "mindre än genomsnittet i länet",
        }  # fmt: skip
        one = self.pick(rng, "folk", "+" if place.growth > 0 else "-", **values)
        moves = "pend_stad" if place.name == "Älvstad" else "pend"
        two = self.pick(rng, moves, **values) + " " + self.pick(rng, "nar", **values)
        three = self.pick(rng, "serv", **values) + " " + self.pick(rng, "utb", **values)
        _, voice, lifted = next(row for row in rows("quotes.txt") if row[0] == place.name)
        first, second = lifted.split()
        talk = self.pick(rng, "samtal", one=first, two=second, neighbour=place.neighbour)
        quote = f"> {voice} *– deltagare vid kommunsamtalet i {place.name}*"
        return "\n\n".join(
            [f"### {place.name}", place.text, one + " " + two, three, quote, talk, self.pick(rng, f"bid_{place.part}")]
        )

    # --- Tables and lists ---

    def table(self, name: str, rng: random.Random) -> str:
        return getattr(self, f"_table_{name}")()

    def _table_folkmangd(self) -> str:
        made = ["|Länsdel|2014|2024|Förändring, procent|Andel 65 år eller äldre, procent|"]
        for title, group in [
            *((title, part_of(part, self.seed)) for part, title in PARTS.items()),
            (COUNTY, list(places(self.seed))),
        ]:
            before, now = sum(p.people_2014 for p in group), sum(p.people for p in group)
            change = decimal(100 * (now / before - 1)).replace("-", "−")
            made.append(f"|{title}|{whole(before)}|{whole(now)}|{change}|{decimal(share_older(group))}|")
        return "\n".join(made)

    def _table_sysselsattning(self) -> str:
        made = ["|Länsdel|Kvinnor, procent|Män, procent|Utpendling, procent|"]
        for part, title in PARTS.items():
            group = part_of(part, self.seed)
            mean = [
                sum(getattr(p, field) * p.people for p in group) / sum(p.people for p in group)
                for field in ("work_w", "work_m", "out")
            ]
            made.append(f"|{title}|{decimal(mean[0])}|{decimal(mean[1])}|{decimal(mean[2], 0)}|")
        return "\n".join(made)

    def _table_delregioner(self) -> str:
        made = ["|Länsdel|Kommuner|Invånare 2024|Genomsnittlig restid till Älvstad, minuter|"]
        for part, title in PARTS.items():
            group = part_of(part, self.seed)
            made.append(
                f"|{title}|{len(group)}|{whole(sum(p.people for p in group))}|{decimal(sum(p.minutes for p in group) / len(group), 0)}|"
            )
        return "\n".join(made)

    def _table_finansiering(self) -> str:
        return "\n".join([
            "|Källa|Miljoner kronor per år|Beslutas av|", "|Statliga medel för regional utveckling|96|Region Älvmark|",
            "|Regionens egna medel|54|Region Älvmark|", "|EU:s regionala fond|118|Fondens partnerskap|",
            "|EU:s socialfond|41|Sociala fondrådet|", "|Landsbygdsprogrammet|73|Länsstyrelsen|",
            "|Länsplan för transportinfrastruktur|142|Region Älvmark|",
        ])  # fmt: skip

    def _table_kommuner(self) -> str:
        made = [
            "|Kommun|Länsdel|Invånare 2014|Invånare 2024|Förändring, procent|65 år eller äldre, procent|Restid till Älvstad, minuter|"
        ]
        for p in sorted(places(self.seed), key=lambda p: -p.people):
            change = decimal(p.growth).replace("-", "−")
            made.append(
                f"|{p.name}|{PARTS[p.part]}|{whole(p.people_2014)}|{whole(p.people)}|{change}|{decimal(p.older)}|{p.minutes}|"
            )
        return "\n".join(made)

    def _table_arbete(self) -> str:
        made = [
            "|Kommun|Sysselsatta kvinnor|Sysselsatta män|Utpendling|Inpendling|Eftergymnasialt utbildade kvinnor|Eftergymnasialt utbildade män|Fiber|"
        ]
        for p in sorted(places(self.seed), key=lambda p: -p.people):
            cells = [p.work_w, p.work_m, p.out, p.inward, p.higher_w, p.higher_m, p.fibre]
            made.append("|".join(["", p.name, *(decimal(cell) for cell in cells), ""]))
        return "\n".join(made)

    def _table_indikatorer(self) -> str:
        made = ["|Nr|Indikator|Enhet|Kvinnor|Män|Totalt|Målvärde|Delmål|"]
        for i in indicators():
            goal = f"[[{i.subgoal}]]" if i.subgoal != "alla" else "Hela strategin"
            made.append(f"|{i.number}|{i.title}|{i.unit}|{i.women or '–'}|{i.men or '–'}|{i.now}|{i.target}|{goal}|")
        return "\n".join(made)

    def parties(self, _argument: str, _rng: random.Random) -> str:
        titles = {
            "county_board": "Länsstyrelse", "region": "Angränsande regioner", "municipal_association": "Kommunalförbund",
            "state_agency": "Statliga myndigheter", "university": "Lärosäten och folkhögskolor", "business": "Näringsliv",
            "civil_society": "Civilsamhälle",
        }  # fmt: skip
        own = sorted(municipality_name(place.name) for place in places(self.seed))
        made = [f"**Kommuner ({words(len(own))}).** {listed(own)}."]
        for kind, title in titles.items():
            names = [row[2] for row in rows("consultees.txt") if row[0] == kind]
            made.append(f"**{title} ({words(len(names))}).** {listed(names)}.")
        return "\n\n".join(made)


def _in(part: str) -> str:
    return {"Kusten": "vid", "Slätten": "på"}.get(part, "i") + " " + part


def _rank(number: int) -> str:
    if number == 1:
        return "länets största"
    order = {2: "näst största", 3: "tredje största", 33: "minsta", 32: "näst minsta", 31: "tredje minsta"}
    return f"länets {order[number]}" if number in order else f"länets {_ordinal(number)} största"


def _ordinal(number: int) -> str:
    if number <= 20:
        return ORDINALS[number - 1]
    if number == 30:
        return "trettionde"
    return ("tjugo" if number < 30 else "trettio") + ORDINALS[number % 10 - 1]
