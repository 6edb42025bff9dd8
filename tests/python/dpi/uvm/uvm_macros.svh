// uvm_macros.svh — see uvm_pkg.sv.
// SPDX-License-Identifier: Apache-2.0
`define uvm_object_utils(T)
`define uvm_component_utils(T)
`define uvm_info(ID, MESSAGE, VERBOSITY) $display("UVM_INFO [%s] %s", ID, MESSAGE);
`define uvm_error(ID, MESSAGE) $display("UVM_ERROR [%s] %s", ID, MESSAGE);
`define uvm_fatal(ID, MESSAGE) begin $display("UVM_FATAL [%s] %s", ID, MESSAGE); $finish; end
