// SPDX-License-Identifier: MIT
// Prints the id of each finding that doctor can make, a line each.
#include "helper/doctor/findings.h"

#include <iostream>

int main() {
  for (const auto name : cred::kFindings) std::cout << name << '\n';
}
