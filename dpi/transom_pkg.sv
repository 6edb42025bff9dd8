// transom_pkg.sv — Transom's golden decoder and comparator for SystemVerilog, through DPI-C.
//
// A handle is a tensor of a container (.tsm): a table, rows, and one or more streams. Whatever is
// asked, nothing crashes: a function that cannot do it returns -1, and transom_error() says why.
// libtransom_dpi.so has the functions; docs/dpi.md shows their use.
//   stream   0..transom_streams()-1
//   port     0 the words of symbols, 1 those of offsets
//   symbol   0..255; of a table of pairs the first in bits 3..0, the second in 7..4
//   state    after the step: of tANS x - 2^R; of rANS x, 32 bits; of narrow rANS x - 2^(R+2); of
//            the arithmetic coder CODE, LO and HI in bits 15..0, 31..16 and 47..32
//   bits     of the symbol stream that this step took
//   value    a W-bit pattern, W = 1..16, as the unit puts it out
//   status   0 ok, 1 truncated, 2 bad_state, 3 trailing, 5 bad_table: codec_pkg::status_e
// SPDX-License-Identifier: Apache-2.0
package transom_pkg;

  // The tensor of that name of a container, or, with "", its first; or that of a golden vector's
  // folder. A handle from 1, 0 for an error. It costs memory until it is closed.
  import "DPI-C" function int transom_open(input string path, input string tensor);
  // The same by its number in the container, from 0.
  import "DPI-C" function int transom_open_number(input string path, input int number);
  import "DPI-C" function int transom_close(input int handle);
  // Why the last call that failed did, in one line.
  import "DPI-C" function string transom_error();

  // What the decoder is given, in the form of the unit's load port (rtl/decoder.sv).
  import "DPI-C" function int transom_kind(input int handle);  // codec_pkg: TansLane = 0, ...
  import "DPI-C" function int transom_table_log(input int handle);  // R, 0..14
  import "DPI-C" function int transom_table_words(input int handle);
  import "DPI-C" function longint transom_table_word(input int handle, input int index);
  import "DPI-C" function int transom_rows(input int handle);  // 1..256
  import "DPI-C" function longint transom_row_word(input int handle, input int index);
  import "DPI-C" function int transom_streams(input int handle);
  import "DPI-C" function longint transom_stream_values(input int handle, input int stream);
  import "DPI-C" function longint transom_stream_steps(input int handle, input int stream);
  // Words of 32 bits, bit 0 first: how many a port gets, and each of them.
  import "DPI-C" function longint transom_stream_words(input int handle, input int stream,
                                                       input int port);
  import "DPI-C" function longint transom_stream_word(input int handle, input int stream,
                                                      input int port, input longint index);

  // The golden decoder: the next step of a stream. 1, or 0 after the last. A pair's second value is
  // in bits 31..16.
  import "DPI-C" function int transom_step(
    input int handle, input int stream, output int unsigned symbol, output int unsigned value,
    output longint unsigned state, output int unsigned bits);
  // The status that a stream ends with.
  import "DPI-C" function int transom_end(input int handle, input int stream);

  // The comparator: what the decoder under test did. 1; 0 from the stream's first difference on.
  // Go on telling: what comes after a difference tells its class.
  // shown: 0 the symbol alone, 1 the state too, 2 the bits too.
  import "DPI-C" function int transom_check_step(
    input int handle, input int stream, input int shown, input int unsigned symbol,
    input longint unsigned state, input int unsigned bits);
  import "DPI-C" function int transom_check_value(input int handle, input int stream,
                                                  input int unsigned value);
  import "DPI-C" function int transom_check_end(input int handle, input int stream,
                                                input int status);
  // Nothing more comes: what is missing is a difference.
  import "DPI-C" function int transom_finish(input int handle);
  // The cycle of what is told from now on, for the text.
  import "DPI-C" function int transom_at(input int handle, input longint unsigned cycle);

  // The first difference: 1, or 0 if there is none. index: of the step or value in its stream; bit:
  // of the symbol stream, before the step.
  import "DPI-C" function int transom_difference(
    input int handle, output int stream, output longint unsigned index,
    output longint unsigned bit_index, output longint unsigned want,
    output longint unsigned got);
  // In a paragraph; what differs ("symbol", "state", "position", "value", "status", "count"); the
  // probable class of the fault ("refill", "shift", "table", "offset", "end", "order", "unknown").
  import "DPI-C" function string transom_difference_text(input int handle);
  import "DPI-C" function string transom_difference_what(input int handle);
  import "DPI-C" function string transom_difference_class(input int handle);
  // Golden decoder and comparator from the start again; a difference stays.
  import "DPI-C" function int transom_restart(input int handle);

  // Jobs of a decoder, one after the other, each a handle. A stream may step in a job while values
  // of the one before are on their way: steps, values and ends each keep their place. What a user
  // of it (transom_scoreboard, a UVM component) adds is where the calls come from.
  class transom_jobs;
    localparam int Steps = 0, Values = 1, Ends = 2;
    int     handles[$];
    int     job_of[int];     // by 3 * stream + Steps, Values or Ends: the job that these come of
    longint count_of[int];   // and how many of it have come
    longint n_compared = 0;  // steps and values
    int     n_ended = 0;     // streams, over all jobs
    int     first = 0;       // the handle that differed first, or 0
    string  fault = "";      // what is no job's: a handle that is none, a step too many

    function void push(int handle);
      if (transom_streams(handle) < 0) fail(0, transom_error());
      handles.push_back(handle);
    endfunction

    // Ends that the jobs have, over all streams.
    function int n_ends();
      n_ends = 0;
      foreach (handles[j]) n_ends += transom_streams(handles[j]);
    endfunction

    function void fail(int stream, string why);
      if (fault == "") fault = $sformatf("stream %0d: %s", stream, why);
    endfunction

    // What became of a call for job j.
    function void judge(int j, int stream, int result);
      if (result < 0) fail(stream, transom_error());
      if (result == 0 && first == 0) first = handles[j];
    endfunction

    // How many steps, values or ends of a stream job j has.
    function longint n_of(int what, int stream, int j);
      if (stream >= transom_streams(handles[j])) return 0;
      case (what)
        Steps:   return transom_stream_steps(handles[j], stream);
        Values:  return transom_stream_values(handles[j], stream);
        default: return 1;
      endcase
    endfunction

    // The job that the next one belongs to, at its cycle; -1 if there is none. It is counted.
    function int next(int what, int stream, longint unsigned cycle);
      int key = 3 * stream + what;
      int j;
      if (!job_of.exists(key)) begin
        job_of[key]   = 0;
        count_of[key] = 0;
      end
      while (job_of[key] < handles.size()
             && count_of[key] == n_of(what, stream, job_of[key])) begin
        job_of[key]++;
        count_of[key] = 0;
      end
      j = job_of[key];
      if (j == handles.size()) begin
        fail(stream, "a step, a value or an end more than the jobs have");
        return -1;
      end
      count_of[key]++;
      void'(transom_at(handles[j], cycle));
      return j;
    endfunction

    function void step(int stream, int shown, int unsigned symbol, longint unsigned state,
                       int unsigned bits, longint unsigned cycle);
      int j = next(Steps, stream, cycle);
      if (j < 0) return;
      n_compared++;
      judge(j, stream, transom_check_step(handles[j], stream, shown, symbol, state, bits));
    endfunction

    function void value(int stream, int unsigned pattern, longint unsigned cycle);
      int j = next(Values, stream, cycle);
      if (j < 0) return;
      n_compared++;
      judge(j, stream, transom_check_value(handles[j], stream, pattern));
    endfunction

    function void ended(int stream, int status, longint unsigned cycle);
      int j = next(Ends, stream, cycle);
      if (j < 0) return;
      n_ended++;
      judge(j, stream, transom_check_end(handles[j], stream, status));
    endfunction

    // Nothing more comes. 1 if nothing differed.
    function bit finish();
      foreach (handles[j]) judge(j, 0, transom_finish(handles[j]));
      return ok();
    endfunction

    function bit ok();
      return first == 0 && fault == "";
    endfunction

    // Which job, and the comparator's paragraph.
    function string text();
      int job = 0;
      if (first == 0) return fault;
      foreach (handles[j]) if (handles[j] == first) job = j;
      return $sformatf("job %0d: %s", job, transom_difference_text(first));
    endfunction
  endclass
endpackage
