#include "inside/arguments.h"

#include <algorithm>

#include "inside/help_page.h"

namespace milecastle::command {
namespace {

// "--source ODS" into what CLI11 wants: the name, and the word for the value.
std::pair<std::string, std::string> NameAndValue(const std::string& flag) {
  const std::size_t space = flag.find(' ');
  if (space == std::string::npos) return {flag, ""};
  return {flag.substr(0, space), flag.substr(space + 1)};
}

CLI::Option* Worded(CLI::Option* option, const std::string& value) {
  if (!value.empty()) option->type_name(value);
  return option;
}

// Without its words on the help page: what a flag wants is said in its own.
CLI::Validator Wordless(CLI::Validator validator) { return validator.description(""); }

// Values are left out: they may be a person's.
std::string UnexpectedFlags(const CLI::App& app) {
  std::string flags;
  for (const std::string& argument : app.remaining(true)) {
    if (!argument.starts_with('-')) continue;
    flags += (flags.empty() ? "" : ", ") + argument.substr(0, argument.find('='));
  }
  if (flags.empty()) return "there is a word too many, or a flag before it is missing";
  return "there is no flag " + flags;
}

}  // namespace

Flag& Flag::Required() {
  option_->required();
  return *this;
}
Flag& Flag::Environment(const std::string& variable) {
  option_->envname(variable);
  return *this;
}
Flag& Flag::OneOf(const std::vector<std::string>& words) {
  option_->check(Wordless(CLI::IsMember(words)));
  return *this;
}
Flag& Flag::ExistingFile() {
  option_->check(Wordless(CLI::ExistingFile));
  return *this;
}
Flag& Flag::ExistingFolder() {
  option_->check(Wordless(CLI::ExistingDirectory));
  return *this;
}
Flag& Flag::Existing() {
  option_->check(Wordless(CLI::ExistingPath));
  return *this;
}
Flag& Flag::Excludes(const Flag& other) {
  option_->excludes(other.option_);
  return *this;
}

struct Leaf {
  CLI::App* app = nullptr;
  std::string path;
  bool json = false;
  std::function<int(Terminal&)> run;
};

Command Command::Group(const std::string& name, const std::string& does) {
  CLI::App* const app = app_.add_subcommand(name, does);
  app->require_subcommand(1);
  return {line_, *app, path_.empty() ? name : path_ + " " + name};
}

Command Command::Subcommand(const std::string& name, const About& about) {
  CLI::App* const app = app_.add_subcommand(name, about.does);
  app->footer("\nExit codes:\n" + about.exits + "\n\nExample:\n  " + about.example);
  Command made(line_, *app, path_.empty() ? name : path_ + " " + name);
  auto leaf = std::make_unique<Leaf>();
  leaf->app = app;
  leaf->path = made.path_;
  made.leaf_ = leaf.get();
  app->add_flag("--json", leaf->json, "Print JSON, one object a line; errors too");
  line_.leaves_.push_back(std::move(leaf));
  return made;
}

Flag Command::Text(const std::string& flag, std::string& into, const std::string& help) {
  const auto [name, value] = NameAndValue(flag);
  CLI::Option* const option = Worded(app_.add_option(name, into, help), value);
  if (!into.empty()) option->capture_default_str();
  return Flag(option);
}

Flag Command::Texts(const std::string& flag, std::vector<std::string>& into,
                    const std::string& help) {
  const auto [name, value] = NameAndValue(flag);
  CLI::Option* const option = Worded(app_.add_option(name, into, help), value);
  // `--role A FILE`: the flag takes one value each time, so that FILE stays a file.
  if (name.starts_with('-')) option->allow_extra_args(false);
  return Flag(option);
}

Flag Command::Number(const std::string& flag, std::int64_t& into, Range range,
                     const std::string& help) {
  const auto [name, value] = NameAndValue(flag);
  CLI::Option* const option = app_.add_option(name, into, help)->capture_default_str();
  option->check(Wordless(CLI::Range(range.least, range.most)));
  return Flag(Worded(option, value));
}

Flag Command::Switch(const std::string& flag, bool& into, const std::string& help) {
  return Flag(app_.add_flag(flag, into, help));
}

void Command::Runs(std::function<int(Terminal&)> run) { leaf_->run = std::move(run); }

CommandLine::CommandLine(const std::string& does, const std::string& version)
    : app_(std::make_unique<CLI::App>(does, "milecastle")) {
  app_->require_subcommand(1);
  app_->set_version_flag("--version", version, "Print the version and exit");
  app_->set_help_flag("-h,--help", "Print this help and exit");
  app_->formatter(std::make_shared<HelpPage>());
}
CommandLine::~CommandLine() = default;

Command CommandLine::Root() { return {*this, *app_, ""}; }

const Leaf* CommandLine::Chosen() const {
  const auto chosen = std::find_if(leaves_.begin(), leaves_.end(),
                                   [](const auto& leaf) { return leaf->app->parsed(); });
  return chosen == leaves_.end() ? nullptr : chosen->get();
}

int CommandLine::Misused(const std::string& why, const std::string& path, Terminal& terminal) {
  const std::string again = "milecastle" + (path.empty() ? "" : " " + path) + " --help";
  return Report(terminal, MisuseOf("", why, "run '" + again + "', which lists every flag"));
}

int CommandLine::Run(std::vector<std::string> arguments, Terminal& terminal) {
  std::reverse(arguments.begin(), arguments.end());  // as CLI11 wants them
  std::string why;
  try {
    app_->parse(std::move(arguments));
  } catch (const CLI::CallForVersion& version) {
    terminal.out << version.what() << "\n";
    return kDone;
  } catch (const CLI::CallForHelp&) {
    terminal.out << app_->help();
    return kDone;
  } catch (const CLI::ExtrasError&) {
    why = UnexpectedFlags(*app_);
  } catch (const CLI::Error& error) {
    why = error.what();
  }
  const Leaf* const leaf = Chosen();
  terminal.command = leaf == nullptr ? "" : leaf->path;
  terminal.json = leaf != nullptr && leaf->json;
  if (leaf == nullptr) why = "a subcommand is missing, or there is none of that name";
  if (!why.empty()) return Misused(why, terminal.command, terminal);
  return leaf->run(terminal);
}

}  // namespace milecastle::command
