// transom_uvm.sv — the comparator as a UVM component: a monitor of the decoder's retire port writes to
// it what each stream does, and it is UVM that reports.
//
//   scoreboard.push("digits.tsm", "conv1");          // the decoder's jobs, in their order
//   monitor.port.connect(scoreboard.analysis_export);
// SPDX-License-Identifier: Apache-2.0
package transom_uvm_pkg;
  import uvm_pkg::*;
  `include "uvm_macros.svh"

  // What a stream did in a clock, in the terms of transom_pkg.
  typedef enum {TransomStep, TransomValue, TransomEnd} transom_what_e;
  class transom_retired extends uvm_sequence_item;
    `uvm_object_utils(transom_retired)
    transom_what_e   what;
    int              stream;
    int unsigned     symbol;  // of a step, as are state and bits
    longint unsigned state;
    int unsigned     bits;
    int unsigned     value;   // of a value
    int              status;  // of an end
    longint unsigned cycle;

    function new(string name = "transom_retired");
      super.new(name);
    endfunction
  endclass

  class transom_uvm_scoreboard extends uvm_subscriber #(transom_retired);
    `uvm_component_utils(transom_uvm_scoreboard)
    transom_pkg::transom_jobs jobs;
    int shown = 2;  // of a step: 0 symbol, 1 state too, 2 bits too

    function new(string name, uvm_component parent);
      super.new(name, parent);
      jobs = new();
    endfunction

    function void push(string path, string tensor);
      int handle = transom_pkg::transom_open(path, tensor);
      if (handle == 0) `uvm_fatal("TRANSOM", transom_pkg::transom_error())
      jobs.push(handle);
    endfunction

    virtual function void write(transom_retired t);
      case (t.what)
        TransomStep:  jobs.step(t.stream, shown, t.symbol, t.state, t.bits, t.cycle);
        TransomValue: jobs.value(t.stream, t.value, t.cycle);
        default:      jobs.ended(t.stream, t.status, t.cycle);
      endcase
    endfunction

    virtual function void check_phase(uvm_phase phase);
      super.check_phase(phase);
      if (!jobs.finish()) `uvm_error("TRANSOM", jobs.text())
    endfunction

    virtual function void report_phase(uvm_phase phase);
      super.report_phase(phase);
      `uvm_info("TRANSOM", $sformatf("%0d steps and values compared", jobs.n_compared), UVM_LOW)
    endfunction
  endclass
endpackage
