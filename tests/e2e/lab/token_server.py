#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The authorization server of a docker registry, as small as docker needs it.

docker login asks it for an offline token and keeps the refresh token that it answers as the
"identity token": the credential whose user is <token>. Listens on loopback and prints its port.

usage: token_server.py FOLDER

FOLDER/account.json holds {"username": …, "password": …, "identity_token": …};
FOLDER/certificate.pem is written: the registry's rootcertbundle.
"""

import base64
import datetime
import hmac
import http.server
import json
import pathlib
import secrets
import sys
import time
import urllib.parse

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

ISSUER = "lab issuer"
SERVICE = "lab registry"


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def self_signed(key):
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, ISSUER)])
    now = datetime.datetime.now(datetime.timezone.utc)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )


class TokenServer(http.server.ThreadingHTTPServer):
    def __init__(self, account, key, certificate):
        super().__init__(("127.0.0.1", 0), Handler)
        self.account = account
        self.key = key
        self.chain = [base64.b64encode(certificate.public_bytes(serialization.Encoding.DER)).decode()]

    def knows(self, username, password):
        account = self.account
        return hmac.compare_digest(
            f"{username}\0{password}".encode(), f"{account['username']}\0{account['password']}".encode()
        )

    def access_token(self, subject, scopes):
        now = int(time.time())
        access = []
        for scope in scopes:
            kind, name, actions = scope.split(":")
            access.append({"type": kind, "name": name, "actions": actions.split(",")})
        header = {"typ": "JWT", "alg": "RS256", "x5c": self.chain}
        claims = {
            "iss": ISSUER,
            "sub": subject,
            "aud": SERVICE,
            "iat": now,
            "nbf": now - 60,
            "exp": now + 600,
            "jti": secrets.token_hex(8),
            "access": access,
        }
        signed = b".".join(base64url(json.dumps(part).encode()) for part in (header, claims))
        signature = self.key.sign(signed, padding.PKCS1v15(), hashes.SHA256())
        return (signed + b"." + base64url(signature)).decode()


class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def answer(self, status, document):
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def grant(self, username, query, with_identity_token):
        scopes = " ".join(query.get("scope", [])).split()
        token = self.server.access_token(username, scopes)
        document = {"token": token, "access_token": token, "expires_in": 600}
        if with_identity_token:
            document["refresh_token"] = self.server.account["identity_token"]
        self.answer(200, document)

    def refuse(self):
        self.answer(401, {"errors": [{"code": "UNAUTHORIZED", "message": "authentication required"}]})

    def do_GET(self):
        query = urllib.parse.parse_qs(urllib.parse.urlparse(self.path).query)
        kind, _, encoded = self.headers.get("Authorization", "").partition(" ")
        if kind != "Basic":
            return self.refuse()
        username, _, password = base64.b64decode(encoded).decode().partition(":")
        if not self.server.knows(username, password):
            return self.refuse()
        return self.grant(username, query, query.get("offline_token") == ["true"])

    def body(self):
        if self.headers.get("Transfer-Encoding") != "chunked":  # docker; skopeo and its kin chunk
            return self.rfile.read(int(self.headers.get("Content-Length", "0")))
        data = b""
        while size := int(self.rfile.readline(), 16):
            data += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return data

    def do_POST(self):
        query = urllib.parse.parse_qs(self.body().decode())
        account = self.server.account
        asked = {name: query.get(name, [""])[0] for name in ("grant_type", "refresh_token", "username", "password")}
        if asked["grant_type"] == "refresh_token":
            known = hmac.compare_digest(asked["refresh_token"].encode(), account["identity_token"].encode())
        else:
            known = asked["grant_type"] == "password" and self.server.knows(asked["username"], asked["password"])
        if not known:
            return self.refuse()
        offline = asked["grant_type"] == "refresh_token" or query.get("access_type") == ["offline"]
        return self.grant(account["username"], query, offline)


def main():
    folder = pathlib.Path(sys.argv[1])
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    certificate = self_signed(key)
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    server = TokenServer(json.loads((folder / "account.json").read_text()), key, certificate)
    print(server.server_address[1], flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
