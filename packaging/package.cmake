# What is installed beside the program, and the Debian package: cpack -G DEB in a build folder.
# Included by the root once every target is there.
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
foreach(command add completion doctor export kubelet ls migrate remove restore run vault)
  list(APPEND pages docker-credential-keyring-${command}.1)
endforeach()
gzip_page("${CMAKE_CURRENT_LIST_DIR}/debian/changelog" changelog.gz)
set(zipped "${CMAKE_CURRENT_BINARY_DIR}/changelog.gz")
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
  "${CMAKE_CURRENT_LIST_DIR}/debian/copyright"
  "${CMAKE_CURRENT_BINARY_DIR}/changelog.gz"
  DESTINATION "${CMAKE_INSTALL_DATAROOTDIR}/doc/docker-credential-keyring")

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME docker-credential-keyring)
set(CPACK_PACKAGE_CONTACT
  "The docker-credential-keyring authors <maintainers@docker-credential-keyring.invalid>")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
# The folders of a package are everybody's to read, whatever the builder's umask.
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
  OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA "${CMAKE_CURRENT_LIST_DIR}/debian/prerm")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_SECTION utils)
# Sets Depends and Recommends by what the program links and what it loads.
add_library(library_reference MODULE EXCLUDE_FROM_ALL "${CMAKE_CURRENT_LIST_DIR}/library_reference.cpp")
target_link_libraries(library_reference PRIVATE
  house_rules PkgConfig::libsecret PkgConfig::systemd PkgConfig::gcrypt)
set_target_properties(library_reference PROPERTIES
  PREFIX ""
  LIBRARY_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}")
set(CPACK_LIBRARY_REFERENCE_BUILD "${PROJECT_BINARY_DIR}")
set(CPACK_LIBRARY_REFERENCE "${PROJECT_BINARY_DIR}/library_reference.so")
set(CPACK_PRE_BUILD_SCRIPTS "${CMAKE_CURRENT_LIST_DIR}/library_packages.cmake")
# Without a keyring there is only the vault; which keyring is the desktop's business.
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "gnome-keyring | keepassxc | libkf5wallet-bin")
set(CPACK_DEBIAN_PACKAGE_ENHANCES "docker.io, docker-ce-cli")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "Docker credential helper for the keyring, or a vault of its own")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
  "Keeps the logins of docker in GNOME Keyring, KWallet, KeePassXC or whatever
else offers the Secret Service, instead of in plain text in config.json.
On machines without a keyring, such as servers, CI machines and cluster nodes,
they lie in an encrypted vault, which a passphrase, a key file or clevis
unlocks.
Its command migrate moves the logins that are already there.")
include(CPack)
