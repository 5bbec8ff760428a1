#include "detail/narrative.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/scripts.h"

namespace milecastle::cda {
namespace {

constexpr auto kBlocks = std::to_array<std::string_view>(
    {"caption", "item",  "li",    "list", "ol", "p",   "paragraph", "table",     "tbody",
     "text",    "tfoot", "thead", "tr",   "ul", "div", "h1",        "h2",        "h3",
     "h4",      "h5",    "h6",    "dl",   "dt", "dd",  "pre",       "blockquote"});
constexpr auto kInline = std::to_array<std::string_view>(
    {"content", "linkHtml", "sub", "sup", "footnoteRef", "a", "b", "em", "i", "small", "span",
     "strong", "tt", "u", "big", "col", "colgroup"});

template <std::size_t N>
bool Holds(const std::array<std::string_view, N>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

class Writer {
 public:
  explicit Writer(Context* context) : context_(context) {}

  void Write(const xml::Node& node) {
    for (const xml::Node& part : node.content()) {
      if (part.IsText()) {
        Words(context_ == nullptr ? part.peek() : part.text());
      } else {
        Element(part);
      }
    }
  }

  std::string Finish() {
    while (!out_.empty() && (out_.back() == '\n' || out_.back() == ' ')) out_.pop_back();
    return std::move(out_);
  }

 private:
  void Words(std::string_view text) {
    for (const char c : text) {
      if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
        space_ = true;
      } else {
        Space();
        if (is_behind_script_ && base::RunsOn(Last(), c)) out_ += ' ';
        is_behind_script_ = false;
        out_ += c;
      }
    }
  }
  char Last() const { return out_.empty() ? '\0' : out_.back(); }
  void Space() {
    if (space_ && !out_.empty() && out_.back() != '\n' && out_.back() != ' ') out_ += ' ';
    space_ = false;
  }
  void Say(std::string_view words) {
    space_ = true;
    Space();
    out_ += words;
  }
  // Within a cell a line must not end: the next row would seem to begin.
  void Break() {
    if (in_cell_ && cell_start_ != out_.size()) {
      if (!out_.ends_with(" /")) Say("/");
      space_ = true;
      return;
    }
    if (in_cell_) return;
    space_ = false;
    while (out_.ends_with(' ')) out_.pop_back();
    if (!out_.empty() && out_.back() != '\n') out_ += '\n';
  }

  void Element(const xml::Node& node);
  void Attributes(const xml::Node& node);
  void Cell(const xml::Node& node);
  void List(const xml::Node& node);
  void Deleted(const xml::Node& node);
  void Plain(const xml::Node& node);

  Context* context_;
  std::string out_;
  bool space_ = false;
  bool is_behind_script_ = false;
  bool in_cell_ = false;
  bool first_cell_ = true;
  std::size_t cell_start_ = 0;
};

void Writer::Attributes(const xml::Node& node) {
  if (context_ == nullptr) return;
  for (const xml::Node& attribute : node.attributes()) {
    const bool is_address = attribute.name() == "href" || attribute.name() == "src";
    if (is_address && !attribute.peek().starts_with('#')) {
      context_->Miss(attribute, "the address of a link: its words are carried");
    } else {
      attribute.text();
    }
  }
}

void Writer::Element(const xml::Node& node) {
  const std::string_view name = node.name();
  if (name == "script" || name == "style") {
    if (context_ != nullptr) context_->Miss(node, "a script or style sheet is never carried");
    return;
  }
  Attributes(node);
  if (node.attribute("revised").peek() == "delete") return Deleted(node);
  if (name == "br") return Break();
  if (name == "td" || name == "th") return Cell(node);
  if (name == "list" || name == "ol" || name == "ul") return List(node);
  Plain(node);
}

void Writer::Plain(const xml::Node& node) {
  const std::string_view name = node.name();
  if (name == "tr") first_cell_ = true;
  const bool is_script = base::IsScript(name);
  if (is_script && !space_) out_ += base::SignBefore(name, Last());
  if (name == "renderMultiMedia") Say("[attached picture or document]");
  if (name == "footnote") Say("[note:");
  const bool is_inline = Holds(kInline, name);
  if (!is_inline && Holds(kBlocks, name)) Break();
  if (!is_inline) space_ = true;
  Write(node);
  if (is_script) is_behind_script_ = !space_;
  if (name == "footnote") out_ += ']';
  if (!is_inline && Holds(kBlocks, name)) Break();
  if (!is_inline) space_ = true;
}

void Writer::Deleted(const xml::Node& node) {
  Say("[deleted:");
  space_ = true;
  Write(node);
  space_ = false;
  out_ += ']';
}

// Of a table within a cell the rows are not kept: its words are.
void Writer::Cell(const xml::Node& node) {
  if (in_cell_) return Plain(node);
  if (!first_cell_) {
    space_ = false;
    while (out_.ends_with(' ')) out_.pop_back();
    out_ += " | ";
  }
  first_cell_ = false;
  in_cell_ = true;
  cell_start_ = out_.size();
  space_ = false;
  Write(node);
  in_cell_ = false;
  space_ = false;
  if (out_.ends_with(" /")) out_.resize(out_.size() - 2);
}

void Writer::List(const xml::Node& node) {
  const bool ordered = node.attribute("listType").peek() == "ordered" || node.name() == "ol";
  int number = 0;
  Break();
  for (const xml::Node& part : node.content()) {
    if (part.IsText()) {
      Words(context_ == nullptr ? part.peek() : part.text());
      continue;
    }
    const bool is_item = part.name() == "item" || part.name() == "li";
    if (is_item) {
      Break();
      Say(ordered ? std::to_string(++number) + "." : "-");
      Attributes(part);
      space_ = true;
      if (part.attribute("revised").peek() == "delete") {
        Deleted(part);
      } else {
        Write(part);
      }
    } else {
      Element(part);
    }
  }
  Break();
}

}  // namespace

std::string NarrativeOf(Context& context, const xml::Node& text) {
  for (const xml::Node& attribute : text.attributes()) attribute.text();
  Writer writer(&context);
  writer.Write(text);
  return writer.Finish();
}

std::string WordsOf(const xml::Node& text) {
  Writer writer(nullptr);
  writer.Write(text);
  return writer.Finish();
}

}  // namespace milecastle::cda
