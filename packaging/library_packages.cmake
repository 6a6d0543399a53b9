# Run by cpack when the files of the package lie in their folder: the packages of the libraries that
# the program links become Depends; those of the libraries that it loads at run time, and works without,
# Recommends. These are linked by library_reference, which is built for that alone.
# CPACK_DEBIAN_PACKAGE_SHLIBDEPS would see nothing of them.
if(NOT CPACK_GENERATOR STREQUAL "DEB")
  return()
endif()
find_program(DPKG_SHLIBDEPS dpkg-shlibdeps REQUIRED)

# library_packages(OUTPUT FILE…): as in "libc6 (>= 2.36), libglib2.0-0 (>= 2.68)".
function(library_packages OUTPUT)
  set(work "${CPACK_TOPLEVEL_DIRECTORY}/library_packages")
  file(WRITE "${work}/debian/control" "")  # without one dpkg-shlibdeps does nothing
  execute_process(
    COMMAND "${DPKG_SHLIBDEPS}" -O ${ARGN}
    WORKING_DIRECTORY "${work}"
    OUTPUT_VARIABLE found
    COMMAND_ERROR_IS_FATAL ANY)
  if(NOT found MATCHES "^shlibs:Depends=([^\n]+)")
    message(FATAL_ERROR "dpkg-shlibdeps says of ${ARGN}: ${found}")
  endif()
  set(${OUTPUT} "${CMAKE_MATCH_1}" PARENT_SCOPE)
endfunction()

file(GLOB_RECURSE programs "${CPACK_TEMPORARY_DIRECTORY}/*/bin/docker-credential-keyring")
execute_process(
  COMMAND "${CMAKE_COMMAND}" --build "${CPACK_LIBRARY_REFERENCE_BUILD}" --target library_reference
  OUTPUT_QUIET
  COMMAND_ERROR_IS_FATAL ANY)
library_packages(CPACK_DEBIAN_PACKAGE_DEPENDS ${programs})
library_packages(libraries "${CPACK_LIBRARY_REFERENCE}")
string(REGEX REPLACE "libc6 [^,]*, " "" libraries "${libraries}")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "${libraries}, ${CPACK_DEBIAN_PACKAGE_RECOMMENDS}")
