#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "console.h"
#include "kit/folder.h"

namespace milecastle::command {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

// Everything that a client needs but for what a test leaves out.
class ClientFlags : public testing::Test {
 protected:
  std::vector<std::string> View(const std::vector<std::string>& more) const {
    const std::string file = folder_.Write("some.pem", "x").string();
    std::vector<std::string> all = {"view", "--cert", file, "--key", file, "--ca", file};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
  kit::TemporaryFolder folder_;
};

std::vector<std::string> Hadrian(const std::vector<std::string>& more) {
  std::vector<std::string> all = {"--nhs-number", "9990000018",    "--birth-date",
                                  "1948-07-05",   "--family-name", "Hadrian"};
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

TEST(CommandLine, NothingAskedIsMisuseAndSaysWhereHelpIs) {
  const Ran ran = RunLine({});
  EXPECT_EQ(ran.exit, 2);
  EXPECT_THAT(ran.out, IsEmpty());
  EXPECT_THAT(ran.err, HasSubstr("--help"));
}

TEST(CommandLine, HelpGoesToStandardOutputAndIsNoFailure) {
  const Ran ran = RunLine({"--help"});
  EXPECT_EQ(ran.exit, 0);
  EXPECT_THAT(ran.err, IsEmpty());
  for (const char* name : {"view", "explain", "consent", "identify", "audit", "policy", "sources",
                           "health", "submit"}) {
    EXPECT_THAT(ran.out, HasSubstr(std::string("\n  ") + name));
  }
}

TEST(CommandLine, EverySubcommandExplainsItsFlagsExitCodesAndAnExample) {
  const std::vector<std::vector<std::string>> all = {{"view"},
                                                     {"explain"},
                                                     {"consent", "record"},
                                                     {"consent", "withdraw"},
                                                     {"consent", "list"},
                                                     {"identify", "queue"},
                                                     {"identify", "close"},
                                                     {"identify", "show"},
                                                     {"identify", "link"},
                                                     {"identify", "unlink"},
                                                     {"audit", "search"},
                                                     {"audit", "show"},
                                                     {"audit", "export"},
                                                     {"audit", "verify"},
                                                     {"audit", "fsck"},
                                                     {"policy", "check"},
                                                     {"sources"},
                                                     {"health"},
                                                     {"submit"}};
  for (std::vector<std::string> line : all) {
    line.push_back("--help");
    const Ran ran = RunLine(line);
    EXPECT_EQ(ran.exit, 0) << line.front();
    EXPECT_THAT(ran.out, HasSubstr("--json"));
    EXPECT_THAT(ran.out, HasSubstr("Exit codes:"));
    EXPECT_THAT(ran.out, HasSubstr("Example:\n  milecastle " + line.front()));
  }
}

TEST(CommandLine, NoLineOfAHelpPageIsTooLongForATerminal) {
  for (const char* name : {"view", "submit", "explain", "health"}) {
    std::istringstream page(RunLine({name, "--help"}).out);
    bool example = false;  // which is to be copied whole
    for (std::string line; std::getline(page, line);) {
      EXPECT_TRUE(example || line.size() <= 100U) << line;
      example = line == "Example:";
    }
  }
}

TEST(CommandLine, AnUnknownSubcommandSaysSo) {
  const Ran ran = RunLine({"frobnicate"});
  EXPECT_EQ(ran.exit, 2);
  EXPECT_THAT(ran.err, HasSubstr("there is none of that name"));
}

TEST(CommandLine, TheVersionIsALine) {
  const Ran ran = RunLine({"--version"}, {.version = "1.2.3"});
  EXPECT_EQ(ran.exit, 0);
  EXPECT_EQ(ran.out, "milecastle 1.2.3\n");
}

TEST(CommandLine, APartThatIsNotHandedInIsNotOffered) {
  EXPECT_EQ(RunLine({"serve", "--config", "/dev/null"}).exit, 2);
  EXPECT_EQ(RunLine({"normalise", "--adapter", "acute", "/dev/null"}).exit, 2);
  EXPECT_EQ(RunLine({"token"}).exit, 2);
}

TEST(CommandLine, AMissingFlagIsNamed) {
  const Ran ran = RunLine({"view", "--nhs-number", "9990000018"});
  EXPECT_EQ(ran.exit, 2);
  EXPECT_THAT(ran.err, HasSubstr("milecastle view: "));
  EXPECT_THAT(ran.err, HasSubstr("is required"));
  EXPECT_THAT(ran.err, HasSubstr("milecastle view --help"));
}

TEST_F(ClientFlags, AnUnknownFlagIsNamedWithoutTheValuesBesideIt) {
  const Ran ran = RunLine(View(Hadrian({"--purpose", "direct-care", "--surname=Secretname"})));
  EXPECT_EQ(ran.exit, 2);
  EXPECT_THAT(ran.err, HasSubstr("there is no flag --surname"));
  EXPECT_THAT(ran.err, Not(HasSubstr("Secretname")));

  const Ran stray = RunLine(View(Hadrian({"--purpose", "direct-care", "9990000026"})));
  EXPECT_EQ(stray.exit, 2);
  EXPECT_THAT(stray.err, Not(HasSubstr("9990000026")));
}

TEST_F(ClientFlags, EmergencyWithoutACodedReasonIsRefusedBeforeAnythingIsSent) {
  const Ran ran = RunLine(View(Hadrian({"--purpose", "emergency"})));
  EXPECT_EQ(ran.exit, 2);
  EXPECT_THAT(ran.err, HasSubstr("where:      --reason"));
  EXPECT_THAT(ran.err, HasSubstr("breaks the glass"));
}

TEST_F(ClientFlags, AnNhsNumberThatCannotBeOneIsRefusedWithoutBeingRepeated) {
  const auto with = [this](const std::string& number) {
    return RunLine(View({"--nhs-number", number, "--birth-date", "1948-07-05", "--family-name",
                         "Hadrian", "--purpose", "direct-care"}));
  };
  EXPECT_EQ(with("9990000019").exit, 2);
  EXPECT_THAT(with("9990000019").err, HasSubstr("check digit"));
  EXPECT_THAT(with("9990000019").err, Not(HasSubstr("9990000019")));
  EXPECT_THAT(with("999").err, HasSubstr("ten digits"));
}

TEST_F(ClientFlags, ABirthDateThatIsNoDayIsRefused) {
  const Ran ran = RunLine(View({"--nhs-number", "9990000018", "--birth-date", "1948-02-30",
                                "--family-name", "Hadrian", "--purpose", "direct-care"}));
  EXPECT_EQ(ran.exit, 2);
  EXPECT_THAT(ran.err, HasSubstr("--birth-date"));
  EXPECT_THAT(ran.err, HasSubstr("YYYY-MM-DD"));
}

TEST_F(ClientFlags, AnUnknownPurposeOrSectionListsThoseThatThereAre) {
  const Ran purpose = RunLine(View(Hadrian({"--purpose", "curiosity"})));
  EXPECT_EQ(purpose.exit, 2);
  EXPECT_THAT(purpose.err, HasSubstr("direct-care, emergency"));
  const Ran section =
      RunLine(View(Hadrian({"--purpose", "direct-care", "--section", "horoscope"})));
  EXPECT_EQ(section.exit, 2);
  EXPECT_THAT(section.err, HasSubstr("allergies"));
}

TEST_F(ClientFlags, ErrorsAreJsonWhereJsonIsAsked) {
  const Ran ran = RunLine(View(Hadrian({"--purpose", "emergency", "--json"})));
  EXPECT_EQ(ran.exit, 2);
  EXPECT_THAT(ran.out, IsEmpty());
  EXPECT_THAT(ran.err, testing::StartsWith("{\"what\":"));
  EXPECT_THAT(ran.err, HasSubstr("\"exit\":2"));
}

TEST_F(ClientFlags, AnAddressThatIsNoneIsRefused) {
  for (const char* address : {"https://gateway:7443", "gateway", ":7443", "gateway:"}) {
    const Ran ran = RunLine(View(Hadrian({"--purpose", "direct-care", "--connect", address})));
    EXPECT_EQ(ran.exit, 2) << address;
    EXPECT_THAT(ran.err, HasSubstr("HOST:PORT")) << address;
  }
}

TEST_F(ClientFlags, AFileThatHoldsNoTokenIsRefusedWithoutShowingIt) {
  const auto file = folder_.Write("token", "not a\ttoken").string();
  const Ran ran = RunLine(View(Hadrian({"--purpose", "direct-care", "--token", file})));
  EXPECT_EQ(ran.exit, 2);
  EXPECT_THAT(ran.err, HasSubstr("--token"));
  EXPECT_THAT(ran.err, Not(HasSubstr("not a")));
}

TEST(Consent, AnEmergencyRefusalMustBeInformed) {
  const kit::TemporaryFolder folder;
  const std::string file = folder.Write("some.pem", "x").string();
  const Ran ran =
      RunLine({"consent", "record", "--cert", file, "--key", file, "--ca", file, "--nhs-number",
               "9990000018", "--birth-date", "1948-07-05", "--family-name", "Hadrian", "--kind",
               "emergency-refusal", "--by", "person"});
  EXPECT_EQ(ran.exit, 2);
  EXPECT_THAT(ran.err, HasSubstr("--informed"));
}

TEST(Identify, LinkWantsACandidateOrANewPersonAndNotBoth) {
  const kit::TemporaryFolder folder;
  const std::string file = folder.Write("some.pem", "x").string();
  const std::vector<std::string> base = {"identify", "link",   "item", "--reason",
                                         "agrees",   "--cert", file,   "--key",
                                         file,       "--ca",   file};
  EXPECT_EQ(RunLine(base).exit, 2);
  auto both = base;
  both.insert(both.end(), {"--person", "p", "--new-person"});
  EXPECT_EQ(RunLine(both).exit, 2);
  EXPECT_THAT(RunLine(both).err, HasSubstr("--new-person"));
}

TEST(Serve, EveryProblemOfTheConfigurationIsPrintedWithItsPlace) {
  Parts parts;
  ServeOptions seen;
  parts.serve = [&seen](const std::filesystem::path&, const ServeOptions& options) {
    seen = options;
    return ServeReport{
        .problems = {
            {base::ErrorId::kConfigInvalid, "gateway.toml:3", "write a port from 1 to 65535"},
            {base::ErrorId::kPolicyInvalid, "north.toml:9", "a place cannot grant"}}};
  };
  const Ran ran = RunLine({"serve", "--config", "/dev/null", "--check"}, parts);
  EXPECT_TRUE(seen.check_only);
  EXPECT_EQ(ran.exit, 2);
  EXPECT_THAT(ran.err, HasSubstr("gateway.toml:3"));
  EXPECT_THAT(ran.err, HasSubstr("a place cannot grant"));
  EXPECT_THAT(ran.out, IsEmpty());
}

TEST(Serve, AFaultOfTheMachineIsNoMisuse) {
  Parts parts;
  parts.serve = [](const std::filesystem::path&, const ServeOptions&) {
    return ServeReport{.problems = {{base::ErrorId::kStoreUnavailable, "/var/lib", "make room"}}};
  };
  EXPECT_EQ(RunLine({"serve", "--config", "/dev/null"}, parts).exit, 4);
}

TEST(Token, IsMadeOfTheFlagsAndWrittenForItsOwnerAlone) {
  const kit::TemporaryFolder folder;
  TokenRequest seen;
  Parts parts;
  parts.issue_token = [&seen](const TokenRequest& request) -> base::Result<std::string> {
    seen = request;
    return std::string("aaa.bbb.ccc");
  };
  const auto file = folder.path() / "nurse.jwt";
  const Ran ran = RunLine({"token",
                           "--key",
                           folder.Write("k", "KEY").string(),
                           "--certificate",
                           folder.Write("c", "CERT").string(),
                           "--issuer",
                           "i",
                           "--key-id",
                           "k1",
                           "--audience",
                           "a",
                           "--user",
                           "u",
                           "--organisation",
                           "RXX",
                           "--role",
                           "R8000",
                           "--role",
                           "R8001",
                           "--lifetime",
                           "5",
                           "--out",
                           file.string()},
                          parts);
  EXPECT_EQ(ran.exit, 0) << ran.err;
  EXPECT_EQ(ran.out, "");
  EXPECT_EQ(seen.issuer_key_pem, "KEY");
  EXPECT_EQ(seen.certificate_pem, "CERT");
  EXPECT_THAT(seen.roles, testing::ElementsAre("R8000", "R8001"));
  EXPECT_EQ(seen.lifetime, std::chrono::minutes(5));
  EXPECT_EQ(std::filesystem::status(file).permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

}  // namespace
}  // namespace milecastle::command
