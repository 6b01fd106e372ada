"""What a free text says that its organisation thinks: tillstyrker, avstyrker, has nothing against, declines. Proposed, never decided.

Only what is said in so many words counts, in the present tense, by the organisation itself, without a condition or a hedge:
where a sentence leaves a doubt nothing is proposed, and a person who reads it loses nothing. The words are always shown.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from consultations.domain.intake.places import Places
from consultations.domain.intake.references import CODE, GLOBAL, QUOTED
from consultations.models import ResponseKind, Stance
from strategies.models import Section

STANDS = ("goal", "subgoal", "priority")  # what a position can be about
SENTENCE = re.compile(r"(?<=[.!?;])\s+(?=[A-ZÅÄÖ–•§\"”(\d-])|\n+")
CLAUSE = re.compile(r"\s*(?:;|,?\s+(?:men|medan|däremot|samt att|och att|dock)\s|,?\s+och\s+(?=(?:av|till)styrk|(?:har|avstår|ställer)\b))\s*", re.IGNORECASE)  # fmt: skip
SELF = r"(?:sig|oss|mig)"
SUPPORT = re.compile(
    rf"\b(?:tillstyrk(?:er|es|s|a|as)|till\s+fullo\s+tillstyrker|ställ(?:er|a)\s+(?:{SELF}\s+)?(?:\w+\s+)?(?:{SELF}\s+)?(?:helt\s+|fullt\s+ut\s+)?bakom|stöd(?:jer|er|ja)|bifall(?:er|es|s|a))\b",
    re.IGNORECASE,
)
OPPOSE = re.compile(
    rf"\b(?:avstyrk(?:er|es|s|a|as)|motsätt(?:er|a)\s+(?:\w+\s+)?{SELF}|säger\s+(?:\w+\s+)?nej\s+till|avvisar|avslår)\b", re.IGNORECASE
)  # fmt: skip
NOTHING = re.compile(
    r"\b(?:(?:har|finner|ser|framför)\s+(?:\w+\s+){0,3}?(?:inget|ingenting|inte\s+något|intet)\s+(?:ytterligare\s+)?att\s+(?:erinra|invända)"
    r"|(?:har|lämnar|framför)\s+(?:\w+\s+){0,2}?(?:inga|inte\s+några|ingen)\s+(?:synpunkter|invändningar|erinringar|erinran|invändning)"
    r"|(?:inget|ingenting|intet)\s+att\s+erinra|(?:utan|ingen)\s+erinran|inga\s+erinringar)\b",
    re.IGNORECASE,
)
DECLINES = re.compile(
    r"\b(?:avstår\s+(?:\w+\s+){0,3}?från\s+(?:\w+\s+)?(?:att\s+(?:yttra\s+(?:sig|oss)|svara|besvara|lämna|avge|inkomma|avlämna|komma\s+in)|yttrande|synpunkter|att\s+delta)"
    r"|avböjer\s+(?:att\s+(?:yttra\s+(?:sig|oss)|svara|besvara|lämna|avge)|yttrande)|(?:kommer\s+inte|avser\s+inte)\s+att\s+(?:yttra\s+(?:sig|oss)|besvara|lämna\s+(?:något\s+)?(?:yttrande|svar|remissvar|synpunkter)))",
    re.IGNORECASE,
)
NEUTRAL = re.compile(
    r"\b(?:avstår\s+från\s+att\s+ta\s+ställning|tar\s+(?:\w+\s+)?inte\s+ställning|har\s+(?:\w+\s+)?ingen\s+(?:uppfattning|åsikt|synpunkt)(?:\s+om)?)\b", re.IGNORECASE
)  # fmt: skip
CHANGES = re.compile(
    r"\b(?:med\s+(?:(?:följande|vissa|några|nedanstående|de|den|dessa|mindre|nedan|angivna|föreslagna|ett\s+antal)\s+){0,3}(?:\w+\s+)?(?:ändring\w*|justering\w*|tillägg\w*|komplettering\w*|förtydligande\w*|förbehåll\w*|undantag\w*)"
    r"|under\s+förutsättning|förutsatt\s+att|på\s+villkor\s+att|med\s+undantag)\b",
    re.IGNORECASE,
)
NOT = re.compile(r"\b(?:inte|ej|icke|varken|aldrig|knappast|ingalunda|inget|ingen)\b", re.IGNORECASE)
HEDGE = re.compile(
    r"\b(?:om|ifall|huruvida|såvida|när|först|skulle|kunde|borde|bör|bör\s+kunna|kanske|möjligen|eventuellt|tveksam\w*|tvekar|överväg\w*|avser|tänker|vill|önskar|ännu|tills|preliminärt|delvis|i\s+princip|i\s+huvudsak"
    r"|i\s+stort|i\s+sak|huvudsakligen|i\s+allt\s+väsentligt|tidigare|förra|förut|dåvarande|inte\s+annat\s+än|annars|i\s+annat\s+fall|hellre|snarare|föreslå\w*|förslag\s+till\s+beslut|uppman\w*|ber|begär|önskemål|risk\w*|misstänk\w*)\b",
    re.IGNORECASE,
)
CONDITION = re.compile(r"\b(?:om|ifall|huruvida|såvida|när|först|tills|annars|så\s+länge)\b", re.IGNORECASE)
REASON = re.compile(
    r"\b(?:eftersom|då|därför\s+att|med\s+hänvisning|på\s+grund\s+av|med\s+motivering\w*)\b", re.IGNORECASE
)
COULD = re.compile(r"\b(?:kan|kunna|kommer)\b", re.IGNORECASE)
DECIDES = re.compile(r"\b(?:beslut\w*|beslöt)\b[^.]{0,60}\batt\b", re.IGNORECASE)
OURS = re.compile(
    r"\b(?:vi|oss|jag|undertecknad\w*|kommunen|kommunstyrelsen|kommunfullmäktige|nämnden|\w+nämnden|styrelsen|föreningen|förbundet|organisationen|myndigheten|bolaget|stiftelsen|högskolan|universitetet|länsstyrelsen|regionstyrelsen|samfundet|församlingen|utskottet|arbetsutskottet)\b",
    re.IGNORECASE,
)
OTHERS = re.compile(
    r"\b(?:andra|många|flera|några|vissa|en\s+del|somliga|de\s+som|de\s+flesta|man|ni|du|regionen|övriga|remissinstanser\w*|grannkommun\w*|partiet|partierna|ledamot\w*|reservant\w*|minoriteten|medborgare\w*|invånarna)\b",
    re.IGNORECASE,
)
WHOLE = re.compile(
    r"\b(?:förslaget|(?:samråds|remiss)?förslaget\s+till\s+\w+|samrådsförslaget|remissen|remissförslaget|\w*strategin|strategiförslaget|dokumentet|handlingen|utvecklingsplanen|programmet|planen|yttra|i\s+(?:sin\s+)?helhet|som\s+helhet|ärendet|samrådet)\b",
    re.IGNORECASE,
)
LIST = re.compile(
    rf"\b(?P<word>delmål(?:en|et)?|mål(?:en|et)?|prioritering(?:en|arna|ar)?|P(?=\d))\s*(?P<codes>{CODE}(?:\s*(?:,|och|samt|&|\+)\s*(?:(?:del)?mål\s+)?{CODE}(?![\w%]))*)(?!\d|\s*%)",
    re.IGNORECASE,
)
RANGE = re.compile(
    r"\b(?P<word>delmål|mål|prioritering)(?:en|arna|ar)?\s*(?P<first>\d{1,2})\s*[-–]\s*(?P<last>\d{1,2})(?!\d|\.\d)",
    re.IGNORECASE,
)
INFINITIVE = re.compile(r"(?:tillstyrk|avstyrk|ställ|stöd|bifall|motsätt)\w*?as?\b", re.IGNORECASE)
FILLER = re.compile(
    r"\s*(?:vi|jag|oss|sig|kommunen|kommunstyrelsen|\w*nämnden|styrelsen|föreningen|förbundet|därför|alltså|således|också|även|helt|fullt|ut|bakom|såväl|både|samtliga|alla|delar|av|mot|emot|på|om|vad"
    r"|gäller|beträffande|rörande|angående|avseende|kring|till|inte|ej|de|det|detta|dessa|föreslagna|förslaget|förslagen|målet|målen|delmålet|delmålen|prioriteringen|prioriteringarna|i|sin|sina|helhet|övrigt"
    r"|starkt|att\s+lämna|dock|härmed)(?=\W|$)",
    re.IGNORECASE,
)
AFTER = re.compile(r"\s*(?:[.,:;!–-]|(?:med|eftersom|då|utan|under|för|trots|enligt)\b)", re.IGNORECASE)
MOST = 300  # of one text


@dataclass(frozen=True)
class Said:
    """What the words say. ``section`` with a ``stance``, or the whole answer as a ``kind``. ``whole``: the sentence says no more."""

    words: str
    section: Section | None = None
    stance: str = ""
    kind: str = ""
    whole: bool = False


def said_in(text: str, places: Places, context: Section | None = None, own: str = "") -> list[Said]:
    """What a text says, each thing once. ``context``: the goal whose heading stands above. ``own``: the organisation's name."""
    found: dict[tuple[int | None, str], Said] = {}
    clear = QUOTED.sub(
        lambda match: "”" + "–" * (len(match[0]) - 2) + "”", text
    )  # what they quote is not what they say
    for first, last in _spans(SENTENCE, clear):
        sentence = clear[first:last]
        if sentence.rstrip().endswith("?"):
            continue
        for said in _of_sentence(sentence, places, context, own):
            whole = len(sentence.strip()) + 3 >= len(text.strip())
            one = Said(text[first:last].strip()[:300], said.section, said.stance, said.kind, whole)
            found.setdefault((one.section.pk if one.section else None, one.stance or one.kind), one)
    return _agreeing(list(found.values()))[:MOST]


def _agreeing(found: list[Said]) -> list[Said]:
    """Without what contradicts itself: two stances on the same goal, or nothing against it all beside a stance against."""
    stances: dict[int | None, set[str]] = {}
    for one in found:
        stances.setdefault(one.section.pk if one.section else None, set()).add(one.stance or one.kind)
    more = any(one.section for one in found)
    return [
        one
        for one in found
        if len(stances[one.section.pk if one.section else None]) == 1 and not (one.kind == ResponseKind.NO_OBJECTION and more)
    ]  # fmt: skip


def _spans(pattern: re.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    at = 0
    for match in pattern.finditer(text):
        yield at, match.start()
        at = match.end()
    yield at, len(text)


def _of_sentence(sentence: str, places: Places, context: Section | None, own: str) -> Iterator[Said]:
    clauses = [sentence[first:last] for first, last in _spans(CLAUSE, sentence)]
    subject = ""
    for clause in clauses:
        yield from _of_clause(clause, subject, places, context, own)
        subject = subject or clause


def _of_clause(clause: str, before: str, places: Places, context: Section | None, own: str) -> Iterator[Said]:
    if declined := DECLINES.search(clause):
        backed_out = NOT.search(clause[: declined.end()]) and declined[0].casefold().startswith("av")
        if not backed_out and not _doubtful(clause, "", before, own, "") and not _targets(clause, places):
            yield Said("", kind=ResponseKind.DECLINES)
        return
    verdict = _verdict(clause)
    if verdict is None:
        return
    stance, match = verdict
    head, tail = clause[: match.start()], clause[match.end() :]
    if _doubtful(head, tail, before, own, match[0]):
        return
    sections = _targets(clause, places)
    if (sections or context is not None) and not _is_its_object(tail, own):
        return
    if not sections and context is not None and context.kind in STANDS and not WHOLE.search(clause):
        sections = [context]
    if sections:
        for section in sections:
            yield Said("", section, stance)
    elif match.re is NOTHING and (WHOLE.search(clause) or not _names_a_place(clause)) and not CHANGES.search(clause):
        yield Said("", kind=ResponseKind.NO_OBJECTION)


def _verdict(clause: str) -> tuple[str, re.Match[str]] | None:
    """(stance, the words), when the clause holds one and no other."""
    hits = [(name, match) for name, words in _WORDS for match in [words.search(clause)] if match]
    nothing = [row for row in hits if row[1].re is NOTHING]
    hits = nothing or hits
    if len(hits) != 1:
        return None
    stance, match = hits[0]
    denied = match.re is not NOTHING and match.re is not NEUTRAL and _denied(clause, match)
    if denied and stance == Stance.OPPOSES:
        return None  # "avstyrker inte" is not the same as to support
    if denied:
        return Stance.OPPOSES, match
    if stance == Stance.SUPPORTS and CHANGES.search(clause):
        return Stance.SUPPORTS_WITH_CHANGES, match
    return stance, match


_WORDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (Stance.SUPPORTS, SUPPORT),
    (Stance.OPPOSES, OPPOSE),
    (Stance.SUPPORTS, NOTHING),
    (Stance.NO_OPINION, NEUTRAL),
)


def _denied(clause: str, match: re.Match[str]) -> bool:
    """Whether the verb is denied: just before it, in it, or just after it."""
    near = re.split(r"\s+", clause[: match.start()].strip())[-4:]
    after = re.split(r"\s+", clause[match.end() :].strip())[:2]
    return any(NOT.search(" ".join(words)) for words in (near, [match[0]], after))


def _doubtful(head: str, tail: str, before: str, own: str, verb: str) -> bool:
    """Whether somebody else says it, or says it with a condition."""
    near = REASON.split(CHANGES.sub(" ", tail))[0]  # why they think so puts no condition
    conditional = HEDGE.search(f"{head} {near.split(',')[0]}") or CONDITION.search(near)
    could = COULD.search(head) and not NOT.search(f"{head} {verb}")
    infinitive = INFINITIVE.match(verb) and not DECIDES.search(head) and not COULD.search(head)
    if conditional or could or infinitive:
        return True
    subject = f"{before} {head} {' '.join(CHANGES.sub(' ', tail).split()[:3])}"
    if own and own.casefold() in subject.casefold():
        return False
    if OTHERS.search(subject):
        return True
    return not OURS.search(subject) and _is_somebody(f"{before} {head}", tail, verb)


def _is_its_object(tail: str, own: str) -> bool:
    """Whether what follows the verb is the goal itself, or nothing: not a change of it, a wording in it, or that it be struck."""
    rest = CHANGES.sub(" ", tail).casefold().replace(own.casefold() or "\0", " ")
    while match := FILLER.match(rest):
        rest = rest[match.end() :]
    return bool(not re.search(r"\w", rest) or LIST.match(rest.lstrip()) or AFTER.match(rest))


def _is_somebody(head: str, tail: str, verb: str) -> bool:
    """Whether a name stands where the subject does; a list item and the passive have none."""
    if verb.casefold().endswith(("s", "es")) and not verb.casefold().startswith("har"):
        return False
    plain = LIST.sub(" ", head)
    return bool(re.search(r"\w", plain) or re.match(r"\s*[A-ZÅÄÖ]\w+\s+(?:kommun|län)\b", tail))


def _targets(clause: str, places: Places) -> list[Section]:
    """The goals and priorities that a clause names, lists and ranges too. Empty when any of them does not exist."""
    found: list[Section] = []
    plain = "".join(
        " " * (last - first) if GLOBAL.search(clause[:first]) else clause[first:last]
        for first, last in _whole_and_named(clause)
    )
    named: list[str] = []
    for match in RANGE.finditer(plain):
        named += [f"{match['word'].casefold()} {n}" for n in range(int(match["first"]), int(match["last"]) + 1)][:30]
    for match in LIST.finditer(RANGE.sub(" ", plain)):
        word = re.match(r"delmål|mål|prioritering|p", match["word"].casefold())
        kind = {"p": "prioritering"}.get(word[0], word[0]) if word else ""
        named += [f"{kind} {code}" for code in re.findall(CODE, match["codes"])]
    for name in dict.fromkeys(named):
        section = places.coded(name)
        if section is None:
            return []
        if section.kind in STANDS:
            found.append(section)
    return found


def _whole_and_named(clause: str) -> Iterator[tuple[int, int]]:
    """The clause cut before every place that is named."""
    at = 0
    for match in LIST.finditer(clause):
        if match.start() > at:
            yield at, match.start()
        yield match.start(), match.end()
        at = match.end()
    if at < len(clause):
        yield at, len(clause)


def _names_a_place(clause: str) -> bool:
    return bool(LIST.search(clause) or re.search(r"\b(?:avsnitt|kapitel|stycke|sida|s\.)\s*\d", clause, re.IGNORECASE))
