#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What docker-py finds: docker_py.py all | SERVER, where - is Docker Hub."""

import json
import sys

from docker import auth

config = auth.load_config()
if sys.argv[1] == "all":
    found = config.get_all_credentials()
    print(json.dumps(sorted(server for server, login in found.items() if login and login.get("Password")),
                     separators=(",", ":")))
else:
    found = config.resolve_authconfig(None if sys.argv[1] == "-" else sys.argv[1])
    print(found["Username"] if found else "")
