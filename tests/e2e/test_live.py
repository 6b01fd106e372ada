"""Writing together in real browsers, over two web processes: at once, with names, and through every kind of break."""

# ruff: noqa: F811 - a fixture that is imported

import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from playwright.sync_api import expect

from rus_platform.local.processes import Child, Supervisor
from rus_platform.local.servers import free_port
from rus_platform.local.stack import wait_for_web, web_command
from tests.e2e.axe import assert_accessible
from tests.e2e.test_editor import World, put_cursor, saved, world  # noqa: F401 - a fixture
from tests.e2e.waiting import until
from tests.live_stack import LiveStack

BLINK = 10_000  # ms: sooner than anybody asks who is not rung for. How soon on a machine of its own: ./bench live


class SecondWeb:
    """Another web process on the same database and Valkey, to be killed and started again."""

    def __init__(self, stack: LiveStack) -> None:
        self.stack, self.port = stack, free_port()
        self.supervisor = Supervisor()
        self.url = f"http://127.0.0.1:{self.port}"
        self.child: Child
        self.start()

    def start(self) -> None:
        log = Path(self.stack.state) / "web2.log"
        self.child = self.supervisor.start("web2", web_command("127.0.0.1", self.port), env=self.stack.env, log=log)
        wait_for_web(self.supervisor, f"{self.url}/halsa/")

    def kill(self) -> None:
        """As a power cut does: no goodbye."""
        os.killpg(self.child.process.pid, signal.SIGKILL)
        self.child.process.wait()
        self.supervisor.children.remove(self.child)


@pytest.fixture(scope="module")
def second_web(live_stack: LiveStack) -> Iterator[SecondWeb]:
    web = SecondWeb(live_stack)
    with web.supervisor:
        yield web


def test_two_people_on_two_web_processes(world: Callable[..., World], second_web: SecondWeb) -> None:
    here = world()
    anna, bo = here.open("anna"), here.open("bo", base_url=second_web.url)
    expect(anna.locator(".editor-others")).to_have_text("Också här: Bo Berg")
    expect(bo.locator(".editor-others")).to_have_text("Också här: Anna Ask")
    put_cursor(bo, "Andra stycket")
    expect(anna.locator(".others-name")).to_have_text("Bo Berg")
    expect(anna.locator(".others-name")).to_be_visible()
    put_cursor(anna, "Första stycket")
    bo.keyboard.type(" Här skriver Bo.")
    expect(anna.locator(".ProseMirror")).to_contain_text("länet. Här skriver Bo.", timeout=BLINK)
    expect(anna.locator(".editor-others")).to_have_text("Bo Berg skriver också här")
    anna.keyboard.type(" Och här Anna.")
    expect(bo.locator(".ProseMirror")).to_contain_text("länet. Och här Anna.", timeout=BLINK)
    caret_after = "document.querySelector('.others-caret')?.previousSibling.textContent ?? ''"
    until(lambda: anna.evaluate(caret_after), lambda before: before.endswith("Här skriver Bo."))
    for page in (anna, bo):
        saved(page)
    bo.keyboard.press("Shift+Home")
    expect(anna.locator(".others-selection").first).to_contain_text("Här skriver Bo.")
    assert_accessible(anna)
    bo.goto("/")
    expect(anna.locator(".others-caret")).to_have_count(0)
    expect(anna.locator(".editor-others")).to_have_text("")


def test_the_outline_says_who_is_where(world: Callable[..., World], second_web: SecondWeb) -> None:
    here = world()
    bo = here.open("bo", base_url=second_web.url)
    anna = here.new_person(f"anna{here.ids['code']}@region.example", create=False)
    anna.goto(
        here.run(
            "from django.urls import reverse; print(reverse('strategies:draft', args=[section.version.strategy_id]))"
        )
    )
    row = anna.locator(f"#rad-{here.ids['section']}")
    expect(row.locator(".here-mark")).to_have_text("BB")
    expect(row.locator(".here")).to_contain_text("Här nu: Bo Berg")
    assert_accessible(anna)
    bo.goto("/")
    expect(anna.locator(".here")).to_have_count(0)


def test_a_revoked_role_in_mid_sentence_closes_and_keeps_the_words(
    world: Callable[..., World], second_web: SecondWeb
) -> None:
    here = world()
    page = here.open("bo", base_url=second_web.url)
    put_cursor(page, "Andra stycket")
    code = (
        "from actors.domain.membership import end_role, give_role\nfrom actors.models import Membership, Role\n"
        "region = section.version.strategy.owner\n"
        "admin = give_role(actor_id=region.pk, email='ada@region.example', name='Ada', role=Role.ADMIN, by=None).user\n"
        f"theirs = Membership.objects.get(user__email='bo{here.ids['code']}@region.example', until=None)\n"
        "end_role(membership_id=theirs.pk, by=admin)\nimport time; time.sleep(1)  # the bell has a thread of its own"
    )
    typed: list[str] = []
    with ThreadPoolExecutor(1) as pool:
        ending = pool.submit(here.run, code)
        while not page.locator(".editor-closed").is_visible() and len(typed) < 300:
            typed.append(f"ord{len(typed)}.")
            page.keyboard.type(f" {typed[-1]}", delay=5)
        ending.result()
    expect(page.locator(".editor-closed")).to_be_visible(timeout=20_000)
    rescued = " ".join(page.locator(".rescued-text").all_inner_texts())
    stored = here.stored()
    assert [word for word in typed[:-1] if word not in stored and word not in rescued] == []


def test_a_blocked_websocket_leaves_polling(world: Callable[..., World]) -> None:
    here = world()
    anna = here.new_person(f"anna{here.ids['code']}@region.example", create=False)
    anna.add_init_script("window.WebSocket = class { constructor() { throw new Error('blocked'); } }")
    here.visit(anna)
    bo = here.open("bo")
    put_cursor(bo, "Andra stycket")
    bo.keyboard.type(" Från Bo.")
    expect(anna.locator(".ProseMirror")).to_contain_text("Från Bo.")
    put_cursor(anna, "Första stycket")
    anna.keyboard.type(" Från Anna.")
    expect(bo.locator(".ProseMirror")).to_contain_text("Från Anna.")


def test_a_killed_web_process_heals_and_nothing_is_lost(world: Callable[..., World], second_web: SecondWeb) -> None:
    here = world()
    anna, bo = here.open("anna"), here.open("bo", base_url=second_web.url)
    expect(bo.locator(".editor-others")).to_have_text("Också här: Anna Ask")
    put_cursor(bo, "Andra stycket")
    second_web.kill()
    bo.keyboard.type(" Skrivet medan servern var död.")
    expect(bo.locator(".editor[data-state=offline]")).to_be_visible()
    put_cursor(anna, "Första stycket")
    anna.keyboard.type(" Anna skriver vidare.")
    saved(anna)
    second_web.start()
    saved(bo)
    for page in (anna, bo):
        expect(page.locator(".ProseMirror")).to_contain_text("Skrivet medan servern var död.")
        expect(page.locator(".ProseMirror")).to_contain_text("Anna skriver vidare.")
    expect(bo.locator(".editor-others")).to_contain_text("Anna Ask", timeout=90_000)
    anna.keyboard.type(" Åter live.")
    expect(bo.locator(".ProseMirror")).to_contain_text("Åter live.", timeout=BLINK)
    bo.context.errors.clear()  # type: ignore[attr-defined]  # a refused connection is an error in the console
