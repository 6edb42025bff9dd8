// uvm_pkg.sv — a stand-in for what dpi/transom_uvm.sv uses of UVM, which Verilator 5.006 cannot compile: names and
// arguments are UVM 1.2's, the rest is nothing.
// SPDX-License-Identifier: Apache-2.0
package uvm_pkg;
  typedef enum {UVM_LOW} uvm_verbosity;
  class uvm_phase;
  endclass
  class uvm_sequence_item;
    function new(string name = "");
    endfunction
  endclass
  class uvm_component;
    function new(string name, uvm_component parent);
    endfunction
    virtual function void check_phase(uvm_phase phase);
    endfunction
    virtual function void report_phase(uvm_phase phase);
    endfunction
  endclass
  class uvm_subscriber #(type T = int) extends uvm_component;
    function new(string name, uvm_component parent);
      super.new(name, parent);
    endfunction
    virtual function void write(T t);
    endfunction
  endclass
endpackage
