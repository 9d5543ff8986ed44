import pytest

from core.messengers import Way, messengers_of
from core.messengers.mail import Mail
from core.messengers.robots import GroupRobot
from core.messengers.sms import ConsoleSms, HttpSms
from core.settings import SettingsError, load_settings

ROBOT = {"robot": "wecom", "robot_url": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k"}


def test_a_house_without_settings_sends_nothing_by_itself() -> None:
    assert messengers_of(load_settings()) == {}


def test_each_way_that_is_set_up_has_its_messenger() -> None:
    settings = load_settings(**ROBOT, smtp_host="mail.example", smtp_from="a@b.example", sms="console")
    kinds = {way: type(messenger) for way, messenger in messengers_of(settings).items()}
    assert kinds == {Way.ROBOT: GroupRobot, Way.MAIL: Mail, Way.SMS: ConsoleSms}
    assert [way for way in Way if way.is_personal] == [Way.MAIL, Way.SMS]


def test_a_way_that_is_set_up_by_half_is_an_error_that_names_the_setting() -> None:
    with pytest.raises(SettingsError, match="WEIKETANG_ROBOT_URL"):
        messengers_of(load_settings(robot="dingtalk"))
    with pytest.raises(SettingsError, match="WEIKETANG_SMTP_FROM"):
        messengers_of(load_settings(smtp_host="mail.example"))


def test_a_gateway_is_set_up_by_its_address_and_the_rest_has_defaults() -> None:
    [(way, messenger)] = messengers_of(load_settings(sms="http", sms_url="https://sms.example/send")).items()
    assert (way, type(messenger)) == (Way.SMS, HttpSms)


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"sms_url": None}, "WEIKETANG_SMS_URL"),
        ({"sms_body": '{"mobile": "{mobile}"}'}, "WEIKETANG_SMS_BODY"),
        ({"sms_body": "{"}, "WEIKETANG_SMS_BODY"),
        ({"sms_body": "[" * 3000}, "WEIKETANG_SMS_BODY"),
        ({"sms_success": "code"}, "WEIKETANG_SMS_SUCCESS"),
        ({"sms_header": "X Key"}, "WEIKETANG_SMS_HEADER"),
        ({"sms_secret": "a\nb"}, "WEIKETANG_SMS_SECRET"),
        ({"sms_url": "ftp://sms.example"}, "WEIKETANG_SMS_URL"),
    ],
)
def test_a_gateway_that_is_set_up_wrongly_is_an_error_that_names_the_setting(
    wrong: dict[str, str], named: str
) -> None:
    with pytest.raises(SettingsError, match=named):
        messengers_of(load_settings(**{"sms": "http", "sms_url": "https://sms.example/send", **wrong}))


def test_a_robots_address_can_be_given_in_a_file(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path_factory.mktemp("secrets") / "robot"
    path.write_text(f"{ROBOT['robot_url']}\n")
    monkeypatch.setenv("WEIKETANG_ROBOT_URL_FILE", str(path))
    assert load_settings().robot_url == ROBOT["robot_url"]
