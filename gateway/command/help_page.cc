#include "inside/help_page.h"

#include <sstream>

namespace milecastle::command {
namespace {

constexpr std::size_t kWidth = 100;
constexpr std::size_t kColumn = 28;

// Each paragraph's words in lines of kWidth, from `indent` on.
std::string Wrapped(const std::string& text, std::size_t indent) {
  std::istringstream paragraphs(text);
  std::string out;
  for (std::string paragraph; std::getline(paragraphs, paragraph);) {
    std::istringstream words(paragraph);
    std::string line;
    for (std::string word; words >> word;) {
      if (!line.empty() && indent + line.size() + 1 + word.size() > kWidth) {
        out += std::string(indent, ' ') + line + "\n";
        line.clear();
      }
      line += (line.empty() ? "" : " ") + word;
    }
    out += (line.empty() ? "" : std::string(indent, ' ')) + line + "\n";
  }
  return out;
}

std::string Row(const std::string& name, const std::string& text) {
  std::string wrapped = Wrapped(text, kColumn);
  const std::string head = "  " + name;
  if (head.size() + 1 > kColumn) return head + "\n" + wrapped;
  return head + wrapped.substr(std::min(head.size(), wrapped.size()));
}

std::string Meaning(const CLI::Option& option) {
  std::string text = option.get_description() + ".";
  if (option.get_required()) text += " Required.";
  if (!option.get_default_str().empty()) text += " Default: " + option.get_default_str() + ".";
  if (!option.get_envname().empty()) text += " Environment: " + option.get_envname() + ".";
  return text;
}

}  // namespace

std::string HelpPage::make_description(const CLI::App* app) const {
  return Wrapped(app->get_description(), 0) + "\n";
}

std::string HelpPage::make_option(const CLI::Option* option, bool is_positional) const {
  const bool has_value = !is_positional && option->get_type_size() != 0;
  const std::string value = has_value ? option->get_type_name() : "";
  return Row(make_option_name(option, is_positional) + (value.empty() ? "" : " ") + value,
             Meaning(*option));
}

std::string HelpPage::make_subcommand(const CLI::App* app) const {
  const std::string& whole = app->get_description();
  const std::size_t end = whole.find(". ");
  return Row(app->get_name(), end == std::string::npos ? whole : whole.substr(0, end + 1));
}

}  // namespace milecastle::command
