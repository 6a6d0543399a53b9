#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Puts one small image into an open registry, as docker push would.

usage: seed_image.py HOST:PORT NAME TAG
"""

import gzip
import hashlib
import http.client
import io
import json
import sys
import tarfile

MEDIA = "application/vnd.docker."


def layer():
    file = tarfile.TarInfo("greeting")
    content = b"hello\n"
    file.size = len(content)
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as tar:
        tar.addfile(file, io.BytesIO(content))
    return archive.getvalue()


def digest(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


class Registry:
    def __init__(self, address, name):
        self.connection = http.client.HTTPConnection(address, timeout=120)
        self.name = name

    def call(self, method, path, body=b"", media="application/octet-stream"):
        self.connection.request(method, path, body=body, headers={"Content-Type": media})
        response = self.connection.getresponse()
        response.read()
        if response.status not in (201, 202):
            raise SystemExit(f"seed_image.py: {method} {path}: {response.status} {response.reason}")
        return response

    def blob(self, data, media):
        location = self.call("POST", f"/v2/{self.name}/blobs/uploads/").getheader("Location")
        path = location[location.index("/v2/") :]
        self.call("PUT", f"{path}{'&' if '?' in path else '?'}digest={digest(data)}", data)
        return {"mediaType": MEDIA + media, "size": len(data), "digest": digest(data)}


def main():
    address, name, tag = sys.argv[1:]
    registry = Registry(address, name)
    archive = layer()
    config = {
        "architecture": "amd64",
        "os": "linux",
        "config": {"Cmd": ["/greeting"]},
        "rootfs": {"type": "layers", "diff_ids": [digest(archive)]},
        "history": [{"created": "2020-01-01T00:00:00Z"}],
    }
    manifest = {
        "schemaVersion": 2,
        "mediaType": MEDIA + "distribution.manifest.v2+json",
        "config": registry.blob(json.dumps(config).encode(), "container.image.v1+json"),
        "layers": [registry.blob(gzip.compress(archive, mtime=0), "image.rootfs.diff.tar.gzip")],
    }
    registry.call("PUT", f"/v2/{name}/manifests/{tag}", json.dumps(manifest).encode(), manifest["mediaType"])


if __name__ == "__main__":
    main()
