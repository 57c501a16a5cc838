"""Each provider over a socket: what is sent, what its answers mean, what is never repeated."""

import logging
import time
from urllib.parse import parse_qs, urlsplit

import pytest

from portal import gateways
from portal.config import Settings
from portal.domain.errors import Unavailable
from portal.gateways.http import Refused
from portal.gateways.identity import Verdict
from portal.gateways.sms import ConsoleSms
from tests.fakes import clouds

PHONE, CODE = "12042100001", "042917"
NAME, NUMBER = "王晓燕", "999421198503020018"
SMS = {
    "aliyun": {
        "SMS_PROVIDER": "aliyun",
        "SMS_ALIYUN_KEY_ID": clouds.ALIYUN_KEY[0],
        "SMS_ALIYUN_KEY_SECRET": clouds.ALIYUN_KEY[1],
        "SMS_ALIYUN_TEMPLATE": "SMS_100001",
        "SMS_SIGN": "微光",
    },
    "tencent": {
        "SMS_PROVIDER": "tencent",
        "SMS_TENCENT_KEY_ID": clouds.TENCENT_KEY[0],
        "SMS_TENCENT_KEY_SECRET": clouds.TENCENT_KEY[1],
        "SMS_TENCENT_APP_ID": "1400000001",
        "SMS_TENCENT_TEMPLATE": "100001",
        "SMS_SIGN": "微光",
    },
}
KEYS = {"aliyun": clouds.ALIYUN_KEY, "tencent": clouds.TENCENT_KEY}
SENT = {"aliyun": {"Code": "OK"}, "tencent": {"Response": {"SendStatusSet": [{"Code": "Ok"}]}}}


@pytest.fixture
def cloud():
    server = clouds.Clouds()
    yield server
    server.close()


def doors(cloud, **settings):
    return gateways.from_settings(Settings.for_tests(SMS_ENDPOINT=cloud.url, **settings))


def verifier(cloud, provider, **changes):
    key = dict(zip(("IDENTITY_KEY_ID", "IDENTITY_KEY_SECRET"), KEYS[provider], strict=True))
    given = {"IDENTITY_PROVIDER": provider, "IDENTITY_ENDPOINT": cloud.url, **key, **changes}
    return gateways.from_settings(Settings.for_tests(**given)).identity


@pytest.mark.parametrize("provider", ["aliyun", "tencent"])
def test_a_signed_sms_arrives(cloud, provider):
    cloud.answers.append(SENT[provider])
    doors(cloud, **SMS[provider]).sms.send_code(PHONE, CODE, 5)
    [request] = cloud.received
    if provider == "aliyun":
        assert request["headers"]["x-acs-action"] == "SendSms"
        assert request["headers"]["x-acs-version"] == "2017-05-25"
        assert request["query"] == {
            "PhoneNumbers": PHONE,
            "SignName": "微光",
            "TemplateCode": "SMS_100001",
            "TemplateParam": '{"code": "042917"}',
        }
    else:
        assert request["headers"]["x-tc-action"] == "SendSms"
        assert request["headers"]["x-tc-version"] == "2021-01-11"
        assert request["json"] == {
            "PhoneNumberSet": ["+8612042100001"],
            "SmsSdkAppId": "1400000001",
            "SignName": "微光",
            "TemplateId": "100001",
            "TemplateParamSet": ["042917", "5"],
        }


@pytest.mark.parametrize("provider", ["aliyun", "tencent"])
def test_a_wrong_secret_is_refused_by_the_fake_and_told_without_the_number(cloud, provider):
    wrong = {**SMS[provider], f"SMS_{provider.upper()}_KEY_SECRET": "not the secret"}
    with pytest.raises(Refused) as refused:
        doors(cloud, **wrong).sms.send_code(PHONE, CODE, 5)
    assert "没有设置好" in str(refused.value)
    assert "Signature" in refused.value.code
    assert PHONE not in repr(refused.value)


@pytest.mark.parametrize(
    ("provider", "answer", "words"),
    [
        ("aliyun", {"Code": "isv.BUSINESS_LIMIT_CONTROL"}, "过一小时"),
        ("aliyun", {"Code": "isv.DAY_LIMIT_CONTROL"}, "明天"),
        ("aliyun", {"Code": "isv.AMOUNT_NOT_ENOUGH"}, "没有设置好"),
        (
            "tencent",
            {"Response": {"SendStatusSet": [{"Code": "LimitExceeded.PhoneNumberDailyLimit"}]}},
            "明天",
        ),
        ("tencent", {"Response": {"SendStatusSet": []}}, "没有设置好"),
    ],
)
def test_a_refusal_becomes_a_sentence(cloud, provider, answer, words):
    cloud.answers.append(answer)
    with pytest.raises(Refused, match=words):
        doors(cloud, **SMS[provider]).sms.send_code(PHONE, CODE, 5)


@pytest.mark.parametrize("failure", [None, 502])
def test_an_sms_that_may_have_left_is_not_sent_twice(cloud, failure):
    cloud.answers.extend([failure, SENT["aliyun"]])
    with pytest.raises((Unavailable, Refused)):
        doors(cloud, **SMS["aliyun"]).sms.send_code(PHONE, CODE, 5)
    assert len(cloud.received) == 1


@pytest.mark.parametrize("failure", [None, 502])
def test_a_comparison_is_asked_once_more_with_a_fresh_signature(cloud, failure):
    cloud.answers.extend([failure, {"Code": "200", "ResultObject": {"BizCode": "1"}}])
    # The fake refuses a nonce that it has seen, as the provider does.
    assert verifier(cloud, "aliyun").compare(NAME, NUMBER) is Verdict.MATCH
    assert len(cloud.received) == 2


def test_a_server_that_is_away_is_said_to_be_away(cloud):
    cloud.close()
    with pytest.raises(Unavailable, match="没有应答"):
        verifier(cloud, "tencent").compare(NAME, NUMBER)


def test_a_silent_server_is_not_waited_for(cloud, monkeypatch):
    monkeypatch.setattr(cloud, "take", lambda *_: time.sleep(3))
    began = time.monotonic()
    with pytest.raises(Unavailable):
        doors(cloud, **SMS["aliyun"], OUTSIDE_TIMEOUT=1).sms.send_code(PHONE, CODE, 5)
    assert time.monotonic() - began < 2.5


@pytest.mark.parametrize(
    ("provider", "answer", "verdict"),
    [
        ("aliyun", {"Code": "200", "ResultObject": {"BizCode": "1"}}, Verdict.MATCH),
        ("aliyun", {"Code": "200", "ResultObject": {"BizCode": "2"}}, Verdict.MISMATCH),
        ("aliyun", {"Code": "200", "ResultObject": {"BizCode": "3"}}, Verdict.NO_RECORD),
        ("tencent", {"Response": {"Result": "0"}}, Verdict.MATCH),
        ("tencent", {"Response": {"Result": "-1"}}, Verdict.MISMATCH),
        ("tencent", {"Response": {"Result": "-5"}}, Verdict.NO_RECORD),
    ],
)
def test_verdicts(cloud, provider, answer, verdict):
    cloud.answers.append(answer)
    assert verifier(cloud, provider).compare(NAME, NUMBER) is verdict
    [request] = cloud.received
    if provider == "aliyun":
        asked = {"ParamType": "normal", "IdentifyNum": NUMBER, "UserName": NAME}
        assert (request["headers"]["x-acs-action"], request["query"]) == ("Id2MetaVerify", asked)
        assert request["headers"]["x-acs-version"] == "2019-03-07"
    else:
        assert request["headers"]["x-tc-action"] == "IdCardVerification"
        assert request["headers"]["x-tc-version"] == "2018-03-01"
        assert request["json"] == {"IdCard": NUMBER, "Name": NAME}


@pytest.mark.parametrize(
    ("provider", "answer"),
    [
        ("aliyun", {"Code": "200", "ResultObject": {}}),
        ("aliyun", {"Code": "412"}),
        ("aliyun", {}),
        ("tencent", {"Response": {"Result": "-6"}}),
        ("tencent", {"Response": {}}),
        ("tencent", {}),
    ],
)
def test_what_is_no_verdict_is_never_taken_for_one(cloud, provider, answer):
    cloud.answers.append(answer)
    with pytest.raises(Refused):
        verifier(cloud, provider).compare(NAME, NUMBER)


def wechat(cloud):
    app_id, secret = clouds.WECHAT
    given = {"WECHAT_APP_ID": app_id, "WECHAT_APP_SECRET": secret, "WECHAT_API_URL": cloud.url}
    return gateways.from_settings(Settings.for_tests(**given)).wechat


def test_wechat_is_asked_in_the_documented_order(cloud):
    url = wechat(cloud).ask_url("https://weiguang.example.org/login/wechat/callback", "abc123")
    assert url.startswith("https://open.weixin.qq.com/connect/oauth2/authorize?")
    assert url.endswith("#wechat_redirect")
    names = [pair.split("=")[0] for pair in urlsplit(url).query.split("&")]
    assert names == ["appid", "redirect_uri", "response_type", "scope", "state"]
    asked = parse_qs(urlsplit(url).query)
    assert asked["redirect_uri"] == ["https://weiguang.example.org/login/wechat/callback"]
    assert asked["scope"] == ["snsapi_base"]


def test_a_wechat_code_becomes_an_openid(cloud):
    cloud.answers.append({"access_token": "t", "openid": "o6_bmjrPTlm6_2sgVt7hMZOPfL2M"})
    assert wechat(cloud).openid("c0de") == "o6_bmjrPTlm6_2sgVt7hMZOPfL2M"
    [request] = cloud.received
    assert request["query"]["code"] == "c0de"
    assert request["query"]["grant_type"] == "authorization_code"


@pytest.mark.parametrize(("number", "words"), [(40029, "重新从微信"), (40125, "没有设置好")])
def test_wechat_s_errors_become_sentences(cloud, number, words):
    cloud.answers.append({"errcode": number, "errmsg": "hints: [ req_id: x ]"})
    with pytest.raises(Refused, match=words):
        wechat(cloud).openid("c0de")


def test_nothing_of_a_call_is_logged(cloud, caplog):
    caplog.set_level(logging.INFO)
    cloud.answers.extend([SENT["aliyun"], {"openid": "o1"}])
    doors(cloud, **SMS["aliyun"]).sms.send_code(PHONE, CODE, 5)
    wechat(cloud).openid("c0de")
    assert not [each for each in caplog.records if each.name.startswith("http")]


def test_the_console_s_codes_are_letters(tmp_path):
    ConsoleSms(tmp_path).send_code(PHONE, CODE, 5)
    [letter] = tmp_path.glob("*.eml")
    from portal.notices import mailbox

    [envelope] = mailbox.newest(tmp_path)
    assert (envelope.to, envelope.subject) == (f"{PHONE}@sms.invalid", "短信验证码")
    assert CODE in str(mailbox.read(tmp_path, envelope.id).paragraphs)
    assert letter.stem == str(envelope.id)


PRODUCTION = {
    "PORTAL_ENV": "production",
    "SECRET_KEY": "x" * 40,
    "MAIL_BACKEND": "smtp",
    "PUBLIC_URL": "https://weiguang.example.org",
}


def test_no_code_leaves_production_without_a_provider():
    found = gateways.from_settings(Settings.for_tests(**PRODUCTION))
    assert (found.sms, found.wechat, found.identity.provider) == (None, None, "manual")


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        (
            {"SMS_PROVIDER": "aliyun", "SMS_SIGN": "微光"},
            (
                "SMS_PROVIDER=aliyun needs SMS_ALIYUN_KEY_ID, SMS_ALIYUN_KEY_SECRET, "
                "SMS_ALIYUN_TEMPLATE"
            ),
        ),
        ({"SMS_PROVIDER": "tencent"}, "SMS_PROVIDER=tencent needs SMS_TENCENT_KEY_ID"),
        ({"WECHAT_APP_ID": "wx1"}, "WeChat sign-in needs WECHAT_APP_SECRET"),
        (
            {"IDENTITY_PROVIDER": "tencent", "IDENTITY_KEY_ID": "k"},
            "IDENTITY_PROVIDER=tencent needs IDENTITY_KEY_SECRET",
        ),
        ({"AUDIT_ANCHOR_URL": "s3:bucket"}, "AUDIT_ANCHOR_URL must be file:"),
    ],
)
@pytest.mark.parametrize("base", [{}, PRODUCTION], ids=["test", "production"])
def test_a_half_filled_provider_stops_the_start_and_names_what_is_missing(given, missing, base):
    with pytest.raises(ValueError, match="validation error") as refused:
        Settings.for_tests(**{**base, **given})
    assert missing in str(refused.value)
