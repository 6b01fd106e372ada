"""The bootstrap knows when there is nothing to do, and secrets are nobody else's."""

import json
import stat

import pytest

from rus_platform.local import bootstrap, machine, servers, translations


@pytest.fixture
def stamp(tmp_path, monkeypatch):
    """A stamp file of the test's own; writes what it is given."""
    monkeypatch.setattr(bootstrap, "STAMP", tmp_path / "stamp.json")
    return lambda locks: bootstrap.STAMP.write_text(json.dumps(locks))


def test_nothing_is_ready_without_a_stamp(stamp):
    assert not bootstrap.is_ready("local")


def test_the_stamp_of_todays_lock_is_enough(stamp):
    stamp({"local": bootstrap.lock_hash("local")})
    assert (bootstrap.is_ready("local"), bootstrap.is_ready("dev")) == (True, False)


def test_the_dev_lock_contains_the_local_one(stamp):
    stamp({"dev": bootstrap.lock_hash("dev")})
    assert (bootstrap.is_ready("local"), bootstrap.is_ready("dev")) == (True, True)


def test_a_changed_lock_is_not_ready(stamp):
    stamp({"dev": "of another day"})
    assert not bootstrap.is_ready("dev")


def test_a_broken_stamp_is_no_stamp(stamp):
    bootstrap.STAMP.write_text("{half")
    assert bootstrap.installed() == {}


def test_a_secret_is_made_once_and_readable_by_its_owner_only(tmp_path):
    first = servers.secret(tmp_path / "key")
    assert servers.secret(tmp_path / "key") == first
    assert len(first) >= 50
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600


def test_a_missing_system_library_is_named_with_its_package(monkeypatch):
    monkeypatch.setattr(machine.os, "geteuid", lambda: 1000)
    need = machine.Need("libpango-1.0-0", "PDF", lambda: False)
    with pytest.raises(SystemExit, match=r"lacks libpango-1.0-0 \(PDF\)") as stopped:
        machine.provide([need])
    assert "sudo apt-get install libpango-1.0-0" in str(stopped.value)


def test_what_is_only_useful_may_be_missing(monkeypatch, capsys):
    monkeypatch.setattr(machine.os, "geteuid", lambda: 1000)
    machine.provide([machine.Need("default-jre-headless", "veraPDF", lambda: False, required=False)])
    assert "veraPDF) is skipped" in capsys.readouterr().err


def test_translations_are_compiled_when_newer(tmp_path, monkeypatch):
    folder = tmp_path / "app" / "locale" / "en" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text('msgid ""\nmsgstr "Language: en\\n"\n\nmsgid "Mål"\nmsgstr "Goal"\n')
    monkeypatch.setattr(translations, "ROOT", tmp_path)
    translations.compile_translations()
    made = (folder / "django.mo").read_bytes()
    assert b"Goal" in made
