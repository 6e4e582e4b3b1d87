# SOCI with its SQLite and PostgreSQL backends: Debian's package carries no CMake files. Soci::Soci.
find_path(Soci_INCLUDE_DIR soci/soci.h)
find_path(SQLite3_INCLUDE_DIR sqlite3.h)
find_path(PostgreSQL_INCLUDE_DIR libpq-fe.h PATH_SUFFIXES postgresql)
foreach(part core sqlite3 postgresql)
  find_library(Soci_${part}_LIBRARY soci_${part})
endforeach()
find_library(SQLite3_LIBRARY sqlite3)
find_library(PostgreSQL_LIBRARY pq)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Soci REQUIRED_VARS Soci_INCLUDE_DIR Soci_core_LIBRARY Soci_sqlite3_LIBRARY
  Soci_postgresql_LIBRARY SQLite3_INCLUDE_DIR SQLite3_LIBRARY PostgreSQL_INCLUDE_DIR PostgreSQL_LIBRARY)
if(Soci_FOUND AND NOT TARGET Soci::Soci)
  add_library(Soci::Soci INTERFACE IMPORTED)
  target_include_directories(Soci::Soci SYSTEM INTERFACE ${Soci_INCLUDE_DIR} ${SQLite3_INCLUDE_DIR}
    ${PostgreSQL_INCLUDE_DIR})
  target_link_libraries(Soci::Soci INTERFACE ${Soci_core_LIBRARY} ${Soci_sqlite3_LIBRARY} ${Soci_postgresql_LIBRARY}
    ${SQLite3_LIBRARY} ${PostgreSQL_LIBRARY})
endif()
