"""A Word form with a hundred answers comes back: read by the worker's verb, confirmed, taken into the response.

The peer is python-docx that only opens the same file and lists the words of every cell: no anchors, no database, nothing kept.
The form has 30 positions with reasons, 20 answers and 50 points, half of them on quoted words. Also the consultation version
itself as a Word file, of the length that a strategy has.
"""

from __future__ import annotations

import io
import resource
from statistics import median
from typing import Any

GOALS, QUESTIONS, POINTS, ROUNDS = 30, 20, 50, 5
LONG_POINTS, ROWS, TAKEN = 300, 5000, 400


def run(emit: Any, ctx: Any) -> None:
    ctx.setup_django("intake")
    world = make_world(ctx)
    data = fill(world)
    size = f"{GOALS} positions, {QUESTIONS} answers, {POINTS} points, {len(data) // 1000} kB"
    plain = median(ctx.seconds(lambda: by_hand(data)) for _ in range(ROUNDS))
    peer = f"python-docx, cells only ({plain:.2f} s)"
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    reads, takes = [], []
    for n in range(ROUNDS):
        job = sent(world, data, again=n > 0)
        reads.append(ctx.seconds(lambda: read(job)))  # noqa: B023
        takes.append(ctx.seconds(lambda: confirm(world, job)))  # noqa: B023
    emit("read_seconds", median(reads), "s", size=size, peer=peer, ratio=median(reads) / plain)
    emit("take_in_seconds", median(takes), "s", size=size)
    emit("points", world.response.points.count() / ROUNDS, "points", size=size)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    emit("memory_mb", grown / 1000, "MB", size=f"{size}, peak beyond the idle process")
    emit(
        "version_docx_seconds",
        median(ctx.seconds(lambda: as_word(world)) for _ in range(3)),
        "s",
        size=f"{GOALS} goals of text",
    )
    long_answer(emit, ctx, world)
    long_table(emit, ctx, world)


def long_answer(emit: Any, ctx: Any, world: Any) -> None:
    """A PDF of two hundred pages with three hundred points, and the page where they are confirmed."""
    from django.test import Client  # only once setup_django has run
    from django.urls import reverse

    from consultations.domain.intake import jobs
    from tests.factories import intake as files

    ctx.say("writing a PDF of two hundred pages")
    rows = [
        f"Nummer {n}: i mål {n % GOALS + 1} saknas en del som är viktig för kommunen, och det behöver rättas till innan strategin antas. "
        + "Bakgrunden är känd sedan länge och har beskrivits i tidigare yttranden. " * 20
        for n in range(LONG_POINTS)
    ]  # fmt: skip
    data = files.pdf(rows)
    job = files.sent(world, world.response, data, "långt.pdf")
    took = ctx.seconds(lambda: jobs.read_intake(job_id=job.pk))
    job.refresh_from_db()
    size = f"{job.pages} pages, {job.items.count()} items, {len(data) // 1000} kB"
    emit("long_pdf_seconds", took, "s", size=size)
    client = Client(SERVER_NAME="localhost")
    client.force_login(world.editor, backend="django.contrib.auth.backends.ModelBackend")
    url = reverse("consultations:intake", args=[job.pk])
    assert client.get(url).status_code == 200
    emit("review_page_ms", median(ctx.seconds(lambda: client.get(url)) for _ in range(7)) * 1000, "ms", size=size)


def long_table(emit: Any, ctx: Any, world: Any) -> None:
    """Five thousand rows in Excel, read; and as many as three organisations have taken in."""
    from consultations.domain.intake import review, taking_many  # only once setup_django has run
    from rus_platform.kit import clock
    from tests.factories import intake as files
    from tests.factories.actors import make_municipality

    names = [make_municipality("98", n).name for n in (2, 3)]
    rows = [[names[n % 2], f"Mål {n % GOALS + 1}", f"Synpunkt nummer {n} om tåget och bussen."] for n in range(ROWS)]
    data = files.sheet([["Organisation", "Avsnitt", "Synpunkt"], *rows])
    took = ctx.seconds(lambda: files.read_table(world, data, "många.xlsx"))
    emit("table_read_seconds", took, "s", size=f"{ROWS} rows, {len(data) // 1000} kB")
    few = files.read_table(world, files.sheet([["Organisation", "Avsnitt", "Synpunkt"], *rows[:TAKEN]]), "några.xlsx")
    review.accept_certain(job_id=few.pk, by=world.leader)
    taking_many.take_in_many(job_id=few.pk, by=world.leader, received_at=clock.now(), leave_rest=True)
    took = ctx.seconds(lambda: taking_many.write_in(job_id=few.pk))
    emit("table_take_in_seconds", took, "s", size=f"{TAKEN} rows of 2 organisations, by the worker")


def read(job: Any) -> None:
    """The worker's verb."""
    from consultations.domain.intake import jobs  # only once setup_django has run

    assert jobs.read_intake(job_id=job.pk).items.count() == GOALS + QUESTIONS + POINTS


def confirm(world: Any, job: Any) -> None:
    """A person has looked at all of it: confirm the certain, then the rest, and take it in."""
    from consultations.domain.intake import review, taking_in  # only once setup_django has run

    review.accept_certain(job_id=job.pk, by=world.editor)
    for pk in job.items.filter(state="undecided").values_list("pk", flat=True):
        review.accept_item(item_id=pk, by=world.editor)
    assert taking_in.take_in(job_id=job.pk, by=world.editor).state == "taken_in"


def by_hand(data: bytes) -> int:
    """The peer."""
    import docx  # beside what it measures

    document = docx.Document(io.BytesIO(data))
    return sum(len(cell.text) for table in document.tables for row in table.rows for cell in row.cells)


def as_word(world: Any) -> bytes:
    """The consultation version, to comment in the margin."""
    from strategies.publishing.word import version_docx  # only once setup_django has run

    return version_docx(world.fresh().version)


def sent(world: Any, data: bytes, *, again: bool) -> Any:
    """The file, taken in anew each time."""
    from tests.factories import intake as files  # only once setup_django has run

    return files.sent(world, world.response, data, again=again)


def fill(world: Any) -> bytes:
    """The form as an organisation sends it back."""
    from consultations.domain.intake import form  # only once setup_django has run
    from consultations.publishing.response_form import response_form
    from tests.factories import intake as files
    from tests.factories.documents import saved

    plan = form.plan_of(world.fresh())
    said = {}
    for n, (stance, reason) in enumerate(plan.positions):
        said |= {stance.tag: "Tillstyrker med ändringar", reason.tag: f"Skäl nummer {n} i en mening som säger något."}
    said |= {one.tag: f"Svar nummer {n} på frågan, i en mening." for n, one in enumerate(plan.answers)}
    document = files.opened(files.filled(response_form(plan, world.municipality), said))
    table = document.tables[-1]
    for n in range(POINTS):
        cells = (table.rows[n + 1] if n + 1 < len(table.rows) else table.add_row()).cells
        for cell, words in zip(
            cells,
            (f"D{n + 1}", f"Mål {n % GOALS + 1}", quote(n) if n % 2 else "", f"Synpunkt {n}: detta bör ändras.", ""),
            strict=True,
        ):
            for paragraph in cell.paragraphs:
                for child in list(paragraph._p):
                    paragraph._p.remove(child)
            cell.paragraphs[0].add_run(words)
    return saved(document)


def quote(n: int) -> str:
    """Words that stand once in the text."""
    return f"stycke {n % GOALS + 1} nummer 2 om kollektivtrafiken"


def make_world(ctx: Any) -> Any:
    """An open round on a version with thirty goals of text, twenty questions, and a response that is begun."""
    from consultations.domain import invitations, questions, rounds  # only once setup_django has run
    from strategies.domain import markup, text, versions
    from strategies.domain.sections import add_section
    from strategies.models import StepVia
    from strategies.queries.outline import outline
    from tests.factories import consultations as make
    from tests.factories.actors import make_municipality, make_person, make_region
    from tests.factories.strategies import make_strategy, working_version

    ctx.say("writing a strategy with thirty goals")
    region = make_region("98", 3)
    leader = make_person(region, "leader")
    strategy = make_strategy(region, by=leader)
    draft = working_version(strategy)
    chapter = next(node.section for node in outline(draft) if "mål" in node.title.lower() and node.level == 1)
    goals = []
    for n in range(1, GOALS + 1):
        goal = add_section(
            version_id=draft.pk, kind="goal", title=f"Mål som heter {n}", parent_id=chapter.pk, by=leader
        )
        words = "\n\n".join(
            f"Här står stycke {n} nummer {k} om kollektivtrafiken, och det är skrivet så långt att det liknar ett stycke i en riktig strategi. "
            "Regionen ska tillsammans med kommunerna utveckla hela länet så att fler kan bo och verka här." for k in range(12)
        )  # fmt: skip
        text.replace_text(section_id=goal.pk, by=leader, doc=markup.to_doc(words), via=StepVia.IMPORT)
        goals.append(goal)
    version = versions.freeze_version(version_id=draft.pk, by=leader, label="Samrådsversion 1")
    round_ = rounds.create_round(version_id=version.pk, title="Samråd", by=leader)
    make.describe(round_, by=leader)
    asked = [
        questions.add_question(round_id=round_.pk, by=leader, text=f"Fråga {n}?", kind="free") for n in range(QUESTIONS)
    ]
    municipality = make_municipality("98", 1)
    municipality.email = "kommun1@sago98.example"
    municipality.save(update_fields=["email"])
    editor = make_person(municipality, "editor")
    invitations.invite_actors(round_id=round_.pk, actor_ids=[municipality.pk], by=leader)
    rounds.open_round(round_id=round_.pk, by=leader)
    world: Any = make.World(
        region, leader, strategy, version, goals[0], goals[1], round_, asked, municipality, editor, editor
    )
    world.response = make.start(world)
    return world
