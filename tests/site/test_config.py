"""The configuration: where a value comes from, and what is said of one that is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from careshape.errors import CallError
from careshape.site.config import carry, configuration
from careshape.site.options import SETTINGS


def written(folder: Path, text: str) -> dict[str, str]:
    """An environment whose data folder has this file beside it."""
    (folder / "careshape.toml").write_text(text, "utf-8")
    return {"CARESHAPE_DIR": str(folder / "data")}


def test_defaults_hold_where_nothing_is_set(tmp_path):
    found = configuration({"CARESHAPE_DIR": str(tmp_path / "data")})
    assert (found.file, found["database.url"], found["session.idle_minutes"], found["worker.on"]) == (
        None,
        "",
        30,
        True,
    )
    assert found.given == {"data.folder": "CARESHAPE_DIR"}


def test_file_goes_before_defaults_and_the_environment_before_the_file(tmp_path):
    environment = written(tmp_path, '[log]\nformat = "json"\nlevel = "error"\n[worker]\non = false\n')
    found = configuration({**environment, "CARESHAPE_LOG_LEVEL": "debug"})
    assert (found["log.format"], found["log.level"], found["worker.on"]) == ("json", "debug", False)
    assert found.given["log.level"] == "CARESHAPE_LOG_LEVEL"
    assert found.given["log.format"] == str(tmp_path / "careshape.toml")


def test_file_that_is_named_is_the_one(tmp_path):
    written(tmp_path, '[log]\nlevel = "error"\n')
    other = tmp_path / "other.toml"
    other.write_text('[data]\nfolder = "elsewhere"\n', "utf-8")
    found = configuration({"CARESHAPE_CONFIG": str(other)})
    assert (found["log.level"], found["data.folder"]) == ("info", tmp_path / "elsewhere"), "paths are the file's"
    with pytest.raises(CallError, match=r"CARESHAPE_CONFIG has value '.*no\.toml'\. There is no such file"):
        configuration({"CARESHAPE_CONFIG": str(tmp_path / "no.toml")})


def test_empty_variable_is_one_that_is_not_set(tmp_path):
    environment = written(tmp_path, '[log]\nlevel = "error"\n')
    assert configuration({**environment, "CARESHAPE_LOG_LEVEL": ""})["log.level"] == "error"


WRONG = {
    "data.folder": __file__,
    "database.url": "mysql://localhost/x",
    "site.address": "care.example.org",
    "site.language": "../english",
    "site.hosts": "https://example.org",
    "site.https": "perhaps",
    "site.proxy": "2",
    "sign_in.tries_per_address": "9",
    "session.idle_minutes": "0",
    "session.whole_hours": "12.5",
    "mail.backend": "post",
    "mail.from": "nobody",
    "mail.port": "65536",
    "mail.security": "ssl",
    "log.level": "loud",
    "log.format": "xml",
    "worker.on": "maybe",
    "upload.limit_mb": "-1",
    "backup.hours": "never",
}
ANY_TEXT = {
    "secret.key", "secret.file", "key.file", "mail.folder", "mail.host", "mail.user", "mail.password", "backup.folder",
    "audit.anchors",
}  # fmt: skip


def test_every_setting_has_a_wrong_value_here_or_takes_any_text():
    assert set(WRONG) | ANY_TEXT == {setting.key for setting in SETTINGS}


@pytest.mark.parametrize("setting", [one for one in SETTINGS if one.key in WRONG], ids=lambda one: one.key)
def test_wrong_value_is_told_by_key_value_and_rule(setting, tmp_path):
    value = WRONG[setting.key]
    with pytest.raises(CallError) as told:
        configuration({"CARESHAPE_DIR": str(tmp_path / "data"), setting.variable: value})
    assert str(told.value) == f"{setting.variable} has value {value!r}. {setting.rule}"
    table, _, key = setting.key.partition(".")
    written(tmp_path, f"[{table}]\n{key} = {value!r}\n")
    with pytest.raises(CallError) as told:
        configuration({"CARESHAPE_CONFIG": str(tmp_path / "careshape.toml")})
    assert str(told.value) == f"{tmp_path / 'careshape.toml'}: '{setting.key}' has value {value!r}. {setting.rule}"


@pytest.mark.parametrize("setting", [one for one in SETTINGS if one.key in ANY_TEXT], ids=lambda one: one.key)
def test_value_of_another_type_is_refused(setting, tmp_path):
    table, _, key = setting.key.partition(".")
    with pytest.raises(CallError, match=rf"'{setting.key}' (has value|is a secret)"):
        configuration(written(tmp_path, f"[{table}]\n{key} = 7\n"))


def test_secret_is_refused_in_the_file_and_never_shown(tmp_path):
    with pytest.raises(CallError, match=r"'mail\.password' is a secret") as told:
        configuration(written(tmp_path, '[mail]\npassword = "canary"\n'))
    assert "canary" not in str(told.value)


def test_unknown_key_is_refused_with_a_near_one(tmp_path):
    with pytest.raises(CallError, match=r"'log\.levle' has value 'info'\. There is no such.* Did you mean 'log\.l"):
        configuration(written(tmp_path, '[log]\nlevle = "info"\n'))


def test_file_that_is_no_toml_is_refused(tmp_path):
    with pytest.raises(CallError, match="must be a file of TOML"):
        configuration(written(tmp_path, "log = = 3"))


def test_paths_of_keys_are_carried_to_the_parts_that_read_the_environment(tmp_path, monkeypatch):
    environment = written(tmp_path, '[key]\nfile = "keys/pseudonym.key"\n')
    monkeypatch.setenv("CARESHAPE_DIR", environment["CARESHAPE_DIR"])
    monkeypatch.delenv("CARESHAPE_KEY_FILE", raising=False)
    carry()
    from careshape.ledger.pseudonym import key_path

    assert key_path() == tmp_path / "keys" / "pseudonym.key"
    monkeypatch.delenv("CARESHAPE_KEY_FILE")


def test_keys_and_variables_are_each_declared_once():
    for names in ([one.key for one in SETTINGS], [one.variable for one in SETTINGS]):
        assert len(names) == len(set(names))
    assert all(one.rule.endswith(".") and one.meaning.endswith(".") for one in SETTINGS)
