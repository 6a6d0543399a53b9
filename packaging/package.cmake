# What is installed beside the program. Included by the root once every target is there.
include(GNUInstallDirs)

# gzip_page(INPUT OUTPUT): as Debian wants it, without a time stamp, so that two builds are equal.
find_program(GZIP gzip REQUIRED)
function(gzip_page INPUT OUTPUT)
  add_custom_command(
    OUTPUT "${CMAKE_CURRENT_BINARY_DIR}/${OUTPUT}"
    COMMAND "${GZIP}" -9nc "${INPUT}" > "${CMAKE_CURRENT_BINARY_DIR}/${OUTPUT}"
    DEPENDS "${INPUT}"
    VERBATIM)
endfunction()

# The manual: a page for each command, and what concerns several.
set(pages docker-credential-keyring.1 docker-credential-keyring-json.7 docker-credential-keyring-stores.7)
foreach(command add completion doctor export forward kubelet ls migrate remove restore run vault)
  list(APPEND pages docker-credential-keyring-${command}.1)
endforeach()
set(zipped)
foreach(page IN LISTS pages)
  gzip_page("${CMAKE_CURRENT_LIST_DIR}/man/${page}" ${page}.gz)
  list(APPEND zipped "${CMAKE_CURRENT_BINARY_DIR}/${page}.gz")
  string(REGEX REPLACE ".*\\." "" section ${page})
  install(FILES "${CMAKE_CURRENT_BINARY_DIR}/${page}.gz"
    DESTINATION "${CMAKE_INSTALL_MANDIR}/man${section}")
endforeach()
add_custom_target(pages ALL DEPENDS ${zipped})

install(FILES "${CMAKE_CURRENT_LIST_DIR}/completion/docker-credential-keyring.bash"
  DESTINATION "${CMAKE_INSTALL_DATAROOTDIR}/bash-completion/completions"
  RENAME docker-credential-keyring)
install(FILES "${CMAKE_CURRENT_LIST_DIR}/completion/_docker-credential-keyring"
  DESTINATION "${CMAKE_INSTALL_DATAROOTDIR}/zsh/vendor-completions")
install(FILES "${CMAKE_CURRENT_LIST_DIR}/completion/docker-credential-keyring.fish"
  DESTINATION "${CMAKE_INSTALL_DATAROOTDIR}/fish/vendor_completions.d")
install(FILES
  "${PROJECT_SOURCE_DIR}/debian/copyright"
  "${PROJECT_SOURCE_DIR}/NOTICES"
  DESTINATION "${CMAKE_INSTALL_DATAROOTDIR}/doc/docker-credential-keyring")

install(FILES
  "${CMAKE_CURRENT_LIST_DIR}/systemd/user/docker-credential-keyring-forward@.service"
  DESTINATION lib/systemd/user)
# Neither is enabled by installing it: `vault join` says how.
if(WITH_FLEET)
  install(FILES
    "${CMAKE_CURRENT_LIST_DIR}/systemd/docker-credential-keyring-sync.service"
    "${CMAKE_CURRENT_LIST_DIR}/systemd/docker-credential-keyring-sync.timer"
    DESTINATION lib/systemd/system)
  install(FILES
    "${CMAKE_CURRENT_LIST_DIR}/systemd/user/docker-credential-keyring-sync.service"
    "${CMAKE_CURRENT_LIST_DIR}/systemd/user/docker-credential-keyring-sync.timer"
    DESTINATION lib/systemd/user)
endif()

install(PROGRAMS "${CMAKE_CURRENT_LIST_DIR}/before-removal"
  DESTINATION "${CMAKE_INSTALL_DATAROOTDIR}/docker-credential-keyring")

# What debian/rules takes its Recommends from: what the program loads.
if(WITH_KEYRING AND WITH_LIBSECRET AND WITH_FLEET)
  add_library(library_reference MODULE EXCLUDE_FROM_ALL "${CMAKE_CURRENT_LIST_DIR}/library_reference.cpp")
  target_link_libraries(library_reference PRIVATE
    house_rules PkgConfig::libsecret PkgConfig::systemd PkgConfig::gcrypt
    PkgConfig::curl PkgConfig::crypto)
  set_target_properties(library_reference PROPERTIES
    PREFIX ""
    LIBRARY_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}")
endif()
