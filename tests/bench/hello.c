// SPDX-License-Identifier: MIT
// The least that a program on the bus can do: connect, and say Hello.
#include <stdlib.h>
#include <systemd/sd-bus.h>

int main(void) {
  sd_bus* bus = NULL;
  const char* name = NULL;
  const int failed = sd_bus_new(&bus) < 0 ||
                     sd_bus_set_address(bus, getenv("DBUS_SESSION_BUS_ADDRESS")) < 0 ||
                     sd_bus_set_bus_client(bus, 1) < 0 || sd_bus_start(bus) < 0 ||
                     sd_bus_get_unique_name(bus, &name) < 0;
  sd_bus_unref(bus);
  return failed;
}
