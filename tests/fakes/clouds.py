"""A server on this machine that answers as Aliyun, Tencent Cloud and WeChat do.

It checks each signature by the published algorithm, written here from the documents and without a
line of the portal, and answers what the test laid ready.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import threading
from collections import deque
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, quote, unquote, urlsplit

#: What the providers publish as examples; they belong to nobody.
ALIYUN_KEY = ("YourAccessKeyId", "YourAccessKeySecret")
TENCENT_KEY = ("AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE", "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE")
WECHAT = ("wx0000000000000001", "a-secret-of-the-service-account")


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def acs3(secret: str, method: str, path: str, query: str, headers: dict, body: bytes) -> str:
    """Recompute an ACS3-HMAC-SHA256 signature from what arrived."""
    names = re.search(r"SignedHeaders=([^,]+)", headers["authorization"])[1].split(";")
    pairs = sorted(tuple(unquote(p) for p in each.split("=", 1)) for each in query.split("&"))
    asked = "&".join(f"{quote(k, safe='-_.~')}={quote(v, safe='-_.~')}" for k, v in pairs)
    lines = "".join(f"{name}:{headers[name].strip()}\n" for name in names)
    request = "\n".join([method, path, asked, lines, ";".join(names), sha256(body)])
    text = "ACS3-HMAC-SHA256\n" + sha256(request.encode())
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def tc3(secret: str, method: str, path: str, query: str, headers: dict, body: bytes) -> str:
    """Recompute a TC3-HMAC-SHA256 signature from what arrived."""
    given = headers["authorization"]
    day, service = re.search(r"Credential=[^/]+/([^/]+)/([^/]+)/tc3_request", given).groups()
    names = re.search(r"SignedHeaders=([^,]+)", given)[1].split(";")
    values = {**headers, "x-tc-action": headers.get("x-tc-action", "").lower()}
    lines = "".join(f"{name}:{values[name].strip()}\n" for name in names)
    request = "\n".join([method, path, query, lines, ";".join(names), sha256(body)])
    stamp = headers["x-tc-timestamp"]
    if datetime.fromtimestamp(int(stamp), UTC).strftime("%Y-%m-%d") != day:
        return "the day of the key is not the day of the request"
    scope = f"{day}/{service}/tc3_request"
    text = "\n".join(["TC3-HMAC-SHA256", stamp, scope, sha256(request.encode())])
    key = ("TC3" + secret).encode()
    for part in (day, service, "tc3_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


class Clouds:
    """The server, what it received, and what it will say next."""

    def __init__(self) -> None:
        self.received: list[dict] = []
        #: Answers laid ready: a dict, a number (a bare status) or None (hang up without a word).
        self.answers: deque = deque()
        self.seen_nonces: set[str] = set()
        clouds = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._answer(b"")

            def do_POST(self) -> None:
                self._answer(self.rfile.read(int(self.headers.get("Content-Length") or 0)))

            def _answer(self, body: bytes) -> None:
                answer = clouds.take(self.command, self.path, dict(self.headers.items()), body)
                if answer is None:
                    self.close_connection = True
                    self.connection.close()
                    return
                status, data = answer if isinstance(answer, tuple) else (200, answer)
                text = json.dumps(data, ensure_ascii=False).encode()
                self.send_response(status)
                # WeChat says text/plain and means JSON.
                self.send_header("Content-Type", "text/plain")
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *_: object) -> None:
                """Stay quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def take(self, method: str, target: str, raw: dict, body: bytes):
        """Check a request; a wrong signature gets the provider's refusal, not the laid answer."""
        headers = {name.lower(): value for name, value in raw.items()}
        url = urlsplit(target)
        asked = dict(parse_qsl(url.query, keep_blank_values=True))
        found = {"method": method, "path": url.path, "query": asked, "headers": headers}
        found["json"] = json.loads(body) if body else {}
        self.received.append(found)
        given = headers.get("authorization", "")
        if given.startswith("ACS3"):
            right = acs3(ALIYUN_KEY[1], method, url.path, url.query, headers, body)
            fresh = headers["x-acs-signature-nonce"] not in self.seen_nonces
            self.seen_nonces.add(headers["x-acs-signature-nonce"])
            if not given.endswith("Signature=" + right) or not fresh:
                return 400, {"Code": "SignatureDoesNotMatch", "Message": "not ours"}
        elif given.startswith("TC3"):
            right = tc3(TENCENT_KEY[1], method, url.path, url.query, headers, body)
            if not given.endswith("Signature=" + right):
                code = {"Code": "AuthFailure.SignatureFailure", "Message": "not ours"}
                return {"Response": {"Error": code, "RequestId": "1"}}
        elif url.path == "/sns/oauth2/access_token":
            if (asked.get("appid"), asked.get("secret")) != WECHAT:
                return {"errcode": 40125, "errmsg": "invalid appsecret"}
        else:
            return 403, {"Code": "MissingSignature"}
        laid = self.answers.popleft() if self.answers else {}
        return (laid, {}) if isinstance(laid, int) else laid
