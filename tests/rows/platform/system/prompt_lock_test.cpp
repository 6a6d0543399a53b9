// SPDX-License-Identifier: MIT
#include "platform/system/prompt_lock.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <ctime>
#include <fstream>
#include <optional>

#include "platform/system/error.h"
#include "tests/lab/temporary_folder.h"

namespace cred::test {
namespace {

using std::chrono::milliseconds;

std::chrono::nanoseconds since_boot() {
  timespec time = {};
  clock_gettime(CLOCK_BOOTTIME, &time);
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

void write_refusal(const std::filesystem::path& path, std::chrono::nanoseconds when) {
  const auto ticks = when.count();
  std::ofstream(path, std::ios::binary).write(reinterpret_cast<const char*>(&ticks), sizeof ticks);
}

}  // namespace

TEST_CASE("one process at a time holds it, and who waits too long is told") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "prompt.lock";
  {
    const PromptLock first(path, milliseconds(10), "the work");
    try {
      const PromptLock second(path, milliseconds(10), "the work");
      FAIL("both hold it");
    } catch (const Error& failure) {
      CHECK(failure.code() == Errc::timed_out);
      CHECK(std::string(failure.what()) == "another process is still busy with the work");
    }
  }
  const PromptLock third(path, milliseconds(10), "the work");
  CHECK_FALSE(third.was_refused());
}

TEST_CASE("a lock in an open folder is the same lock") {
  const TemporaryFolder folder;
  const Fd fd(open(folder.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  const PromptLock first("prompt.lock", milliseconds(10), "the work", fd.get());
  CHECK_THROWS_AS(PromptLock(folder.path() / "prompt.lock", milliseconds(10), "the work"), Error);
}

TEST_CASE("whose refusal counts") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "prompt.lock";
  const auto now = since_boot();
  struct Row {
    const char* name;
    std::optional<std::chrono::nanoseconds> when;
    bool counts;
  };
  const Row rows[] = {
      {"none so far", std::nullopt, false},
      {"one of an hour ago", now - std::chrono::hours(1), false},
      {"one from before a reboot", now + std::chrono::hours(1), false},
      {"one just before we began to wait", now - milliseconds(1), true},
  };
  for (const Row& row : rows) {
    SUBCASE(row.name) {
      if (row.when) write_refusal(path, *row.when);
      const PromptLock lock(path, milliseconds(10), "the work");
      CHECK(lock.was_refused() == row.counts);
    }
  }
  SUBCASE("one that is recorded") {
    {
      PromptLock lock(path, milliseconds(10), "the work");
      lock.record_refusal();
      CHECK(lock.was_refused());
    }
    CHECK(PromptLock(path, milliseconds(10), "the work").was_refused());
  }
  SUBCASE("half a record") {
    folder.write("prompt.lock", "1234");
    CHECK_FALSE(PromptLock(path, milliseconds(10), "the work").was_refused());
  }
}

}  // namespace cred::test
