// lane_bench.sv — all golden vectors for a kind of lane, one behind the other, on a unit of lanes.
// Plain SystemVerilog: Verilator, Icarus. lane_dut.sv has the decoder; another one goes there.
// Compile with -I VECTORS/lanes/KIND, whose params.svh has all lengths. A vector of more streams
// than the unit has is several jobs.
//   +vectors=FOLDER   of `transom vectors`
//   +stalls=0..3      which pattern of stalls.hex; 0: none
//   +only=NAME        one vector
//   +most=N           such of at most N values
//   +go_on=N          clocks behind the first difference, for what else watches the decoder
//   +values           values and statuses alone: the decoder shows no steps
// Ends with "lane_bench: N jobs, M steps, K values: all as wanted", or tells the first difference
// and ends by $fatal.
// SPDX-License-Identifier: Apache-2.0
module lane_bench;
  `include "params.svh"
  parameter int Lanes    = 2;
  localparam int S       = Lanes * (KIND == 1 || KIND == 2 ? 2 : 1);  // streams
  localparam int V       = KIND == 3 ? 2 : 1;                         // values of a beat
  localparam int Patience = 5000;  // clocks in which nothing happens that mean a hang
  localparam int Loads   = 4;      // words of a table that are loaded at once

  logic clk_i = 1'b0, rst_ni = 1'b0;
  always #5 clk_i = ~clk_i;

  logic              load_bank_i = 1'b0, load_valid_i = 1'b0, load_row_valid_i = 1'b0;
  logic [3:0]        load_table_log_i = '0;
  logic [7:0]        load_last_row_i = '0, load_row_addr_i = '0;
  logic [11:0]       load_addr_i = '0;
  logic [Loads*32-1:0] load_data_i = '0;
  logic [31:0]       load_row_i = '0;
  logic [1:0]        bank_busy_o;
  logic [S-1:0]      job_valid_i = '0, job_ready_o, job_symbol_empty_i = '0, job_offset_empty_i = '0;
  logic [S*32-1:0]   job_n_values_i = '0;
  logic [3:0]        job_table_log_i = '0;
  logic              job_bank_i = 1'b0;
  logic [S-1:0]      symbol_valid_i = '0, symbol_last_i = '0, symbol_ready_o;
  logic [S*32-1:0]   symbol_word_i = '0, offset_word_i = '0;
  logic [S-1:0]      offset_valid_i = '0, offset_last_i = '0, offset_ready_o;
  logic [S-1:0]      value_valid_o, value_two_o, value_last_o, value_ready_i = '0;
  logic [S*V*16-1:0] value_o;
  logic [S-1:0]      done_o, step_valid_o;
  logic [S*3-1:0]    status_o;
  logic [S*8-1:0]    step_symbol_o;
  logic [S*5-1:0]    step_take_o;
  logic [S*48-1:0]   step_state_o;

  lane_dut #(
    .Kind(KIND), .Lanes(Lanes), .TableLog(MOST_TABLE_LOG), .MaxRows(MOST_ROWS > 16 ? 256 : 16)
  ) u_dut (.*);

  `include "lane_vectors.svh"

  ///////////////////////////////////////////////////////////////////////////////////////////////
  // Loads and jobs, in the two banks in turn.
  int job = 0, write = 0;

  task host;
    int v, n;
    load_valid_i     <= 1'b0;
    load_row_valid_i <= 1'b0;
    job_valid_i      <= job_valid_i & ~job_ready_o;
    if (job < jobs) begin
      v = job_vector[job];
      n = field(v, TABLE);
      if (write * Loads < n || write < field(v, ROWS)) begin
        if ((write != 0 || !bank_busy_o[job%2]) && open(job, 0, 3)) begin
          load_bank_i      <= job % 2 != 0;
          load_table_log_i <= 4'(table_log(v));
          load_last_row_i  <= 8'(field(v, ROWS) - 1);
          load_valid_i     <= write * Loads < n;
          load_addr_i      <= 12'(write);
          for (int e = 0; e < Loads; e++) begin  // a table of less than four words is repeated
            load_data_i[e*32 +: 32] <= table_words[table_at[v] + (write * Loads + e) % n];
          end
          load_row_valid_i <= write < field(v, ROWS);
          load_row_addr_i  <= 8'(write);
          load_row_i       <= row_words[v*256+write%256];
          write = write + 1;
          idle  = 0;
        end
      end else if ((job_valid_i & ~job_ready_o) == '0) begin
        job_bank_i      <= job % 2 != 0;
        job_table_log_i <= 4'(table_log(v));
        for (int s = 0; s < S; s++) begin
          n = stream_in(job, s);
          if (n >= 0) begin
            job_valid_i[s]             <= 1'b1;
            job_n_values_i[s*32 +: 32] <= 32'(n_values(n));
            job_symbol_empty_i[s]      <= n_symbols(n) == 0;
            job_offset_empty_i[s]      <= n_offsets(n) == 0;
          end
        end
        job   = job + 1;
        write = 0;
      end
    end
  endtask

  // Words. Places 2 s and 2 s + 1 are the ports of stream s; words of the next job are offered right
  // behind the last ones, if the job was.
  int word_job [0:2*S-1], word_at [0:2*S-1];

  task feed(input int s, input int port, input bit valid, input bit ready);
    int  at, stream, n;
    bit  offer;
    logic [31:0] word;
    if (!valid || ready) begin
      at = 2 * s + port;
      offer = 1'b0;
      n = 0;
      word = '0;
      while (!offer && word_job[at] < job) begin
        stream = stream_in(word_job[at], s);
        n = stream < 0 ? 0 : port == 0 ? n_symbols(stream) : n_offsets(stream);
        if (word_at[at] < n) begin
          offer = 1'b1;
        end else begin
          word_job[at] = word_job[at] + 1;
          word_at[at]  = 0;
        end
      end
      if (offer) offer = open(word_job[at], s, port);
      if (offer) begin
        word = port == 0 ? symbols[symbol_at[stream]+word_at[at]] : offsets[offset_at[stream]+word_at[at]];
        word_at[at] = word_at[at] + 1;
        idle = 0;
      end
      if (port == 0) begin
        symbol_valid_i[s]         <= offer;
        symbol_word_i[s*32 +: 32] <= word;
        symbol_last_i[s]          <= word_at[at] == n;
      end else begin
        offset_valid_i[s]         <= offer;
        offset_word_i[s*32 +: 32] <= word;
        offset_last_i[s]          <= word_at[at] == n;
      end
    end
  endtask

  ///////////////////////////////////////////////////////////////////////////////////////////////
  // What must come: each stream's next step, value and end.
  int step_job [0:S-1], step_next [0:S-1], value_job [0:S-1], value_next [0:S-1], end_job [0:S-1];
  int position [0:S-1];
  int seen_steps = 0, seen_values = 0, idle = 0;

  int wrong = 0, go_on;  // clocks since the first difference, and when the simulation ends
  task give_up;
    if (wrong >= go_on) $fatal(1, "lane_bench: the decoder differs");
    wrong = wrong + 1;
  endtask
  task differs(input int stream, input string what, input longint index_in, input longint bit_in,
               input longint want, input longint got);
    if (wrong == 0) $display("lane_bench: %0s: stream %0d, index %0d, bit %0d: %0s: want %0h, got %0h",
             names[vector_of[stream]], stream_of[stream], index_in, bit_in, what, want, got);
    if (wrong == 0) give_up;
  endtask
  task unwanted(input int s, input string what);
    if (wrong == 0) $display("lane_bench: stream %0d of the unit: %0s that no job has", s, what);
    if (wrong == 0) give_up;
  endtask

  task check_step(input int s);
    int  stream;
    bit  found;
    logic [87:0] want;
    found = 1'b0;
    stream = 0;
    while (!found && step_job[s] < job) begin
      stream = stream_in(step_job[s], s);
      if (stream >= 0 && step_next[s] < n_steps(stream)) begin
        found = 1'b1;
      end else begin
        step_job[s]  = step_job[s] + 1;
        step_next[s] = 0;
      end
    end
    if (!found) begin
      unwanted(s, "a step");
    end else begin
      want = steps[step_at[stream]+step_next[s]];
      if (step_next[s] == 0) position[s] = field(vector_of[stream], FIRST_STATE);
      if (step_symbol_o[s*8 +: 8] != want[87:80]) begin
        differs(stream, "symbol", step_next[s], position[s], want[87:80], step_symbol_o[s*8 +: 8]);
      end
      if (step_state_o[s*48 +: 48] != want[79:32]) begin
        differs(stream, "state", step_next[s], position[s], want[79:32], step_state_o[s*48 +: 48]);
      end
      if (position[s] + int'(step_take_o[s*5 +: 5]) != int'(want[31:0])) begin
        differs(stream, "position", step_next[s], position[s], want[31:0],
                position[s] + int'(step_take_o[s*5 +: 5]));
      end
      position[s]  = int'(want[31:0]);
      step_next[s] = step_next[s] + 1;
      seen_steps   = seen_steps + 1;
    end
  endtask

  task check_beat(input int s);
    int  stream, v, k, chunk, n;
    bit  found;
    found = 1'b0;
    stream = 0;
    while (!found && value_job[s] < job) begin
      stream = stream_in(value_job[s], s);
      if (stream >= 0 && value_next[s] < n_values(stream)) begin
        found = 1'b1;
      end else begin
        value_job[s]  = value_job[s] + 1;
        value_next[s] = 0;
      end
    end
    if (!found) begin
      unwanted(s, "a value");
    end else begin
      v = vector_of[stream];
      chunk = field(v, CHUNK);
      n = n_values(stream) - value_next[s] < V ? 1 : V;
      if (int'(value_two_o[s]) != n - 1) begin
        differs(stream, "value_two", value_next[s], 0, n - 1, value_two_o[s]);
      end
      for (int i = 0; i < n; i++) begin
        k = value_next[s];  // in the stream; in the tensor:
        k = (k / chunk * field(v, STREAMS) + stream_of[stream]) * chunk + k % chunk;
        if (values[value_at[v]+k] != 32'(value_o[(s*V+i)*16 +: 16])) begin
          differs(stream, "value", value_next[s], 0, values[value_at[v]+k], value_o[(s*V+i)*16 +: 16]);
        end
        value_next[s] = value_next[s] + 1;
        seen_values   = seen_values + 1;
      end
      if (value_last_o[s] != (value_next[s] == n_values(stream))) begin
        differs(stream, "value_last", value_next[s] - 1, 0, value_next[s] == n_values(stream),
                value_last_o[s]);
      end
    end
  endtask

  task check_end(input int s);
    int stream;
    stream = -1;
    while (stream < 0 && end_job[s] < job) begin
      stream = stream_in(end_job[s], s);
      end_job[s] = end_job[s] + 1;
    end
    if (stream < 0) begin
      unwanted(s, "an end");
    end else begin
      if (shows_steps && step_job[s] < end_job[s]
          && (step_job[s] != end_job[s] - 1 || step_next[s] != n_steps(stream))
          && n_steps(stream) != 0) begin
        differs(stream, "steps before the end", step_next[s], position[s], n_steps(stream), step_next[s]);
      end
      if (value_job[s] < end_job[s]
          && (value_job[s] != end_job[s] - 1 || value_next[s] != n_values(stream))
          && n_values(stream) != 0) begin
        differs(stream, "values before the end", value_next[s], 0, n_values(stream), value_next[s]);
      end
      if (32'(status_o[s*3 +: 3]) != statuses[stream]) begin
        differs(stream, "status", n_values(stream), position[s], statuses[stream], status_o[s*3 +: 3]);
      end
    end
  endtask

  // All jobs of a stream have ended.
  function bit ended(input int s);
    ended = job == jobs && job_valid_i == '0;
    for (int j = end_job[s]; j < jobs; j++) begin
      if (stream_in(j, s) >= 0) ended = 1'b0;
    end
  endfunction
  function bit all_ended();
    all_ended = 1'b1;
    for (int s = 0; s < S; s++) all_ended = all_ended & ended(s);
  endfunction

  initial begin
    if (!$value$plusargs("vectors=%s", folder)) $fatal(1, "lane_bench: +vectors=FOLDER is missing");
    if (!$value$plusargs("only=%s", only)) only = "";
    if (!$value$plusargs("most=%d", most)) most = 32'h7fffffff;
    if (!$value$plusargs("go_on=%d", go_on)) go_on = 0;
    if (!$value$plusargs("stalls=%d", pattern)) pattern = 0;
    if (pattern < 0 || pattern >= STALL_PATTERNS) begin
      $fatal(1, "lane_bench: +stalls is 0..%0d", STALL_PATTERNS - 1);
    end
    shows_steps = !$test$plusargs("values");
    read_vectors();
    for (int s = 0; s < S; s++) begin
      step_job[s] = 0; step_next[s] = 0; value_job[s] = 0; value_next[s] = 0; end_job[s] = 0;
      position[s] = 0;
    end
    for (int at = 0; at < 2 * S; at++) begin
      word_job[at] = 0; word_at[at] = 0;
    end
    repeat (4) @(negedge clk_i);
    rst_ni = 1'b1;
  end

  always @(posedge clk_i) begin
    if (rst_ni) begin
      clock = clock + 1;
      idle  = idle + 1;
      for (int s = 0; s < S; s++) begin
        if (step_valid_o[s] && shows_steps) check_step(s);
        if (value_valid_o[s] && value_ready_i[s]) check_beat(s);
        if (done_o[s]) check_end(s);
        if (step_valid_o[s] || value_valid_o[s] && value_ready_i[s] || done_o[s]) idle = 0;
      end
      if (wrong != 0) give_up;
      if (all_ended() && wrong == 0) begin
        $display("lane_bench: %0d jobs, %0d steps, %0d values: all as wanted", jobs, seen_steps, seen_values);
        $finish;
      end
      if (idle == Patience) begin
        for (int s = 0; s < S; s++) begin
          if (!ended(s) && end_job[s] < job) begin
            $display("lane_bench: %0s: stream %0d of the unit waits for ever", names[job_vector[end_job[s]]], s);
          end
        end
        $fatal(1, "lane_bench: nothing happens any more");
      end
      host();
      for (int s = 0; s < S; s++) begin
        feed(s, 0, symbol_valid_i[s], symbol_ready_o[s]);
        feed(s, 1, offset_valid_i[s], offset_ready_o[s]);
        value_ready_i[s] <= open(value_job[s] < jobs ? value_job[s] : jobs - 1, s, 2);
      end
    end
  end
endmodule
