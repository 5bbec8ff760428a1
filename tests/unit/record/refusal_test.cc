#include "record/refusal.h"

#include <gtest/gtest.h>

namespace milecastle::record {
namespace {

TEST(Refusal, IsFoundInWhateverWordsItStands) {
  for (const char* const words :
       {"No", "no thank you", "Not to be shared", "REFUSED", "OPTOUT", "opt-out", "Opted out",
        "https://example.org/policies/opt-out", "Dissent from sharing", "consent withdrawn",
        "She doesn't want it and objected", "does not agree", "Do not share", "declines"}) {
    EXPECT_TRUE(MaySayNo(words)) << words;
  }
}

TEST(Refusal, IsFoundInPlainEnglishByItsWords) {
  for (const char* const words :
       {"This record must not be shared", "do not disclose to hospital", "cannot be shared",
        "She wants nobody to know", "Stop sharing", "hospital must not see", "do not inform GP",
        "don\xE2\x80\x99"
        "t tell the GP",
        "Keep private", "Hospital only", "doNotShare", "NoConsent",
        "no\xC2\xA0"
        "thank you",
        "re\xC2\xAD"
        "fused",
        "No concerns, but must not be told", "Everything except the letter",
        "We are to keep it from the hospital"}) {
    EXPECT_TRUE(MaySayNo(words)) << words;
  }
}

TEST(Refusal, IsNotFoundInWhatSaysNothingOfOne) {
  for (const char* const words : {"",
                                  "Yes",
                                  "Given",
                                  "OPTIN",
                                  "Norma agreed",
                                  "Information access",
                                  "Notified",
                                  "IMPLIED",
                                  "http://terminology.hl7.org/CodeSystem/v3-ActCode",
                                  "Direct Care",
                                  "Patient Consent",
                                  "Privacy policy acknowledgement",
                                  "Denise agreed her objectives",
                                  "Signed, no concerns",
                                  "No objections",
                                  "She does not mind",
                                  "Consent discussed at home, happy to share",
                                  "do not resuscitate",
                                  "Garden YMCA",
                                  "No\xC3\xAB"
                                  "l agreed",
                                  "not recorded"}) {
    EXPECT_FALSE(MaySayNo(words)) << words;
  }
}

TEST(Refusal, IsKnownByItsCode) {
  for (const char* const code : {"416409005", "416308001", "320011000000108", "9Ndo."}) {
    EXPECT_TRUE(IsRefusalCode(code) && !IsAgreementCode(code)) << code;
  }
  for (const char* const code : {"425691002", "342591000000108", "417528008", "417370002",
                                 "319951000000105", "9Ndl.", "9Ndm.", "9Ndn."}) {
    EXPECT_TRUE(IsAgreementCode(code) && !IsRefusalCode(code)) << code;
  }
  EXPECT_FALSE(IsRefusalCode("") || IsAgreementCode(""));
}

TEST(Refusal, AYesIsAWordForItWithoutANo) {
  for (const char* const words : {"Yes", "Consent given for sharing", "Implied", "Agreed"}) {
    EXPECT_TRUE(SaysYes(words)) << words;
  }
  for (const char* const words : {"", "Consent for sharing", "Not given", "Yes, not the GP"}) {
    EXPECT_FALSE(SaysYes(words)) << words;
  }
}

}  // namespace
}  // namespace milecastle::record
