// Drives the audit log through its public headers for rfc6962_test.py and forgeries_test.py, which
// know what is right.
//
//   log_cases roots < leaves                 a leaf a line, hexadecimal: the root after each of
//   them log_cases log FOLDER SIZE EXPORT_AT...   a log of SIZE entries; exports at the sizes
//   named; then a line for each size
//                                            with its root, and digests of all its inclusion and
//                                            consistency proofs
//   log_cases key FOLDER NAME                another signing key: its vkey
//   log_cases sign FOLDER NAME < text        a note that this key signs
//
// Exit 2: it could not be done.
#include <algorithm>
#include <filesystem>
#include <future>
#include <iostream>
#include <iterator>
#include <memory>
#include <set>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "audit/export.h"
#include "audit/log.h"
#include "audit/merkle.h"
#include "audit/note.h"
#include "audit/proof.h"

namespace milecastle::audit {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kOrigin = "milecastle.example/threat";
constexpr std::uint64_t kMostConsistent = 256;

std::string Hex(std::string_view bytes) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const char byte : bytes) {
    text += kDigits[static_cast<unsigned char>(byte) >> 4];
    text += kDigits[static_cast<unsigned char>(byte) & 15];
  }
  return text;
}

std::string FromHex(const std::string& text) {
  std::string bytes;
  for (std::size_t at = 0; at + 1 < text.size(); at += 2) {
    bytes += static_cast<char>(std::stoi(text.substr(at, 2), nullptr, 16));
  }
  return bytes;
}

template <class T>
T Done(base::Result<T> result) {
  if (!result) throw std::runtime_error(base::Describe(result.error()));
  return *std::move(result);
}

void PrintRoots() {
  Frontier frontier;
  for (std::string line; std::getline(std::cin, line);) {
    frontier.Push(HashLeaf(FromHex(line)));
    std::cout << Hex(base::AsBytes(frontier.Root())) << '\n';
  }
}

// Appends until the log has `size` entries, and waits for the last of them: they are durable in
// order.
void AppendUpTo(Log& log, const base::Clock& clock, std::uint64_t& count, std::uint64_t size) {
  for (; count < size; ++count) {
    const auto durable = std::make_shared<std::promise<bool>>();
    log.Append(
        {base::Uuid::New(clock.Now()), Kind::kView, "payload " + std::to_string(count)},
        [durable](const base::Result<Receipt>& receipt) { durable->set_value(bool(receipt)); });
    if (count + 1 == size && !durable->get_future().get()) throw std::runtime_error("not appended");
  }
}

void AddTo(std::string& all, const Proof& proof) {
  all += static_cast<char>(proof.size());
  for (const base::Digest& hash : proof) all += base::AsBytes(hash);
}

// Every proof that the log makes is also one that its own verifier takes.
std::string InclusionProofs(const Log& log, const Head& head,
                            std::span<const base::Digest> leaves) {
  std::string all;
  for (std::uint64_t index = 0; index < head.size; ++index) {
    const Proof proof = Done(log.ProveInclusion(index, head.size));
    if (!VerifyInclusion(leaves[index], index, head, proof)) throw std::runtime_error("inclusion");
    AddTo(all, proof);
  }
  return Hex(base::AsBytes(base::Sha256(all)));
}

std::string ConsistencyProofs(const Log& log, const Head& head, std::span<const Head> heads) {
  std::string all;
  for (std::uint64_t from = 1; from <= head.size && head.size <= kMostConsistent; ++from) {
    const Proof proof = Done(log.ProveConsistency(from, head.size));
    if (!VerifyConsistency(heads[from], head, proof)) throw std::runtime_error("consistency");
    AddTo(all, proof);
  }
  return Hex(base::AsBytes(base::Sha256(all)));
}

void PrintProofs(const Log& log, std::uint64_t size) {
  std::vector<base::Digest> leaves;
  std::vector<Head> heads{Head{}};
  Frontier frontier;
  for (std::uint64_t index = 0; index < size; ++index) {
    leaves.push_back(Done(log.Read(index)).leaf_hash);
    frontier.Push(leaves.back());
    heads.push_back({frontier.size(), frontier.Root()});
  }
  for (const Head& head : heads) {
    std::cout << head.size << ' ' << Hex(base::AsBytes(head.root)) << ' '
              << InclusionProofs(log, head, leaves) << ' ' << ConsistencyProofs(log, head, heads)
              << '\n';
  }
}

void MakeLog(const fs::path& folder, std::uint64_t size, const std::set<std::uint64_t>& exports) {
  fs::create_directories(folder);
  const base::SystemClock clock;
  SigningKey key = Done(SigningKey::Generate(folder / "key.pem", kOrigin));
  std::cout << key.verifier().ToString() << '\n';
  const auto log = Done(Log::Open({.folder = folder / "log"}, std::move(key), clock));
  std::uint64_t count = 0;
  for (const std::uint64_t at : exports) {
    AppendUpTo(*log, clock, count, at);
    Done(Export(*log, folder / ("export-" + std::to_string(at))));
  }
  AppendUpTo(*log, clock, count, size);
  PrintProofs(*log, size);
}

void Run(std::span<const std::string> words) {
  const std::string& what = words.front();
  if (what == "roots") return PrintRoots();
  if (what == "log") {
    std::set<std::uint64_t> exports;
    for (const std::string& word : words.subspan(3)) exports.insert(std::stoull(word));
    return MakeLog(words[1], std::stoull(words[2]), exports);
  }
  const SigningKey key = Done(SigningKey::LoadOrGenerate(fs::path(words[1]) / "key.pem", words[2]));
  if (what == "key") {
    std::cout << key.verifier().ToString() << '\n';
  } else if (what == "sign") {
    const std::string text(std::istreambuf_iterator<char>(std::cin), {});
    std::cout << Done(SignNote(text, key));
  } else {
    throw std::runtime_error("no such command");
  }
}

}  // namespace
}  // namespace milecastle::audit

int main(int count, char** arguments) {
  try {
    milecastle::audit::Run(std::vector<std::string>(arguments + 1, arguments + count));
  } catch (const std::exception& wrong) {
    std::cerr << wrong.what() << '\n';
    return 2;
  }
  return 0;
}
