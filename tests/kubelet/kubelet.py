#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Plays the kubelet: does with image credential providers what it does, by its rules.

  kubelet.py CONFIG BIN_DIR IMAGE…

Takes CONFIG as strictly as the kubelet, asks the providers for each IMAGE in turn, keeps answers as
long as it may, and prints a line of JSON for each:
  {"image": …, "ran": […], "errors": […], "credentials": [{"username": …, "password": …}]}
"ran" are the providers that were started, "errors" is what the kubelet would log, and "credentials"
what the runtime is given, one after the other until one of them is taken.
"""

import fnmatch
import json
import os
import re
import subprocess
import sys
import urllib.parse

import yaml

PROVIDER_API = "credentialprovider.kubelet.k8s.io/v1"
UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600}


def check(condition, text):
    if not condition:
        raise ValueError(text)


def only(value, required, optional, what):
    check(isinstance(value, dict), f"{what} is not an object")
    check(required <= set(value), f"{what} lacks {sorted(required - set(value))}")
    check(set(value) <= required | optional, f"{what} has {sorted(set(value) - required - optional)}")


def texts(value, what):
    check(isinstance(value, list) and all(isinstance(text, str) for text in value), f"{what}: not texts")
    return value


def seconds(text):
    check(isinstance(text, str) and re.fullmatch(r"0|(\d+(\.\d+)?(ms|s|m|h))+", text), f"duration {text!r}")
    return sum(float(number) * UNITS[unit] for number, _, unit in re.findall(r"(\d+(\.\d+)?)(ms|s|m|h)", text))


def unique(pairs):
    check(len(dict(pairs)) == len(pairs), "a member twice")
    return dict(pairs)


def read_config(path):
    with open(path, encoding="utf-8") as file:
        config = yaml.safe_load(file)
    only(config, {"apiVersion", "kind", "providers"}, set(), "config")
    check(config["apiVersion"] == "kubelet.config.k8s.io/v1", "apiVersion")
    check(config["kind"] == "CredentialProviderConfig", "kind")
    check(config["providers"], "no providers")
    for provider in config["providers"]:
        only(provider, {"name", "matchImages", "defaultCacheDuration", "apiVersion"},
             {"args", "env", "tokenAttributes"}, "provider")
        check(not set("/ ") & set(provider["name"]) and provider["name"] not in (".", ".."), "name")
        check(provider["apiVersion"] == PROVIDER_API, "apiVersion of a provider")
        check(texts(provider["matchImages"], "matchImages"), "matchImages")
        for pattern in provider["matchImages"]:
            check(split(pattern), f"matchImages: {pattern}")
        seconds(provider["defaultCacheDuration"])
        texts(provider.get("args", []), "args")
        for variable in provider.get("env", []):
            only(variable, {"name", "value"}, set(), "env")
            texts(list(variable.values()), "env")
    return config["providers"]


def split(name):
    """Parts of the host, port, path. Without a port, brackets stay, and are a set of letters to a glob."""
    url = urllib.parse.urlsplit("https://" + name)
    check(not set(" ^<>") & set(name), f"no URL: {name}")
    host, _, port = url.netloc.rpartition(":") if re.search(r":\d+$", url.netloc) else (url.netloc, "", "")
    check(host.startswith("[") or ":" not in host, f"port of {name}")
    if host.startswith("[") and port:
        host = host[1:-1]
    return host.split("."), port, url.path


def matches(pattern, image):
    parts, port, path = split(pattern)
    image_parts, image_port, image_path = split(image)
    return (port == image_port and len(parts) == len(image_parts) and image_path.startswith(path)
            and all(map(lambda part, glob: fnmatch.fnmatchcase(part, glob), image_parts, parts)))


def read_response(text):
    response = json.loads(text, object_pairs_hook=unique)
    only(response, {"kind", "apiVersion", "cacheKeyType"}, {"cacheDuration", "auth"}, "response")
    check(response["apiVersion"] == PROVIDER_API, "apiVersion of the response")
    check(response["kind"] == "CredentialProviderResponse", "kind of the response")
    check(response["cacheKeyType"] in ("Image", "Registry", "Global"), "cacheKeyType")
    for login in (response.get("auth") or {}).values():
        only(login, {"username", "password"}, set(), "auth")
        texts(list(login.values()), "auth")
    return response


class Provider:
    def __init__(self, config, folder):
        self.config = config
        self.program = os.path.join(folder, config["name"])
        check(os.access(self.program, os.X_OK), f"{self.program}: not there")
        self.kept = {}

    def provide(self, image, line):
        if not any(matches(pattern, image) for pattern in self.config["matchImages"]):
            return {}
        for key in (image, image.split("/")[0], "global"):
            if key in self.kept:
                return self.kept[key]
        line["ran"].append(self.config["name"])
        try:
            response = read_response(self.run(image))
        except (ValueError, subprocess.SubprocessError) as error:
            line["errors"].append(str(error))
            return {}
        auth = response.get("auth") or {}
        if seconds(response.get("cacheDuration", self.config["defaultCacheDuration"])):
            key = {"Image": image, "Registry": image.split("/")[0], "Global": "global"}
            self.kept[key[response["cacheKeyType"]]] = auth
        return auth

    def run(self, image):
        request = {"kind": "CredentialProviderRequest", "apiVersion": PROVIDER_API, "image": image}
        environment = os.environ | {each["name"]: each["value"] for each in self.config.get("env", [])}
        done = subprocess.run([self.program, *self.config.get("args", [])], env=environment, timeout=300,
                              input=json.dumps(request) + "\n", capture_output=True, text=True, check=False)
        check(done.returncode == 0, f"exit status {done.returncode}: {done.stderr}")
        return done.stdout


def main():
    config, folder, *images = sys.argv[1:]
    providers = [Provider(provider, folder) for provider in read_config(config)]
    for image in images:
        line = {"image": image, "ran": [], "errors": [], "credentials": []}
        logins = {}
        for provider in providers:
            logins |= provider.provide(image, line)
        for key in sorted(logins, reverse=True):
            if matches(key, image):
                line["credentials"].append(logins[key])
        print(json.dumps(line))


if __name__ == "__main__":
    main()
