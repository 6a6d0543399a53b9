// SPDX-License-Identifier: MIT
// When two spellings name the same registry. Pure.
//
// Clients have many spellings for one registry; whoever stored it may have used another than
// whoever asks. An exact match always comes first and needs nothing from here. Beyond it:
//
//   stored                        asked                             answered?
//   reg:5000                      https://reg:5000, REG:5000/,      yes: scheme, case of the host,
//                                 reg:5000/v1/, reg:5000/v2         /v1 /v2 and a final slash
//   reg:5000                      reg, reg:5001                     no: never across ports
//   https://reg                   http://reg                        no: a password given for https
//                                                                   does not travel in the clear
//   http://reg                    https://reg, reg                  yes
//   https://index.docker.io/v1/   docker.io, index.docker.io,       yes: Docker Hub's names
//                                 registry-1.docker.io
//   reg/team                      reg/team/app                      yes, if nothing longer matches:
//                                                                   whole segments of the path
//   reg/team                      reg/teammate, reg                 no
//   …/access-token                the registry, or the reverse      no: docker keeps the tokens of
//   …/refresh-token                                                 its Hub login beside the login
//   not host[:port][/path]        anything                          no: exact or nothing
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cred {

// `server` for people: in quotes where it could not be seen.
[[nodiscard]] std::string shown_server(const std::string& server);

// Docker's name of its Hub, under which it keeps the credential.
inline constexpr const char* kHubKey = "https://index.docker.io/v1/";

// The server under which docker looks up an entry of config.json: it strips scheme and path, except
// for its Hub.
[[nodiscard]] std::string asked_as(const std::string& key);

// By what podman, skopeo and buildah ask a helper for the registry of `server`, and look for one in
// credHelpers: its host, docker.io for the Hub.
[[nodiscard]] std::string asked_by_containers_tools(const std::string& server);

// Whether docker keeps a token of its Hub login under `key`, beside the login.
[[nodiscard]] bool is_hub_token(std::string_view key);

// Whether `key`, of a config.json or an auth.json, stands for a part of a registry: host/path
// without a scheme, as podman login host/path writes it. These tools find such an entry in files
// alone: they ask a helper for the whole registry.
[[nodiscard]] bool is_namespaced(const std::string& key);

// The key by which docker, podman's family and the kubelet all look for `server` in "auths": as it
// is spelled, save for Docker Hub, which has one key.
[[nodiscard]] std::string auths_key(const std::string& server);

// Those of `stored` that may answer for `asked`, best first, `asked` itself left out: other
// spellings of the same registry, the scheme asked before others; then, if `namespace_fallback`,
// shorter paths on the same host, the longest first.
[[nodiscard]] std::vector<std::string> answering_servers(std::string_view asked,
                                                         std::span<const std::string> stored,
                                                         bool namespace_fallback);

// `server`, and how clients usually spell the same registry and path: with each scheme or none,
// with a final slash, /v1/ or /v2/; Docker Hub under each of its names.
[[nodiscard]] std::vector<std::string> usual_spellings(std::string_view server);

// Whether both name the same registry and path, whatever the scheme: what docker logout means,
// which erases a host with http://, with https:// and without.
[[nodiscard]] bool same_registry(std::string_view a, std::string_view b);

// Whether a store of `server` replaces what is stored as `other`, because the new credential
// answers for that spelling from now on: one without a scheme replaces every scheme, https:// also
// what has none, http:// itself alone. Never another port or path, and not `server` itself.
[[nodiscard]] bool is_replaced_by(std::string_view other, std::string_view server);

// `server` as the names of the images that lie there begin: host[:port][/path], the host in lower
// case, Docker Hub as docker.io. nullopt for what is to be matched exactly or not at all.
[[nodiscard]] std::optional<std::string> image_prefix(std::string_view server);

}  // namespace cred
