// SPDX-License-Identifier: MIT

// Prints what podman --remote sends along with each command: "server user" for each credential.
package main

import (
	"fmt"
	"os"
	"sort"

	"github.com/containers/image/pkg/docker/config"
)

func main() {
	all, err := config.GetAllCredentials(nil)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	lines := []string{}
	for server, login := range all {
		lines = append(lines, server+" "+login.Username)
	}
	sort.Strings(lines)
	for _, line := range lines {
		fmt.Println(line)
	}
}
