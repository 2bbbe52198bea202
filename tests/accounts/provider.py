"""A small OpenID Connect provider for tests, served by the test itself."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "careshape", "a secret of tests: with a colon"


@dataclass
class Provider:
    """A provider that signs in whoever ``claims`` describes; tests spoil it by changing what it says."""

    issuer: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    """What is told of the person, above the usual claims."""
    spoilt: dict[str, Any] = field(default_factory=dict)
    """Claims that are told wrongly: issuer, audience, nonce, time."""
    algorithm: str = "RS256"
    key: Any = field(default_factory=lambda: rsa.generate_private_key(public_exponent=65537, key_size=2048))
    signs_with: Any = None
    """Another key than the one that it shows."""
    asked: dict[str, dict[str, str]] = field(default_factory=dict)
    """Code -> what the browser asked for."""
    described: dict[str, Any] = field(default_factory=dict)
    back_to: str = ""
    """Scheme and host of the site to which the person last came back."""

    def authorise(self, address: str) -> tuple[str, dict[str, str]]:
        """Sign the person in at the address to which the site led; return where they come back to, with what."""
        parts = urlsplit(address)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        code, back = secrets.token_urlsafe(8), urlsplit(asked["redirect_uri"])
        self.asked[code] = asked
        self.back_to = f"{back.scheme}://{back.netloc}"
        return back.path, {"code": code, "state": asked["state"], "iss": self.issuer}

    def token(self, code: str, given: dict[str, str]) -> dict[str, str]:
        """What a code is exchanged for, once the verifier fits what was asked."""
        asked = self.asked.pop(code)
        digest = hashlib.sha256(given["code_verifier"].encode()).digest()
        assert base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == asked["code_challenge"]
        assert given["redirect_uri"] == asked["redirect_uri"]
        now = int(time.time())
        claims = {
            "iss": self.issuer, "aud": CLIENT, "sub": "subject-1", "iat": now, "exp": now + 300,
            "nonce": asked["nonce"], **self.claims, **self.spoilt,
        }  # fmt: skip
        key = (
            "" if self.algorithm == "none" else SECRET * 2 if self.algorithm == "HS256" else self.signs_with or self.key
        )
        token = jwt.encode(claims, key or None, algorithm=self.algorithm, headers={"kid": "one"})
        return {"access_token": "not used", "token_type": "Bearer", "id_token": token}

    def description(self) -> dict[str, Any]:
        """What the provider says of itself."""
        return {
            "issuer": self.issuer, "authorization_endpoint": f"{self.issuer}/authorise",
            "token_endpoint": f"{self.issuer}/token", "jwks_uri": f"{self.issuer}/keys", **self.described,
        }  # fmt: skip

    def keys(self) -> dict[str, Any]:
        """The keys that it shows."""
        shown = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        return {"keys": [{**shown, "kid": "one", "use": "sig", "alg": "RS256"}]}


def serve(provider: Provider) -> ThreadingHTTPServer:
    """Serve a provider on this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path.startswith("/authorise?"):  # as a browser comes; tests without one ask in its place
                back, given = provider.authorise(self.path)
                self.send_response(302)
                self.send_header("Location", f"{provider.back_to}{back}?{urlencode(given)}")
                self.end_headers()
                return
            found = {"/.well-known/openid-configuration": provider.description, "/keys": provider.keys}.get(self.path)
            self.answer(found() if found else {})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            given = {name: values[0] for name, values in parse_qs(body).items()}
            pair = base64.b64decode(self.headers["Authorization"].partition(" ")[2]).decode()
            assert pair == "careshape:a+secret+of+tests%3A+with+a+colon"
            self.answer(provider.token(given["code"], given))

        def answer(self, content: dict[str, Any]) -> None:
            body = json.dumps(content).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server
