# decoder_axi as C++: a variant for each kind of lane, each bus width among them, and one with a
# seeded fault. rtl_axi.cpp knows the same shapes. Wants what CMakeLists.txt has set up.
block()
  read_rtl(AXI_SOURCES decoder_axi.f)
  set(RTL_SOURCES ${CMAKE_CURRENT_LIST_DIR}/axi_probe.vlt ${RTL_SOURCES} ${AXI_SOURCES})
  add_rtl(Vaxi_tans4 decoder_axi ${PARAMETERS_tans} Lanes=4)
  add_rtl(Vaxi_tans16 decoder_axi ${PARAMETERS_tans} Lanes=16)
  add_rtl(Vaxi_rans4 decoder_axi ${PARAMETERS_rans} Lanes=4 DataBits=64)
  add_rtl(Vaxi_arith4 decoder_axi ${PARAMETERS_arith} Lanes=4 DataBits=512)
  add_rtl(Vaxi_tans_pair4 decoder_axi ${PARAMETERS_tans_pair} Lanes=4 DataBits=256)
  # The fault: the first beat of a burst is not trimmed to the words that its channel asked for.
  spoil(fetch axi_fetch "beat_begin_q ? queue_first : '0" "beat_begin_q ? queue_first & '0 : '0")
  add_rtl(Vaxi_fault decoder_axi ${PARAMETERS_tans} Lanes=4)
endblock()
