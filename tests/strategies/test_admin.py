"""The admin shows, and changes only through verbs."""

import pytest
from django.contrib.admin.sites import site
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from actors.models import Role, User
from strategies.domain import sections
from strategies.domain.versions import freeze_version
from tests.factories.actors import make_person
from tests.factories.texts import make_section

pytestmark = pytest.mark.django_db
MODELS = sorted(model._meta.model_name for model in site._registry if model._meta.app_label == "strategies")


@pytest.fixture
def support(world, client):
    """Somebody who may look at everything and belongs to nothing."""
    User.objects.filter(pk=world.nobody.pk).update(is_staff=True, is_superuser=True)
    client.force_login(world.nobody)
    return client


def test_every_table_that_support_asks_about_is_there():
    assert MODELS == [
        "accessgrant", "approvalcase", "consultationoutcome", "decision", "image", "policyitem", "publication", "section", "step",
        "strategy", "version",
    ]  # fmt: skip


@pytest.mark.parametrize("model", MODELS)
def test_lists_show_and_nothing_can_be_added(support, world, model):
    make_section(world.draft, "Hemligt utkast.", by=world.editor)
    answer = support.get(reverse(f"admin:strategies_{model}_changelist"))
    assert answer.status_code == 200
    assert "Hemligt utkast" not in answer.content.decode()
    assert support.get(reverse(f"admin:strategies_{model}_add")).status_code == 403


def test_a_section_is_shown_without_its_words(support, world):
    section = make_section(world.draft, "Hemligt utkast.", by=world.editor)
    page = support.get(reverse("admin:strategies_section_change", args=[section.pk])).content.decode()
    assert "Ett avsnitt" in page
    assert "Hemligt utkast" not in page


def test_bringing_back_asks_the_verb_whether_one_may(support, world):
    section = make_section(world.draft, title="Borta")
    sections.remove_section(section_id=section.pk, by=world.leader)
    url, data = (
        reverse("admin:strategies_section_changelist"),
        {"action": "bring_back", "_selected_action": [section.pk]},
    )
    page = support.post(url, data, follow=True).content.decode()
    assert "inte längre rätt" in page
    section.refresh_from_db()
    assert section.removed_at is not None
    make_person(world.region, Role.EDITOR, email=world.nobody.email)
    support.post(url, data, follow=True)
    section.refresh_from_db()
    assert section.removed_at is None


@pytest.mark.parametrize("model", ["section", "version"])
def test_lists_take_the_same_queries_for_one_and_many(support, world, model):
    def count():
        with CaptureQueriesContext(connection) as captured:
            support.get(reverse(f"admin:strategies_{model}_changelist"))
        return len(captured)

    before = count()
    for n in range(3):
        make_section(world.draft, title=f"Avsnitt {n}")
    freeze_version(version_id=world.draft.pk, by=world.leader, label="Samrådsversion 1")
    assert count() == before
