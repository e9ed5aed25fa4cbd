"""`claimgate doctor`: what is here and what is missing, and where each setting came from."""

from __future__ import annotations

from tests.processes import House


def test_it_names_each_thing_it_looked_at_and_each_setting_with_its_origin(house: House) -> None:
    ended = house.claimgate("doctor", "--json", LOCK_TIMEOUT="7.5")
    assert (ended.code, ended.err) == (0, "")
    checks = {one["name"]: one for one in ended.document["checks"]}
    assert checks["python"]["present"]
    assert checks["duckdb"]["needed"]
    assert not checks["warehouse"]["present"]
    assert not checks["checker of proofs"]["present"]
    assert "proofs are NOT_RUN: No proof checker is here: CLAIMGATE_LEAN_TOOLS" in checks["checker of proofs"]["detail"]
    assert "lean" not in checks
    settings = {one["name"]: one for one in ended.document["settings"]}
    assert (settings["lock_timeout"]["value"], settings["lock_timeout"]["origin"]) == (
        7.5,
        "environment CLAIMGATE_LOCK_TIMEOUT",
    )
    assert settings["ui_port"]["origin"] == "default"


def test_a_folder_of_lean_tools_is_read_and_what_is_wrong_with_it_is_said(house: House) -> None:
    house.folder.mkdir()
    (house.folder / "lean-tools.toml").write_text("format = 'none'\n")
    document = house.claimgate("doctor", "--json", LEAN_TOOLS=str(house.folder)).document
    (proofs,) = [one for one in document["checks"] if one["name"] == "checker of proofs"]
    assert not proofs["present"]
    assert "proofs are NOT_RUN: lean-tools.toml: " in proofs["detail"]


def test_a_settings_file_is_read_and_named(house: House) -> None:
    house.folder.mkdir()
    (house.folder / "claimgate.toml").write_text("ui_port = 4321\n")
    document = house.claimgate("doctor", "--json").document
    settings = {one["name"]: one for one in document["settings"]}
    assert (settings["ui_port"]["value"], settings["ui_port"]["origin"]) == (
        4321,
        str(house.folder / "claimgate.toml"),
    )


def test_a_settings_file_with_an_unknown_key_is_bad_input(house: House) -> None:
    house.folder.mkdir()
    (house.folder / "claimgate.toml").write_text('colour = "green"\n')
    ended = house.claimgate("doctor", "--json")
    assert (ended.code, ended.out) == (2, "")
    assert "colour" in ended.complaint


def test_without_json_it_prints_tables(house: House) -> None:
    ended = house.claimgate("doctor")
    assert ended.code == 0
    assert "not here" in ended.out
    assert "lock_timeout" in ended.out


def test_an_address_of_the_site_that_is_none_is_bad_input(house: House) -> None:
    ended = house.claimgate("doctor", "--json", SITE_URL="https://reader@checks.example/")
    assert (ended.code, ended.out) == (2, "")
    assert "site_url" in ended.complaint
    listed = house.claimgate("doctor", "--json", SITE_URL="https://a.example").document["settings"]
    assert [one["value"] for one in listed if one["name"] == "site_url"] == ["https://a.example/"]
