#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What a docker registry does not do by itself, and Nexus Repository does: who may in, by either of its
challenges, its tokens, the page of its web interface, and the call that changes a password. README.md beside it
says what of that was taken from where.

usage: nexus.py PORT ACCOUNTS

ACCOUNTS is a JSON object: {"challenge": "basic" or "bearer", "users": {NAME: PASSWORD}}. The connectors of nginx ask
/auth whether a request may pass.
"""

import base64
import http.server
import json
import sys
import uuid

REALM = 'BASIC realm="Sonatype Nexus Repository Manager"'
CHANGE = "/service/rest/v1/security/users/"


class Nexus(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, port, accounts):
        super().__init__(("127.0.0.1", port), Handler)
        self.bearer = accounts["challenge"] == "bearer"
        self.users = accounts["users"]
        self.tokens = {}

    def user_of(self, authorization):
        """Whose request it is; None if nobody's that is known."""
        kind, _, value = authorization.partition(" ")
        if kind.lower() == "bearer" and self.bearer:
            return self.tokens.get(value)
        if kind.lower() == "basic":
            name, _, password = base64.b64decode(value).decode().partition(":")
            if name in self.users and self.users[name] == password:
                return name
        return None

    def new_token(self, user):
        token = f"DockerToken.{uuid.uuid4()}"
        self.tokens[token] = user
        return token

    def change_password(self, user, password):
        self.users[user] = password
        self.tokens = {token: owner for token, owner in self.tokens.items() if owner != user}


class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def answer(self, status, body="", kind="application/json", headers=()):
        data = body.encode()
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def user(self):
        return self.server.user_of(self.headers.get("Authorization", ""))

    def challenge(self):
        """The token's place is made of the name and the scheme that nginx says it was called by."""
        if not self.server.bearer or self.path != "/auth":
            return REALM
        place = f"{self.headers.get('X-Forwarded-Proto', 'http')}://{self.headers['Host']}/v2/token"
        return f'Bearer realm="{place}",service="{place}",scope="repository:*:pull"'

    def refuse(self):
        error = {"errors": [{"code": "UNAUTHORIZED", "message": "access to the requested resource is not authorized"}]}
        self.answer(401, json.dumps(error), headers=[("WWW-Authenticate", self.challenge())])

    def do_GET(self):
        place = self.path.partition("?")[0]
        if place == "/":
            self.answer(200, "<title>Sonatype Nexus Repository</title>\n", "text/html")
        elif place not in ("/auth", "/v2/token"):
            self.answer(404)
        elif self.user() is None:
            self.refuse()
        elif place == "/auth":
            self.answer(200)
        else:
            self.answer(200, json.dumps({"token": self.server.new_token(self.user())}))

    do_HEAD = do_GET

    def do_POST(self):
        """The token is had by GET; clients that try POST first go over to it."""
        self.rfile.read(int(self.headers.get("Content-Length", "0")))
        self.answer(405)

    def do_PUT(self):
        password = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
        name, _, call = self.path.removeprefix(CHANGE).partition("/")
        if call != "change-password" or name not in self.server.users:
            self.answer(404)
        elif self.user() != "admin":
            self.refuse()
        else:
            self.server.change_password(name, password)
            self.answer(204)


def main():
    port, accounts = sys.argv[1:]
    with open(accounts, encoding="utf-8") as file:
        server = Nexus(int(port), json.load(file))
    print("ready", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
