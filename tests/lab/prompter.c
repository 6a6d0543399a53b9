// SPDX-License-Identifier: MIT
// Answers gnome-keyring's dialogs where nobody sits: libgcr's own mock prompter, and a diary of
// what it was asked.
//
//   prompter ok|bad|cancel|close DELAY_MS DIARY [COMMAND…]
//
//   ok      types the password "pw1"         bad    types a wrong one, then gives up
//   cancel  chooses Cancel                   close  closes the dialog
//
// The answer comes DELAY_MS after the dialog opened (3600000: it hangs). DIARY gets one line for
// each dialog that opened ("prompt") and one for each that the keyring took down ("closed").
//
// COMMAND runs with GNOME_KEYRING_TEST_PROMPTER set; a gnome-keyring-daemon that it starts asks
// here. Its exit status is ours. Without a COMMAND the variable's value is printed as one line, and
// the dialogs are answered until SIGTERM.
#define GCR_API_SUBJECT_TO_CHANGE
#include <errno.h>
#include <fcntl.h>
#include <gcr/gcr-base.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

// More dialogs than any test lets open.
enum { kAnswers = 200 };

static int diary = -1;

static gboolean write_line(GSignalInvocationHint* hint, guint n, const GValue* values,
                           gpointer line) {
  (void)hint, (void)n, (void)values;
  const char* text = line;
  if (write(diary, text, strlen(text)) < 0) perror("prompter: diary");
  return TRUE;  // stay hooked
}

static void note(GType type, const char* signal, const char* line) {
  g_signal_add_emission_hook(g_signal_lookup(signal, type), 0, write_line, (gpointer)(gsize)line,
                             NULL);
}

static gboolean queue_answers(const char* outcome) {
  for (int i = 0; i < kAnswers; i++) {
    if (strcmp(outcome, "ok") == 0) {
      gcr_mock_prompter_expect_password_ok("pw1", NULL);
    } else if (strcmp(outcome, "bad") == 0) {
      gcr_mock_prompter_expect_password_ok("wrong", NULL);
      gcr_mock_prompter_expect_password_cancel();
    } else if (strcmp(outcome, "cancel") == 0) {
      gcr_mock_prompter_expect_password_cancel();
    } else if (strcmp(outcome, "close") == 0) {
      gcr_mock_prompter_expect_close();
    } else {
      return FALSE;
    }
  }
  return TRUE;
}

int main(int argc, char** argv) {
  if (argc < 4) {
    fputs("usage: prompter ok|bad|cancel|close DELAY_MS DIARY [COMMAND...]\n", stderr);
    return 2;
  }
  diary = open(argv[3], O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (diary < 0) {
    perror(argv[3]);
    return 2;
  }
  const char* name = gcr_mock_prompter_start();
  g_type_default_interface_ref(GCR_TYPE_PROMPT);  // its signals exist from here on
  note(GCR_TYPE_SYSTEM_PROMPTER, "new-prompt", "prompt\n");
  note(GCR_TYPE_PROMPT, "prompt-close", "closed\n");
  gcr_mock_prompter_set_delay_msec((guint)strtoul(argv[2], NULL, 10));
  if (!queue_answers(argv[1])) {
    fprintf(stderr, "prompter: no such outcome: %s\n", argv[1]);
    return 2;
  }

  if (argc == 4) {
    puts(name);
    fclose(stdout);
    for (;;) pause();
  }

  g_setenv("GNOME_KEYRING_TEST_PROMPTER", name, TRUE);
  const pid_t child = fork();
  if (child == 0) {
    execvp(argv[4], argv + 4);
    perror(argv[4]);
    _exit(127);
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
  // Not exit(): the prompter's thread may hold locks that its clean-up wants.
  _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}
