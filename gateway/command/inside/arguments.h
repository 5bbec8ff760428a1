// The flags of a subcommand, declared; CLI11 reads them, and only arguments.cc sees it.
//
// A flag is written as on the help page: "--source ODS", "-n,--count N", "FILE" for what has no
// dashes. Targets must live until the command ran: keep them in what Runs holds. Every subcommand
// gets --json and --help. Thread-safety: one thread. Failure: Parse reports misuse and gives its
// exit code.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "terminal.h"

namespace CLI {  // NOLINT(readability-identifier-naming): the library's own
class App;
class Option;
}  // namespace CLI

namespace milecastle::command {

class Flag {
 public:
  explicit Flag(CLI::Option* option) : option_(option) {}
  Flag& Required();
  Flag& Environment(const std::string& variable);  // where the flag is absent
  Flag& OneOf(const std::vector<std::string>& words);
  Flag& ExistingFile();
  Flag& ExistingFolder();
  Flag& Existing();
  Flag& Excludes(const Flag& other);

 private:
  CLI::Option* option_;
};

// All that a help page says beside the flags.
struct About {
  std::string does;     // what it does, in full sentences
  std::string exits;    // which exit codes mean what, a line each
  std::string example;  // one whole command line
};

struct Range {
  std::int64_t least = 0;
  std::int64_t most = 0;
};

class CommandLine;
struct Leaf;  // a subcommand that runs

class Command {
 public:
  Command Group(const std::string& name, const std::string& does);
  Command Subcommand(const std::string& name, const About& about);

  Flag Text(const std::string& flag, std::string& into, const std::string& help);
  Flag Texts(const std::string& flag, std::vector<std::string>& into, const std::string& help);
  Flag Number(const std::string& flag, std::int64_t& into, Range range, const std::string& help);
  Flag Switch(const std::string& flag, bool& into, const std::string& help);

  void Runs(std::function<int(Terminal&)> run);

 private:
  friend class CommandLine;
  Command(CommandLine& line, CLI::App& app, std::string path)
      : line_(line), app_(app), path_(std::move(path)) {}

  CommandLine& line_;
  CLI::App& app_;
  std::string path_;
  Leaf* leaf_ = nullptr;
};

class CommandLine {
 public:
  CommandLine(const std::string& does, const std::string& version);
  ~CommandLine();
  CommandLine(const CommandLine&) = delete;
  CommandLine& operator=(const CommandLine&) = delete;

  Command Root();
  int Run(std::vector<std::string> arguments, Terminal& terminal);

 private:
  friend class Command;
  int Misused(const std::string& why, const std::string& path, Terminal& terminal);
  const Leaf* Chosen() const;

  std::unique_ptr<CLI::App> app_;
  std::vector<std::unique_ptr<Leaf>> leaves_;
};

}  // namespace milecastle::command
