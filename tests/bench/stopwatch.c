// SPDX-License-Identifier: MIT
// stopwatch REPORT COMMAND…: runs it once, and writes to the file descriptor REPORT what that took,
// as "EXIT BEGAN_NS WALL_NS CPU_US PEAK_KB". It is small because the kernel counts the memory of
// the process that forked into the peak of the one that came of it: a fork of a Python would never
// need less than Python.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long long now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static long long us(struct timeval time) { return time.tv_sec * 1000000LL + time.tv_usec; }

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  const int report = atoi(argv[1]);
  if (fcntl(report, F_SETFD, FD_CLOEXEC) != 0) return 2;
  const long long began = now_ns();
  const pid_t child = vfork();
  if (child < 0) return 2;
  if (child == 0) {
    execvp(argv[2], argv + 2);
    _exit(127);
  }
  int status;
  struct rusage usage;
  if (wait4(child, &status, 0, &usage) != child) return 2;
  const long long took = now_ns() - began;
  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return dprintf(report, "%d %lld %lld %lld %ld\n", code, began, took,
                 us(usage.ru_utime) + us(usage.ru_stime), usage.ru_maxrss) < 0;
}
