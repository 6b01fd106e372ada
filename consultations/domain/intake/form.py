"""The response form of a round: which fields it has, and what they say when it comes back filled in.

A field is known by its tag; when a tool has dropped the tags, by the label in the cell before it ("B7.1"), which names the
same thing for as long as the version and the questions are the same (the key at the top says which they were).
"""

import hashlib
import re
from dataclasses import dataclass, field

from django.utils import translation
from django.utils.translation import gettext as _

from consultations.domain.intake.word import Word
from consultations.models import ConsultationRound, ItemWhat, Question, QuestionKind, Stance
from consultations.queries.responses import questions_of
from strategies.models import Section
from strategies.queries.outline import Outline, outline

KEY = re.compile(r"RUS-F(\d{1,18})-([0-9a-f]{12})")
LABEL = re.compile(r"^\s*([ABC]\d{1,4}(?:\.\d)?|D\d{1,4})(?![\w.])")
POINT_ROWS = 12
POINT_PARTS = ("place", "quote", "text", "wording")


@dataclass(frozen=True)
class Field:
    """``tag`` in the file, ``label`` in print, what it is about. ``part``: "stance"/"reason" of a position, a part of a point."""

    tag: str
    label: str
    what: str
    part: str = ""
    section: Section | None = None
    question: Question | None = None


@dataclass
class Plan:
    """Everything the form of a round asks, in order."""

    round: ConsultationRound
    key: str
    outline: Outline
    summary: Field
    positions: list[tuple[Field, Field]] = field(default_factory=list)
    answers: list[Field] = field(default_factory=list)

    def all(self) -> list[Field]:
        """Every field except the rows for points."""
        return [self.summary, *(one for pair in self.positions for one in pair), *self.answers]


def plan_of(round_: ConsultationRound) -> Plan:
    """A constant number of queries."""
    tree = outline(round_.version)
    questions = questions_of(round_)
    plan = Plan(round_, form_key(round_, questions), tree, Field("s", "A1", ItemWhat.SUMMARY))
    goals = [node.section for node in tree if node.kind in ("goal", "subgoal", "priority")]
    for n, section in enumerate(goals, 1):
        plan.positions.append(
            (
                Field(f"p.{section.pk}", f"B{n}.1", ItemWhat.POSITION, "stance", section),
                Field(f"r.{section.pk}", f"B{n}.2", ItemWhat.POSITION, "reason", section),
            )
        )
    for n, question in enumerate(questions, 1):
        plan.answers.append(Field(f"q.{question.pk}", f"C{n}", ItemWhat.ANSWER, question=question))
    return plan


def form_key(round_: ConsultationRound, questions: list[Question]) -> str:
    """Which round, and which version and questions it had when the form was made."""
    asked = "\n".join(f"{row.pk} {row.kind} {row.text} {row.choices}" for row in questions)
    digest = hashlib.sha256(f"{round_.version.sha256}\n{asked}".encode()).hexdigest()
    return f"RUS-F{round_.pk}-{digest[:12]}"


def key_in(word: Word) -> str:
    """The form's key as it stands in the file; "" when it is no form."""
    for paragraph in word.paragraphs[:60]:
        match = KEY.search(paragraph.text)
        if match:
            return match[0]
    return ""


def values_in(word: Word, plan: Plan) -> dict[str, str]:
    """Tag -> what is filled in, for the fields of the plan that have something in them."""
    cells = _cells(word)
    by_label = _by_label(cells)
    found = {}
    for one in plan.all():
        value, cell = _written(word.fields.get(one.tag, "")), _written(by_label.get(one.label, ""))
        if not value or (value != cell and _holds(cell, value)):
            value = cell  # some write below the field, or before it, in the same cell
        if value:
            found[one.tag] = value
    return found


def _holds(cell: str, value: str) -> bool:
    return "".join(value.split()) in "".join(cell.split())


def point_rows(word: Word) -> list[dict[str, str]]:
    """The points of the form: {place, quote, text, wording} for each row that says something, added rows too."""
    rows: list[dict[str, str]] = []
    for row in _cells(word).values():
        is_row = len(row) >= 5 and (
            row[0].lstrip().startswith("D") and LABEL.match(row[0]) or (rows and not row[0].strip())
        )
        if not is_row:  # neither a row for a point, nor one that somebody added below them without a number
            continue
        said = {part: _written(row[n]) for n, part in enumerate(POINT_PARTS, 1)}
        if said["text"] or said["wording"]:
            rows.append(said)
    return rows


def _cells(word: Word) -> dict[tuple[int, int], list[str]]:
    """(table, row) -> the words of its cells."""
    found: dict[tuple[int, int], list[str]] = {}
    for paragraph in word.paragraphs:
        if paragraph.row is None:
            continue
        table, y, x = paragraph.row
        row = found.setdefault((table, y), [])
        while len(row) <= x:
            row.append("")
        row[x] = f"{row[x]}\n{paragraph.text}".strip() if row[x] else paragraph.text
    return found


def _by_label(cells: dict[tuple[int, int], list[str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for row in cells.values():
        match = LABEL.match(row[0])
        if match and len(row) > 1:
            found.setdefault(match[1], row[1])
    return found


def prompts() -> frozenset[str]:
    """What stands in a field that nobody has filled in (``publishing.response_form`` writes it)."""
    return frozenset({PROMPT_TEXT, PROMPT_CHOICE, "Klicka eller tryck här för att ange text."})


PROMPT_TEXT, PROMPT_CHOICE = "Skriv här", "Välj"


def _written(value: str) -> str:
    lines = [line for line in value.split("\n") if line.strip() not in prompts()]
    value = "\n".join(lines).strip()
    return value if value.strip("–-_…. ") else ""


def stance_of(words: str) -> str:
    """The stance that the words name, by its label, its value or the start of either; "" when they name none."""
    wanted = " ".join(words.casefold().split()).strip(" .")
    exact = {label.casefold(): value for value, label in _stances()} | {value: value for value in Stance.values}
    if wanted in exact:
        return exact[wanted]
    if re.match(r"(?:ja\W*)?(?:vi )?tillstyrk\w* med", wanted):
        return str(Stance.SUPPORTS_WITH_CHANGES)
    for start, value in (("tillstyrk", Stance.SUPPORTS), ("avstyrk", Stance.OPPOSES), ("ingen", Stance.NO_OPINION)):
        if wanted.startswith((start, f"vi {start}")):
            return str(value)
    return ""


def _stances() -> list[tuple[str, str]]:
    with translation.override("sv"):  # the language of the form
        return [(str(value), str(label)) for value, label in Stance.choices]


def answer_value(question: Question, words: str) -> str | None:
    """What ``responses.save_answer`` wants for the words of a field; None when they are no answer to it."""
    if question.kind == QuestionKind.FREE:
        return words
    if question.kind == QuestionKind.SCALE:
        match = re.match(r"\s*([1-5])(?!\d)", words)
        return match[1] if match else None
    wanted = " ".join(words.casefold().split())
    for n, choice in enumerate(question.choices):
        if wanted in (" ".join(str(choice).casefold().split()), str(n + 1)):
            return str(n)
    return None


def fault_of(key: str, plan: Plan) -> str:
    """Why the form is not of this round as it is now; "" when it is."""
    match = KEY.fullmatch(key)
    if match is None or int(match[1]) != plan.round.pk:
        return _("Formuläret hör till ett annat samråd. Hämta det här samrådets formulär och flytta över era svar.")
    if key != plan.key:
        return _("Formuläret hämtades innan texten eller frågorna ändrades. Kontrollera varje svar extra noga.")
    return ""
