// SPDX-License-Identifier: MIT
// A thread beside the work of this process, which waits and says something now and then.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <stop_token>
#include <thread>

namespace cred {

// It takes no signals: those are for whoever waits for them. nullopt where no thread is to be had.
[[nodiscard]] std::optional<std::jthread> start_quiet_thread(
    const std::function<void(const std::stop_token& stop)>& work);

// Waits so long, or until `stop` is asked for.
void sleep_until_stopped(const std::stop_token& stop, std::chrono::milliseconds time);

}  // namespace cred
