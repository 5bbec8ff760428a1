# The map of the house: every module, its folder, and whose headers it may include. CMake builds from this table and
# tests/boundary checks every include line against it. SHOWS: in its headers; USES: in its .cc files alone; LIBS: outside.

module(base gateway/base LIBS OpenSSL::Crypto spdlog fmt boost_json icuuc absl::hash)
module(record gateway/record SHOWS base LIBS date-tz)

# Adapters: bytes of a sector's format to contributions. They know nothing of the gateway but port, record and base.
module(port adapters/port SHOWS base record)
module(hl7v2 adapters/formats/hl7v2 SHOWS base LIBS icuuc)
module(xml adapters/formats/xml SHOWS base LIBS pugixml)
module(fhir adapters/formats/fhir SHOWS base USES xml LIBS simdjson boost_json)
module(resources adapters/resources SHOWS base record fhir)
module(csv adapters/formats/csv SHOWS base LIBS icuuc)
module(sheet adapters/sheet SHOWS port base record USES csv)
module(prsb adapters/prsb SHOWS port base record USES fhir)
module(mllp adapters/transports/mllp SHOWS port base record LIBS OpenSSL::SSL OpenSSL::Crypto)
module(folder adapters/transports/folder SHOWS port base record)
module(https adapters/transports/https SHOWS base LIBS OpenSSL::SSL OpenSSL::Crypto Threads::Threads)
module(fhir_pull adapters/transports/fhir_pull SHOWS base record https)
module(acute adapters/acute SHOWS port base record USES hl7v2)
module(r4 adapters/resources/r4 SHOWS base record fhir resources)
module(stu3 adapters/resources/stu3 SHOWS base record fhir resources)
module(primary adapters/primary SHOWS port base record USES fhir resources stu3 xml)
module(cda adapters/community/cda SHOWS port base record xml)
module(community adapters/community SHOWS port base record USES cda fhir r4 resources stu3 xml)
module(social_care adapters/social_care SHOWS port base record USES sheet prsb)
module(third_sector adapters/third_sector SHOWS port base record USES sheet prsb)

# Made outside the process, read by wire/ alone, which owns the bytes of the canonical record.
module(canonical adapters/canonical SHOWS port base record USES wire)

# Service directories: what services there are, no patient data.
module(open_referral adapters/open_referral SHOWS base record USES fhir csv LIBS icuuc icui18n)

# The edge: who may come in, and who they are.
module(workers gateway/workers SHOWS base)
module(ingress gateway/ingress SHOWS base record LIBS OpenSSL::SSL OpenSSL::Crypto Threads::Threads)
module(authenticate gateway/authenticate SHOWS base record LIBS cjose OpenSSL::Crypto boost_json)

# The steps.
module(wire gateway/wire SHOWS base record USES proto)
module(audit gateway/audit SHOWS base LIBS OpenSSL::Crypto Threads::Threads boost_json)
module(store gateway/store SHOWS base record LIBS icuuc icui18n)
module(sqlite gateway/store/sqlite SHOWS base record store LIBS sqlite3)
include(gateway/store/sqlite/migrations/embed.cmake)
module(normalise gateway/normalise SHOWS base record LIBS csv icuuc)
module(identify gateway/identify SHOWS base record store)
module(receive gateway/receive SHOWS base record port store normalise identify USES audit wire)
module(gather gateway/gather SHOWS base record store normalise USES identify wire)

# The directories of services that were read: no patient data.
module(directory gateway/directory SHOWS base record store)

# The decision: pure, explainable, the same on any later day.
module(decide gateway/decide SHOWS base record)

# The use cases: each decides, audits, and only then answers.
module(disclose gateway/disclose SHOWS base record store audit decide identify wire gather LIBS boost_json)
module(govern gateway/govern SHOWS base record store audit decide identify disclose directory LIBS boost_json)

# The gRPC edge: one thin file per service of the contract.
module(serve gateway/serve
       SHOWS base record port disclose govern store decide identify workers ingress proto wire directory
       USES proto_grpc audit
       LIBS prometheus-cpp-core Threads::Threads)

# The command line.
module(command gateway/command SHOWS base record port normalise USES proto_grpc audit decide LIBS boost_json date-tz)
module(settings gateway/settings SHOWS base record port ingress authenticate normalise identify disclose directory)
