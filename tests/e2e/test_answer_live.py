"""An answer that colleagues write at the same moment, in real browsers: at once, with names, and through every kind of break."""

import json
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, WebSocketRoute, expect

from tests.conftest import PASSWORD
from tests.e2e.axe import assert_accessible, assert_no_sideways_scroll
from tests.e2e.waiting import until
from tests.live_stack import LiveStack

ANSWERS = 16
WORLD = """
import json
from actors.models import Role
from consultations.domain import responses
from tests.factories import consultations as make
from tests.factories.actors import make_person
made = []
for n in range(%d):
    world = make.make_open_round("95")
    if not made:
        for role, name in ((Role.EDITOR, "anna"), (Role.EDITOR, "bo"), (Role.SIGNATORY, "cilla"), (Role.ADMIN, "ada")):
            make_person(world.municipality, role, name=name.title() + " Prov", email=name + "@k95.example", password=%r)
        make_person(world.region, Role.LEADER, name="Rut Region", email="rut@r95.example", password=%r)
    response = make.start(world)
    made.append({"answer": response.pk, "round": world.round.pk, "goal": world.goal.pk, "question": world.questions[0].pk})
print(json.dumps(made))
"""
BLINK = 10_000  # ms: sooner than anybody asks who is not rung for, also on a busy machine
LONG = 60_000
FIRST, SECOND = "Det första stycket.", "Det andra stycket."
CALM = {"reduced_motion": "reduce"}


class Answer:
    """One answer of the municipality, and the pages where it is written."""

    def __init__(self, stack: LiveStack, new_person: Callable[..., Page], ids: dict[str, int]) -> None:
        self.stack, self.new_person, self.ids = stack, new_person, ids

    def open(self, who: str, page: str = "sammanfattning", **options: Any) -> Page:
        tab = self.new_person(f"{who}@k95.example", create=False, **CALM, **options)
        tab.goto(self.address(page))
        return tab

    def address(self, page: str) -> str:
        return f"/svar/{self.ids['answer']}/{page}/"

    def run(self, code: str) -> str:
        """``response``, ``user(name)`` and the verbs are there; the bell, which has a thread of its own, is given time to ring."""
        head = (
            "import time\nfrom actors.models import User\nfrom consultations.models import Response\n"
            "from consultations.domain import responses, signoff\n"
            "user = lambda name: User.objects.get(email=name + '@k95.example')\n"
            f"response = Response.objects.get(pk={self.ids['answer']})\n"
        )
        return self.stack.python(f"{head}{code}\ntime.sleep(1)")

    def write(self, text: str, by: str = "bo") -> None:
        """A colleague saves the answer in short."""
        self.run(
            f"responses.save_summary(response_id=response.pk, by=user({by!r}), revision=response.revision, summary={text!r},"
            " kind='answer', own_case_number='')"
        )

    def stored(self) -> str:
        ((text,),) = self.stack.query("SELECT summary FROM consultations_response WHERE id = %s", [self.ids["answer"]])
        return str(text)


@pytest.fixture(scope="module")
def answers(live_stack: LiveStack) -> Iterator[dict[str, int]]:
    return iter(json.loads(live_stack.python(WORLD % (ANSWERS, PASSWORD, PASSWORD)).splitlines()[-1]))


@pytest.fixture
def answer(live_stack: LiveStack, new_person: Callable[..., Page], answers: Iterator[dict[str, int]]) -> Answer:
    """An answer that nobody has written in."""
    return Answer(live_stack, new_person, next(answers))


def field(page: Page) -> Locator:
    return page.locator("textarea[name=summary]")


def state(page: Page) -> Locator:
    return page.locator("[data-save-state]").first


def writers(page: Page) -> Locator:
    return page.locator("[data-writers]")


def put_caret(page: Page, after: str) -> None:
    """The cursor after these words."""
    field(page).focus()
    field(page).evaluate(
        "(area, words) => area.setSelectionRange(...Array(2).fill(area.value.indexOf(words) + words.length))", after
    )


def before_caret(page: Page) -> str:
    return str(field(page).evaluate("(area) => area.value.slice(0, area.selectionStart)"))


def two(answer: Answer) -> tuple[Page, Page]:
    """Anna and Bo in a text of two paragraphs, each of whom knows that the other is there."""
    answer.write(f"{FIRST}\n\n{SECOND}", by="anna")
    anna, bo = answer.open("anna"), answer.open("bo")
    field(bo).focus()
    expect(writers(anna)).to_have_text("Bo Prov är här", timeout=LONG)
    field(anna).focus()
    expect(writers(bo)).to_have_text("Anna Prov är här", timeout=LONG)
    return anna, bo


# --- Writing at the same moment


def test_two_people_type_in_the_same_field_and_their_cursors_stay(answer: Answer) -> None:
    anna, bo = two(answer)
    put_caret(anna, FIRST)
    put_caret(bo, SECOND)
    mine, theirs = "", ""
    for n in range(12):
        anna.keyboard.type(f" anna{n} går vidare", delay=20)
        bo.keyboard.type(f" bo{n}", delay=20)
        mine, theirs = f"{mine} anna{n} går vidare", f"{theirs} bo{n}"
        assert before_caret(anna).endswith(f"{FIRST}{mine}")
        assert before_caret(bo).endswith(f"{SECOND}{theirs}")
    whole = f"{FIRST}{mine}\n\n{SECOND}{theirs}"
    for page in (anna, bo):
        expect(field(page)).to_have_value(whole, timeout=LONG)
    assert before_caret(anna).endswith(f"{FIRST}{mine}")
    assert before_caret(bo).endswith(f"{SECOND}{theirs}")
    until(answer.stored, lambda stored: stored == whole)


def test_words_come_while_one_goes_on_typing_and_a_pause_after_a_blank_costs_nothing(answer: Answer) -> None:
    anna, bo = two(answer)
    put_caret(bo, SECOND)
    bo.keyboard.type(" Bo ")  # a blank last, as when one thinks
    expect(state(bo)).to_contain_text("Sparat", timeout=LONG)
    expect(field(anna)).to_have_value(f"{FIRST}\n\n{SECOND} Bo", timeout=BLINK)
    bo.keyboard.type("tänker")
    expect(state(bo)).to_contain_text("Sparat", timeout=LONG)
    expect(field(anna)).to_have_value(f"{FIRST}\n\n{SECOND} Bo tänker", timeout=BLINK)
    put_caret(bo, SECOND)
    typed = ""
    while "oavbrutet" not in field(anna).input_value() and len(typed) < 2000:
        typed += " oavbrutet"
        bo.keyboard.type(" oavbrutet", delay=25)
    assert len(typed) < 2000, "Nothing came while Bo went on typing"
    expect(field(anna)).to_have_value(f"{FIRST}\n\n{SECOND}{typed} Bo tänker", timeout=LONG)


def test_a_word_that_an_input_method_is_putting_together_is_left_alone(answer: Answer) -> None:
    anna, bo = two(answer)
    put_caret(anna, FIRST)
    ime = anna.context.new_cdp_session(anna)
    ime.send("Input.imeSetComposition", {"text": "にほ", "selectionStart": 2, "selectionEnd": 2})
    put_caret(bo, SECOND)
    bo.keyboard.type(" Bo skriver.")
    expect(state(bo)).to_contain_text("Sparat", timeout=LONG)
    ime.send("Input.imeSetComposition", {"text": "にほん", "selectionStart": 3, "selectionEnd": 3})
    assert before_caret(anna).endswith(f"{FIRST}にほん")
    assert "にほ" not in answer.stored()
    ime.send("Input.insertText", {"text": "日本"})
    whole = f"{FIRST}日本\n\n{SECOND} Bo skriver."
    for page in (anna, bo):
        expect(field(page)).to_have_value(whole, timeout=LONG)
    assert before_caret(anna).endswith(f"{FIRST}日本")


def test_the_same_words_changed_by_both_are_shown_to_the_later_one(answer: Answer) -> None:
    anna, bo = two(answer)
    with anna.expect_response(re.compile("/spara/")):
        field(anna).fill(f"Annas ord.\n\n{SECOND}")
        anna.keyboard.press("Tab")
        field(bo).fill(f"Bos ord.\n\n{SECOND}")
    loser = next(
        page for page in until(lambda: [page for page in (anna, bo) if page.locator(".collided").count()], bool)
    )
    winner = bo if loser is anna else anna
    theirs, mine = field(winner).input_value(), field(loser).input_value()
    assert {theirs, mine} == {f"Annas ord.\n\n{SECOND}", f"Bos ord.\n\n{SECOND}"}
    expect(loser.locator(".collided")).to_have_text(re.compile("(Annas|Bos) ord"))
    assert_accessible(loser)
    assert_no_sideways_scroll(loser)
    loser.get_by_role("button", name="Ta kollegans text").click()
    expect(field(loser)).to_have_value(theirs)
    field(loser).press_sequentially(" Mer.")
    until(answer.stored, lambda stored: "Mer." in stored)


def test_who_writes_where_is_shown_beside_each_field_and_goes_away(answer: Answer) -> None:
    anna, bo = answer.open("anna", "stallningstaganden"), answer.open("bo", "stallningstaganden")
    piece = f"[data-together=position-{answer.ids['goal']}]"
    box = bo.locator(f"{piece} textarea")
    bo.locator(f"{piece} [value=opposes]").check()  # a reason is asked for
    box.focus()
    expect(anna.locator(f"{piece} [data-writers]")).to_have_text("Bo Prov är här", timeout=LONG)
    assert anna.locator("[data-writers]").count() == 1
    box.press_sequentially("Därför att", delay=30)
    expect(anna.locator(f"{piece} [data-writers]")).to_have_text("Bo Prov skriver här", timeout=BLINK)
    bo.locator(f"{piece} input[type=radio]").first.check()
    expect(anna.locator(f"{piece} textarea")).to_have_value("Därför att", timeout=BLINK)
    expect(anna.locator(f"{piece} input[type=radio]").first).to_be_checked(timeout=BLINK)
    expect(anna.locator(f"{piece} [data-writers]")).to_have_text("Bo Prov är här", timeout=LONG)
    assert_accessible(anna)
    anna.set_viewport_size({"width": 320, "height": 800})
    assert_no_sideways_scroll(anna)
    bo.goto("/")
    expect(anna.locator(f"{piece} [data-writers]")).to_be_hidden(timeout=LONG)


# --- What others do with the answer


def test_a_colleague_says_that_the_answer_is_done_while_one_types(answer: Answer) -> None:
    anna, bo = two(answer)
    put_caret(anna, FIRST)
    page_of_bo = f"/svar/{answer.ids['answer']}/lamna-in/"
    bo.goto(page_of_bo)
    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(answer.run, "signoff.mark_ready(response_id=response.pk, by=user('bo'))")
        typed = ""
        while not anna.locator("[data-writing-news]").is_visible() and len(typed) < 3000:
            typed += "ord. "
            anna.keyboard.type("ord. ", delay=10)
        done.result()
    news = anna.locator("[data-writing-news]")
    expect(news).to_contain_text("Bo Prov har sagt att svaret är klart.", timeout=BLINK)
    expect(news).to_be_in_viewport()
    assert field(anna).get_attribute("readonly") is not None
    kept = field(anna).input_value()
    assert kept.startswith(f"{FIRST}{typed[:-10]}")  # the last keys may have come after the field was locked
    assert_accessible(anna)
    anna.set_viewport_size({"width": 320, "height": 800})
    assert_no_sideways_scroll(anna)
    anna.get_by_role("button", name="Spara", exact=True).click()  # does not take the words away
    expect(field(anna)).to_have_value(kept)
    answer.run("signoff.return_to_drafting(response_id=response.pk, by=user('cilla'), reason='Mer')")
    expect(news).to_contain_text("Cilla Prov har tagit tillbaka svaret till utkast.", timeout=BLINK)
    assert field(anna).get_attribute("readonly") is None
    until(answer.stored, lambda stored: stored == kept)
    answer.run("responses.submit_response(response_id=response.pk, by=user('cilla'))")
    expect(news).to_contain_text("Cilla Prov har lämnat in svaret.", timeout=BLINK)


def test_every_page_of_the_answer_says_what_colleagues_have_done(answer: Answer) -> None:
    answer.write("Vi är för.", by="anna")
    cilla, bo = answer.open("cilla", "lamna-in"), answer.open("bo", "las")
    point = "responses.add_point(response_id=response.pk, by=user(%r), text='Mer buss')"
    news = bo.locator("[data-writing-news]")
    answer.run(point % "anna")
    expect(news).to_contain_text("En kollega har ändrat bland synpunkterna.")
    assert_accessible(bo)
    bo.set_viewport_size({"width": 320, "height": 800})
    assert_no_sideways_scroll(bo)
    assert cilla.locator("[data-writing-news]").count() == 0
    answer.run("signoff.mark_ready(response_id=response.pk, by=user('anna'))")
    for page in (cilla, bo):
        expect(page.locator("[data-writing-news]")).to_contain_text(
            "Anna Prov har sagt att svaret är klart.", timeout=BLINK
        )
    assert_accessible(cilla)
    cilla.get_by_role("link", name="Läs in sidan igen").click()
    expect(cilla.locator("[data-writing-news]")).to_have_count(0)


def test_a_role_that_is_taken_away_ends_the_writing_and_keeps_the_words(answer: Answer) -> None:
    answer.run(
        "from tests.factories.actors import make_person\nfrom actors.models import Role\n"
        f"make_person(response.actor, Role.EDITOR, name='Dan Prov', email='dan@k95.example', password={PASSWORD!r})"
    )
    dan = answer.open("dan")
    field(dan).press_sequentially("Dans ord. ")
    expect(state(dan)).to_contain_text("Sparat", timeout=LONG)
    answer.run(
        "from actors.domain.membership import end_role\nfrom actors.models import Membership\n"
        "end_role(membership_id=Membership.objects.get(user=user('dan')).pk, by=user('ada'))"
    )
    expect(dan.locator("[data-writing-news]")).to_contain_text("Du har inte längre rätt att skriva", timeout=BLINK)
    expect(field(dan)).to_have_value("Dans ord. ")
    assert field(dan).get_attribute("readonly") is not None


# --- Breaks


def test_words_typed_without_a_network_are_sent_when_it_is_back(answer: Answer) -> None:
    anna, bo = two(answer)
    put_caret(anna, FIRST)
    anna.context.set_offline(True)
    anna.keyboard.type(" Utan nät.")
    expect(state(anna)).to_contain_text("Ingen kontakt.", timeout=LONG)
    put_caret(bo, SECOND)
    bo.keyboard.type(" Under tiden.")
    expect(state(bo)).to_contain_text("Sparat", timeout=LONG)
    anna.keyboard.type(" Mer.")
    anna.context.set_offline(False)
    for page in (anna, bo):
        expect(field(page)).to_have_value(f"{FIRST} Utan nät. Mer.\n\n{SECOND} Under tiden.", timeout=LONG)
    assert before_caret(anna).endswith(" Utan nät. Mer.")
    expect(writers(anna)).to_contain_text("Bo Prov", timeout=LONG)  # connected again


def test_words_of_a_tab_that_was_closed_without_a_network_come_back(answer: Answer) -> None:
    anna, bo = two(answer)
    put_caret(anna, FIRST)
    anna.context.set_offline(True)
    anna.keyboard.type(" Aldrig sänt.")
    expect(state(anna)).to_contain_text("Ingen kontakt.", timeout=LONG)
    context = anna.context
    anna.close()
    put_caret(bo, SECOND)
    bo.keyboard.type(" Under tiden.")
    expect(state(bo)).to_contain_text("Sparat", timeout=LONG)
    context.set_offline(False)
    again = context.new_page()
    again.goto(answer.address("sammanfattning"))
    whole = f"{FIRST} Aldrig sänt.\n\n{SECOND} Under tiden."
    expect(field(again)).to_have_value(whole, timeout=LONG)
    expect(field(bo)).to_have_value(whole, timeout=LONG)
    expect(again.locator("#toasts")).to_contain_text("hann inte sparas då")
    again.reload()
    assert again.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('rus-unsent')).length") == 0


def test_words_that_came_too_late_to_be_saved_are_shown_on_the_answers_page(answer: Answer) -> None:
    anna, _bo = two(answer)
    put_caret(anna, FIRST)
    anna.context.set_offline(True)
    anna.keyboard.type(" För sent.")
    expect(state(anna)).to_contain_text("Ingen kontakt.", timeout=LONG)
    answer.run("responses.submit_response(response_id=response.pk, by=user('cilla'))")
    context = anna.context
    anna.close()
    context.set_offline(False)
    again = context.new_page()
    again.goto(answer.address("sammanfattning"))  # goes on to the answer: it can't be changed
    left = again.locator("[data-left-words]")
    expect(left).to_contain_text(f"{FIRST} För sent.", timeout=LONG)
    assert_accessible(again)
    again.set_viewport_size({"width": 320, "height": 800})
    assert_no_sideways_scroll(again)
    left.get_by_role("button", name="Ta bort").click()
    expect(left).to_be_hidden()
    again.reload()
    expect(left).to_be_hidden()


class Sleeper:
    """What reaches a tab: nothing while it sleeps, as on a closed laptop. What is typed is typed into what it last heard."""

    def __init__(self, page: Page) -> None:
        self.sleeps = False
        page.route("**/nytt/**", lambda route: route.abort() if self.sleeps else route.continue_())
        page.route_web_socket(re.compile("/live/"), self.between)
        page.reload()

    def between(self, socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()
        server.on_message(lambda message: None if self.sleeps else socket.send(message))


@pytest.mark.parametrize("same_words", [False, True])
def test_a_tab_that_slept_while_a_colleague_wrote(answer: Answer, same_words: bool) -> None:
    anna, bo = two(answer)
    sleeper = Sleeper(anna)
    expect(writers(anna)).to_have_text("Bo Prov är här", timeout=LONG)
    sleeper.sleeps = True
    field(bo).fill(f"Bos första.\n\n{SECOND}" if same_words else f"{FIRST}\n\n{SECOND} Bo var här.")
    expect(state(bo)).to_contain_text("Sparat", timeout=LONG)
    until(answer.stored, lambda stored: "Bo" in stored)
    expect(field(anna)).to_have_value(f"{FIRST}\n\n{SECOND}")
    put_caret(anna, FIRST)
    if same_words:
        anna.keyboard.press("Shift+Home")
    anna.keyboard.type("Annas första." if same_words else " Anna vaknade.")
    sleeper.sleeps = False
    if same_words:
        expect(anna.locator(".collided")).to_contain_text("Bos första.", timeout=LONG)
        expect(field(anna)).to_have_value(f"Annas första.\n\n{SECOND}")
        assert answer.stored() == f"Bos första.\n\n{SECOND}"
        anna.get_by_role("button", name="Behåll min text").click()
        for page in (anna, bo):
            expect(field(page)).to_have_value(f"Annas första.\n\n{SECOND}", timeout=LONG)
    else:
        for page in (anna, bo):
            expect(field(page)).to_have_value(f"{FIRST} Anna vaknade.\n\n{SECOND} Bo var här.", timeout=LONG)


def test_where_websockets_are_blocked_the_page_asks_instead(answer: Answer) -> None:
    anna = answer.open("anna")
    anna.route_web_socket(re.compile("/live/"), lambda socket: socket.close())
    anna.reload()
    bo = answer.open("bo")
    field(bo).press_sequentially("Genom väggen.")
    expect(field(anna)).to_have_value("Genom väggen.", timeout=LONG)
    expect(writers(anna)).to_have_text("Bo Prov skriver här", timeout=LONG)
    put_caret(anna, "väggen.")
    anna.keyboard.type(" Svar.")
    expect(field(bo)).to_have_value("Genom väggen. Svar.", timeout=LONG)
    anna.context.errors.clear()  # type: ignore[attr-defined]  # the browser tells of each refused connection


# --- The board

MANY = """
import time
from actors.models import Role, User
from consultations.domain import invitations, responses
from consultations.models import ConsultationRound
from rus_platform.kit import clock
from strategies.models import StrategyActor
from tests.factories.actors import make_organisation, make_person
round_ = ConsultationRound.objects.get(pk=%d)
actors = [make_organisation(name=f"Sago95förening {n}") for n in range(20)]
people = [make_person(actor, Role.EDITOR, Role.SIGNATORY, email=f"forening{actor.pk}@k95.example") for actor in actors]
StrategyActor.objects.bulk_create(
    StrategyActor(strategy=round_.version.strategy, actor=actor, added_at=clock.now()) for actor in actors
)
leader = User.objects.get(email="rut@r95.example")
invitations.invite_actors(round_id=round_.pk, actor_ids=[actor.pk for actor in actors], by=leader)
for actor, person in zip(actors, people):
    response = responses.start_response(round_id=round_.pk, actor_id=actor.pk, by=person)
    responses.save_summary(
        response_id=response.pk, by=person, revision=0, summary="Ja", kind="no_objection", own_case_number=""
    )
    responses.submit_response(response_id=response.pk, by=person)
time.sleep(1)
"""


def test_the_board_is_pushed_and_many_answers_are_few_questions(answer: Answer) -> None:
    rut = answer.new_person("rut@r95.example", create=False, **CALM)
    blocked = answer.new_person("rut@r95.example", create=False, **CALM)
    blocked.route_web_socket(re.compile("/live/"), lambda socket: socket.close())
    asked: list[str] = []
    rut.on("request", lambda request: asked.append(request.url) if "svarslage/nu" in request.url else None)
    board = f"/samrad/{answer.ids['round']}/svarslage/"
    with rut.expect_websocket() as opened:
        rut.goto(board)
    opened.value.wait_for_event("framereceived", lambda frame: "welcome" in str(frame))
    blocked.goto(board)
    answer.run(
        "responses.save_summary(response_id=response.pk, by=user('anna'), revision=response.revision, summary='Ja',"
        " kind='no_objection', own_case_number='')\n"
        "responses.submit_response(response_id=response.pk, by=user('cilla'))"
    )
    expect(rut.locator("#no_objection")).to_contain_text("Sago95kommun 1", timeout=BLINK)
    asked.clear()
    answer.stack.python(MANY % answer.ids["round"])
    for page in (rut, blocked):
        expect(page.locator("#show-no_objection")).to_contain_text("(21)", timeout=LONG)
    assert len(asked) <= 12, asked
    assert_accessible(rut)
    blocked.context.errors.clear()  # type: ignore[attr-defined]
