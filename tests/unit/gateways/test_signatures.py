"""Signatures against the vectors that the providers publish; the fake is held to them, too."""

import hashlib

from portal.gateways import aliyun, tencent
from tests.fakes import clouds

#: Aliyun, "V3 request body and signature mechanism", the fixed example (RunInstances).
ALIYUN_HOST = "ecs.cn-shanghai.aliyuncs.com"
ALIYUN_QUERY = {
    "ImageId": "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd",
    "RegionId": "cn-shanghai",
}
ALIYUN_DIGEST = "7ea06492da5221eba5297e897ce16e55f964061054b7695beedaac1145b1e259"
ALIYUN_SIGNATURE = "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
#: Tencent Cloud, "Signature method v3", the example of DescribeInstances.
TENCENT_BODY = (
    b'{"Limit": 1, "Filters": [{"Values": ["\\u672a\\u547d\\u540d"], "Name": "instance-name"}]}'
)
TENCENT_SIGNATURE = "72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168"
TENCENT_HEADERS = {
    "content-type": "application/json; charset=utf-8",
    "host": "cvm.tencentcloudapi.com",
}


def aliyun_example():
    return aliyun.sign(
        clouds.ALIYUN_KEY,
        host=ALIYUN_HOST,
        action="RunInstances",
        version="2014-05-26",
        parameters=ALIYUN_QUERY,
        date="2023-10-26T10:22:32Z",
        nonce="3156853299f313e23d1673dc12e1703d",
    )


def test_aliyun_as_published():
    signed = aliyun_example()
    assert hashlib.sha256(signed.canonical.encode()).hexdigest() == ALIYUN_DIGEST
    assert signed.headers["authorization"] == (
        "ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=host;x-acs-action;"
        "x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version,"
        f"Signature={ALIYUN_SIGNATURE}"
    )


def test_aliyun_escapes_by_rfc_3986():
    assert aliyun.encoded({"b": "张 *~/=", "a": "1"}) == "a=1&b=%E5%BC%A0%20%2A~%2F%3D"


def test_tencent_as_published():
    given = tencent.authorization(
        clouds.TENCENT_KEY,
        service="cvm",
        headers=TENCENT_HEADERS,
        body=TENCENT_BODY,
        timestamp=1551113065,
    )
    assert given == (
        f"TC3-HMAC-SHA256 Credential={clouds.TENCENT_KEY[0]}/2019-02-25/cvm/tc3_request, "
        f"SignedHeaders=content-type;host, Signature={TENCENT_SIGNATURE}"
    )


def test_the_fake_knows_the_published_signatures_and_no_others():
    signed = aliyun_example()
    asked = ("POST", "/", signed.query, signed.headers, b"")
    assert clouds.acs3(clouds.ALIYUN_KEY[1], *asked) == ALIYUN_SIGNATURE
    assert clouds.acs3("another secret", *asked) != ALIYUN_SIGNATURE
    headers = {
        **TENCENT_HEADERS,
        "x-tc-timestamp": "1551113065",
        "authorization": (
            "TC3-HMAC-SHA256 Credential=x/2019-02-25/cvm/tc3_request, "
            "SignedHeaders=content-type;host, Signature=?"
        ),
    }
    asked = ("POST", "/", "", headers, TENCENT_BODY)
    assert clouds.tc3(clouds.TENCENT_KEY[1], *asked) == TENCENT_SIGNATURE
    assert clouds.tc3("another secret", *asked) != TENCENT_SIGNATURE
