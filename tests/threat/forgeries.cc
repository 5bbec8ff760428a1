// T37: proofs, checkpoints and exports that somebody changed, put to the verifiers. None may be
// accepted.
//
//   forgeries COUNT SEED FOLDER     prints, for each kind of change, how many were tried and how
//   many accepted
//
// Exit 1: one was accepted, and its kind and number are printed. Exit 2: it could not be tried.
#include <filesystem>
#include <fstream>
#include <future>
#include <iostream>
#include <map>
#include <random>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "audit/checkpoint.h"
#include "audit/export.h"
#include "audit/log.h"
#include "audit/merkle.h"
#include "audit/note.h"
#include "audit/verify.h"

namespace milecastle::audit {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kOrigin = "milecastle.example/threat";
constexpr std::uint64_t kSize = 600;

template <class T>
T Done(base::Result<T> result) {
  if (!result) throw std::runtime_error(base::Describe(result.error()));
  return *std::move(result);
}

std::string Slurp(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void Spill(const fs::path& path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

class Forger {
 public:
  Forger(fs::path folder, unsigned seed) : folder_(std::move(folder)), random_(seed) {
    fs::create_directories(folder_);
    log_ = Open(folder_ / "log", "key.pem", kOrigin);
    stranger_ = Open(folder_ / "stranger", "stranger.pem", kOrigin);
    for (std::uint64_t index = 0; index < kSize; ++index) {
      Append(*log_, index);
      Append(*stranger_, index);
      heads_.push_back(log_->DurableHead());
      leaves_.push_back(Done(log_->Read(index)).leaf_hash);
    }
    Done(Export(*log_, folder_ / "export"));
    for (const auto& entry : fs::recursive_directory_iterator(folder_ / "export")) {
      if (entry.is_regular_file() && entry.path().filename() != "vkey") {
        files_.push_back(entry.path());
      }
    }
    std::sort(files_.begin(), files_.end());
    if (!VerifyExport(folder_ / "export", log_->verifier()).Clean()) {
      throw std::runtime_error("the sound export does not verify");
    }
  }

  // Gives whether a verifier took it.
  bool TryInclusion() {
    const std::uint64_t size = Below(kSize - 1) + 2;
    const std::uint64_t index = Below(size);
    const Proof sound = Done(log_->ProveInclusion(index, size));
    const Head& head = heads_[size - 1];
    if (Below(4) == 0) {  // another leaf in its place, or the leaf in another's
      const std::uint64_t other = (index + 1 + Below(size - 1)) % size;
      return Below(2) == 0 ? bool(VerifyInclusion(leaves_[other], index, head, sound))
                           : bool(VerifyInclusion(leaves_[index], other, head, sound));
    }
    const Proof forged = Change(sound);
    return forged != sound && VerifyInclusion(leaves_[index], index, head, forged);
  }

  bool TryConsistency() {
    const std::uint64_t to = Below(kSize - 2) + 3;
    const std::uint64_t from = Below(to - 1) + 1;
    const Proof sound = Done(log_->ProveConsistency(from, to));
    if (Below(4) == 0) {  // a history that never was
      Head bent = heads_[from - 1];
      bent.root[Below(32)] ^= static_cast<std::uint8_t>(1U << Below(8));
      return bool(VerifyConsistency(bent, heads_[to - 1], sound)) ||
             bool(VerifyConsistency(bent, heads_[from - 1], {}));
    }
    const Proof forged = Change(sound);
    return forged != sound && VerifyConsistency(heads_[from - 1], heads_[to - 1], forged);
  }

  bool TryCheckpoint() {
    const std::string sound = Done(log_->Checkpoint());
    const std::string forged = ChangeNote(sound);
    return forged != sound && VerifyCheckpoint(forged, log_->verifier());
  }

  // One file of the export is changed, verified and put back.
  bool TryExport() {
    const fs::path file =
        Below(4) == 0 ? folder_ / "export/checkpoint" : files_[Below(files_.size())];
    const std::string sound = Slurp(file);
    const std::string forged =
        file.filename() == "checkpoint" ? ChangeCheckpoint(sound) : ChangeBytes(sound);
    if (forged == sound) return false;
    Spill(file, forged);
    const bool accepted = VerifyExport(folder_ / "export", log_->verifier()).Clean();
    Spill(file, sound);
    return accepted;
  }

 private:
  std::unique_ptr<Log> Open(const fs::path& folder, const char* key, std::string_view origin) {
    return Done(
        Log::Open({.folder = folder}, Done(SigningKey::Generate(folder_ / key, origin)), clock_));
  }

  void Append(Log& log, std::uint64_t index) {
    std::promise<bool> durable;
    log.Append({base::Uuid::New(clock_.Now()), Kind::kView, "payload " + std::to_string(index)},
               [&](const base::Result<Receipt>& receipt) { durable.set_value(bool(receipt)); });
    if (!durable.get_future().get()) throw std::runtime_error("not appended");
  }

  std::uint64_t Below(std::uint64_t bound) {
    return std::uniform_int_distribution<std::uint64_t>(0, bound - 1)(random_);
  }

  Proof Change(Proof proof) {
    const std::uint64_t at = proof.empty() ? 0 : Below(proof.size());
    switch (proof.empty() ? 1 : Below(6)) {
      case 0:
        std::swap(proof[at], proof[(at + 1) % proof.size()]);
        break;
      case 1:
        proof.insert(proof.begin() + static_cast<std::ptrdiff_t>(at), leaves_[Below(kSize)]);
        break;
      case 2:
        proof.erase(proof.begin() + static_cast<std::ptrdiff_t>(at));
        break;
      case 3:
        proof[at][Below(32)] ^= static_cast<std::uint8_t>(1U << Below(8));
        break;
      case 4:
        proof.push_back(proof.back());
        break;
      default:
        proof[at] = leaves_[Below(kSize)];
    }
    return proof;
  }

  // A note of another key, another origin, another tree, or the sound one written in another way.
  std::string ChangeNote(std::string note) {
    const std::size_t size_at = note.find('\n') + 1;
    const std::size_t root_at = note.find('\n', size_at) + 1;
    const std::size_t signature_at = note.find("\n\n") + 2;
    switch (Below(11)) {
      case 0:
        return note.insert(size_at, "0");
      case 1:
        return note.insert(size_at, "+");
      case 2:  // the same 32 bytes in base64 that is not canonical
        note[root_at + 42] = static_cast<char>(note[root_at + 42] + 1);
        return note;
      case 3:
        return note.replace(0, size_at, "milecastle.example/other\n");
      case 4:
        return Done(stranger_->Checkpoint());
      case 5:  // a signature that is true, of another size
        return Done(SignCheckpoint(heads_[Below(kSize - 1)], Key("stranger.pem")));
      case 6:
        return note.insert(signature_at - 1, "extension\n");
      case 7:
        return note.erase(note.size() - 1 - Below(40));
      case 8:
        return note.insert(note.size() - 1, "=");
      case 9: {
        std::string bent =
            note.substr(0, size_at) + std::to_string(Below(kSize)) + "\n" + note.substr(root_at);
        return bent;
      }
      default:
        return ChangeBytes(std::move(note));
    }
  }

  // Also one that the log's own key once signed, of an earlier size.
  std::string ChangeCheckpoint(const std::string& sound) {
    if (Below(3) > 0) return ChangeNote(sound);
    return Done(SignCheckpoint(heads_[Below(kSize - 1)], Key("key.pem")));
  }

  SigningKey Key(const char* file) { return Done(SigningKey::Load(folder_ / file, kOrigin)); }

  std::string ChangeBytes(std::string bytes) {
    if (bytes.empty()) return "x";
    const std::uint64_t at = Below(bytes.size());
    switch (Below(4)) {
      case 0:
        return bytes.substr(0, at);
      case 1:
        return bytes + bytes.substr(at);
      case 2:
        std::swap(bytes[at], bytes[Below(bytes.size())]);
        return bytes;
      default:
        bytes[at] = static_cast<char>(bytes[at] ^ (1 << Below(8)));
        return bytes;
    }
  }

  fs::path folder_;
  std::mt19937_64 random_;
  base::SystemClock clock_;
  std::unique_ptr<Log> log_;
  std::unique_ptr<Log> stranger_;
  std::vector<Head> heads_;
  std::vector<base::Digest> leaves_;
  std::vector<fs::path> files_;
};

// Exports take a thousand times as long as a proof: one change in fifty is of one.
int Run(std::uint64_t count, unsigned seed, const fs::path& folder) {
  using Attempt = bool (Forger::*)();
  static constexpr std::pair<const char*, Attempt> kKinds[] = {
      {"inclusion proofs", &Forger::TryInclusion},
      {"consistency proofs", &Forger::TryConsistency},
      {"checkpoints", &Forger::TryCheckpoint},
      {"exports", &Forger::TryExport}};
  Forger forger(folder, seed);
  std::map<std::string, std::pair<std::uint64_t, std::uint64_t>> tried;
  for (std::uint64_t number = 0; number < count; ++number) {
    const auto& [name, attempt] = kKinds[number % 50 == 0 ? 3 : number % 3];
    auto& [tries, accepted] = tried[name];
    ++tries;
    if (!(forger.*attempt)()) continue;
    ++accepted;
    std::cerr << name << " number " << number << " was accepted\n";
  }
  std::uint64_t taken = 0;
  for (const auto& [name, numbers] : tried) {
    std::cout << name << ' ' << numbers.first << ' ' << numbers.second << '\n';
    taken += numbers.second;
  }
  return taken == 0 ? 0 : 1;
}

}  // namespace
}  // namespace milecastle::audit

int main(int, char** arguments) {
  try {
    return milecastle::audit::Run(std::stoull(arguments[1]),
                                  static_cast<unsigned>(std::stoul(arguments[2])), arguments[3]);
  } catch (const std::exception& wrong) {
    std::cerr << wrong.what() << '\n';
    return 2;
  }
}
