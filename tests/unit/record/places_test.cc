#include "record/places.h"

#include <gtest/gtest.h>

namespace milecastle::record {
namespace {

std::string Masked(std::string_view text) {
  KnownPlaces known;
  known.Add(Address{.lines = {"Rose Cottage", "3A North End", "Hexham", "7"},
                    .postcode = "NE46 1AA",
                    .use = "home"});
  known.Add(Telecom{.system = "phone", .value = "555 12345", .use = ""});
  return WithoutPlaces(text, PlacesIn(text, known));
}

TEST(Places, PostcodesAreFoundHoweverTheyAreWritten) {
  for (const char* const one : {"NE9 9ZZ", "ne9 9zz", "Ne9 9zz", "NE9 9zz", "NE99ZZ", "M1 1AA",
                                "M11AA", "EC1A 1BB", "W1A 0AX", "B33 8TH", "NE9  9ZZ", "NE9\n9ZZ",
                                "NE9\xC2\xA0"
                                "9ZZ"}) {
    EXPECT_EQ(Masked("at " + std::string(one) + "."), "at [masked].") << one;
  }
  EXPECT_EQ(Masked("\xE2\x80\x93NE9 9ZZ\xE2\x80\x93"), "\xE2\x80\x93[masked]\xE2\x80\x93");
}

TEST(Places, TelephonesAndAddressesOfMailAreFound) {
  for (const char* const one :
       {"07700900123", "07700 900123", "07700-900-123", "(0191) 478 1234", "020 7946 0000",
        "01632 960 001", "+44 7700 900123", "+44 (0)7700 900123", "00447700900123", "016977 2345",
        "her.name@refuge.org.uk"}) {
    const std::string_view masked = one[0] == '(' ? "Ring ([masked]." : "Ring [masked].";
    EXPECT_EQ(Masked("Ring " + std::string(one) + "."), masked) << one;
  }
  EXPECT_EQ(Masked("07700900123 2 pm"), "[masked] 2 pm");
  EXPECT_EQ(Masked("07700900123 01914781234"), "[masked] [masked]");
}

TEST(Places, AStreetWithItsNumberAndWhatIsKnownOfThePersonAreFound) {
  EXPECT_EQ(Masked("Lives at 12 Hidden Lane with her son"), "Lives at [masked] with her son");
  EXPECT_EQ(Masked("12A, OLD MILL ROAD"), "[masked]");
  EXPECT_EQ(Masked("at rose cottage, hexham; 3a north end"), "at [masked], hexham; [masked]");
  EXPECT_EQ(Masked("ring 555 12345"), "ring [masked]");
}

TEST(Places, WhatIsClinicalIsLeft) {
  for (const char* const text : {"Vitamin B12 1mg",
                                 "Vitamin B12 5pg",
                                 "b12 5mg",
                                 "T4 9pm",
                                 "L5 4th rib",
                                 "l5 1st dose",
                                 "H2 2nd",
                                 "pH 7.35",
                                 "Take 2 tablets 3 times a day",
                                 "2 puffs each Way",
                                 "10^9/L",
                                 "0.0123456789",
                                 "01/02/1990 10:30",
                                 "01-02-1990 10:30",
                                 "1990-01-02 10:30:00",
                                 "0900 2026 1121",
                                 "9990000018",
                                 "Grade 2 pressure sore",
                                 "HbA1c 48 mmol/mol",
                                 "Hexham eye clinic",
                                 "E10 9kg",
                                 "2 @ 8.00",
                                 "SNOMED 91936005",
                                 "001234567890123",
                                 "Wing 7",
                                 "CD4 350",
                                 "B24",
                                 "ICD10 E11 9"}) {
    EXPECT_EQ(Masked(text), text);
  }
}

}  // namespace
}  // namespace milecastle::record
