// transom_bench.sv — Transom's decoder (rtl/decoder.sv) in plain SystemVerilog: the library reads the
// containers, the scoreboard compares, and no file is parsed here.
//   +file=A.tsm[,B.tsm...]   jobs, back to back, their tables in the two banks in turn
//   +tensor=NAME             of each container; its first if it is not said
//   +pauses=P                per cent of clocks in which a port of words waits, or the consumer
//   +seed=N                  of the pauses
// Ends with "transom: N jobs, M steps and values, 0 differences", or with $error and $fatal.
// SPDX-License-Identifier: Apache-2.0
module transom_bench #(
  parameter int Kind     = codec_pkg::TansLane,
  parameter int Lanes    = 2,
  parameter int TableLog = Kind == codec_pkg::ArithLane ? codec_pkg::ArithTableLog
                         : Kind == codec_pkg::RansLane || Kind == codec_pkg::NransLane ? 12
                         : codec_pkg::MaxTableLog,
  parameter int Patience = 5000  // clocks without a word, a step or an end that mean a hang
);
  localparam int Streams   = Lanes * codec_pkg::streams_per_lane(Kind);
  localparam int Values    = codec_pkg::values_per_beat(Kind);
  localparam int StateBits = codec_pkg::state_bits(Kind);
  localparam int Loads     = codec_pkg::LoadEntries;
  localparam int Retire    = codec_pkg::RetireBits;
  localparam int Take      = codec_pkg::TakeBits;
  localparam int Symbol    = codec_pkg::SymbolBits;

  logic clk_i = 1'b0, rst_ni = 1'b0;
  always #5 clk_i = ~clk_i;

  logic load_bank_i = 1'b0, load_valid_i = 1'b0, load_row_valid_i = 1'b0, job_bank_i = 1'b0;
  logic [3:0]          load_table_log_i, job_table_log_i;
  logic [Symbol-1:0]   load_last_row_i, load_row_addr_i;
  logic [TableLog-3:0] load_addr_i;
  logic [Loads*32-1:0] load_data_i;
  logic [31:0]         load_row_i;
  logic [1:0]          bank_busy_o;
  logic [Streams-1:0]  job_valid_i = '0, job_ready_o, job_symbol_empty_i, job_offset_empty_i;
  logic [Streams*32-1:0] job_n_values_i, symbol_word_i, offset_word_i;
  logic [Streams-1:0]  symbol_valid_i = '0, symbol_last_i, symbol_ready_o;
  logic [Streams-1:0]  offset_valid_i = '0, offset_last_i, offset_ready_o;
  logic [Streams-1:0]  value_valid_o, value_two_o, value_last_o, value_ready_i = '0, done_o, busy_o;
  logic [Streams-1:0]  retire_valid_o;
  logic [Streams*Values*codec_pkg::ValueBits-1:0] value_o;
  logic [Streams*codec_pkg::StatusBits-1:0]       status_o;
  logic [Streams*Retire-1:0]                      retire_o;
  logic [Streams*StateBits-1:0]                   retire_state_o;
  logic [Streams*codec_pkg::StallBits-1:0]        stall_o;

  decoder #(.Kind(Kind), .Lanes(Lanes), .TableLog(TableLog)) u_decoder (.*);

  // What a step shows, out of codec_pkg::retire_t.
  logic [Streams*Symbol-1:0] retired_symbol;
  logic [Streams*Take-1:0]   retired_take;
  for (genvar s = 0; s < Streams; s++) begin : gen_retired
    assign retired_symbol[s*Symbol +: Symbol] = retire_o[s*Retire +: Symbol];
    assign retired_take[s*Take +: Take]       = retire_o[s*Retire+Symbol +: Take];
  end
  transom_scoreboard #(
    .Streams(Streams), .StateBits(StateBits), .Values(Values)
  ) u_scoreboard (
    .clk_i, .rst_ni, .step_valid_i(retire_valid_o), .symbol_i(retired_symbol),
    .state_i(retire_state_o), .bits_i(retired_take),
    .value_valid_i(value_valid_o & value_ready_i), .two_i(value_two_o), .value_i(value_o),
    .done_i(done_o), .status_i(status_o)
  );

  ///////////////////////////////////////////////////////////////////////////////////////////////
  // Jobs
  int handles[$];
  int pauses = 0, seed = 1, idle = 0;

  function void open_all();
    string files, tensor, file;
    int    handle;
    if (!$value$plusargs("file=%s", files)) $fatal(1, "transom: +file=A.tsm is missing");
    if (!$value$plusargs("tensor=%s", tensor)) tensor = "";
    void'($value$plusargs("pauses=%d", pauses));
    void'($value$plusargs("seed=%d", seed));
    files = {files, ","};
    for (int i = 0; i < files.len(); i++) begin
      if (files[i] != ",") begin
        file = {file, files[i]};
      end else begin
        handle = transom_pkg::transom_open(file, tensor);
        if (handle == 0) $fatal(1, "transom: %s", transom_pkg::transom_error());
        if (transom_pkg::transom_kind(handle) != Kind
                     || transom_pkg::transom_streams(handle) > Streams
                     || transom_pkg::transom_table_log(handle) > TableLog) begin
          $fatal(1, "transom: %s: not for a unit of Kind %0d, %0d streams and R up to %0d", file,
                 Kind, Streams, TableLog);
        end
        handles.push_back(handle);
        u_scoreboard.push(handle);
        file = "";
      end
    end
  endfunction

  int job = 0, write = 0;  // what is loaded, and offered with the last write behind it

  function int n_writes();
    int table_writes = (transom_pkg::transom_table_words(handles[job]) + Loads - 1) / Loads;
    int rows = transom_pkg::transom_rows(handles[job]);
    return table_writes > rows ? table_writes : rows;
  endfunction

  // A write of table and rows; a table of less than a write's words is repeated.
  task load();
    int n = transom_pkg::transom_table_words(handles[job]);
    int rows = transom_pkg::transom_rows(handles[job]);
    load_bank_i      <= 1'(job);
    load_table_log_i <= 4'(transom_pkg::transom_table_log(handles[job]));
    load_last_row_i  <= Symbol'(rows - 1);
    load_valid_i     <= write * Loads < n;
    load_addr_i      <= (TableLog-2)'(write);
    for (int e = 0; e < Loads; e++) begin
      load_data_i[e*32 +: 32] <=
        32'(transom_pkg::transom_table_word(handles[job], (write * Loads + e) % n));
    end
    load_row_valid_i <= write < rows;
    load_row_addr_i  <= Symbol'(write);
    load_row_i       <= 32'(transom_pkg::transom_row_word(handles[job], write % rows));
    write++;
  endtask

  // The job, to all its streams.
  task offer();
    job_bank_i      <= 1'(job);
    job_table_log_i <= 4'(transom_pkg::transom_table_log(handles[job]));
    for (int s = 0; s < transom_pkg::transom_streams(handles[job]); s++) begin
      job_valid_i[s]             <= 1'b1;
      job_n_values_i[s*32 +: 32] <= 32'(transom_pkg::transom_stream_values(handles[job], s));
      job_symbol_empty_i[s]      <= transom_pkg::transom_stream_words(handles[job], s, 0) == 0;
      job_offset_empty_i[s]      <= transom_pkg::transom_stream_words(handles[job], s, 1) == 0;
    end
    job++;
    write = 0;
  endtask

  task host();
    load_valid_i     <= 1'b0;
    load_row_valid_i <= 1'b0;
    job_valid_i      <= job_valid_i & ~job_ready_o;
    if (job < handles.size()) begin
      if (write != n_writes()) begin
        if (write != 0 || !bank_busy_o[job % 2]) load();
      end else if ((job_valid_i & ~job_ready_o) == '0) begin
        offer();
      end
    end
  endtask

  initial begin
    open_all();
    repeat (4) @(negedge clk_i);
    rst_ni = 1'b1;
  end

  ///////////////////////////////////////////////////////////////////////////////////////////////
  // Words: a port gets those of the jobs that its stream has taken, and each stays until it is
  // taken. Place 2 * s + p is port p of stream s.
  int     taken[Streams];      // jobs
  int     word_job[2*Streams];
  longint word_index[2*Streams];

  function bit open_now();
    return pauses == 0 || int'($urandom_range(99, 0)) >= pauses;
  endfunction

  task feed(input int s, input int p, input bit ready);
    int at = 2 * s + p;
    bit valid = p == 0 ? symbol_valid_i[s] : offset_valid_i[s];
    longint n;
    logic [31:0] word;
    if (valid && !ready) return;
    n = 0;
    while (word_job[at] < taken[s]) begin
      n = transom_pkg::transom_stream_words(handles[word_job[at]], s, p);
      if (word_index[at] < n) break;
      word_job[at]++;
      word_index[at] = 0;
    end
    valid = word_job[at] < taken[s] && open_now();
    if (valid) begin
      word = 32'(transom_pkg::transom_stream_word(handles[word_job[at]], s, p, word_index[at]));
      word_index[at]++;
      idle = 0;
    end
    if (p == 0) begin
      symbol_valid_i[s]         <= valid;
      symbol_word_i[s*32 +: 32] <= word;
      symbol_last_i[s]          <= word_index[at] == n;
    end else begin
      offset_valid_i[s]         <= valid;
      offset_word_i[s*32 +: 32] <= word;
      offset_last_i[s]          <= word_index[at] == n;
    end
  endtask

  always @(posedge clk_i) begin
    if (rst_ni) begin
      idle = load_valid_i || retire_valid_o != '0 || done_o != '0 ? 0 : idle + 1;
      host();
      for (int s = 0; s < Streams; s++) begin
        if (job_valid_i[s] && job_ready_o[s]) taken[s]++;
        feed(s, 0, symbol_ready_o[s]);
        feed(s, 1, offset_ready_o[s]);
        value_ready_i[s] <= open_now();
      end
      if (u_scoreboard.n_ended() == u_scoreboard.n_ends() || idle == Patience) begin
        if (!u_scoreboard.finish()) $fatal(1, "transom: the decoder differs");
        $display("transom: %0d jobs, %0d steps and values, 0 differences", handles.size(),
                 u_scoreboard.n_compared());
        $finish;
      end
    end
  end
endmodule
