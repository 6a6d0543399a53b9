#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Stands for a registry: registry.py PORT. Lets in who logs in as ada with the password s3, and has no
image."""

import base64
import http.server
import sys

LOGIN = "Basic " + base64.b64encode(b"ada:s3").decode()


class Registry(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        status = 200 if self.path == "/v2/" else 404
        if self.headers.get("Authorization") != LOGIN:
            status = 401
        self.send_response(status)
        if status == 401:
            self.send_header("WWW-Authenticate", 'Basic realm="registry"')
        self.send_header("Docker-Distribution-Api-Version", "registry/2.0")
        self.send_header("Content-Length", "2")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(b"{}")

    do_HEAD = do_GET


http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Registry).serve_forever()
