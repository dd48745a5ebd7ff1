import pytest

from server.settings import KNOWN, read
from server.variables import WrongSetting
from tests.servers.notify import KEY, TEMPLATES

RIGHT = {
    "DOORSTEP_ADDRESS": "0.0.0.0",
    "DOORSTEP_COUNCIL": "Harrowmere",
    "DOORSTEP_DATA": "/srv/doorstep",
    "DOORSTEP_DATABASE_URL": "postgresql://a:b@db/doorstep",
    "DOORSTEP_DEMO": "0",
    "DOORSTEP_ENGINE": "off",
    "DOORSTEP_GEOCODER": "https://nominatim.example",
    "DOORSTEP_MAP_CREDIT": "© Crown copyright",
    "DOORSTEP_MAP_TILES": "https://tiles.example/{z}/{x}/{y}.png",
    "DOORSTEP_HOSTS": "doorstep.example, field.example",
    "DOORSTEP_DEAD_MAN": "https://watch.example/ping/canary",
    "DOORSTEP_LOG": "json",
    "DOORSTEP_NO_ACCESS_ATTEMPTS": "4",
    "DOORSTEP_PHONE": "01632 960 115",
    "DOORSTEP_NOTIFY_CALLBACK": "a token of twenty letters",
    "DOORSTEP_NOTIFY_KEY": KEY,
    "DOORSTEP_NOTIFY_NUMBER": "07700 900 111",
    "DOORSTEP_NOTIFY_TEMPLATES": ", ".join(f"{name}={id}" for name, id in TEMPLATES.items()),
    "DOORSTEP_NOTIFY_URL": "https://notify.example",
    "DOORSTEP_PORT": "8443",
    "DOORSTEP_PROXY": "10.0.0.1",
    "DOORSTEP_PUSH_KEY": "/etc/doorstep/push.pem",
    "DOORSTEP_PUSH_SERVICES": "https://push.example, http://127.0.0.1:8099",
    "DOORSTEP_RETAIN_DOOR_PHOTOS_YEARS": "3",
    "DOORSTEP_RETAIN_HELD_DAYS": "2555",
    "DOORSTEP_RETAIN_INSPECTIONS_YEARS": "7",
    "DOORSTEP_RETAIN_OCCUPANCY_YEARS": "2",
    "DOORSTEP_RETAIN_MESSAGES_DAYS": "14",
    "DOORSTEP_RETAIN_PHONES_DAYS": "90",
    "DOORSTEP_RETAIN_TASKS_YEARS": "7",
    "DOORSTEP_S3_KEY": "k",
    "DOORSTEP_S3_SECRET": "s",
    "DOORSTEP_RECHARGES": "/etc/doorstep/recharges.json",
    "DOORSTEP_SEAL_CERTIFICATE": "/etc/doorstep/seal.p12",
    "DOORSTEP_SEAL_PASSPHRASE": "plum gravel",
    "DOORSTEP_SEAL_TIMESTAMPS": "https://tsa.example",
    "DOORSTEP_STORAGE": "s3://bucket/photos?endpoint=https://s3.example",
    "DOORSTEP_STYLEGUIDE": "0",
    "DOORSTEP_WORD_KEY": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
}
WRONG = [
    ("DOORSTEP_ADDRESS", "everywhere"),
    ("DOORSTEP_DATABASE_URL", "mysql://a@b/c"),
    ("DOORSTEP_DATABASE_URL", "postgresql://host"),
    ("DOORSTEP_DATABASE_URL", "doorstep.sqlite"),
    ("DOORSTEP_DEAD_MAN", "watch.example"),
    ("DOORSTEP_DEMO", "yes"),
    ("DOORSTEP_DEMO", ""),
    ("DOORSTEP_ENGINE", "no"),
    ("DOORSTEP_GEOCODER", "nominatim.example"),
    ("DOORSTEP_MAP_TILES", "https://tiles.example/"),
    ("DOORSTEP_MAP_TILES", "http://tiles.example/{z}/{x}/{y}.png"),
    ("DOORSTEP_MAP_TILES", "https://tiles.example; script-src *{z}/{x}/{y}.png"),
    ("DOORSTEP_GEOCODER", "file:///etc/passwd"),
    ("DOORSTEP_LOG", "xml"),
    ("DOORSTEP_NO_ACCESS_ATTEMPTS", "0"),
    ("DOORSTEP_NO_ACCESS_ATTEMPTS", "11"),
    ("DOORSTEP_NO_ACCESS_ATTEMPTS", "three"),
    ("DOORSTEP_PHONE", "the town hall"),
    ("DOORSTEP_PHONE", "01632 960 115; 999"),
    ("DOORSTEP_NOTIFY_CALLBACK", "short"),
    ("DOORSTEP_NOTIFY_KEY", "doorstep"),
    ("DOORSTEP_NOTIFY_KEY", f"{KEY}x"),
    ("DOORSTEP_NOTIFY_NUMBER", "the town hall"),
    ("DOORSTEP_NOTIFY_NUMBER", "07700 900 111"),
    ("DOORSTEP_NOTIFY_TEMPLATES", "inventory-sms=1"),
    ("DOORSTEP_NOTIFY_TEMPLATES", f"fax={TEMPLATES['inventory-sms']}"),
    ("DOORSTEP_NOTIFY_URL", "notify.example"),
    ("DOORSTEP_PORT", "0"),
    ("DOORSTEP_PUSH_SERVICES", "push.example"),
    ("DOORSTEP_PUSH_SERVICES", "https://push.example/path"),
    ("DOORSTEP_PORT", "65536"),
    ("DOORSTEP_PORT", "８０００"),
    ("DOORSTEP_PORT", "http"),
    ("DOORSTEP_RETAIN_DOOR_PHOTOS_YEARS", "0.5"),
    ("DOORSTEP_RETAIN_HELD_DAYS", "-1"),
    ("DOORSTEP_RETAIN_INSPECTIONS_YEARS", "101"),
    ("DOORSTEP_RETAIN_OCCUPANCY_YEARS", "1.5"),
    ("DOORSTEP_RETAIN_MESSAGES_DAYS", "0"),
    ("DOORSTEP_RETAIN_PHONES_DAYS", "a year"),
    ("DOORSTEP_RETAIN_TASKS_YEARS", "-2"),
    ("DOORSTEP_SEAL_TIMESTAMPS", "tsa.example"),
    ("DOORSTEP_STYLEGUIDE", "on"),
    ("DOORSTEP_WORD_KEY", "too short"),
]


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_a_wrong_value_is_one_sentence_that_names_it(name: str, value: str) -> None:
    with pytest.raises(WrongSetting) as wrong:
        read({name: value})
    sentence = str(wrong.value)
    assert sentence.startswith(name)
    assert "must" in sentence
    assert "\n" not in sentence


def test_a_name_that_is_no_setting_is_told_rather_than_ignored() -> None:
    with pytest.raises(WrongSetting, match="DOORSTEP_PROT is not a setting"):
        read({"DOORSTEP_PROT": "8000"})


def test_everything_known_can_be_set_and_nothing_else_is_needed() -> None:
    assert set(KNOWN) == set(RIGHT)
    config = read({name: value for name, value in RIGHT.items() if name in KNOWN})
    assert config.hosts == ("doorstep.example", "field.example")
    assert config.database_url == RIGHT["DOORSTEP_DATABASE_URL"]
    assert not config.engine
    assert read({}).port == 8000


def test_without_any_setting_nothing_is_open_to_the_network() -> None:
    config = read({})
    assert config.address == "127.0.0.1"
    assert not config.demo
    assert not config.styleguide
    assert config.proxy == ()


def test_the_list_in_the_documents_is_the_list_there_is() -> None:
    from tests.servers.running import ROOT

    words = (ROOT / "docs" / "running.md").read_text()
    assert [name for name in KNOWN if f"`{name}`" not in words] == []


def test_a_key_of_the_provider_needs_the_ids_of_all_its_templates() -> None:
    with pytest.raises(WrongSetting, match="DOORSTEP_NOTIFY_TEMPLATES must give the id of each of these"):
        read({"DOORSTEP_NOTIFY_KEY": KEY})


def test_a_key_that_is_wrong_is_not_quoted_and_a_right_one_is_printed_nowhere() -> None:
    with pytest.raises(WrongSetting) as wrong:
        read({"DOORSTEP_NOTIFY_KEY": "canary-key"})
    assert "canary" not in str(wrong.value)
    config = read({name: value for name, value in RIGHT.items() if name.startswith("DOORSTEP_NOTIFY")})
    assert KEY not in repr(config.sending) and "twenty letters" not in repr(config.sending)
