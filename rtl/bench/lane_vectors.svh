// lane_vectors.svh — of lane_bench: the vectors of a kind, each file in a memory of its own, one vector
// behind the other; and the jobs that they make.
// SPDX-License-Identifier: Apache-2.0

  // Words of a vector in index.hex; word 0 is its tcId.
  localparam int TABLE_LOG = 1, TABLE = 2, ROWS = 3, FIRST_STATE = 4, CHUNK = 5, VALUES = 6, STREAMS = 7,
                 SYMBOLS = 8, OFFSETS = 9, STEPS = 10, INDEX_WORDS = 12;

  logic [NAME_BITS-1:0] names [0:VECTORS-1];
  logic [31:0] index       [0:VECTORS*INDEX_WORDS-1];
  logic [31:0] table_words [0:ALL_TABLE_WORDS-1];
  logic [31:0] row_words   [0:VECTORS*256-1];
  logic [31:0] directory   [0:ALL_STREAMS*3-1];
  logic [31:0] statuses    [0:ALL_STREAMS-1];
  logic [31:0] symbols     [0:ALL_SYMBOL_WORDS-1];
  logic [31:0] offsets     [0:ALL_OFFSET_WORDS-1];
  logic [31:0] values      [0:ALL_VALUES-1];
  logic [87:0] steps       [0:ALL_STEPS-1];
  logic [STALL_CLOCKS-1:0] stalls [0:VECTORS*STALL_PATTERNS*STALL_PORTS-1];

  int table_at [0:VECTORS-1], value_at [0:VECTORS-1];  // where those of a vector begin
  int vector_of [0:ALL_STREAMS-1];                     // of all vectors' streams
  int stream_of [0:ALL_STREAMS-1];
  int symbol_at [0:ALL_STREAMS-1], offset_at [0:ALL_STREAMS-1], step_at [0:ALL_STREAMS-1];
  // Jobs: a vector's streams, so many as the unit has. The first of them, of all vectors' streams.
  int jobs = 0, job_vector [0:ALL_STREAMS-1], job_first [0:ALL_STREAMS-1];

  string folder, only, file;
  int    pattern, most;
  bit    shows_steps;

  function int field(input int v, input int which);
    field = int'(index[v*INDEX_WORDS+which]);
  endfunction
  function int table_log(input int v);
    table_log = field(v, TABLE_LOG);
  endfunction
  function int n_values(input int s);
    n_values = int'(directory[s*3]);
  endfunction
  function int n_symbols(input int s);
    n_symbols = int'(directory[s*3+1]);
  endfunction
  function int n_offsets(input int s);
    n_offsets = int'(directory[s*3+2]);
  endfunction
  function int n_steps(input int s);
    n_steps = (n_values(s) + V - 1) / V;
  endfunction

  function bit chosen(input int v);
    chosen = (only.len() == 0 || only == $sformatf("%0s", names[v])) && field(v, VALUES) <= most;
  endfunction

  task read_vectors;
    int stream, table_word, symbol, offset, value, step, n;
    stream = 0; table_word = 0; symbol = 0; offset = 0; value = 0; step = 0;
    $readmemh($sformatf("%0s/lanes/%0s/index.hex", folder, kind_name()), index);
    $readmemh($sformatf("%0s/lanes/%0s/names.hex", folder, kind_name()), names);
    for (int v = 0; v < VECTORS; v++) begin
      file = $sformatf("%0s/%0s", folder, names[v]);
      n = field(v, STREAMS);
      $readmemh({file, "/streams.hex"}, directory, stream * 3, (stream + n) * 3 - 1);
      $readmemh({file, "/status.hex"}, statuses, stream, stream + n - 1);
      $readmemh({file, "/table.hex"}, table_words, table_word, table_word + field(v, TABLE) - 1);
      $readmemh({file, "/rows.hex"}, row_words, v * 256, v * 256 + 255);
      $readmemh({file, "/stalls.hex"}, stalls, v * STALL_PATTERNS * STALL_PORTS,
                (v + 1) * STALL_PATTERNS * STALL_PORTS - 1);
      if (field(v, SYMBOLS) != 0) $readmemh({file, "/symbols.hex"}, symbols, symbol, symbol + field(v, SYMBOLS) - 1);
      if (field(v, OFFSETS) != 0) $readmemh({file, "/offsets.hex"}, offsets, offset, offset + field(v, OFFSETS) - 1);
      if (field(v, VALUES) != 0) $readmemh({file, "/values.hex"}, values, value, value + field(v, VALUES) - 1);
      if (field(v, STEPS) != 0) $readmemh({file, "/steps.hex"}, steps, step, step + field(v, STEPS) - 1);
      table_at[v] = table_word;
      value_at[v] = value;
      table_word += field(v, TABLE);
      value += field(v, VALUES);
      for (int i = 0; i < n; i++) begin
        vector_of[stream] = v;
        stream_of[stream] = i;
        symbol_at[stream] = symbol;
        offset_at[stream] = offset;
        step_at[stream]   = step;
        symbol += n_symbols(stream);
        offset += n_offsets(stream);
        step   += n_steps(stream);
        if (i % S == 0 && chosen(v)) begin
          job_vector[jobs] = v;
          job_first[jobs]  = stream;
          jobs++;
        end
        stream++;
      end
    end
    if (jobs == 0) $fatal(1, "lane_bench: +only=%0s, +most=%0d: there is no such vector", only, most);
  endtask

  function string kind_name();
    case (KIND)
      0: kind_name = "tans";
      1: kind_name = "rans";
      2: kind_name = "arith";
      3: kind_name = "tans_pair";
      default: kind_name = "nrans";
    endcase
  endfunction

  // Of all vectors' streams, the one that stream s of the unit has in a job; or -1.
  function int stream_in(input int job, input int s);
    stream_in = job_first[job] + s;
    if (stream_of[job_first[job]] + s >= field(job_vector[job], STREAMS)) stream_in = -1;
  endfunction

  // Whether a port is open in this clock: 0 words of symbols, 1 words of offsets, 2 values,
  // 3 writes of a load.
  int clock = 0;
  function bit open(input int job, input int s, input int port);
    open = stalls[(job_vector[job] * STALL_PATTERNS + pattern) * STALL_PORTS + port]
                 [(clock + 13 * s) % STALL_CLOCKS];
  endfunction
