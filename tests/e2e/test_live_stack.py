"""The stack that the journeys run on is real and whole."""

import smtplib

from playwright.sync_api import Page

from tests.e2e.axe import assert_accessible, assert_no_sideways_scroll
from tests.e2e.waiting import until
from tests.live_stack import LiveStack


def test_web_worker_and_beat_run(live_stack: LiveStack, browser_page: Page):
    browser_page.goto("/halsa/")
    seen = until(lambda: browser_page.evaluate("fetch('/halsa/').then(r => r.json())"), lambda seen: seen["worker"])
    assert (seen["database"], seen["valkey"], seen["worker"]) == (True, True, True)


def test_mailbox_keeps_letters(live_stack: LiveStack):
    with smtplib.SMTP("127.0.0.1", int(live_stack.env["EMAIL_PORT"])) as server:
        server.sendmail("rus@localhost", ["anna@kommun.example"], b"Subject: Hej\r\n\r\nText")
    letter = live_stack.wait_for_letter("anna@kommun.example", "Hej")
    assert letter["X-MailFrom"] == "rus@localhost"
    assert letter.get_content().strip() == "Text"


def test_a_person_logs_in_and_an_accessible_page_meets_them(new_person):
    page = new_person("anna.lind@region.example", fields={"name": "Anna Lind"})
    page.goto("/konto/")
    assert page.locator("h1").count() == 1
    assert_accessible(page)
    assert_no_sideways_scroll(page)
