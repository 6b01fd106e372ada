"""The parts fit: lock, migrations, tasks."""

import ast
import re
import tomllib

import pytest
from django.conf import settings
from django.core.management import call_command

from rus_platform.celery import app
from tests.architecture.sources import ROOT, name, python_files, tree


def test_the_lock_covers_every_dependency():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    wanted = {"base": project["dependencies"], "local": extras["local"], "dev": extras["dev"]}
    missing = []
    for kind, requirements in wanted.items():
        lock = (ROOT / "requirements" / f"{kind}.txt").read_text().lower()
        for requirement in requirements:
            package, version = re.fullmatch(r"([\w.-]+)(?:\[.*\])?==([\w.]+)", requirement).groups()
            if not re.search(rf"^{re.escape(package.lower())}(\[.*\])?=={re.escape(version)} ", lock, re.M):
                missing.append(f"{kind}: {requirement}")
    assert missing == [], "run .venv/bin/python -m rus_platform.local.lock"


def test_the_locks_name_no_address():
    named = [file.name for file in (ROOT / "requirements").iterdir() if "://" in file.read_text()]
    assert named == []


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_every_scheduled_task_exists_and_expires():
    app.loader.import_default_modules()
    for entry in settings.CELERY_BEAT_SCHEDULE.values():
        assert entry["task"] in app.tasks
        assert entry["options"]["expires"] <= entry["schedule"]


def test_every_task_sent_by_name_exists():
    app.loader.import_default_modules()
    sent = {
        (name(file), node.args[0].value)
        for file in python_files()
        for node in ast.walk(tree(file))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).rsplit(".", 1)[-1] in {"send_after_commit", "send_task"}
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }
    assert {(file, task) for file, task in sent if task not in app.tasks} == set()


def test_tasks_are_never_run_eagerly():
    assert not app.conf.task_always_eager
    assert app.conf.task_acks_late
    assert app.conf.broker_transport_options["visibility_timeout"] > app.conf.task_time_limit
