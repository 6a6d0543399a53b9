#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The lab's fake service, whose n-th answer is wrong.

--fault KIND:N, at the N-th CreateItem:

  refuse  an error, and nothing is stored
  drop    success, and nothing is stored
  secret  another secret is stored
  user    another username is stored
  crash   the service ends without an answer, after it has stored the item
"""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lab"))
import fake_service  # noqa: E402


class FaultyService(fake_service.Service):
    kind, when, count = "", 0, 0

    def Collection_CreateItem(self, path, properties, secret, replace):
        FaultyService.count += 1
        fault = self.kind if self.count == self.when else ""
        if fault == "refuse":
            raise fake_service.Fault("org.freedesktop.DBus.Error.Failed", "disk full")
        before = dict(self.items)
        reply = super().Collection_CreateItem(path, properties, secret, replace)
        item = self.items[reply[1]]
        if fault == "drop":
            self.items = before
        elif fault == "secret":
            item.secret = b"another-secret"
        elif fault == "user":
            item.attributes["username"] = "mallory"
        elif fault == "crash":
            self.save()
            os._exit(0)
        self.save()
        return reply


def main():
    if "--fault" in sys.argv:
        at = sys.argv.index("--fault")
        kind, when = sys.argv[at + 1].split(":")
        del sys.argv[at : at + 2]
        FaultyService.kind, FaultyService.when = kind, int(when)
    fake_service.Service = FaultyService
    fake_service.main()


if __name__ == "__main__":
    main()
