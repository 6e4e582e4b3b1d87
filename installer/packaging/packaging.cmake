# cmake --install, and a Debian package by CPack: the program, its data, and LibTorch's CPU libraries beside it in
# lib/signet, since no distribution packages this version. dataFolder() finds share/signet from bin/.
include(GNUInstallDirs)
set(private_libraries ${CMAKE_INSTALL_LIBDIR}/signet)
file(RELATIVE_PATH from_bin /${CMAKE_INSTALL_BINDIR} /${private_libraries})
set_target_properties(signet PROPERTIES INSTALL_RPATH "$ORIGIN/${from_bin}")

install(TARGETS signet RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(TARGETS signet_opencv_codec LIBRARY DESTINATION ${private_libraries})
if(TARGET signet_nccl)
  install(TARGETS signet_nccl LIBRARY DESTINATION ${private_libraries})
endif()
install(DIRECTORY ${CMAKE_SOURCE_DIR}/models DESTINATION ${CMAKE_INSTALL_DATADIR}/signet)
install(DIRECTORY ${CMAKE_SOURCE_DIR}/resources/presets ${CMAKE_SOURCE_DIR}/resources/experiments ${CMAKE_SOURCE_DIR}/resources/samples
  DESTINATION ${CMAKE_INSTALL_DATADIR}/signet/resources PATTERN "*.sh" EXCLUDE)
install(FILES ${CMAKE_SOURCE_DIR}/resources/icons/signet.svg
  DESTINATION ${CMAKE_INSTALL_DATADIR}/icons/hicolor/scalable/apps)
install(FILES ${CMAKE_CURRENT_LIST_DIR}/org.signet.Signet.desktop DESTINATION ${CMAKE_INSTALL_DATADIR}/applications)
install(FILES ${CMAKE_CURRENT_LIST_DIR}/org.signet.Signet.metainfo.xml DESTINATION ${CMAKE_INSTALL_DATADIR}/metainfo)
install(FILES ${CMAKE_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} RENAME copyright)

get_filename_component(torch_prefix ${LibTorch_ROOT} DIRECTORY)
file(GLOB torch_libraries ${LibTorch_ROOT}/lib/libtorch_cpu.so ${LibTorch_ROOT}/lib/libc10.so ${LibTorch_ROOT}/lib/libgomp*
  ${torch_prefix}/nvidia/cu13/lib/libcudart.so.* ${torch_prefix}/nvidia/cu13/lib/libcupti.so.*)
install(FILES ${torch_libraries} DESTINATION ${private_libraries})

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME signet)
set(CPACK_PACKAGE_VENDOR Signet)
set(CPACK_PACKAGE_CONTACT "Signet developers <signet@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "Sign photographs invisibly and find the signature again")
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION graphics)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS ${LibTorch_ROOT}/lib ${torch_prefix}/nvidia/cu13/lib)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "qt6-qpa-plugins, fonts-dejavu-core")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "outguess, steghide")  # baselines, run as programs where they are installed
include(CPack)
